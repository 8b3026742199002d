"""Records found: a page of them with their number, or the number alone."""

from typing import Any

from sqlalchemy import select

from service.archive.archive import Archive
from service.archive.record import Record
from service.archive.search import search_query
from service.archive.search.record_filters import Wanted
from service.archive.search.search_table import SEARCH


def page(
    archive: Archive, limit: int, most: int, after: str | None = None, **filters: Any
) -> tuple[list[Record], int]:
    """Up to `limit` records that `Wanted` describes, after the one with the key `after`.

    With how many there are from there on, of which no more than `most` are counted.
    """
    with archive.reading() as connection:
        keys, count = search_query.counted_page(connection, Wanted(**filters), after, limit, most)
    found = archive.named(keys)
    return [found[key] for key in keys if key in found], count


def count(archive: Archive, most: int, **filters: Any) -> int:
    """The number of records that `Wanted` describes, of which no more than `most` are counted."""
    with archive.reading() as connection:
        return search_query.count(connection, Wanted(**filters), most)


def of_tenants(archive: Archive) -> bool:
    """Whether any record is a tenant's."""
    with archive.reading() as connection:
        return (
            connection.execute(select(SEARCH.c.number).where(SEARCH.c.tenant > "").limit(1)).first()
            is not None
        )
