"""Proves a .docx: its content, read back, equals the submission."""

from collections.abc import Mapping
from typing import Any

from schemas.tree import differing
from service.catalog import Edition
from service.errors import Bilingual, FieldError, InvalidPayload, PayloadError, ProofFault
from service.extraction import extract
from service.submission import Submission, place, validate

_UNREADABLE = Bilingual("文书无法读回。", "The document cannot be read back.")
_INVALID = Bilingual("读回的内容不合填报要求。", "The content read back is not valid data.")


def prove(submission: Submission, docx: bytes) -> None:
    """Raises ProofFault unless `docx`, read back, is certainly equal to the submission.

    The error names fields, never their content.
    """
    edition = submission.edition
    try:
        found = extract(docx, edition.form, edition.year)
    except PayloadError as error:
        raise ProofFault((FieldError("", edition.title, error.code, _UNREADABLE),)) from error
    faults = [FieldError(w.pointer, w.label or edition.title, w.code, w.message) for w in found.warnings]
    try:
        # The payload itself is already validated.
        same = found.data == submission.payload
        back = submission.data if same else validate(edition, found.data).data
    except InvalidPayload as error:
        faults += [FieldError(fault.pointer, fault.label, fault.code, _INVALID) for fault in error.errors]
    else:
        reported = {fault.pointer for fault in faults}
        faults += [d for d in differences(edition, submission.data, back) if d.pointer not in reported]
    if faults:
        raise ProofFault(tuple(faults))


def differences(edition: Edition, sent: Mapping[str, Any], back: Mapping[str, Any]) -> list[FieldError]:
    """The fields and rows that differ in two submissions' data, in the form's order."""
    return [
        FieldError(*place(edition, path), "differs", field.difference)
        for path, field in differing(edition.schema, sent, back)
    ]
