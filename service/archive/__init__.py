"""The archive: records that are written once, found by an index, and proved by their hashes."""

from __future__ import annotations

from service.archive.archive import Archive, Pending
from service.archive.archive_status import look
from service.archive.bagit_export import Count, export
from service.archive.record import NO_TENANT, PARTS, Entry, Record, StoredFile
from service.archive.verify import Fault, Verification

__all__ = [
    "NO_TENANT",
    "PARTS",
    "Archive",
    "Count",
    "Entry",
    "Fault",
    "Pending",
    "Record",
    "StoredFile",
    "Verification",
    "export",
    "look",
]
