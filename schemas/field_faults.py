"""The faults of payload fields and of cells: codes, and messages in Chinese and English."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.bilingual import Bilingual

Messages = dict[str, tuple[str, str]]
Path = tuple[str | int, ...]
_MOST = 1000  # faults of a payload that are listed

#: Of faults in a payload; the field types and rules add their own.
MESSAGES: Messages = {
    "not_an_object": ("应为 JSON 对象 {{ … }}。", "Must be a JSON object {{ … }}."),
    "not_a_number": (
        "应为数字，例如 12.5，不加单位和千位分隔符。",
        "Must be a number, such as 12.5, without unit or thousands separator.",
    ),
    "unknown_field": (
        "表单中没有这一项，请删去或改正名称。",
        "The form has no such field: remove it or correct its name.",
    ),
    "duplicate_key": (
        "同一项出现了多次，无法判断以哪一个为准，请只保留一个。",
        "The field occurs more than once: keep one.",
    ),
    "negative": ("不能小于 0。", "Must not be below 0."),
    "too_large": ("不能大于 {maximum}。", "Must not be above {maximum}."),
    "too_many_words": (
        "合计 {count} 字，超过 {maximum} 字的限制，请压缩 {excess} 字。",
        "{count} characters together, above the limit of {maximum}: shorten by {excess}.",
    ),
    "more_faults": (
        "另有 {count} 处错误，未逐一列出。请先改正已列出的。",
        "{count} more errors are not listed: correct these first.",
    ),
}

#: Of the cells of a sheet that are no value of their field; the field types add their own.
CELL_MESSAGES: Messages = {
    "date_for_text": (
        "单元格是日期，此项应为文字。请把单元格格式改为“文本”后重新填写。",
        "The cell is a date, but text is wanted: format the cell as text and type it again.",
    ),
    "digits_lost": (
        "数字太长，表格软件已丢失部分数字。请把单元格格式改为“文本”后重新填写。",
        "The number is too long: the spreadsheet has lost digits. Format the cell as text and type it again.",
    ),
}


def add(to: Messages, own: Messages) -> None:
    """Adds messages of a field type or a rule. Raises ValueError for a code that means something else."""
    if twice := [code for code in own if to.get(code, own[code]) != own[code]]:
        raise ValueError(f"These codes have another message: {', '.join(twice)}")
    to.update(own)


@dataclass(frozen=True)
class FieldFault:
    """A fault of a field: a code of `MESSAGES`, the values of its message, and names of odd characters.

    A Bilingual value is worded in the message's language.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    odd: tuple[str, str] = ("", "")

    def message(self) -> tuple[str, str]:
        """The message in Chinese and in English."""
        zh, en = (
            text.format(**{name: _in(lang, value) for name, value in self.values.items()})
            for lang, text in zip(("zh", "en"), MESSAGES[self.code], strict=True)
        )
        if any(self.odd):
            zh, en = f"{zh}其中有 {self.odd[0]}。", f"{en} It has {self.odd[1]}."
        return zh, en


def listed(faults: Sequence[tuple[Path, FieldFault]]) -> Sequence[tuple[Path, FieldFault]]:
    """The first faults with their paths; of more than `_MOST`, the last one counts the others."""
    more = FieldFault("more_faults", {"count": len(faults) - _MOST})
    return faults if len(faults) <= _MOST else [*faults[:_MOST], ((), more)]


def _in(lang: str, value: Any) -> Any:
    return value.of(lang) if isinstance(value, Bilingual) else value
