"""Line: text of one line."""

import re
from typing import Any

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import Value
from schemas.fields.aspects import PageControl
from schemas.fields.leaf import fault
from schemas.fields.text import Text
from schemas.white_space import AROUND

LINE_MAXIMUM = 200
SEPARATOR = re.compile(r"[、/,，;；]")  # between several values
_BREAK = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


class Line(Text):
    """Text of one line."""

    maximum = LINE_MAXIMUM
    shape = "text"
    one_line = True
    carries = True
    white_space = AROUND
    faults = {
        "line_break": (
            "此项只能写一行，第 {position} 个字符处有换行，请删去。",
            "This field holds one line; remove the line break at character {position}.",
        ),
    }
    note = Bilingual("一行文字。", "One line of text.")

    def plain(self, text: str) -> str:
        """Raises the fault of a text of several lines."""
        plain = super().plain(text)
        if "\n" in plain:
            found = _BREAK.search(text, len(text) - len(text.lstrip(cells.AROUND)))
            raise fault("line_break", position=found.start() + 1 if found else 1)
        return plain

    def shown(self, value: Any) -> Any:
        return value or ""

    def cell(self, value: Value) -> Any:
        return cells.trimmed(cells.text(value))

    @property
    def control(self) -> PageControl:
        return PageControl("line", 2)
