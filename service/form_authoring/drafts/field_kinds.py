"""The kinds of a draft's fields: their names, the types that they are in a schema, what each place can be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.blank_forms.options import unboxed
from service.blank_forms.place import Place
from service.errors import Bilingual
from service.form_authoring import cell_size, field_types
from service.form_authoring.field_types import ChosenOption, FieldType, quoted
from service.wordml import cell_around

_YES_NO = {"是", "否"}


@dataclass(frozen=True)
class Kind:
    """A kind: the class of `schemas.fields`, its name for people, the units that it can have."""

    type: str
    name: Bilingual
    units: tuple[str, ...] = ()


KINDS = {
    "line": Kind("Line", Bilingual("一行文字", "Line of text")),
    "text": Kind("Text", Bilingual("多行文字", "Long text")),
    "number": Kind("Count", Bilingual("整数", "Whole number")),
    "decimal": Kind(
        "Decimal",
        Bilingual("小数", "Decimal number"),
        ("", "亿元", "平方米", "亩", "公顷", "公里", "米", "公斤", "吨", "小时", "学时", "学分", "分"),
    ),
    "money": Kind("Money", Bilingual("金额", "Amount of money"), ("元", "万元")),
    "points": Kind("Points", Bilingual("得分", "Points")),
    "percent": Kind("Percent", Bilingual("百分数", "Percentage")),
    "date": Kind("Day", Bilingual("年月日", "Date")),
    "month": Kind("Month", Bilingual("年月", "Month")),
    "year": Kind("Year", Bilingual("年度", "Year")),
    "date_range": Kind("DateRange", Bilingual("起止年月日", "Dates from and to")),
    "month_range": Kind("MonthRange", Bilingual("起止年月", "Months from and to")),
    "phone": Kind("Phone", Bilingual("电话", "Phone number")),
    "email": Kind("Email", Bilingual("电子邮箱", "E-mail address")),
    "post_code": Kind("PostCode", Bilingual("邮政编码", "Postal code")),
    "id_number": Kind("IdNumber", Bilingual("身份证号", "Identity number")),
    "choice": Kind("Choice", Bilingual("单选", "One of several")),
    "choices": Kind("Choices", Bilingual("多选", "Any of several")),
    "yes_no": Kind("YesNo", Bilingual("是否", "Yes or no")),
    "picture": Kind("Picture", Bilingual("照片", "Picture")),
    "rows": Kind("Rows", Bilingual("多行表格", "Rows of a table")),
}
_OF_TYPE = {kind.type: name for name, kind in KINDS.items()}
OF_BOXES = ("choice", "choices", "yes_no")
_OF_COLUMNS = tuple(name for name in KINDS if name not in (*OF_BOXES, "points", "picture", "rows"))


def of(found: FieldType) -> str:
    """The kind of a type."""
    return _OF_TYPE[found.name]


def allowed(place: Place) -> tuple[str, ...]:
    """The kinds that an answer in this place can have."""
    if place.kind == "rows" or place.maximum:
        return ("rows",) if place.kind == "rows" else ("points",)
    if words := box_words(place):
        return OF_BOXES if set(words) == _YES_NO else ("choice", "choices")
    is_in_cell = cell_around(place.spots[0].line.element) is not None
    return (*_OF_COLUMNS, "choice", *(("picture",) if is_in_cell else ()))


def allowed_in_columns() -> tuple[str, ...]:
    """The kinds that a column of a list can have."""
    return _OF_COLUMNS


def box_words(place: Place) -> list[str]:
    """The words of the boxes printed in a place, one each; none if it has no boxes."""
    boxes = [spot for spot in place.spots if spot.option and not spot.is_other]
    is_printed = all(spot.line.text[spot.start : spot.end] != spot.option for spot in boxes)
    return [spot.option for spot in boxes] if is_printed else []


def options(place: Place) -> tuple[ChosenOption, ...]:
    """The options printed in a place, with boxes or without."""
    words = box_words(place) or place.options
    own = next((spot.option for spot in place.spots if spot.is_other), None)
    return tuple(field_types.options(words, own))


def printed_options(place: Place) -> list[str]:
    """The words that a place prints to choose from, whether or not it is taken as a choice."""
    if words := [each.words for each in options(place)]:
        return words
    return next((list(found) for spot in place.spots if (found := unboxed(spot.line.text))), [])


def typed(place: Place, kind: str, label: str, unit: str, options: Sequence[ChosenOption] = ()) -> FieldType:
    """The type of a place whose kind a person chose; one that `allowed` has."""
    if kind in OF_BOXES:
        return _of_options(place, kind, options)
    if kind == "picture":
        width, height = cell_size.size(place.spots[0].line.element)
        return FieldType("Picture", (str(width), str(height)), size=(width, height))
    if kind == "decimal" and unit:
        return FieldType("Decimal", _decimal(place, label, unit), unit=unit)
    if kind == "money":
        return field_types.money(unit or "元")
    if kind in ("percent", "id_number", "points"):
        return field_types.of(replace(place, kind=kind, label=label))
    return FieldType(KINDS[kind].type)


def _of_options(place: Place, kind: str, options: Sequence[ChosenOption]) -> FieldType:
    if kind == "yes_no":
        return field_types.of(replace(place, kind=kind))
    sources = tuple(each.source for each in options)
    if box_words(place):
        return FieldType(KINDS[kind].type, sources, tuple(options))
    return FieldType("Choice", (*sources, 'prints="words"'), tuple(options), in_words=True)


def _decimal(place: Place, label: str, unit: str) -> tuple[str, ...]:
    """The arguments of a number with a unit, which the form may print itself."""
    is_printed = unit == place.unit or unit in label or any(unit in spot.line.text for spot in place.spots)
    return (f"unit={quoted(unit)}", *(("prints_unit=False",) if is_printed else ()))
