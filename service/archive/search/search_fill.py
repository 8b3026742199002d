"""Reads what the records of earlier versions of the service are found by, in pieces, from their files."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, func, select, update

from service.archive import index
from service.archive.archive import Archive
from service.archive.record import Record
from service.archive.search import search_rows, search_text
from service.archive.search.search_table import SEARCH
from service.archive.search.search_text import SearchText
from service.errors import ArchiveFault, ArchiveUnavailable

_PIECE = 100  # records in a transaction
_READ = ("payload", "pdf")
_UNREAD = SEARCH.c.submitter.is_(None)


def unread(connection: Connection) -> int:
    """The number of records that are not found by their texts yet."""
    return connection.execute(select(func.count()).select_from(SEARCH).where(_UNREAD)).scalar_one()


def forget(archive: Archive) -> None:
    """Makes all records unread: a form may name other fields, or a damaged file is sound again."""
    with archive.writing() as connection:
        connection.execute(update(SEARCH).values(submitter=None))


def fill(archive: Archive, on_progress: Callable[[int], None] = lambda left: None) -> None:
    """Reads all that is unread; calls `on_progress` with the number that is left. Raises as `fill_some`."""
    with archive.reading() as connection:
        left = unread(connection)
    while left and (read := fill_some(archive)):
        left -= read
        on_progress(max(0, left))


def fill_some(archive: Archive) -> int:
    """Reads a piece of what is unread, and returns how many records that were; to be repeated until none.

    A damaged or missing file leaves its text blank: `verify` reports it. Raises ArchiveUnavailable.
    """
    wanted = select(SEARCH.c.record).where(_UNREAD).order_by(SEARCH.c.number).limit(_PIECE)
    with archive.reading() as connection:
        records = index.by_keys(connection, connection.execute(wanted).scalars().all())
    texts = [(record, _texts(archive, record)) for record in records]
    if texts:
        with archive.writing() as connection:
            for record, found in texts:
                search_rows.set_texts(connection, record, found)
    return len(texts)


def _texts(archive: Archive, record: Record) -> SearchText:
    return search_text.of(record.form, record.year, dict(_files(archive, record)))


def _files(archive: Archive, record: Record) -> Iterator[tuple[str, bytes]]:
    for part in _READ:
        if part in record.files:
            try:
                yield part, archive.read(record, part)
            except ArchiveUnavailable:
                raise
            except ArchiveFault:
                continue
