"""Month: a month of a year."""

import datetime
import re
from typing import Any

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.dates import written_dates
from schemas.fields.dates.written_dates import FIRST_YEAR
from schemas.fields.leaf import Leaf, fault

PATTERN = "[1-9][0-9]{3}-(0[1-9]|1[0-2])"  # from FIRST_YEAR on

_ISO = re.compile(PATTERN)
_NUMBER = re.compile(r"[0-9]{4}\.1")  # that may have been 2021.10


class Month(Leaf):
    """A month, ISO 8601 `YYYY-MM`, from `FIRST_YEAR` on; as a value its first day."""

    shape = "text"
    date_parts = "ym"
    cell_fault = "not_a_cell_of_month"
    faults = {
        "not_a_month": ("应为年月，写作 2021-03。", "Must be a month, written 2021-03."),
    }
    cell_faults = {
        "not_a_cell_of_month": (
            "应为年月，例如 2021-03 或 2021年3月。"
            "数字 2021.1 分不清是 1 月还是 10 月，请写 2021-01 或 2021-10。",
            "Must be a month, such as 2021-03 or 2021年3月. "
            "The number 2021.1 may be January or October: write 2021-01 or 2021-10.",
        ),
    }

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, type="string", pattern=f"^{PATTERN}$", **keywords)

    def read(self, value: Any) -> datetime.date:
        if not isinstance(value, str) or not _ISO.fullmatch(value):
            raise fault("not_a_month")
        return datetime.date.fromisoformat(f"{value}-01")

    def shown(self, value: Any) -> Any:
        return "" if value is None else f"{value.year}年{value.month}月"

    def printed(self, text: str) -> Any:
        plain = written_dates.arabic(text)
        return written_dates.month(plain).isoformat()[:7] if plain else None

    def in_unit(self, by: str, of: str) -> bool:
        return True

    def cell(self, value: Value) -> Any:
        """A date is its month if it is the first day; a number such as 2021.1 may have lost a zero.

        In a CSV a number is text, too.
        """
        if isinstance(value, datetime.date):
            if value.day != 1:
                raise CellError(self.cell_fault)
            return value.isoformat()[:7]
        typed = cells.trimmed(cells.shown(value))
        if _NUMBER.fullmatch(typed):
            raise CellError(self.cell_fault)
        try:
            return self.printed(typed)
        except Unreadable as error:
            raise CellError(self.cell_fault) from error

    def to_cell(self, value: Any) -> Any:
        return self.plain(value)

    @property
    def column(self) -> SheetColumn:
        note = Bilingual("年月，例如 2021-03。", "A month, such as 2021-03.")
        guide = Bilingual(
            "年月可写 2021-03、2021.03 或 2021年3月。", "Months: 2021-03, 2021.03 or 2021年3月."
        )
        return SheetColumn(11, "@", note, guide=guide)

    @property
    def control(self) -> PageControl:
        return PageControl("month", 2, first=f"{FIRST_YEAR}-01", last="9999-12", pattern=PATTERN)
