"""Validates a payload for an edition: a submission, or all errors with pointer and label."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError

from schemas.characters import TEXT
from schemas.field_faults import FieldFault
from schemas.tree import members, values
from service import errors, wordcount
from service.catalog import Edition
from service.errors import FieldError, InvalidPayload
from service.payload_json import Path, duplicates, pointer


@dataclass(frozen=True)
class Submission:
    """Validated data of one edition with every field, None if blank; `payload` is the original payload."""

    edition: Edition
    data: dict[str, Any]
    payload: Any

    def report(self) -> dict[str, Any]:
        """The response of `validate` for JSON: 字 counts, limits, computed totals."""
        counts = _counts(self.edition, self.data)
        limits = [
            {**limit, "count": sum(counts[field] for field in limit["fields"])}
            for limit in self.edition.limits()
        ]
        return {
            "form": self.edition.form,
            "year": self.edition.year,
            "valid": True,
            "counts": counts,
            "limits": limits,
            "totals": _plain(self.edition.schema.totals(self.data)),
        }


def validate(edition: Edition, payload: Any) -> Submission:
    """The submission of a payload. Raises InvalidPayload with every FieldError, in the form's order."""
    found = [(path, FieldFault("duplicate_key")) for path in duplicates(payload)]
    data: Any = {}
    try:
        data = edition.schema.load(payload)
    except ValidationError as error:
        found += _flatten(error.messages, edition.schema, ())
        data = error.valid_data if isinstance(error.valid_data, dict) else {}
    wrong = [
        FieldError(*place(edition, path), fault.code, errors.Bilingual(*_in_key(path, fault).message()))
        for path, fault in found
    ]
    wrong += _over_limit(edition, data)
    if wrong:
        raise InvalidPayload(tuple(wrong))
    return Submission(edition, data, payload)


def _in_key(path: Path, fault: FieldFault) -> FieldFault:
    """The fault of an unknown key with the names of its odd characters."""
    return replace(fault, odd=TEXT.named(str(path[-1]))) if fault.code == "unknown_field" else fault


def _flatten(messages: Any, schema: Schema | None, path: Path) -> Iterator[tuple[Path, FieldFault]]:
    """Flattens marshmallow's messages to (path, fault), in the order of the form."""
    if isinstance(messages, list):
        yield from ((path, fault) for fault in messages)
        return
    fields = dict(members(schema)) if schema else {}
    order = {name: position for position, name in enumerate(fields)}
    for key, inner in sorted(
        messages.items(), key=lambda item: (order.get(item[0], len(order)), str(item[0]))
    ):
        if key == "_schema" and isinstance(inner, list):
            # A key of the payload may itself be called "_schema"; it is then unknown.
            yield from ((path if fault.code != "unknown_field" else (*path, key), fault) for fault in inner)
        else:
            below = schema if isinstance(key, int) else None
            if key in fields:
                below = fields[key].inside
            yield from _flatten(inner, below, (*path, key))


def _over_limit(edition: Edition, data: dict[str, Any]) -> Iterator[FieldError]:
    for limit in edition.limits():
        fields: list[str] = limit["fields"]
        counts = [wordcount.count(data.get(field[1:]) or "") for field in fields]
        count, maximum = sum(counts), limit["maximum"]
        if count > maximum:
            values = {"count": count, "maximum": maximum, "excess": count - maximum}
            text = errors.Bilingual(*FieldFault("too_many_words", values).message())
            longest = fields[counts.index(max(counts))]
            yield FieldError(fields[0], limit["label"], "too_many_words", text, longest)


def place(edition: Edition, path: Path) -> tuple[str, str]:
    """The JSON Pointer of `path`, and the official label there, or of the nearest group above it."""
    labels = edition.labels()
    keys = ["*" if isinstance(key, int) else str(key) for key in path]
    while keys:
        if label := labels.get("/" + "/".join(keys)):
            return pointer(path), label
        keys.pop()
    return pointer(path), edition.title


def _counts(edition: Edition, data: dict[str, Any]) -> dict[str, int]:
    """The 字 of every long text, by JSON Pointer."""
    return {
        pointer(path): wordcount.count(text or "")
        for path, field, text in values(edition.schema, data)
        if field.shape == "lines"
    }


def _plain(value: Any) -> Any:
    """The value with its Decimals as JSON numbers."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
