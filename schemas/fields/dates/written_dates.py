"""Dates as people write them: 2021-03-09, 2021.3, 2021年3月9日, 二〇二一年三月九日."""

import datetime
import re

from schemas.bilingual import Bilingual
from schemas.characters import EXACT
from schemas.fields.aspects import Unreadable
from schemas.fields.leaf import Leaf

FIRST_YEAR = 1000  # forms print four digits

_DIGITS = str.maketrans("〇○O零一二三四五六七八九", "0000123456789")
_TENS = re.compile("(?<![0-9])([1-9]?)十([1-9]?)(?![0-9])")
_Y, _TWO = "([1-9][0-9]{3})", "([0-9]{2})"
_DAY = re.compile(rf"{_Y}[-./年]([0-9]{{1,2}})[-./月]([0-9]{{1,2}})[日号]?|{_Y}{_TWO}{_TWO}")
_MONTH = re.compile(rf"{_Y}[-./年]([0-9]{{1,2}})(?:月份?)?|{_Y}{_TWO}")
_YEAR = re.compile(f"{_Y}(?:年度?)?")
_EMPTY = "_*年(?:_*月(?:_*日)?)?"
_BLANK = re.compile(f"(?:{_EMPTY}(?:[至到~〜-]+{_EMPTY})?)?")


def arabic(text: str) -> str:
    """A written date in plain characters, its Chinese numerals as digits; "" if it is blank."""
    plain = EXACT.compact(text).lstrip(":")
    if _BLANK.fullmatch(plain):
        return ""
    return _TENS.sub(
        lambda found: str(10 * int(found[1] or 1) + int(found[2] or 0)), plain.translate(_DIGITS)
    )


def worded(field: Leaf, value: datetime.date) -> Bilingual:
    """The value of a field of dates for a message: as printed, and in ISO 8601."""
    printed = field.shown(value)
    return Bilingual(printed, field.printed(printed))


def day(text: str) -> datetime.date:
    """The day of a text from `arabic`. Raises Unreadable."""
    return _date(_DAY, text)


def month(text: str) -> datetime.date:
    """The first day of the month of a text from `arabic`. Raises Unreadable."""
    return _date(_MONTH, text)


def year(text: str) -> int:
    """The year of a text from `arabic`. Raises Unreadable."""
    return _date(_YEAR, text).year


def _date(pattern: re.Pattern[str], text: str) -> datetime.date:
    found = pattern.fullmatch(text)
    if not found:
        raise Unreadable
    year, month, day, *_ = [*(int(part) for part in found.groups() if part), 1, 1]
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise Unreadable from error
