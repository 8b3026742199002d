"""Rows of the audit log with the names of keys, and with who submitted the batches of rows of workers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from service.access.actors import Actors
from service.archive import audit_files
from service.audit import audit_search

#: What is added to a row: the key's name, who submitted its batch, and that key's name; None without one.
NAMES = ("name", "submitted_by", "submitted_by_name")


def with_names(
    connection: Connection, actors: Actors, rows: Iterable[Mapping[Any, Any]]
) -> Iterator[dict[str, Any]]:
    """Yields rows with NAMES."""
    submitters: dict[str, str | None] = {}
    for row in rows:
        batch = row["batch"]
        if batch and batch not in submitters:
            submitters[batch] = audit_search.submitters(connection, [batch]).get(batch)
        by = submitters.get(batch)
        names = (actors.name(row["who"]) or None, by, actors.name(by or "") or None)
        yield {**row, **dict(zip(NAMES, names, strict=True))}


def file_lines(format: str, named: Iterable[Mapping[Any, Any]]) -> Iterator[str]:
    """The lines of a file of `with_names`, "csv" or "ndjson"; of these the hashes can be recomputed."""
    if format == "csv":
        return audit_files.csv_lines(named, NAMES)
    return audit_files.ndjson_lines(named)
