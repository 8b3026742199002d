"""YesNo: a pair of boxes."""

import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.characters import EXACT
from schemas.fields.aspects import Option, PageControl, SheetColumn, Unreadable
from schemas.fields.boxes import Boxes, bilingual
from schemas.fields.leaf import fault

_YES_TYPED = {"是", "√", "✓", "✔", "☑", "true", "yes", "y", "1", "对", "是☑否□", "是√否□", "是√否"}
_NO_TYPED = {"否", "×", "✗", "✘", "☒", "x", "false", "no", "n", "0", "错", "是□否☑", "是□否√", "是否√"}
_NEITHER = "是□否□"
_YES, _NO = Option("yes", "是", "Yes"), Option("no", "否", "No")


class YesNo(Boxes):
    """A pair of boxes: true 是, false 否, null neither."""

    options = (_YES, _NO)
    faults = {
        "not_a_boolean": (
            "应为 true（是）、false（否）或 null（不填）。",
            "Must be true (yes), false (no) or null (left blank).",
        ),
    }
    cell_faults = {
        "not_yes_no": ("应为“是”或“否”，或留空。", "Must be 是 (yes) or 否 (no), or blank."),
    }

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, type="boolean", **keywords)

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise fault("not_a_boolean")
        return value

    def chosen(self, value: Any) -> Collection[str]:
        return () if value is None else (_YES.key if value else _NO.key,)

    def ticked(self, keys: Sequence[str], words: str = "") -> Any:
        if len(keys) > 1:
            raise Unreadable
        return _YES.key in keys if keys else None

    def cell(self, value: Value) -> Any:
        narrow = unicodedata.normalize("NFKC", EXACT.plain(cells.trimmed(cells.shown(value))))
        plain = "".join(narrow.split()).casefold()
        if plain == _NEITHER:
            return None
        if plain not in _YES_TYPED | _NO_TYPED:
            raise CellError("not_yes_no")
        return plain in _YES_TYPED

    def to_cell(self, value: Any) -> Any:
        return _YES.words if value else _NO.words

    @property
    def column(self) -> SheetColumn:
        yes, no = _YES.words, _NO.words
        note = Bilingual(f"选“{yes}”或“{no}”。", f"Choose {yes} (yes) or {no} (no).")
        return SheetColumn(11, "@", note, choices=(yes, no))

    @property
    def control(self) -> PageControl:
        choices = (("true", bilingual(_YES)), ("false", bilingual(_NO)))
        return PageControl("choices", 2, "boolean", choices=choices)
