"""Email: one or several e-mail addresses."""

import re
from typing import Any

from schemas.bilingual import Bilingual
from schemas.characters import EMAIL
from schemas.fields.aspects import PageControl
from schemas.fields.leaf import fault
from schemas.fields.line import SEPARATOR, Line

_LABEL = r"[^\W_]+(?:-+[^\W_]+)*"  # of a domain, also one of Chinese characters
_EMAIL = re.compile(rf"[^\s@]+@{_LABEL}(\.{_LABEL})+")


class Email(Line):
    """One or several e-mail addresses."""

    characters = EMAIL
    faults = {
        "not_an_email": (
            "不像电子信箱，应如 name@example.com；多个用“、”隔开。",
            "Does not look like an e-mail address such as name@example.com; "
            "between several write the Chinese comma (、).",
        ),
    }
    note = Bilingual(
        "电子信箱，多个用“、”隔开。", "An e-mail address; between several the Chinese comma (、)."
    )

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        if text and not all(_EMAIL.fullmatch(part.strip()) for part in SEPARATOR.split(text)):
            raise fault("not_an_email")
        return text

    @property
    def control(self) -> PageControl:
        return PageControl("line", 2, keyboard="email")
