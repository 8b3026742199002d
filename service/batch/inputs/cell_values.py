"""Converts a cell of a sheet into the JSON value of its field."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import fields

from schemas.characters import EXACT
from schemas.fields import Count, Day, Money, Points, Rows, YesNo
from service.errors import NotJson
from service.extraction import field_values
from service.submission import parse

_YES = frozenset(["是", "√", "✓", "✔", "☑", "true", "yes", "y", "1", "对", "是☑否□", "是√否□", "是√否"])
_NO = frozenset(["否", "×", "✗", "✘", "☒", "x", "false", "no", "n", "0", "错", "是□否☑", "是□否√", "是否√"])
_NEITHER = "是□否□"
_PLAIN = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,15})?")
_MIDNIGHT = re.compile(r"(.*[0-9日])[ T]+0{1,2}:00(:00(\.0+)?)?")
_SURE_DIGITS = 10**15
_CODES = {Count: "not_a_count", Money: "not_an_amount", Points: "not_points", Day: "not_a_day"}


@dataclass(frozen=True)
class UnreadableCell:
    """A cell without a usable value: `code` of `input_errors.ITEM_MESSAGES`, and its text."""

    code: str
    text: str


#: The value of a cell; a missing cell is blank.
Value = str | bool | Decimal | datetime.date | UnreadableCell


class CellError(ValueError):
    """The cell is not a value of its field; `code` is one of `input_errors.ITEM_MESSAGES`."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.name = name


def read(field: fields.Field[Any], value: Value) -> Any:
    """The JSON value of a cell; None if it is blank. Raises CellError.

    A number out of the field's range is returned as it is: `validate` reports it.
    """
    if isinstance(value, UnreadableCell):
        raise CellError(value.code, value.text)
    if isinstance(field, YesNo):
        return _yes_no(value)
    if isinstance(field, Day):
        return _day(field, value)
    if isinstance(field, (Count, Money, Points)):
        return _number(field, value)
    if isinstance(field, Rows):
        return _rows(value)
    return text(value)


def text(value: Value) -> str:
    """The cell as text, a number without exponent or trailing zeros. Raises CellError."""
    if isinstance(value, UnreadableCell):
        raise CellError(value.code, value.text)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.date):
        raise CellError("date_for_text")
    if isinstance(value, Decimal):
        if abs(value) >= _SURE_DIGITS:
            raise CellError("digits_lost")
        return f"{value.normalize():f}"
    return value


def shown(value: Value) -> str:
    """The cell approximately as a spreadsheet displays it."""
    if isinstance(value, UnreadableCell):
        return value.text
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _narrow(text: str) -> str:
    """The text in plain and narrow characters, without white space."""
    return "".join(unicodedata.normalize("NFKC", EXACT.plain(text)).split())


def _yes_no(value: Value) -> bool | None:
    plain = _narrow(shown(value)).casefold()
    if plain == _NEITHER:
        return None
    if plain not in _YES | _NO:
        raise CellError("not_yes_no")
    return plain in _YES


def _day(field: fields.Field[Any], value: Value) -> Any:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    written = shown(value)
    midnight = _MIDNIGHT.fullmatch(written.strip())
    return _typed(field, midnight[1] if midnight else written)


def _number(field: fields.Field[Any], value: Value) -> Any:
    if isinstance(value, Decimal):
        return field_values.json_number(value)
    if not isinstance(value, str):
        raise CellError(_CODES[type(field)])
    plain = _narrow(value)
    if _PLAIN.fullmatch(plain):
        return field_values.json_number(Decimal(plain.replace(",", "")))
    return _typed(field, value)


def _typed(field: fields.Field[Any], written: str) -> Any:
    """Parses typed text, with units and Chinese notation."""
    try:
        return field_values.read(field, written)
    except field_values.Unreadable as error:
        raise CellError(_CODES[type(field)]) from error


def _rows(value: Value) -> Any:
    try:
        rows = parse(shown(value).encode("utf-8", "surrogatepass"))
    except NotJson as error:
        raise CellError("rows_not_json") from error
    if not isinstance(rows, list):
        raise CellError("rows_not_json")
    return rows
