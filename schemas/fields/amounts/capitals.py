"""Amounts of money in capitals, such as 壹万贰仟元整.

The rules are those of 《支付结算办法》 (银发〔1997〕393号), annex 《正确填写票据和结算凭证的基本规定》,
articles 1 to 3.
"""

import re
from decimal import Decimal

from schemas.characters import EXACT
from schemas.fields.aspects import Unreadable

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
_GROUPS = {"亿": 10**8, "万": 10**4, "": 1}
_GROUP = 10**4
_ABOVE = 10**12
# What the rules allow beside these characters, and what people type for them.
_FORMS = str.maketrans(
    "一弌二两弍貳三叄弎參四五六陸七八九〇○千百十萬億圆圓正",
    "壹壹贰贰贰贰叁叁叁叁肆伍陆陆柒捌玖零零仟佰拾万亿元元整",
)
_BEFORE = re.compile(r"^(?:人民币|\(?大写\)?|:)*")
_MARKS = re.compile("([仟佰拾万亿元角分整])")


def written(amount: Decimal) -> str:
    """An amount in 元 of at most 2 decimals, below 10¹² 元, in capitals."""
    assert 0 <= amount < _ABOVE
    return _spelled(amount, zero="", end="整", nothing="")


def read(text: str) -> Decimal:
    """The amount in 元 of capitals. Raises Unreadable for those that are not spelled by the rules."""
    plain = _BEFORE.sub("", EXACT.compact(text)).translate(_FORMS)
    plain = re.sub("^拾", "壹拾", plain)
    amount = _sum(plain)
    if not re.fullmatch(_spelled(amount, zero="零?", end="整?", nothing="(?:零元)?"), plain):
        raise Unreadable
    return amount


def _spelled(amount: Decimal, *, zero: str, end: str, nothing: str) -> str:
    """The capitals, with `zero` where a 零 may be left out, `end` for 整, `nothing` for 0 元 before 角."""
    units, cents = divmod(int(amount * 100), 100)
    tenths, hundredths = divmod(cents, 10)
    text = f"{_whole(units, zero)}元" if units or not cents else nothing
    if tenths:
        text += f"{zero if units and units % 10 == 0 else ''}{_DIGITS[tenths]}角"
    if hundredths:
        return f"{text}{'零' if units and not tenths else ''}{_DIGITS[hundredths]}分"
    return text + end


def _whole(number: int, zero: str) -> str:
    """A whole number; zeros that end a group before 仟 of the next may be left out (article 2)."""
    text, gap = "", ""
    for group, worth in _GROUPS.items():
        digits = number // worth % _GROUP
        for place, power in _PLACES.items():
            digit = digits // power % 10
            if digit:
                text += f"{gap}{_DIGITS[digit]}{place}"
                gap = ""
            elif text:
                gap = "零"
        if digits:
            text += group
            gap = zero if gap else ""
    return text or "零"


def _sum(text: str) -> Decimal:
    """The sum of all digits by their places, whose order and zeros may be wrong. Raises Unreadable."""
    if text.count("亿") > 1:  # is too large even for Decimal if there are many
        raise Unreadable
    total, group, digit = Decimal(0), Decimal(0), Decimal(0)
    for part in filter(None, _MARKS.split(text)):
        if part in _PLACES:
            group, digit = group + digit * _PLACES[part], Decimal(0)
        elif part == "亿":
            total, group, digit = (total + group + digit) * _GROUPS[part], Decimal(0), Decimal(0)
        elif part in ("万", "元"):
            total, group, digit = total + (group + digit) * _GROUPS.get(part, 1), Decimal(0), Decimal(0)
        elif part in ("角", "分"):
            total, digit = total + digit / (10 if part == "角" else 100), Decimal(0)
        elif part != "整":
            digit = Decimal(_DIGITS.find(part.lstrip("零") or "零"))
            if digit < 0:
                raise Unreadable
    if not 0 <= total < _ABOVE or ("元" not in text and not re.search("[角分]", text)):
        raise Unreadable
    return total
