"""The field type of a place of a blank form: its name, its arguments as a schema writes them, its options."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.blank_forms.place import Column, Place, Spot
from service.form_authoring import cell_size, field_keys

_DIGITS_OF_ID = 18
_BRACKETED_UNIT = re.compile(r"[(（](?:单位[:：]?)?(?:人民币)?(亿元|万元|元|%|平方米|亩)[)）]")
_MEASURES = ("平方米", "亩")
_MEASURED = re.compile("面积|学分|学时|分数|得分|成绩|身高|体重|年限|单价")
_BY_MONTH = re.compile("年月|年限|月份")
_YEAR = re.compile(r"\s*(?:20|19)[\s_]+年\s*")
_POST_CODE = re.compile("(?:^|·)(?:邮编|邮政编码)$")


@dataclass(frozen=True)
class ChosenOption:
    """An option of boxes: key, words, and whether own words follow it."""

    key: str
    words: str
    own_words: bool = False

    @property
    def source(self) -> str:
        """The option as a schema writes it."""
        own = ", own_words=True" if self.own_words else ""
        return f"Option({quoted(self.key)}, {quoted(self.words)}{own})"


@dataclass(frozen=True)
class FieldType:
    """A class of `schemas.fields` with its further arguments, as a schema writes them.

    `in_words`: the words of the option that was chosen are printed, not boxes.
    """

    name: str
    arguments: tuple[str, ...] = ()
    options: tuple[ChosenOption, ...] = ()
    in_words: bool = False
    unit: str = ""
    size: tuple[int, int] = (0, 0)


def of(place: Place) -> FieldType:
    """The type of a place that is no list."""
    if place.kind in ("choice", "choices", "yes_no"):
        return _boxes(place)
    if place.kind == "picture":
        width, height = cell_size.size(place.spots[0].line.element)
        return FieldType("Picture", (str(width), str(height)), size=(width, height))
    if place.kind == "id_number":
        one_each = ("one_per_cell=True",) if len(place.spots) == _DIGITS_OF_ID else ()
        return FieldType("IdNumber", one_each)
    if place.maximum:
        return FieldType("Points", (str(place.maximum),))
    printed = " ".join(spot.line.text for spot in place.spots)
    if place.kind == "line" and _YEAR.fullmatch(printed):
        return FieldType("Year")
    return _plain(place.kind, place.label, place.unit, printed)


def of_column(column: Column, unit: str) -> FieldType:
    """The type of a list's column; `unit` is that of the list's amounts."""
    if column.kind in ("choice", "choices", "yes_no", "picture"):
        return FieldType("Line")
    if column.kind == "id_number":
        return FieldType("IdNumber")
    if column.kind == "line" and column.spots and _YEAR.fullmatch(column.spots[0].line.text):
        return FieldType("Year")
    return _plain(column.kind, column.label, unit, "")


def money(unit: str) -> FieldType:
    """An amount in this unit."""
    if unit == "亿元":
        return FieldType("Decimal", ('unit="亿元"', "prints_unit=False"), unit=unit)
    if unit == "万元":
        return FieldType("Money", unit=unit)
    return FieldType("Money", ('unit="元"',), unit="元")


def quoted(text: str) -> str:
    """The text as a literal of Python, on one line."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character == '"':
        return '\\"'
    return character.encode("unicode_escape").decode() if _is_odd(character) else character


def _is_odd(character: str) -> bool:
    return character == "\\" or not (character.isprintable() or character == "\u3000")


def _plain(kind: str, label: str, unit: str, printed: str) -> FieldType:
    named = _BRACKETED_UNIT.search(label)
    unit = named[1] if named else unit
    if kind == "money":
        return money(unit)
    if kind == "percent":
        return FieldType("Percent", ("prints_unit=False",) if unit == "%" or "%" in printed else ())
    if kind == "number":
        measured = unit in _MEASURES or _MEASURED.search(label)
        return FieldType("Decimal") if measured else FieldType("Count")
    if kind == "date_range":
        by_month = "日" not in printed and ("月" in printed or _BY_MONTH.search(label))
        return FieldType("MonthRange" if by_month else "DateRange")
    if kind == "line" and _POST_CODE.search(label):
        return FieldType("PostCode")
    names = {"date": "Day", "month": "Month", "phone": "Phone", "email": "Email", "text": "Text"}
    return FieldType(names.get(kind, "Line"))


def _boxes(place: Place) -> FieldType:
    boxes = [spot for spot in place.spots if spot.option and not spot.is_other]
    if not boxes or any(_is_word(spot) for spot in boxes):
        return FieldType("Line")  # words to strike out or to write
    if {spot.option for spot in boxes} == {"是", "否"}:
        pair = tuple(ChosenOption("yes" if each.option == "是" else "no", each.option) for each in boxes)
        return FieldType("YesNo", options=pair)
    own = next((spot.option for spot in place.spots if spot.is_other), None)
    chosen = tuple(options([spot.option for spot in boxes], own))
    name = "Choices" if place.kind == "choices" else "Choice"
    return FieldType(name, tuple(each.source for each in chosen), chosen)


def options(words: Sequence[str], own: str | None) -> Sequence[ChosenOption]:
    """Options of these words with keys; own words may follow those of `own`."""
    found: list[ChosenOption] = []
    for each in words:
        key = field_keys.key(each, [option.key for option in found])
        found.append(ChosenOption(key, each, each == own))
    return found


def _is_word(spot: Spot) -> bool:
    return spot.line.text[spot.start : spot.end] == spot.option
