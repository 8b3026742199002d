"""Decimal: a number with a unit of its own."""

import decimal
from typing import Any

from schemas.bilingual import Bilingual
from schemas.fields.amounts.measure import Measure
from schemas.fields.aspects import SheetColumn, between

DECIMAL_MAXIMUM = 9_999_999_999

Limit = int | decimal.Decimal


class Decimal(Measure):
    """A number of at most `places` decimals, printed with its unit, if any, such as 85.5平方米."""

    def __init__(
        self,
        title: str,
        *,
        places: int = 2,
        unit: str = "",
        minimum: Limit = 0,
        maximum: Limit = DECIMAL_MAXIMUM,
        prints_unit: bool = True,
        **keywords: Any,
    ) -> None:
        super().__init__(title, unit, places, (minimum, maximum), prints_unit=prints_unit, **keywords)

    @property
    def column(self) -> SheetColumn:
        note = Bilingual(
            f"{f'以{self.unit}计，' if self.unit else ''}最多 {self.places} 位小数，不加单位。",
            f"{f'In {self.unit}, ' if self.unit else ''}at most {self.places} decimals, without unit.",
        )
        return SheetColumn(12, "General", note, between("decimal", self.minimum, self.maximum))
