"""The archive: records written once, found by an index, verified by their hashes."""

from service.archive.archive import Archive
from service.archive.archive_status import part_statuses, write_fault
from service.archive.bagit_export import ExportCount, export
from service.archive.pending import Pending
from service.archive.record import NO_TENANT, PARTS, Entry, Record, StoredFile
from service.archive.verification.verification_faults import VerificationFault
from service.archive.verification.verify import Verification

__all__ = [
    "NO_TENANT",
    "PARTS",
    "Archive",
    "Entry",
    "ExportCount",
    "Pending",
    "Record",
    "StoredFile",
    "Verification",
    "VerificationFault",
    "export",
    "part_statuses",
    "write_fault",
]
