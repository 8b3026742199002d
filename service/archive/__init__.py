"""The archive: records that are written once, found by an index, and proved by their hashes."""

from __future__ import annotations

from service.archive.archive import Archive, Pending
from service.archive.record import NO_TENANT, PARTS, Entry, Record, StoredFile

__all__ = ["NO_TENANT", "PARTS", "Archive", "Entry", "Pending", "Record", "StoredFile"]
