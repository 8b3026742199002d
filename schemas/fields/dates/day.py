"""Day: a date."""

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

_FIRST_IN_SHEETS = datetime.date(1900, 3, 1)  # before it, spreadsheets disagree

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT = re.compile(r"(.*[0-9日])[ T]+0{1,2}:00(:00(\.0+)?)?")


class Day(Leaf):
    """A date, ISO 8601 `YYYY-MM-DD`, from `FIRST_YEAR` on."""

    shape = "text"
    faults = {
        "not_a_date": (
            "应为真实存在的日期，写作 2021-03-09。",
            "Must be a real date, written 2021-03-09.",
        ),
    }
    cell_faults = {
        "not_a_day": (
            "应为真实存在的日期，例如 2021-03-09 或 2021年3月9日。",
            "Must be a real date, such as 2021-03-09 or 2021年3月9日.",
        ),
    }

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, type="string", format="date", **keywords)

    def read(self, value: Any) -> datetime.date:
        if not isinstance(value, str) or not _ISO.fullmatch(value):
            raise fault("not_a_date")
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError as error:
            raise fault("not_a_date") from error
        if day.year < FIRST_YEAR:
            raise fault("not_a_date")
        return day

    def shown(self, value: Any) -> Any:
        return "" if value is None else f"{value.year}年{value.month}月{value.day}日"

    def printed(self, text: str) -> Any:
        plain = written_dates.arabic(text)
        return written_dates.day(plain).isoformat() if plain else None

    def in_unit(self, by: str, of: str) -> bool:
        return True

    def cell(self, value: Value) -> Any:
        if isinstance(value, datetime.datetime):
            return value.date().isoformat()
        if isinstance(value, datetime.date):
            return value.isoformat()
        typed = cells.trimmed(cells.shown(value))
        midnight = _MIDNIGHT.fullmatch(typed)
        try:
            return self.printed(midnight[1] if midnight else typed)
        except Unreadable as error:
            raise CellError("not_a_day") from error

    def to_cell(self, value: Any) -> Any:
        """Spreadsheets have no dates before 1900, so those are text."""
        day = datetime.date.fromisoformat(self.plain(value))
        return day if day >= _FIRST_IN_SHEETS else value

    @property
    def column(self) -> SheetColumn:
        note = Bilingual("日期，例如 2021-03-09。", "A date, such as 2021-03-09.")
        guide = Bilingual(
            "日期可写 2021-03-09、2021/3/9 或 2021年3月9日。", "Dates: 2021-03-09, 2021/3/9 or 2021年3月9日."
        )
        rule = {"type": "date", "operator": "greaterThanOrEqual", "formula1": "1"}
        return SheetColumn(13, "yyyy-mm-dd", note, rule, guide)

    @property
    def control(self) -> PageControl:
        first, last = datetime.date(FIRST_YEAR, 1, 1).isoformat(), datetime.date.max.isoformat()
        return PageControl("date", 2, first=first, last=last)
