"""Proves a .docx: its content, read back, equals the submission."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from marshmallow import Schema

from schemas.fields import Rows
from service.catalog import Edition, nested
from service.errors import Bilingual, FieldError, InvalidPayload, PayloadError, ProofFault
from service.extraction import extract
from service.payload_json import Path
from service.submission import Submission, place, validate

_DIFFERS = Bilingual("读回的内容与申报数据不同。", "The content read back differs from the data.")
_UNCERTAIN = Bilingual("读回时不能确定内容。", "The content read back is uncertain.")
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
    faults = [FieldError(w.pointer, w.label, w.code, _UNCERTAIN) for w in found.warnings]
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
        FieldError(*place(edition, path), "differs", _DIFFERS)
        for path in _differing(edition.schema, sent, back, ())
    ]


def _differing(
    schema: Schema, sent: Mapping[str, Any], back: Mapping[str, Any], above: Path
) -> Iterator[Path]:
    for name, field in schema.fields.items():
        key = field.data_key or name
        path = (*above, key)
        inner = nested(field)
        if inner and isinstance(field, Rows):
            yield from _differing_rows(inner, sent[key], back[key], path)
        elif inner:
            yield from _differing(inner, sent[key], back[key], path)
        elif sent[key] != back[key]:
            yield path


def _differing_rows(
    schema: Schema, sent: Sequence[dict[str, Any]], back: Sequence[dict[str, Any]], path: Path
) -> Iterator[Path]:
    for number, (one, other) in enumerate(zip_longest(sent, back)):
        if one is None or other is None:
            yield (*path, number)
        else:
            yield from _differing(schema, one, other, (*path, number))
