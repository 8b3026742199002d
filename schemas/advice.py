"""What is unlikely in a form without being wrong: reusable rules, which a form's `advice` lists.

A rule names fields by their keys, joined by dots, with * for each row of a table: `budget.items.*.amount`. It
sees the values that were sent, after validation, and no computed ones. Where a field is blank or wrong, it
says nothing.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from schemas.fields import Day, Money, Phone, Text
from schemas.fields.amounts.number import Number
from schemas.fields.line import SEPARATOR


@dataclass(frozen=True)
class Advice(ABC):
    """A rule for the field `at`, beside which its message is shown.

    The message may name {value} and what `unlikely` returns; dates are worded in the message's language.
    """

    at: str

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    #: The types of the fields that it is for.
    takes: ClassVar[tuple[type, ...]]
    #: Whether it is for a field that is left blank.
    of_blank: ClassVar[bool] = False

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that it looks at, `at` first."""
        return (self.at,)

    @abstractmethod
    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        """What its message names, {} for nothing, if the values are unlikely; else None."""


@dataclass(frozen=True)
class _Comparison(Advice):
    """A rule for two fields of one kind; the message may name {other} and its {label} too."""

    than: str

    @property
    def names(self) -> tuple[str, ...]:
        return self.at, self.than


@dataclass(frozen=True)
class Above(_Comparison):
    """A number above another that it is usually a part of."""

    code = "above"
    zh = "{value} 多于“{label}”的 {other}，请核对这两项。"
    en = "{value} is more than the {other} of {label}: check both."
    takes = (Number,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        return {} if value > others[0] else None


@dataclass(frozen=True)
class MuchAbove(_Comparison):
    """A number above another by far: more than `factor` times as much, and at least `by` more."""

    factor: float
    by: int

    code = "much_above"
    zh = "{value} 远多于“{label}”的 {other}，请核对这两项。"
    en = "{value} is far more than the {other} of {label}: check both."
    takes = (Number,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        far = value > Decimal(str(self.factor)) * others[0] and value - others[0] >= self.by
        return {} if far else None


@dataclass(frozen=True)
class Over(Advice):
    """An amount in 万元 that was probably meant in 元: `limit` or more."""

    limit: int

    code = "over"
    zh = "{value} 万元数额过大，是否误按“元”填写？请核对。"
    en = "{value} 万元 is a very large amount: was it meant in 元? Check it."
    takes = (Money,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        return {} if value >= self.limit else None


@dataclass(frozen=True)
class InFuture(Advice):
    """A date after today, of something that has happened."""

    code = "in_future"
    zh = "{value}还没有到，请核对日期。"
    en = "{value} is in the future: check the date."
    takes = (Day,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        return {} if value > today else None


@dataclass(frozen=True)
class LongAgo(Advice):
    """A date `years` or more before today, of something recent."""

    years: int

    code = "long_ago"
    zh = "{value}距今已有 {years} 年，请核对年份。"
    en = "{value} is {years} years ago: check the year."
    takes = (Day,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        passed = today.year - value.year - ((today.month, today.day) < (value.month, value.day))
        return {"years": passed} if passed >= self.years else None


@dataclass(frozen=True)
class Earlier(_Comparison):
    """A date before another that it usually follows."""

    code = "earlier"
    zh = "早于“{label}”（{other}），请核对这两个日期。"
    en = "Is before {label} ({other}): check both dates."
    takes = (Day,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        return {} if value < others[0] else None


@dataclass(frozen=True)
class Shorter(_Comparison):
    """A text shorter than another, though the form wants it to be the main one."""

    code = "shorter"
    zh = "比“{label}”写得短；按填表要求，应重点突出本栏。"
    en = "Is shorter than {label}, though the form wants this to be the main part."
    takes = (Text,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        one, other = ("".join(text.split()) for text in (value, others[0]))
        return {} if len(one) < len(other) else None


@dataclass(frozen=True)
class OddPhone(Advice):
    """A telephone number that begins like a mobile's and has not its 11 digits.

    With `mobile`, also one that is neither a mobile number nor has an area code (电信网编号计划: a mobile
    number is 1 and ten digits; an area code is 0 and two or three, before seven or eight). Short numbers,
    extensions and numbers with the code of another country are not judged.
    """

    mobile: bool = False

    code = "odd_phone"
    zh = "“{number}”有 {count} 位数字，不像手机号码（11 位）或带区号的固定电话，请核对。"
    en = "'{number}' has {count} digits: neither a mobile number (11) nor one with an area code. Check it."
    takes = (Phone,)

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        odd = _NO_MOBILE if self.mobile else _LIKE_A_MOBILE
        for number, digits in _numbers(value):
            if odd.fullmatch(digits):
                return {"number": number, "count": len(digits)}
        return None


_EXTENSION = re.compile(r"(转|分机|ext|x|#|\*).*|\([0-9]{3,6}\)$", re.IGNORECASE)
_CHINA = re.compile(r"^(\+|00)86(?=0|1[3-9])|^86(?=1[3-9][0-9]{9}$)")
_CHINA_AREA = re.compile(r"^(\+|00)86")
_SHORT = 6  # digits
_LIKE_A_MOBILE = re.compile("1[3-9](?![0-9]{9}$)[0-9]+")
_NO_MOBILE = re.compile("(?!1[3-9][0-9]{9}$|0[0-9]{10,11}$)[0-9]+")


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Each number of more digits than a short one, with its digits; none of another country."""
    for number in SEPARATOR.split(text):
        plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", number).strip())
        digits = _CHINA.sub("", re.sub(r"[^0-9+]", "", plain))
        digits = _CHINA_AREA.sub("0", digits)
        if len(digits) > _SHORT and not digits.startswith(("+", "00")):
            yield number.strip(), digits


@dataclass(frozen=True)
class Unfilled(_Comparison):
    """A blank field beside a filled one."""

    code = "unfilled"
    zh = "已填“{label}”，这里尚未填写。"
    en = "Is blank, though {label} is filled in."
    takes = (object,)
    of_blank = True

    def unlikely(self, today: date, value: Any, *others: Any) -> dict[str, Any] | None:
        return {}
