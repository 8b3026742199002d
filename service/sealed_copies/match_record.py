"""Whether a PDF is of a record: by its first revisions (ISO 32000-2, 7.5.6), and by the data it carries."""

import hashlib
import re
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from service.archive import Archive, Record, index
from service.archive.additions import addition_table
from service.archive.additions.addition import SIGNED
from service.archive.object_store import sha256
from service.archive.record_tables import FILES
from service.document_data import PAYLOAD
from service.errors import OtherRecord, UnreadableDocument

#: How a file was matched to its record, if it was: what it begins with, or the data that it carries.
ORIGINAL, DATA, UNKNOWN = "original", "data", "unknown"
_END = re.compile(rb"%%EOF(\r\n|\r|\n)?")
_REVISIONS = 32  # that are compared; each signature adds one or two


def match(archive: Archive, record: Record, pdf: bytes) -> tuple[str, int]:
    """ORIGINAL, DATA, or UNKNOWN for neither; and the bytes of the archived PDF, 0 if it is not ORIGINAL.

    Raises OtherRecord for another record's PDF.
    """
    found, archived = by_revision(archive, pdf)
    if found:
        return _checked(record, found, ORIGINAL), archived
    payload = carried(pdf)
    return (UNKNOWN if payload is None else _checked(record, by_payload(archive, payload), DATA)), 0


def by_revision(archive: Archive, pdf: bytes) -> tuple[list[Record], int]:
    """The records whose PDF, as it was archived or signed by the service, a PDF begins with; its bytes."""
    lengths = dict(_revisions(pdf))
    with archive.reading() as connection:
        owners = _owners(connection, "pdf", list(lengths)) + _signed(connection, list(lengths))
        records = index.by_keys(connection, [key for key, _ in owners])
    return records, min((lengths[digest] for _, digest in owners), default=0)


def by_payload(archive: Archive, payload: bytes) -> list[Record]:
    """The records with that payload, to the byte."""
    with archive.reading() as connection:
        owners = _owners(connection, "payload", [sha256(payload)])
        return index.by_keys(connection, [key for key, _ in owners])


def carried(pdf: bytes) -> bytes | None:
    """The payload that a PDF carries; None without one, or where it cannot be read."""
    from service.conversion.pdf.attachments import attachments  # pikepdf, which most records need not

    try:
        return attachments(pdf, (PAYLOAD,))[PAYLOAD]
    except UnreadableDocument:
        return None


def _checked(record: Record, found: Sequence[Record], matched: str) -> str:
    if record in found:
        return matched
    ours = [each for each in found if each.tenant == record.tenant]
    other = max(ours, key=lambda each: each.version, default=None)
    if other is None:
        raise OtherRecord(
            f"这份 PDF 附带的数据与编号“{record.id}”第 {record.version} 版不同，没有存入。请核对后选对文件。",
            f"The data in this PDF are not those of '{record.id}' version {record.version}, so nothing was "
            "added. Choose the right file.",
        )
    raise OtherRecord(
        f"这份 PDF 是编号“{other.id}”第 {other.version} 版的，不是编号“{record.id}”第 {record.version} 版的，"
        "没有存入。请存到那一条，或选对文件。",
        f"This PDF is of '{other.id}' version {other.version}, not of '{record.id}' version "
        f"{record.version}, so nothing was added. Add it there, or choose the right file.",
    )


def _revisions(pdf: bytes) -> Iterator[tuple[str, int]]:
    """The SHA-256 and bytes of what each revision ends with, with and without the end of its last line."""
    hashed, at = hashlib.sha256(), 0
    for number, end in enumerate(_END.finditer(pdf)):
        if number == _REVISIONS:
            return
        for place in (end.start() + 5, end.end()):
            hashed.update(memoryview(pdf)[at:place])
            at = place
            yield hashed.hexdigest(), place


def _owners(connection: sa.Connection, part: str, digests: list[str]) -> list[tuple[str, str]]:
    """The keys of the records that have a file of these SHA-256 as that part, and its SHA-256."""
    wanted = sa.select(FILES.c.record, FILES.c.sha256)
    owned = wanted.where(FILES.c.sha256.in_(digests), FILES.c.part == part)
    return list(connection.execute(owned).tuples())


def _signed(connection: sa.Connection, digests: list[str]) -> list[tuple[str, str]]:
    """The keys of the records of which the service has signed such a PDF, and its SHA-256."""
    found = addition_table.by_files(connection, digests)
    return [(each.record, each.file.sha256) for each in found if each.kind == SIGNED]
