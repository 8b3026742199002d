"""Count: how many there are of something."""

import re
from typing import Any

from schemas import numbers
from schemas.bilingual import Bilingual
from schemas.fields.amounts.number import Number, amount
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable, between
from schemas.fields.leaf import fault

COUNT_MAXIMUM = 9_999_999

_PRINTED = re.compile(r"(.+?)(个|人|名|家|所|位|座|支)?")


class Count(Number):
    """A count: an integer of 0 or more."""

    carries = True
    faults = {
        "not_an_integer": (
            "应为不小于 0 的整数，例如 12，不加引号和单位。",
            "Must be a whole number of 0 or more, such as 12, without quotes or unit.",
        ),
    }
    cell_fault = "not_a_count"
    cell_faults = {
        "not_a_count": ("应为不小于 0 的整数，例如 12。", "Must be a whole number of 0 or more, such as 12."),
    }

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, type="integer", minimum=0, maximum=COUNT_MAXIMUM, **keywords)

    def read(self, value: Any) -> int:
        number = numbers.sent(value, strings=False)
        if number is None:
            raise fault("not_an_integer")
        if number < 0:
            raise fault("negative")
        if number > COUNT_MAXIMUM:
            raise fault("too_large", maximum=COUNT_MAXIMUM)
        if number != number.to_integral_value():
            raise fault("not_an_integer")
        return int(number)

    def shown(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def written(self, text: str) -> int:
        if "." in text:
            raise Unreadable
        return int(amount(_PRINTED, text))

    def in_unit(self, by: str, of: str) -> bool:
        """It counts ones: 个 or 人, neither 万人 nor 元."""
        return not by and not of.endswith("元")

    @property
    def column(self) -> SheetColumn:
        note = Bilingual("不小于 0 的整数。", "A whole number of 0 or more.")
        return SheetColumn(11, "0", note, between("whole", 0, COUNT_MAXIMUM))

    @property
    def control(self) -> PageControl:
        return PageControl("number", 1, "integer", keyboard="numeric")
