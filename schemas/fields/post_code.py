"""PostCode: a Chinese postal code."""

import re
from typing import Any

from schemas.bilingual import Bilingual
from schemas.characters import EXACT
from schemas.fields.aspects import PageControl, SheetColumn
from schemas.fields.leaf import fault
from schemas.fields.line import Line

_CODE = "[0-9]{6}"


class PostCode(Line):
    """A postal code of six digits, such as 210008."""

    characters = EXACT
    faults = {
        "not_a_post_code": (
            "应为 6 位数字的邮政编码，如 210008；现有 {length} 个字符。",
            "Must be a postal code of six digits, such as 210008; it has {length} characters.",
        ),
    }
    note = Bilingual("6 位邮政编码。", "A postal code of six digits.")

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, pattern=f"^{_CODE}$", **keywords)

    def read(self, value: Any) -> str | None:
        code = super().read(value)
        if code and not re.fullmatch(_CODE, code):
            raise fault("not_a_post_code", length=len(code))
        return code

    @property
    def column(self) -> SheetColumn:
        return SheetColumn(10, "@", self.note, super().column.rule)

    @property
    def control(self) -> PageControl:
        return PageControl("line", 2, keyboard="numeric", pattern=_CODE)
