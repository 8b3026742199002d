"""The sealed copies of a record and its signed PDF as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.archive import Record
from service.archive.additions import add_file, signing_queue
from service.archive.additions.addition import SEALED, SIGNED, Addition
from service.database.column_types import iso
from service.sealed_copies.add_copy import Finding, finding
from service.signatures.verdicts import VERDICTS, Signature, explanation, extension
from service.web.http.archive_handle import archive
from service.web.http.urls import link

_DOUBTFUL = ("undecided_before", "unknown_signer", "expired", "unsupported", "unreadable", "untrusted")


@dataclass(frozen=True)
class SignatureRow:
    """A signature: its verdict in words, who signed, and when in ISO 8601 (UTC)."""

    signature: Signature
    verdict: str
    explanation: str
    extension: str
    time: str | None
    state: str


@dataclass(frozen=True)
class CopyRow:
    """A sealed copy with what was found of it; `state` is "good", "doubtful", "bad" or "".

    `also_in` are the other records with the same file.
    """

    copy: Addition
    url: str
    verdict: str
    match: str
    state: str
    added: str
    also_in: Sequence[Record]
    signatures: tuple[SignatureRow, ...]


def copy_rows(record: Record, lang: str) -> list[CopyRow]:
    """The sealed copies of a record, the last one first."""
    return [_row(each, lang) for each in reversed(add_file.additions(archive(), record, SEALED))]


def names(row: CopyRow) -> tuple[str, str]:
    """The names of a copy's file and statement, under which verification reports them."""
    return row.copy.name, row.copy.statement_name


def _row(copy: Addition, lang: str) -> CopyRow:
    found = finding(copy)
    return CopyRow(
        copy,
        link("sealed_copies.copy", key=copy.record, number=copy.number),
        found.name.of(lang),
        found.match.of(lang),
        finding_state(found),
        iso(copy.added),
        add_file.also_in(archive(), copy),
        signature_rows(found, lang),
    )


def signature_rows(found: Finding, lang: str) -> tuple[SignatureRow, ...]:
    """The signatures that were found, in words."""
    return tuple(_signature_row(each, lang) for each in found.signatures)


def _signature_row(signature: Signature, lang: str) -> SignatureRow:
    return SignatureRow(
        signature,
        VERDICTS[signature.verdict].of(lang),
        explanation(signature).of(lang),
        extension(signature).of(lang),
        iso(datetime.fromisoformat(signature.time)) if signature.time else None,
        state(signature.verdict),
    )


def state(verdict: str | None) -> str:
    """The class of a verdict: "good", "doubtful", "bad", or "" for none."""
    if verdict is None:
        return ""
    return "good" if verdict == "valid" else "doubtful" if verdict in _DOUBTFUL else "bad"


def finding_state(found: Finding) -> str:
    """The class of a file by its signatures, as of a verdict; "doubtful" where none vouches for its pages."""
    return state(found.verdict) or ("doubtful" if found.unproved else "")


def signed_files(record: Record) -> list[dict[str, Any]]:
    """The PDF that the service has signed, as a row of the page's table of files; none if it has not."""
    return [
        {
            "part": SIGNED,
            "name": each.name,
            "size": each.file.size,
            "sha256": each.file.sha256,
            "url": link("sealed_copies.signed", key=record.key),
        }
        for each in add_file.additions(archive(), record, SIGNED)[:1]
    ]


def awaits_signature(record: Record) -> bool:
    """Whether the service has yet to sign the record's PDF."""
    with archive().reading() as connection:
        return signing_queue.of_record(connection, record.key) is not None
