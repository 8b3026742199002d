"""The faults of payload fields: codes, and messages in Chinese and English."""

from dataclasses import dataclass, field
from typing import Any

MESSAGES: dict[str, tuple[str, str]] = {
    "not_an_object": ("应为 JSON 对象 {{ … }}。", "Must be a JSON object {{ … }}."),
    "not_a_list": ("应为 JSON 数组 [ … ]。", "Must be a JSON array [ … ]."),
    "not_text": ("应为文字（JSON 字符串）。", "Must be text (a JSON string)."),
    "not_an_integer": (
        "应为不小于 0 的整数，例如 12，不加引号和单位。",
        "Must be a whole number of 0 or more, such as 12, without quotes or unit.",
    ),
    "not_a_number": (
        "应为数字，例如 12.5，不加单位和千位分隔符。",
        "Must be a number, such as 12.5, without unit or thousands separator.",
    ),
    "not_a_boolean": (
        "应为 true（是）、false（否）或 null（不填）。",
        "Must be true (yes), false (no) or null (left blank).",
    ),
    "not_a_date": (
        "应为真实存在的日期，写作 2021-03-09。",
        "Must be a real date, written 2021-03-09.",
    ),
    "not_a_phone": (
        "不像电话号码。可写区号和分机，多个号码用“、”或“/”隔开。",
        "Does not look like a phone number. Area code and extension are fine; "
        "between several write the Chinese comma (、) or a slash (/).",
    ),
    "not_an_email": (
        "不像电子信箱，应如 name@example.com；多个用“、”隔开。",
        "Does not look like an e-mail address such as name@example.com; "
        "between several write the Chinese comma (、).",
    ),
    "unknown_field": (
        "表单中没有这一项，请删去或改正键名。",
        "The form has no such field: remove it or correct the key.",
    ),
    "duplicate_key": (
        "同一个键出现了多次，无法判断以哪一个为准，请只保留一个。",
        "The key occurs more than once: keep one.",
    ),
    "forbidden_character": (
        "含有表单不能容纳的字符，请删去后重新提交。",
        "Has characters that a form cannot hold: remove them and resubmit.",
    ),
    "line_break": (
        "此项只能写一行，第 {position} 个字符处有换行，请删去。",
        "This field holds one line; remove the line break at character {position}.",
    ),
    "negative": ("不能小于 0。", "Must not be below 0."),
    "too_large": ("不能大于 {maximum}。", "Must not be above {maximum}."),
    "too_many_decimals": (
        "最多两位小数，系统不会代为四舍五入，请自行确定金额。",
        "At most 2 decimal places; amounts are not rounded, so give the exact amount.",
    ),
    "above_maximum": (
        "得分不能超过该项分值 {maximum} 分。",
        "The points must not exceed this indicator's maximum of {maximum}.",
    ),
    "bad_step": ("得分以 0.5 分为单位。", "Points must be multiples of 0.5."),
    "too_long": (
        "最多 {maximum} 个字符，现有 {length} 个，请压缩。",
        "At most {maximum} characters, but there are {length}: shorten it.",
    ),
    "too_many_items": (
        "最多 {maximum} 行，现有 {length} 行。",
        "At most {maximum} rows, but there are {length}.",
    ),
    "too_many_words": (
        "合计 {count} 字，超过 {maximum} 字的限制，请压缩 {excess} 字。",
        "{count} 字 together, above the limit of {maximum}: shorten by {excess}.",
    ),
    "total_mismatch": (
        "合计 {total} 与各项金额之和 {sum} 不符，请改正，或不填合计由系统计算。",
        "The total {total} is not the sum of the amounts, {sum}: correct it, or leave it out.",
    ),
}


@dataclass(frozen=True)
class FieldFault:
    """A fault of a field: a code of `MESSAGES`, the values of its message, and names of odd characters."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    odd: tuple[str, str] = ("", "")

    def message(self) -> tuple[str, str]:
        """The message in Chinese and in English."""
        zh, en = (text.format(**self.values) for text in MESSAGES[self.code])
        if any(self.odd):
            zh, en = f"{zh}其中有 {self.odd[0]}。", f"{en} It has {self.odd[1]}."
        return zh, en
