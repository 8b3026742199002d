"""Money: an amount in 万元 or 元."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from schemas import numbers
from schemas.bilingual import Bilingual
from schemas.fields.amounts import capitals
from schemas.fields.amounts.number import Number
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.leaf import fault

#: By unit: how many 元 it is, and the maximum.
_UNITS = {"万元": (10_000, Decimal("9999999.99")), "元": (1, Decimal("99999999999.99"))}
_PRINTED = re.compile(r"(?:人民币|[¥￥])?(.+?)(万元|万|元)?(?:整)?")
_BOTH = ("digits", "capitals")


class Money(Number):
    """An amount in `unit` of at most 2 decimal places, sent as a number or a string, never rounded.

    The template prints its digits (12000.00), its capitals (壹万贰仟元整), or both in two places.
    """

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
            "应为以{name}计的数字，最多两位小数，例如 12.5。",
            "Must be a number in {name} of at most 2 decimals, such as 12.5.",
        ),
    }

    def __init__(
        self,
        title: str,
        *,
        unit: Literal["万元", "元"] = "万元",
        prints: Literal["digits", "capitals", "both"] = "digits",
        **keywords: Any,
    ) -> None:
        self.unit, self._prints = unit, prints
        self._worth, self.maximum = _UNITS[unit]
        whole = len(str(int(self.maximum)))
        super().__init__(
            title,
            type=["number", "string"],
            minimum=0,
            maximum=float(self.maximum),
            pattern=rf"^[0-9]{{1,{whole}}}(\.[0-9]{{1,2}})?$",
            **keywords,
        )
        self.parts = _BOTH if prints == "both" else ()

    def read(self, value: Any) -> Decimal:
        number = numbers.sent(value, strings=True)
        if number is None:
            raise fault("not_a_number")
        if number < 0:
            raise fault("negative")
        if number > self.maximum:
            raise fault("too_large", maximum=self.maximum)
        if number != round(number, 2):
            raise fault("too_many_decimals")
        return abs(round(number, 2))

    def shown(self, value: Any) -> Any:
        blank = value is None
        texts = {
            "digits": "" if blank else f"{value:.2f}",
            "capitals": "" if blank else capitals.written(value * self._worth),
        }
        return texts if self.parts else texts[self._prints]

    def written(self, text: str) -> Decimal | int:
        """An amount in another unit, or in capitals, is converted; without a unit it is in the field's."""
        found = _PRINTED.fullmatch(text)
        if found and (number := numbers.grouped(found[1])) is not None:
            worth = {"元": 1, None: self._worth}.get(found[2], 10_000)
        else:
            number, worth = capitals.read(text), 1
        number = number * worth / self._worth
        if number != round(number, 2):
            raise Unreadable
        return numbers.plain(number)

    def joined(self, texts: Mapping[str | int, str]) -> Any:
        """Digits and capitals, of which one may be blank, must agree."""
        given = [value for text in texts.values() if (value := self.printed(text)) is not None]
        if len({*given}) > 1:
            raise Unreadable("capitals_differ")
        return given[0] if given else None

    def in_unit(self, by: str, of: str) -> bool:
        return by + of in ("", self.unit, self.unit.removesuffix("元"))

    @property
    def column(self) -> SheetColumn:
        note = Bilingual(f"{self.unit}，最多两位小数。", f"In {self.unit}, at most 2 decimals.")
        guide = Bilingual(
            f"金额以{self.unit}计，最多两位小数，不加单位。",
            f"Amounts are in {self.unit} with at most 2 decimals, without unit.",
        )
        formula = f"AND(ISNUMBER({{cell}}),{{cell}}>=0,{{cell}}<={self.maximum},ROUND({{cell}},2)={{cell}})"
        width = 12 if self.unit == "万元" else 16
        return SheetColumn(width, "0.00", note, {"type": "custom", "formula1": formula}, guide)

    @property
    def control(self) -> PageControl:
        limits: dict[str, Any] = {"maximum": self.maximum, "step": "0.01"}
        return PageControl("number", 1, "digits", "decimal", **limits, unit=self.unit, worth=self._worth)
