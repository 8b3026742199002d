"""Money: an amount in 万元."""

import re
from decimal import Decimal
from typing import Any

from schemas import numbers
from schemas.bilingual import Bilingual
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.leaf import fault
from schemas.fields.number import Number, amount

MONEY_MAXIMUM = Decimal("9999999.99")

_PRINTED = re.compile(r"(?:人民币|[¥￥])?(.+?)(万元|万|元)?(?:整)?")


class Money(Number):
    """An amount in 万元 of at most 2 decimal places, sent as a number or a string, never rounded."""

    adds = "amounts"
    faults = {
        "too_many_decimals": (
            "最多两位小数，系统不会代为四舍五入，请自行确定金额。",
            "At most 2 decimal places; amounts are not rounded, so give the exact amount.",
        ),
    }
    cell_fault = "not_an_amount"
    cell_faults = {
        "not_an_amount": (
            "应为以万元计的数字，最多两位小数，例如 12.5。",
            "Must be a number in 万元 of at most 2 decimals, such as 12.5.",
        ),
    }

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(
            title,
            type=["number", "string"],
            minimum=0,
            maximum=float(MONEY_MAXIMUM),
            pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$",
            **keywords,
        )

    def read(self, value: Any) -> Decimal:
        number = numbers.sent(value, strings=True)
        if number is None:
            raise fault("not_a_number")
        if number < 0:
            raise fault("negative")
        if number > MONEY_MAXIMUM:
            raise fault("too_large", maximum=MONEY_MAXIMUM)
        if number != round(number, 2):
            raise fault("too_many_decimals")
        return abs(round(number, 2))

    def shown(self, value: Any) -> Any:
        return "" if value is None else f"{value:.2f}"

    def written(self, text: str) -> Decimal | int:
        """An amount given in 元 is converted."""
        number, unit = amount(_PRINTED, text), _PRINTED.fullmatch(text)
        if unit and unit[2] == "元":
            number /= 10_000
        if number != round(number, 2):
            raise Unreadable
        return numbers.plain(number)

    def in_unit(self, by: str, of: str) -> bool:
        return (by, of) in (("", ""), ("万", "元"), ("万", ""))

    @property
    def column(self) -> SheetColumn:
        note = Bilingual("万元，最多两位小数。", "In 万元, at most 2 decimals.")
        guide = Bilingual(
            "金额以万元计，最多两位小数，不加单位。",
            "Amounts are in 万元 with at most 2 decimals, without unit.",
        )
        formula = f"AND(ISNUMBER({{cell}}),{{cell}}>=0,{{cell}}<={MONEY_MAXIMUM},ROUND({{cell}},2)={{cell}})"
        return SheetColumn(12, "0.00", note, {"type": "custom", "formula1": formula}, guide)

    @property
    def control(self) -> PageControl:
        return PageControl("number", 1, "digits", "decimal", maximum=MONEY_MAXIMUM, step="0.01")
