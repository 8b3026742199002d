"""Text: one or several lines, kept as sent except for odd characters, line ends and tabs behind lines."""

import unicodedata
from typing import Any, ClassVar

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import Value
from schemas.characters import EXACT, TEXT
from schemas.fields.aspects import PageControl, Shape, SheetColumn
from schemas.fields.leaf import Leaf, fault
from schemas.white_space import AROUND, BEHIND_LINES, Change

TEXT_MAXIMUM = 20_000

_BESIDE_LINES = cells.AROUND.replace("\n", "").replace("\r", "")


def _is_blank(text: str) -> bool:
    """Whether a text is invisible: only white space and format characters such as U+200B."""
    return all(each.isspace() or unicodedata.category(each) == "Cf" for each in text)


class Text(Leaf):
    """One or several lines, kept as sent except for `characters`, line ends and tabs behind lines."""

    maximum = TEXT_MAXIMUM
    characters = TEXT
    white_space = BEHIND_LINES
    shape: ClassVar[Shape] = "lines"
    faults = {
        "not_text": ("应为文字（JSON 字符串）。", "Must be text (a JSON string)."),
        "forbidden_character": (
            "含有表单不能容纳的字符，请删去后重新提交。",
            "Has characters that a form cannot hold: remove them and resubmit.",
        ),
        "too_long": (
            "最多 {maximum} 个字符，现有 {length} 个，请压缩。",
            "At most {maximum} characters, but there are {length}: shorten it.",
        ),
    }
    #: What is asked of a cell of its column.
    note = Bilingual("可分段（Alt+Enter 换行）。", "Text; Alt+Enter begins a new paragraph.")

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, type="string", maxLength=self.maximum, **keywords)

    def read(self, value: Any) -> str | None:
        if not isinstance(value, str):
            raise fault("not_text")
        if self.characters.refuses(value):
            raise fault("forbidden_character")
        if len(value) > self.maximum:
            raise fault("too_long", maximum=self.maximum, length=len(value))
        return None if _is_blank(value) else value

    def typed_changes(self, text: str, value: Any) -> list[Change]:
        """The white space around a cell; the rest of its text is the value."""
        return AROUND.change([text.replace(value, "", 1)] if text != value else [])

    def shown(self, value: Any) -> Any:
        return (value or "").split("\n")

    def printed(self, text: str) -> Any:
        is_text = any(map(str.isalnum, text)) or EXACT.compact(text)
        return text if is_text else None

    def in_unit(self, by: str, of: str) -> bool:
        return True

    def cell(self, value: Value) -> Any:
        """A long text keeps its indentation and line breaks."""
        return cells.text(value).lstrip(cells.UNSEEN).rstrip(_BESIDE_LINES)

    def to_cell(self, value: Any) -> Any:
        return value

    @property
    def column(self) -> SheetColumn:
        rule = {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(self.maximum)}
        return SheetColumn(20 if self.one_line else 48, "@", self.note, rule)

    @property
    def control(self) -> PageControl:
        return PageControl("text", 4)
