"""The base of fields that hold a decimal number with its unit."""

import re
from decimal import Decimal
from typing import Any

from schemas import numbers
from schemas.fields.amounts.number import Number, amount
from schemas.fields.aspects import PageControl
from schemas.fields.leaf import fault


class Measure(Number, abstract=True):
    """A number from `minimum` to `maximum` of at most `places` decimals, never rounded.

    It is printed with its unit, or without `prints_unit` where the form prints that.
    """

    minimum: int | Decimal
    maximum: int | Decimal
    faults = {
        "too_many_places": (
            "最多 {places} 位小数，系统不会代为四舍五入，请自行确定数值。",
            "At most {places} decimal places; numbers are not rounded, so give the exact one.",
        ),
        "too_small": ("不能小于 {minimum}。", "Must not be below {minimum}."),
    }
    cell_fault = "not_a_decimal"
    cell_faults = {"not_a_decimal": ("应为数字，例如 12.5。", "Must be a number, such as 12.5.")}

    def __init__(
        self,
        title: str,
        unit: str,
        places: int,
        limits: tuple[int | Decimal, int | Decimal],
        *,
        prints_unit: bool,
        **keywords: Any,
    ) -> None:
        self.minimum, self.maximum = limits
        self.unit, self.places, self.prints_unit = unit, places, prints_unit
        about: dict[str, Any] = {"x-unit": unit} if unit else {}
        least, most = (numbers.json(limit) for limit in limits)
        super().__init__(title, type="number", minimum=least, maximum=most, **about, **keywords)

    def read(self, value: Any) -> Decimal:
        number = numbers.sent(value, strings=False)
        if number is None:
            raise fault("not_a_number")
        if number < self.minimum:
            raise fault("too_small", minimum=self.minimum)
        if number > self.maximum:
            raise fault("too_large", maximum=self.maximum)
        if number != round(number, self.places):
            raise fault("too_many_places", places=self.places)
        return number if number else abs(number)

    def shown(self, value: Any) -> Any:
        unit = self.unit if self.prints_unit else ""
        return "" if value is None else f"{value.normalize():f}{unit}"

    def written(self, text: str) -> Decimal | int:
        sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
        return numbers.plain(sign * amount(re.compile(f"(.+?)(?:{re.escape(self.unit)})?"), digits))

    def in_unit(self, by: str, of: str) -> bool:
        return by + of in ("", self.unit)

    @property
    def control(self) -> PageControl:
        return PageControl("number", 1, "number", "decimal" if self.minimum >= 0 else "", unit=self.unit)
