"""Converts cells of a worksheet's XML into values (ECMA-376 part 1, 18.3.1.4 and 18.18.11)."""

import datetime
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from service.batch.inputs.cell_values import UnreadableCell, Value
from service.batch.inputs.xml_stream import XmlTag

COLUMNS_MAXIMUM = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]*")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# Dates of Chinese Excel that have no format code of their own (18.8.30).
_CHINESE_DATES = frozenset((*range(27, 37), *range(50, 59)))
_SIGNIFICANT = 15  # digits of a number that a spreadsheet keeps


def column_of(reference: str) -> int:
    """The column from 0 of a cell's reference such as "AB12". Raises ValueError."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    if column > COLUMNS_MAXIMUM:
        raise ValueError(reference)
    return column - 1


def unescaped(text: str) -> str:
    """Replaces escapes such as `_x000D_` by their characters (22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """Escapes text for a cell, so that `unescaped` restores it."""
    return _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text).replace("\r", "_x000D_")


def date_styles(styles: Iterable[XmlTag]) -> frozenset[int]:
    """The cell styles of a workbook's styles part that show a number as a date."""
    custom: dict[int, str] = {}
    dates, number, inside = [], 0, False
    for tag in styles:
        if tag.name == "cellXfs":
            inside = tag.start
        elif tag.start and tag.name == "numFmt":
            custom[int(tag.attributes["numFmtId"])] = tag.attributes.get("formatCode", "")
        elif tag.start and inside and tag.name == "xf":
            if _is_date(int(tag.attributes.get("numFmtId", 0)), custom):
                dates.append(number)
            number += 1
    return frozenset(dates)


def _is_date(format: int, custom: dict[int, str]) -> bool:
    if format in custom:
        return bool(is_date_format(custom[format]))
    return format in _CHINESE_DATES or bool(is_date_format(BUILTIN_FORMATS.get(format)))


class CellReader:
    """Reads the values of the cells of one workbook."""

    def __init__(self, strings: Sequence[str], dates: frozenset[int], *, since_1904: bool) -> None:
        self._strings = strings
        self._dates = dates
        self._epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900

    def read(self, attributes: dict[str, str], value: str | None, text: str, formula: bool) -> Value | None:
        """The value of a cell: `value` of its <v>, `text` of its <is>; None if it is blank.

        Raises ValueError or IndexError for a cell that violates the standard.
        """
        kind = attributes.get("t", "n")
        if kind == "inlineStr":
            return unescaped(text)
        if value is None or value == "":
            return UnreadableCell("formula_without_value", "") if formula and kind != "str" else None
        if kind == "s":
            number = int(value)
            if number < 0:
                raise IndexError(number)
            return self._strings[number]
        if kind == "str":
            return unescaped(value)
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "e":
            return UnreadableCell("error_cell", value)
        if kind == "d":
            return datetime.datetime.fromisoformat(value)
        return self._number(value, int(attributes.get("s", 0)))

    def _number(self, digits: str, style: int) -> Value:
        number = float(digits)
        if not math.isfinite(number):
            return UnreadableCell("error_cell", digits[:20])
        if style in self._dates:
            return self._date(number)
        # Further digits come from binary fractions: spreadsheets show 0.1+0.2 as 0.3.
        return Decimal(f"{number:.{_SIGNIFICANT}g}")

    def _date(self, number: float) -> Value:
        try:
            found = from_excel(number, self._epoch)
        except (ValueError, OverflowError):
            return UnreadableCell("error_cell", "#####")
        if isinstance(found, datetime.datetime):
            return found if found.time() != datetime.time() else found.date()
        return str(found)
