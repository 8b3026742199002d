"""Converts cells of a worksheet's XML into the values that they show (ECMA-376 part 1, 18.3.1.4)."""

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from schemas.cells import SURE_DIGITS, PartOfDate, UnreadableCell, Value, shown
from service.batch.inputs.cell_values import TEXT_FORMULA
from service.batch.inputs.number_format import is_dash, number_format
from service.batch.inputs.xlsx_colours import WHITE, colour
from service.batch.inputs.xlsx_styles import GENERAL, TINY, CellStyle, WorkbookStyles, is_on, size
from service.batch.inputs.xml_stream import XmlTag
from service.wordml.ground_colour import is_close

COLUMNS_MAXIMUM = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]*")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SIGNIFICANT = 15  # digits of a number that a spreadsheet keeps
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
# Digits that a run raises or lowers (18.4.14), such as those of notes, are none of a number.
_RAISED = {
    "superscript": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
}
_LONGEST = 40  # characters of a cell in an error


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


@dataclass(frozen=True)
class ColouredText:
    """A text of which parts have colours of their own, RRGGBB, or are too small (colour "")."""

    text: str
    parts: tuple[tuple[str, str], ...]

    def on(self, ground: str) -> str | UnreadableCell:
        """The text on a ground; an unreadable cell if parts of it cannot be seen."""
        unseen = "".join(part for part, colour in self.parts if not colour or is_close(colour, ground))
        return UnreadableCell("invisible_cell", unseen) if unseen else self.text


class CellText:
    """Collects the text of a string (18.4.8) without phonetic readings (18.4.6), and its marks."""

    def __init__(self, theme: Sequence[str] = ()) -> None:
        self._texts: list[str] = []
        self._struck: list[str] = []
        self._coloured: list[tuple[str, str]] = []
        self._is_struck = self._is_reading = False
        self._colour: str | None = None
        self._raised: dict[int, int] | None = None
        self._theme = theme

    def take(self, tag: XmlTag) -> None:
        """Takes the next tag inside the string."""
        if tag.name == "rPh":
            self._is_reading = tag.start
        elif tag.name == "r" and tag.start:
            self._is_struck, self._raised, self._colour = False, None, None
        elif tag.name == "strike" and tag.start:
            self._is_struck = is_on(tag)
        elif tag.name == "color" and tag.start:
            self._colour = colour(tag.attributes, self._theme) or None
        elif tag.name == "sz" and tag.start and size(tag) <= TINY:
            self._colour = ""
        elif tag.name == "vertAlign" and tag.start:
            self._raised = _RAISED.get(tag.attributes.get("val", ""))
        elif tag.name == "t" and not tag.start and not self._is_reading:
            self._texts.append(tag.text.translate(self._raised) if self._raised else tag.text)
            if self._is_struck and tag.text.strip():
                self._struck.append(tag.text)
            if self._colour is not None and tag.text.strip():
                self._coloured.append((unescaped(tag.text), self._colour))

    @property
    def value(self) -> "SharedText":
        """The text; an unreadable cell if any of it is struck."""
        if self._struck:
            return UnreadableCell("struck_cell", unescaped("".join(self._struck)))
        text = unescaped("".join(self._texts))
        return ColouredText(text, tuple(self._coloured)) if self._coloured else text


#: What a string is, before the ground of its cell is known.
SharedText = str | ColouredText | UnreadableCell


class CellReader:
    """Reads the values of the cells of one workbook."""

    def __init__(self, strings: Sequence[SharedText], styles: WorkbookStyles, *, since_1904: bool) -> None:
        self._strings = strings
        self._styles = styles.cells or (CellStyle(),)
        self.theme = styles.theme
        self._epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900

    def read(
        self, attributes: dict[str, str], value: str | None, text: CellText, formula: bool
    ) -> Value | None:
        """The value of a cell as its format shows it: `value` of its <v>, `text` of its <is>; None if blank.

        A cell that violates the standard is unreadable.
        """
        try:
            style = self._style(attributes)
            found = self._read(attributes.get("t", "n"), value, text, formula, style)
        except (ValueError, LookupError, OverflowError):
            return UnreadableCell("unreadable_cell", (value or "")[:_LONGEST])
        if isinstance(found, ColouredText):
            found = found.on(style.ground)
        if isinstance(found, str):
            found = _shown_text(found, style)
        if style.struck and found is not None and str(found).strip():
            return UnreadableCell("struck_cell", shown(found)[:_LONGEST])
        return found

    def style(self, attributes: dict[str, str]) -> CellStyle:
        """The style of a cell; the default one if it is unknown."""
        try:
            return self._style(attributes)
        except (ValueError, LookupError):
            return CellStyle()

    def _style(self, attributes: dict[str, str]) -> CellStyle:
        return self._styles[_index(attributes.get("s", "0"))]

    def _read(
        self, kind: str, value: str | None, text: CellText, formula: bool, style: CellStyle
    ) -> Value | ColouredText | None:
        if kind == "inlineStr":
            return text.value
        if value is None or value == "":
            return UnreadableCell("formula_without_value", "") if formula and kind != "str" else None
        if kind == "s":
            return self._strings[_index(value)]
        if kind == "str":
            return unescaped(value)
        if kind == "b":
            return _BOOLEANS[value.strip()]
        if kind == "e":
            return UnreadableCell("error_cell", value)
        if kind == "d":
            return _shown_date(_iso(value.strip()), style)
        return self._number(value, style)

    def _number(self, digits: str, style: CellStyle) -> Value:
        number = float(digits)
        if not math.isfinite(number):
            return UnreadableCell("error_cell", digits[:_LONGEST])
        if style.code != GENERAL and number_format(style.code).is_date:
            return _shown_date(self._date(number), style)
        # Further digits come from binary fractions: spreadsheets show 0.1+0.2 as 0.3.
        return _shown_number(Decimal(f"{number:.{_SIGNIFICANT}g}"), style)

    def _date(self, number: float) -> Value:
        try:
            found = from_excel(number, self._epoch)
        except (ValueError, OverflowError):
            return UnreadableCell("error_cell", "#####")
        if isinstance(found, datetime.datetime) and found.time() == datetime.time():
            return found.date()
        return found if isinstance(found, (datetime.date, datetime.time)) else str(found)


def _index(digits: str) -> int:
    """A number of a list's entry, from 0. Raises ValueError."""
    if not digits.strip().isdecimal():
        raise ValueError(digits)
    return int(digits)


def _iso(text: str) -> datetime.date | datetime.time:
    """The date, time of day, or both, of a cell in ISO 8601 (18.18.11). Raises ValueError."""
    if ":" in text and "-" not in text.split(":")[0]:
        return datetime.time.fromisoformat(text)
    found = datetime.datetime.fromisoformat(text)
    return found.date() if found.time() == datetime.time() else found


def _shown_date(value: Value, style: CellStyle) -> Value:
    """A date; in part if its format leaves out the year, month or day, which then may be any."""
    if style.code in (GENERAL, "@") or not isinstance(value, datetime.date):
        return value
    if number_format(style.code).whitens(Decimal(1)) and style.ground == WHITE:
        return UnreadableCell("invisible_cell", value.isoformat())
    parts = number_format(style.code).date_parts
    if parts == "ymd":
        return value
    day = datetime.date(value.year, value.month if "m" in parts else 1, value.day if "d" in parts else 1)
    return PartOfDate("part_of_date", value.isoformat(), day, parts)


def _shown_number(number: Decimal, style: CellStyle) -> Value:
    """A number as its format shows it; unreadable if that is uncertain or leaves out digits."""
    whole = style.code == "0" and number == number.to_integral_value()
    if whole or style.code == GENERAL or abs(number) >= SURE_DIGITS:
        return number
    plain = shown(number)
    found = number_format(style.code).number(number)
    if found is None:
        return UnreadableCell("unclear_format", f"{plain}（{style.code[:_LONGEST]}）")
    if number == 0 and is_dash(found.text):
        return number
    if not found.text or (style.ground == WHITE and number_format(style.code).whitens(number)):
        return UnreadableCell("invisible_cell", plain)
    if not found.exact:
        return UnreadableCell("rounded_cell", f"{found.text} ≠ {plain}")
    return number if found.text == plain else found.text


def _shown_text(text: str, style: CellStyle) -> Value:
    """A text as its format shows it; unreadable if that hides it, or if it is an uncomputed formula."""
    if TEXT_FORMULA.fullmatch(text.strip()):
        return UnreadableCell("formula_as_text", text[:_LONGEST])
    if style.code in (GENERAL, "@") or not text:
        return text
    format = number_format(style.code)
    shown_text = "" if style.ground == WHITE and format.whitens(None) else format.text(text)
    return shown_text or UnreadableCell("invisible_cell", text[:_LONGEST])
