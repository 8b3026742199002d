"""The cells of a spreadsheet as plain values, and their text."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

SURE_DIGITS = 10**15  # spreadsheets lose digits of numbers from here on
#: Tabs and characters without width that exports leave around values.
UNSEEN = "\t\xa0\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"
#: Those, and white space.
AROUND = f"{UNSEEN} \n\v\f\r\x85\u202f\u205f\u3000{''.join(map(chr, range(0x2000, 0x200B)))}"


@dataclass(frozen=True)
class UnreadableCell:
    """A cell without a usable value: the code of its error, and its text."""

    code: str
    text: str


@dataclass(frozen=True)
class PartOfDate(UnreadableCell):
    """A date of which the cell shows only `parts`, such as "ym"; its month or day is 1 if not shown."""

    date: datetime.date
    parts: str


#: The value of a cell; a missing cell is blank, a number whose format shows it otherwise is that text.
Value = str | bool | Decimal | datetime.date | datetime.time | UnreadableCell


class CellError(ValueError):
    """The cell is not a value of its field; `code` is that of a message, `name` its value."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.name = name


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
    return text.strip(AROUND)
