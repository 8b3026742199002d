"""An addition to a record: a file with its own statement, written once beside what was archived.

A record's manifest stays as it is. The statement is to an addition what the manifest is to a record: it lies
in the object store, and repeats the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.archive.manifest import canonical
from service.archive.object_store import sha256
from service.archive.record import Record, StoredFile
from service.database.column_types import iso

#: The copy that came back sealed; the PDF that the service has signed.
SEALED, SIGNED = "sealed", "signed"
#: Their acts in the audit log.
ACTIONS = {SEALED: "seal", SIGNED: "sign"}
PDF = "application/pdf"
SUFFIXES = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"}
NAMES = {SEALED: "盖章件", SIGNED: "签名件"}


@dataclass(frozen=True)
class Addition:
    """A file added to a record: SEALED or SIGNED, numbered from 1 in its kind.

    `added_by` is who did, as the audit log names them; `result` is what was found of the file when
    it was added, as JSON; `statement` the SHA-256 of the statement's bytes.
    """

    record: str
    kind: str
    number: int
    file: StoredFile
    media_type: str
    added: datetime
    added_by: str
    result: Mapping[str, Any]
    statement: str = ""

    @property
    def name(self) -> str:
        """Its file name beside the record's."""
        return f"{NAMES[self.kind]}-{self.number}{SUFFIXES[self.media_type]}"

    @property
    def statement_name(self) -> str:
        """The file name of its statement."""
        return f"{NAMES[self.kind]}-{self.number}.json"


def statement(addition: Addition, record: Record) -> bytes:
    """The statement of an addition, as JSON: which record, which file, by whom, what was found."""
    return canonical(
        {
            "record": record.key,
            "manifest_sha256": record.manifest,
            "kind": addition.kind,
            "number": addition.number,
            "name": addition.name,
            "sha256": addition.file.sha256,
            "size": addition.file.size,
            "media_type": addition.media_type,
            "added": iso(addition.added),
            "added_by": addition.added_by,
            "result": dict(addition.result),
        }
    )


def agrees(addition: Addition, record: Record) -> bool:
    """Whether an addition's row is what its statement was made of."""
    return sha256(statement(addition, record)) == addition.statement
