"""The destroyed record with whose PDF a file begins: a copy that was signed, stamped or added to."""

import hashlib
import re
from collections.abc import Iterator

from sqlalchemy import Connection, select

from service.archive.additions.addition import NAMES, SIGNED
from service.record_history import destruction_entries
from service.record_history.destruction_entries import DestroyedRecord
from service.retention.retention_tables import LISTED

#: SHA-256 and size of the PDFs in the JSON of an entry: parsing that of 100,000 takes seconds.
_PDF = re.compile(rf'"(?:pdf|{NAMES[SIGNED]}-\d+\.pdf)": \["([0-9a-f]{{64}})", (\d+)\]')
_AT_ONCE = 5_000  # rows


def begun_with(
    connection: Connection, pdf: bytes, tenant: str | None = None
) -> tuple[DestroyedRecord, str] | None:
    """The destroyed record, of a tenant if one is given, with whose PDF a longer one begins, and its SHA-256.

    Of several, that of the longest PDF.
    """
    for digest in reversed([*_known(connection, pdf)]):
        if found := destruction_entries.with_file(connection, digest, tenant):
            return found, digest
    return None


def _known(connection: Connection, pdf: bytes) -> Iterator[str]:
    """The SHA-256 of listed PDFs with which a PDF begins, the shortest first."""
    listed: dict[int, set[str]] = {}
    for digest, size in _listed(connection):
        if size < len(pdf):
            listed.setdefault(size, set()).add(digest)
    hashed, at = hashlib.sha256(), 0
    for size in sorted(listed):
        hashed.update(memoryview(pdf)[at:size])
        at = size
        if (digest := hashed.hexdigest()) in listed[size]:
            yield digest


def _listed(connection: Connection) -> Iterator[tuple[str, int]]:
    """SHA-256 and size of the PDFs of all lists."""
    for files in connection.execute(select(LISTED.c.files).execution_options(yield_per=_AT_ONCE)).scalars():
        yield from ((digest, int(size)) for digest, size in _PDF.findall(files))
