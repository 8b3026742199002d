"""The kind of an answer, from the words of its label and what is printed in its place."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from service.blank_forms.label_words import DAY, MONTH, RANGE, plain

_TABLE = Path(__file__).with_name("kinds.toml")
_MONEY_SIGNS = r"(?:人民币)?(?:[(（]?[大小]写[)）]?)?[:：]?[￥¥]?"
_LIMIT = re.compile(r"(?:([0-9]{2,5})\s*[-—–~～至到]+\s*)?([0-9]{2,5})\s*(?:个?汉?字|words)")
_UNIT_LINE = re.compile("单位[:：]\\s*(?:人民币)?(万元|元|亿元|千元)")
_AT_LEAST = re.compile("不少于|不低于|不得少于|至少|以上")
_LONGEST = 300  # characters of what a form prints to be completed
_ROOM_OF_TEXT = 3  # lines
_ROOM_OF_LINE = 8  # lines, up to which a cell for a name or number may be tall


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["name"], re.compile(row["words"], re.IGNORECASE)) for row in _table()["kind"])


@cache
def _units() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for row in _table()["unit"]:
        words, others = ("|".join(map(re.escape, row[name])) for name in ("words", "not"))
        found.append(
            (row["kind"], re.compile(f"(?!{others})(?:{words})" if others else f"(?:{words})", re.IGNORECASE))
        )
    return tuple(found)


def of_label(label: str) -> str:
    """The kind that the words of a label say; "" if they say none."""
    before, _, last = label.rpartition("·")
    words = plain(last)
    kind = _of_words(words)
    parts = {_of_words(part) for part in re.split("[、和与及]", words)} - {""}
    if len(parts) > 1 and kind not in ("line", "text", "picture", "yes_no"):
        kind = "line"  # 毕业时间、学校、专业
    if not kind and before:
        return of_label(before)
    return unit_at(unit(words))[0] or kind if kind in ("", "line", "text") else kind


def _of_words(words: str) -> str:
    return next((name for name, pattern in _kinds() if pattern.search(words)), "")


def of_print(text: str) -> str:
    """The kind that the printed text of a place says, as 年 月 日 or 万元 does; "" if it says none."""
    text = text[:_LONGEST]
    if is_amount(text):
        return "money"
    if len(DAY.findall(text)) > 1 or RANGE.search(text) or len(MONTH.findall(text)) > 1:
        return "date_range"
    if DAY.search(text):
        return "date"
    if MONTH.search(text):
        return "month"
    return unit_at(re.sub(f"^{_MONEY_SIGNS}|/[月年天日人次]$", "", plain(text)))[0] if text.strip() else ""


def is_amount(text: str) -> bool:
    """Whether a text is an amount in words to complete: 拾  万  仟  佰  元整."""
    return bool(re.search("[拾佰仟][\\s_]*[万仟佰拾元圆]", text))


def unit_at(text: str) -> tuple[str, str]:
    """The kind and unit that a text begins with; two empty strings if it begins with none."""
    for kind, pattern in _units():
        if found := pattern.match(text):
            return kind, found[0]
    return "", ""


def unit(label: str, text: str = "") -> str:
    """The unit in a label's brackets, or printed behind the blank."""
    for found in re.finditer(r"[(（](?:单位[:：]?)?(?:人民币)?([^()（）]{1,4})[)）]", label):
        if unit_at(found[1])[1] == found[1]:
            return found[1]
    words = re.sub(f"^{_MONEY_SIGNS}|/[月年天日人次]$", "", plain(text))
    found_unit = unit_at(words)[1]
    return found_unit if found_unit == words else ""


def amounts_unit(text: str) -> str:
    """The unit of the amounts below a line that only names it: 单位：万元."""
    found = _UNIT_LINE.search(text)
    return found[1] if found else ""


def limits(*texts: str) -> tuple[int, int]:
    """The least and the most characters (字) that a label or hint allows; 0 if none says."""
    for text in texts:
        if found := _LIMIT.search(text):
            number = int(found[2])
            if found[1]:
                return int(found[1]), number
            around = text[max(0, found.start() - 6) : found.end() + 4]
            return (number, 0) if _AT_LEAST.search(around) else (0, number)
    return 0, 0


def decide(label: str, text: str, lines: int, is_wide: bool = False) -> str:
    """The kind of a place with this label, this printed text and room for so many lines."""
    printed, word = of_print(text), of_label(label)
    if printed:
        return printed
    if any(limits(label, text)):
        return "text"
    if word == "line":
        return "line" if lines < _ROOM_OF_LINE else "text"
    if word and word != "text" and not (word == "money" and lines >= _ROOM_OF_TEXT and "元" not in label):
        return word
    return "text" if lines >= _ROOM_OF_TEXT or (is_wide and word == "text" and lines > 1) else "line"
