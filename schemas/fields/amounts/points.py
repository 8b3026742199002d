"""Points: those of one indicator of a score sheet."""

import re
from decimal import Decimal
from typing import Any

from schemas import numbers
from schemas.bilingual import Bilingual
from schemas.fields.amounts.number import Number, amount
from schemas.fields.aspects import PageControl, SheetColumn
from schemas.fields.leaf import fault

STEP = Decimal("0.5")

_PRINTED = re.compile(r"(.+?)分?")


class Points(Number):
    """The points of one indicator: 0 to `maximum` in steps of 0.5 (Annex 1)."""

    adds = "points"
    faults = {
        "above_maximum": (
            "得分不能超过该项分值 {maximum} 分。",
            "The points must not exceed this indicator's maximum of {maximum}.",
        ),
        "bad_step": ("得分以 0.5 分为单位。", "Points must be multiples of 0.5."),
    }
    cell_fault = "not_points"
    cell_faults = {"not_points": ("应为得分，例如 3.5。", "Must be points, such as 3.5.")}

    def __init__(self, title: str, maximum: int, **keywords: Any) -> None:
        self.maximum = maximum
        super().__init__(title, type="number", minimum=0, maximum=maximum, multipleOf=float(STEP), **keywords)

    def read(self, value: Any) -> Decimal:
        number = numbers.sent(value, strings=False)
        if number is None:
            raise fault("not_a_number")
        if number < 0:
            raise fault("negative")
        if number > self.maximum:
            raise fault("above_maximum", maximum=self.maximum)
        if number != round(number / STEP) * STEP:
            raise fault("bad_step")
        return abs(number)

    def shown(self, value: Any) -> Any:
        return "" if value is None else f"{value.normalize():f}"

    def written(self, text: str) -> Decimal | int:
        return numbers.plain(amount(_PRINTED, text.removesuffix("分").removesuffix(f"/{self.maximum}")))

    def in_unit(self, by: str, of: str) -> bool:
        return True

    @property
    def column(self) -> SheetColumn:
        maximum = self.maximum
        note = Bilingual(
            f"0 至 {maximum} 分，以 {STEP} 分为单位。", f"0 to {maximum} points in steps of {STEP}."
        )
        formula = (
            f"AND(ISNUMBER({{cell}}),{{cell}}>=0,{{cell}}<={maximum},"
            f"ROUND({{cell}}/{STEP},0)*{STEP}={{cell}})"
        )
        return SheetColumn(12, "General", note, {"type": "custom", "formula1": formula})

    @property
    def control(self) -> PageControl:
        return PageControl("number", 1, "number", "decimal", maximum=self.maximum, step=str(STEP))
