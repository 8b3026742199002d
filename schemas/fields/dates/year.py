"""Year: a year."""

import datetime
from typing import Any

from schemas import cells, numbers
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable, between
from schemas.fields.dates import written_dates
from schemas.fields.dates.written_dates import FIRST_YEAR
from schemas.fields.leaf import Leaf, fault

LAST_YEAR = 9999
_BLANK = ("", "年", "20年", "19年")  # as forms print it to be completed


class Year(Leaf):
    """A year of four digits, sent as a number or a string; printed 2021年, or 2021 without `prints_unit`."""

    shape = "text"
    date_parts = "y"
    cell_fault = "not_a_cell_of_year"
    faults = {
        "not_a_year": ("应为四位数的年份，例如 2021。", "Must be a year of four digits, such as 2021."),
    }
    cell_faults = {
        "not_a_cell_of_year": (
            "应为四位数的年份，例如 2021 或 2021年。",
            "Must be a year of four digits, such as 2021 or 2021年.",
        ),
    }

    def __init__(self, title: str, *, prints_unit: bool = True, **keywords: Any) -> None:
        limits: dict[str, Any] = {"minimum": FIRST_YEAR, "maximum": LAST_YEAR, "pattern": "^[1-9][0-9]{3}$"}
        super().__init__(title, type=["integer", "string"], **limits, **keywords)
        self._unit = "年" if prints_unit else ""

    def read(self, value: Any) -> int:
        number = numbers.sent(value, strings=True)
        if number is None or not FIRST_YEAR <= number <= LAST_YEAR or number % 1:
            raise fault("not_a_year")
        return int(number)

    def shown(self, value: Any) -> Any:
        return "" if value is None else f"{value}{self._unit}"

    def printed(self, text: str) -> Any:
        plain = written_dates.arabic(text)
        return written_dates.year(plain) if plain not in _BLANK else None

    def in_unit(self, by: str, of: str) -> bool:
        return True

    def cell(self, value: Value) -> Any:
        """A date is its year if it is the first day."""
        if isinstance(value, datetime.date):
            if (value.month, value.day) != (1, 1):
                raise CellError(self.cell_fault)
            return value.year
        try:
            return self.printed(cells.trimmed(cells.shown(value)))
        except Unreadable as error:
            raise CellError(self.cell_fault) from error

    def to_cell(self, value: Any) -> Any:
        return self.deserialize(value)

    @property
    def column(self) -> SheetColumn:
        note = Bilingual("四位数的年份，例如 2021。", "A year of four digits, such as 2021.")
        return SheetColumn(11, "0", note, between("whole", FIRST_YEAR, LAST_YEAR))

    @property
    def control(self) -> PageControl:
        return PageControl("number", 1, "integer", keyboard="numeric")
