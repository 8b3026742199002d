"""What a record is found by and listed with, compared with its row and its payload."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import RowMapping

from service import catalog
from service.archive.object_store import Objects
from service.archive.record import Record
from service.archive.search import search_rows, search_text
from service.archive.verification.verification_faults import VerificationFault
from service.errors import ArchiveFault, ArchiveUnavailable


def faults(objects: Objects, record: Record, row: RowMapping | None) -> Iterator[VerificationFault]:
    """Yields a fault if the search row of a record is missing or says otherwise than record and payload.

    A payload that cannot be read is left to the check of files. Raises ArchiveUnavailable.
    """
    wanted = _wanted(objects, record, unread=row is not None and row["submitter"] is None)
    differing = [name for name, value in wanted.items() if row is not None and row[name] != value]
    if row is None or differing:
        yield VerificationFault("search_differs", f"record_search/{record.key}", record, "", differing)


def _wanted(objects: Objects, record: Record, unread: bool) -> dict[str, Any]:
    """The columns of a record's search row, without the texts where these are not known."""
    copied = search_rows.copied(record)
    if unread or catalog.find(record.form, record.year) is None:
        return copied
    try:
        payload = {part: objects.get(file) for part, file in record.files.items() if part == "payload"}
    except ArchiveUnavailable:
        raise
    except ArchiveFault:
        return copied
    texts = search_text.of(record.form, record.year, payload).columns(record.id)
    del texts["pages"]  # of the PDF, which is not read
    return {**copied, **texts}
