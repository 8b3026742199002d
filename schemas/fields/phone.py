"""Phone: one or several telephone numbers."""

import re
from typing import Any

from schemas.bilingual import Bilingual
from schemas.characters import PHONE
from schemas.fields.aspects import PageControl
from schemas.fields.leaf import fault
from schemas.fields.line import SEPARATOR, Line

_PHONE = re.compile(r"[0-9０-９+＋\-－—–.()（） \t\u3000#*转分机extEXT：:]+")


class Phone(Line):
    """One or several phone numbers, area codes and extensions included."""

    characters = PHONE
    faults = {
        "not_a_phone": (
            "不像电话号码。可写区号和分机，多个号码用“、”或“/”隔开。",
            "Does not look like a phone number. Area code and extension are fine; "
            "between several write the Chinese comma (、) or a slash (/).",
        ),
    }
    note = Bilingual("电话号码，多个用“、”隔开。", "A phone number; between several the Chinese comma (、).")

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        if text and not all(map(self._plausible, SEPARATOR.split(text))):
            raise fault("not_a_phone")
        return text

    @staticmethod
    def _plausible(number: str) -> bool:
        digits = sum(character.isdecimal() for character in number)
        return _PHONE.fullmatch(number) is not None and 3 <= digits <= 20

    @property
    def control(self) -> PageControl:
        return PageControl("line", 2, keyboard="tel")
