"""IdNumber: a citizen's identity number (GB 11643-1999)."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.characters import EXACT
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.leaf import fault
from schemas.fields.line import Line

LENGTH = 18
PATTERN = "[1-9][0-9]{16}[0-9Xx]"

_NUMBER = re.compile(PATTERN)
_DATE = slice(6, 14)  # year, month, day of birth
_CHECK_DIGITS = "10X98765432"  # by the weighted sum modulo 11 (ISO 7064, MOD 11-2)
_LOST = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class IdNumber(Line):
    """A citizen's identity number of 18 characters; with `one_per_cell` the template has each by itself."""

    maximum = 40  # with white space around it
    characters = EXACT
    faults = {
        "not_an_id_number": (
            "应为 18 位公民身份号码：17 位数字，末位为数字或 X；现有 {length} 位。",
            "Must be an identity number of 18 characters: 17 digits, then a digit or X; it has {length}.",
        ),
        "no_date_of_birth": (
            "第 7 至 14 位“{date}”不是真实存在的出生日期，请对照证件改正。",
            "Characters 7 to 14, {date}, are no real date of birth: correct them by the identity card.",
        ),
        "wrong_check_digit": (
            "号码有误：末位校验码与前 17 位不符，请对照证件逐位核对。",
            "The last character does not fit the 17 digits before it: compare each with the identity card.",
        ),
    }
    note = Bilingual(
        "18 位公民身份号码，末位可为 X。", "An identity number of 18 characters; the last may be X."
    )

    def __init__(self, title: str, *, one_per_cell: bool = False, **keywords: Any) -> None:
        super().__init__(title, pattern=f"^{PATTERN}$", **keywords)
        self.parts = tuple(range(LENGTH)) if one_per_cell else ()

    def read(self, value: Any) -> str | None:
        number = (super().read(value) or "").upper()
        if not number:
            return None
        if not _NUMBER.fullmatch(number):
            raise fault("not_an_id_number", length=len(number))
        try:
            datetime.datetime.strptime(number[_DATE], "%Y%m%d")
        except ValueError as error:
            raise fault("no_date_of_birth", date=number[_DATE]) from error
        if number[-1] != check_digit(number[:-1]):
            raise fault("wrong_check_digit")
        return number

    def shown(self, value: Any) -> Any:
        return list((value or "").ljust(LENGTH)) if self.parts else value or ""

    def printed(self, text: str) -> Any:
        """What has other characters than digits and X is no number; `read` checks the number itself."""
        plain = EXACT.compact(text).lstrip(":").upper()
        if not re.fullmatch("[0-9]*X?", plain):
            raise Unreadable
        return plain or None

    def joined(self, texts: Mapping[str | int, str]) -> Any:
        return self.printed("".join(texts.values()))

    def cell(self, value: Value) -> Any:
        """A number has lost the digits behind the fifteenth, as in 3.2010219900307E+17."""
        text = super().cell(value)
        if _LOST.fullmatch(text):
            raise CellError("digits_lost")
        return text

    def to_cell(self, value: Any) -> Any:
        return cells.trimmed(value)

    @property
    def column(self) -> SheetColumn:
        guide = Bilingual(
            "身份证号所在的列须保持“文本”格式，否则表格软件会丢失末几位。",
            "Keep columns of identity numbers as text, or the spreadsheet loses their last digits.",
        )
        return SheetColumn(22, "@", self.note, super().column.rule, guide)

    @property
    def control(self) -> PageControl:
        return PageControl("line", 2, keyboard="text", pattern=PATTERN)


def check_digit(digits: str) -> str:
    """The last character for the 17 digits before it (GB 11643-1999, 4.2; ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * pow(2, LENGTH - 1 - place, 11) for place, digit in enumerate(digits))
    return _CHECK_DIGITS[total % 11]
