"""Percent: a percentage."""

import re
from decimal import Decimal
from typing import Any

from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.characters import EXACT
from schemas.fields.amounts import capitals
from schemas.fields.amounts.measure import Measure
from schemas.fields.aspects import SheetColumn, Unreadable, between

_SIGN = "%"
_WORDS = re.compile("百分之(.+?)(?:点([零〇一二三四五六七八九]+))?")
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


class Percent(Measure):
    """A percentage, 12.5 for 12.5 %, of at most `places` decimals; printed 12.5%.

    A number up to 1 without the sign is doubtful in documents and sheets: 0.5 may be 0.5 % or 50 %.
    """

    cell_fault = "not_a_percentage"
    cell_faults = {
        "not_a_percentage": ("应为百分数，例如 12.5%。", "Must be a percentage, such as 12.5%."),
        "unclear_percentage": (
            "分不清是百分数还是比值，请写上百分号，例如 0.5% 或 50%。",
            "Percentage or fraction? Write the sign, such as 0.5% or 50%.",
        ),
    }

    def __init__(
        self,
        title: str,
        *,
        places: int = 2,
        minimum: int | Decimal = 0,
        maximum: int | Decimal = 100,
        prints_unit: bool = True,
        **keywords: Any,
    ) -> None:
        super().__init__(title, _SIGN, places, (minimum, maximum), prints_unit=prints_unit, **keywords)

    def written(self, text: str) -> Decimal | int:
        if words := _WORDS.fullmatch(text):
            return _spoken(words[1], words[2])
        number = super().written(text)
        if self.prints_unit and _is_doubtful(number, text):
            raise Unreadable
        return number

    def cell(self, value: Value) -> Any:
        number = super().cell(value)
        if number is not None and _is_doubtful(number, value):
            raise CellError("unclear_percentage")
        return number

    def to_cell(self, value: Any) -> Any:
        return Decimal(str(value)) / 100

    @property
    def column(self) -> SheetColumn:
        note = Bilingual(
            f"百分数，最多 {self.places} 位小数，例如 12.5%。",
            f"A percentage of at most {self.places} decimals, such as 12.5%.",
        )
        limits = between("decimal", Decimal(self.minimum) / 100, Decimal(self.maximum) / 100)
        return SheetColumn(12, f"0.{'0' * self.places}%" if self.places else "0%", note, limits)


def _is_doubtful(number: Decimal | int, written: Value) -> bool:
    is_signed = isinstance(written, str) and (_SIGN in EXACT.plain(written) or "百分之" in written)
    return number != 0 and -1 <= number <= 1 and not is_signed


def _spoken(whole: str, decimals: str | None) -> Decimal | int:
    """The number of 十二 and 五, which are 百分之十二点五."""
    number = capitals.read(f"{'一百' if whole == '百' else whole}元")
    digits = (decimals or "").translate(_DIGITS)
    return Decimal(f"{number:.0f}.{digits}") if digits else int(number)
