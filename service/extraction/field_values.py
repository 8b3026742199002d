"""Parses handwritten-style field text into values: numbers, amounts, dates, points, text."""

import datetime
import re
from decimal import Decimal
from typing import Any

from marshmallow import fields

from schemas.characters import EXACT
from schemas.fields import Count, Day, Money, Points
from service.extraction.characters import bare

_DIGITS = str.maketrans("〇○O零一二三四五六七八九", "0000123456789")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?")
_COUNT = re.compile(r"(.+?)(个|人|名|家|所|位|座|支)?")
_MONEY = re.compile(r"(?:人民币|[¥￥])?(.+?)(万元|万|元)?(?:整)?")
_POINTS = re.compile(r"(.+?)分?")
_PARTED = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CHINESE = re.compile(r"([0-9]{4})年([0-9十]{1,3})月([0-9十]{1,3})[日号]")
_BLANK_DAY = re.compile("_*年_*月_*日")
_TWO_NUMBERS = re.compile(r"[0-9]\s+[0-9]")
# The unit at the end of a label's brackets: multiplier and unit.
_UNIT = re.compile(r"(?P<by>[十百千万亿]*)(?P<of>[美欧港日]?元|[个人名家所位座支]|)(?:人民币)?$")
_BRACKETED = re.compile(r"\(([^()]*)\)")


class Unreadable(ValueError):
    """The text is no valid value of its field."""


def read(field: fields.Field[Any], text: str) -> Any:
    """The JSON value of a field's text; None if blank. Raises Unreadable.

    Counts are int, amounts in 万元 and points Decimal or int, dates ISO 8601, other values the text.
    """
    if not isinstance(field, (Count, Money, Points, Day)) and any(map(str.isalnum, text)):
        return text
    normal = EXACT.plain(text)  # ² and ① are no digits of a number
    plain = "".join(normal.split())
    if not plain or (isinstance(field, Day) and _BLANK_DAY.fullmatch(plain)):
        return None
    if isinstance(field, (Count, Money, Points)) and _TWO_NUMBERS.search(normal):
        raise Unreadable
    plain = plain.lstrip(":")
    if isinstance(field, Day):
        return _day(plain)
    if isinstance(field, Count):
        if "." in plain:
            raise Unreadable
        return int(_number(_COUNT, plain))
    if isinstance(field, Money):
        return _amount(plain)
    if isinstance(field, Points):
        return json_number(_number(_POINTS, plain.removesuffix("分").removesuffix(f"/{field.maximum}")))
    return text


def is_in_other_unit(field: fields.Field[Any], label: str) -> bool:
    """Whether a label's brackets name a unit other than the field's: 万元 for amounts, 1 for counts."""
    if not isinstance(field, (Count, Money)):
        return False
    for words in _BRACKETED.findall(bare(label)):
        unit = _UNIT.search(words)
        by, of = (unit["by"], unit["of"]) if unit else ("", "")
        if isinstance(field, Money) and (by or of) and (by, of) not in (("万", "元"), ("万", "")):
            return True
        if isinstance(field, Count) and (by or of.endswith("元")):
            return True
    return False


def json_number(number: Decimal) -> Decimal | int:
    """The number without trailing zeros."""
    return int(number) if number == number.to_integral_value() else number.normalize()


def _number(pattern: re.Pattern[str], text: str) -> Decimal:
    found = pattern.fullmatch(text)
    if not found or not _GROUPED.fullmatch(found[1]):
        raise Unreadable
    return Decimal(found[1].replace(",", ""))


def _amount(text: str) -> Decimal | int:
    """An amount in 万元; an amount given in 元 is converted."""
    number, unit = _number(_MONEY, text), _MONEY.fullmatch(text)
    if unit and unit[2] == "元":
        number /= 10_000
    if number != round(number, 2):
        raise Unreadable
    return json_number(number)


def _day(text: str) -> str:
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
