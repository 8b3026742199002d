"""Converts a posted HTML form to a payload, and a payload to the values of the form's fields."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields

from schemas.fields import Count, Money, Points, Rows, YesNo
from service.catalog import Edition, nested

DIGITS = 15  # before and after the decimal point: as many as a JavaScript number holds
_INTEGER = re.compile(rf"-?[0-9]{{1,{DIGITS}}}")
_NUMBER = re.compile(rf"-?[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,{DIGITS}}})?")
_BOOLEANS = {"true": True, "false": False}


def payload(edition: Edition, posted: Mapping[str, str]) -> dict[str, Any]:
    """The payload of the fields posted by JSON Pointer; empty fields are omitted.

    A value of the wrong kind stays text, for the validator to report.
    """
    return _group(edition.schema, posted, "")


def texts(payload: Any) -> dict[str, str]:
    """The form fields' values for a payload, by JSON Pointer."""
    return dict(_flat(payload, ""))


def rows(posted: Mapping[str, str], pointer: str) -> int:
    """How many rows of the table at `pointer` were posted, empty ones included."""
    pattern = re.compile(re.escape(pointer) + r"/([0-9]{1,3})/")
    return max((int(match[1]) + 1 for name in posted if (match := pattern.match(name))), default=0)


def _group(schema: Schema, posted: Mapping[str, str], above: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        value = _value(field, posted, f"{above}/{key}")
        if value not in (None, {}, []):
            made[key] = value
    return made


def _value(field: fields.Field[Any], posted: Mapping[str, str], pointer: str) -> Any:
    inner = nested(field)
    if inner is None:
        return _leaf(field, posted.get(pointer, ""))
    if not isinstance(field, Rows):
        return _group(inner, posted, pointer)
    found = [_group(inner, posted, f"{pointer}/{number}") for number in range(rows(posted, pointer))]
    while found and not found[-1]:
        found.pop()
    return found


def _leaf(field: fields.Field[Any], text: str) -> Any:
    if isinstance(field, YesNo):
        return _BOOLEANS.get(text, text) if text else None
    if isinstance(field, (Count, Points, Money)):
        text = unicodedata.normalize("NFKC", text).strip()
        if isinstance(field, Count) and _INTEGER.fullmatch(text):
            return int(text)
        if isinstance(field, Points) and _NUMBER.fullmatch(text):
            return Decimal(text)
    return text.replace("\r\n", "\n") if text.strip() else None


def _flat(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{pointer}/{number}")
    elif value is not None:
        yield pointer, str(value).lower() if isinstance(value, bool) else str(value)
