"""Converts a cell of a sheet into the JSON value of its field."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import fields

from schemas.characters import EXACT
from schemas.fields import Count, Day, Line, Money, Points, Rows, YesNo
from service.errors import NotJson
from service.extraction import field_values
from service.payload_json import parse

_YES = frozenset(["是", "√", "✓", "✔", "☑", "true", "yes", "y", "1", "对", "是☑否□", "是√否□", "是√否"])
_NO = frozenset(["否", "×", "✗", "✘", "☒", "x", "false", "no", "n", "0", "错", "是□否☑", "是□否√", "是否√"])
_NEITHER = "是□否□"
_PLAIN = re.compile(r"[-+]?(?=\.?[0-9])([0-9]{1,3}(,[0-9]{3})+|[0-9]{0,15})(\.[0-9]{0,15})?")
_MIDNIGHT = re.compile(r"(.*[0-9日])[ T]+0{1,2}:00(:00(\.0+)?)?")
SURE_DIGITS = 10**15  # spreadsheets lose digits of numbers from here on
# White space, and the characters without width that exports leave around values; lines may be indented.
_UNSEEN = "\t\xa0\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"
_AROUND = f"{_UNSEEN} \n\v\f\r\x85\u202f\u205f\u3000{''.join(map(chr, range(0x2000, 0x200B)))}"
_CODES = {Count: "not_a_count", Money: "not_an_amount", Points: "not_points", Day: "not_a_day"}


@dataclass(frozen=True)
class UnreadableCell:
    """A cell without a usable value: `code` of `input_errors.ITEM_MESSAGES`, and its text."""

    code: str
    text: str


#: A formula that keeps a spreadsheet from changing a text: ="0123".
TEXT_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"', re.DOTALL)

#: The value of a cell; a missing cell is blank, a number whose format shows it otherwise is that text.
Value = str | bool | Decimal | datetime.date | datetime.time | UnreadableCell


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
    return _trimmed(field, text(value))


def text(value: Value) -> str:
    """The cell as text, a number without exponent or trailing zeros. Raises CellError."""
    if isinstance(value, UnreadableCell):
        raise CellError(value.code, value.text)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime.date, datetime.time)):
        raise CellError("date_for_text")
    if isinstance(value, Decimal):
        if abs(value) >= SURE_DIGITS:
            raise CellError("digits_lost")
        return shown(value)
    return value


def shown(value: Value) -> str:
    """The cell approximately as a spreadsheet displays it."""
    if isinstance(value, UnreadableCell):
        return value.text
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def trimmed(text: str) -> str:
    """The text without white space and zero-width characters at its ends."""
    return text.strip(_AROUND)


def _trimmed(field: fields.Field[Any], text: str) -> str:
    """The text without what surrounds it unseen; a long text keeps its indentation and line breaks."""
    if isinstance(field, Line):
        return trimmed(text)
    return text.lstrip(_UNSEEN).rstrip(_AROUND.replace("\n", "").replace("\r", ""))


def _narrow(text: str) -> str:
    """The text in plain and narrow characters, without white space at its ends."""
    return unicodedata.normalize("NFKC", EXACT.plain(trimmed(text)))


def _yes_no(value: Value) -> bool | None:
    plain = "".join(_narrow(shown(value)).split()).casefold()
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
    midnight = _MIDNIGHT.fullmatch(trimmed(written))
    return _typed(field, midnight[1] if midnight else trimmed(written))


def _number(field: fields.Field[Any], value: Value) -> Any:
    if isinstance(value, Decimal):
        return field_values.json_number(value)
    if not isinstance(value, str):
        raise CellError(_CODES[type(field)])
    plain = _narrow(value)
    # Superscripts and circled numbers are no digits of a number.
    digits = all(each.isdecimal() or not each.isnumeric() for each in value)
    if digits and _PLAIN.fullmatch(plain):
        return field_values.json_number(Decimal(plain.replace(",", "")))
    return _typed(field, trimmed(value))


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
