"""Day: a date."""

import datetime
import re
from typing import Any

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.characters import BLANKS, EXACT
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.leaf import Leaf, fault

FIRST_YEAR = 1000  # the form prints four digits
_FIRST_IN_SHEETS = datetime.date(1900, 3, 1)  # before it, spreadsheets disagree

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT = re.compile(r"(.*[0-9日])[ T]+0{1,2}:00(:00(\.0+)?)?")
_DIGITS = str.maketrans("〇○O零一二三四五六七八九", "0000123456789")
_PARTED = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CHINESE = re.compile(r"([0-9]{4})年([0-9十]{1,3})月([0-9十]{1,3})[日号]")
_BLANK = re.compile("_*年_*月_*日")


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
        value = value.strip(BLANKS) if isinstance(value, str) else ""
        if not _ISO.fullmatch(value):
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
        plain = "".join(EXACT.plain(text).split())
        return None if not plain or _BLANK.fullmatch(plain) else _written(plain.lstrip(":"))

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
        day = datetime.date.fromisoformat(value)
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


def _written(text: str) -> str:
    found = _PARTED.fullmatch(text) or _TOGETHER.fullmatch(text)
    if not found:
        found = _CHINESE.fullmatch(text.translate(_DIGITS))
    if not found:
        raise Unreadable
    try:
        return datetime.date(int(found[1]), _small(found[2]), _small(found[3])).isoformat()
    except ValueError as error:
        raise Unreadable from error


def _small(text: str) -> int:
    """A number below 100: 3, 12, 十, 十2 (12), 2十 (20), 2十1 (21)."""
    tens, ten, ones = text.partition("十")
    return int(text) if not ten else 10 * int(tens or 1) + int(ones or 0)
