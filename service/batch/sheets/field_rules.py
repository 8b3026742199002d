"""The rules of each field type, as text and as validation of a spreadsheet's cells."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields

from schemas.fields import (
    COUNT_MAXIMUM,
    MONEY_MAXIMUM,
    STEP,
    Count,
    Day,
    Email,
    Line,
    Money,
    Phone,
    Points,
    Text,
    YesNo,
)
from service import errors
from service.batch.inputs.columns import FieldColumn
from service.catalog import Edition

YES, NO = "是", "否"


@dataclass(frozen=True)
class ColumnFormat:
    """The format of a field's column: width in characters, number format, note and rule.

    `rule` has the arguments of openpyxl's `DataValidation`, if any; {cell} in them is the first cell.
    """

    width: int
    format: str
    note: errors.Bilingual
    rule: dict[str, str] = field(default_factory=dict)


def column_format(field: fields.Field[Any]) -> ColumnFormat:
    """The column format of a field. Spreadsheets have no dates before 1900, so those are text."""
    if isinstance(field, YesNo):
        note = errors.Bilingual(f"选“{YES}”或“{NO}”。", f"Choose {YES} (yes) or {NO} (no).")
        return ColumnFormat(11, "@", note, {"type": "list", "formula1": f'"{YES},{NO}"'})
    if isinstance(field, Count):
        note = errors.Bilingual("不小于 0 的整数。", "A whole number of 0 or more.")
        limits = {"type": "whole", "operator": "between", "formula1": "0", "formula2": str(COUNT_MAXIMUM)}
        return ColumnFormat(11, "0", note, limits)
    if isinstance(field, Money):
        note = errors.Bilingual("万元，最多两位小数。", "In 万元, at most 2 decimals.")
        formula = f"AND(ISNUMBER({{cell}}),{{cell}}>=0,{{cell}}<={MONEY_MAXIMUM},ROUND({{cell}},2)={{cell}})"
        return ColumnFormat(12, "0.00", note, {"type": "custom", "formula1": formula})
    if isinstance(field, Points):
        return _points(field)
    if isinstance(field, Day):
        note = errors.Bilingual("日期，例如 2021-03-09。", "A date, such as 2021-03-09.")
        rule = {"type": "date", "operator": "greaterThanOrEqual", "formula1": "1"}
        return ColumnFormat(13, "yyyy-mm-dd", note, rule)
    return _text(field)


def _points(field: Points) -> ColumnFormat:
    note = errors.Bilingual(
        f"0 至 {field.maximum} 分，以 {STEP} 分为单位。", f"0 to {field.maximum} points in steps of {STEP}."
    )
    formula = (
        f"AND(ISNUMBER({{cell}}),{{cell}}>=0,{{cell}}<={field.maximum},"
        f"ROUND({{cell}}/{STEP},0)*{STEP}={{cell}})"
    )
    return ColumnFormat(12, "General", note, {"type": "custom", "formula1": formula})


def _text(field: fields.Field[Any]) -> ColumnFormat:
    if isinstance(field, Phone):
        zh, en = "电话号码，多个用“、”隔开。", "A phone number; between several the Chinese comma (、)."
    elif isinstance(field, Email):
        zh, en = "电子信箱，多个用“、”隔开。", "An e-mail address; between several the Chinese comma (、)."
    elif isinstance(field, Line):
        zh, en = "一行文字。", "One line of text."
    else:
        zh, en = "可分段（Alt+Enter 换行）。", "Text; Alt+Enter begins a new paragraph."
    maximum = field.maximum if isinstance(field, Text) else 0
    rule = {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(maximum)}
    width = 20 if isinstance(field, Line) else 48
    return ColumnFormat(width, "@", errors.Bilingual(zh, en), rule if maximum else {})


def note(edition: Edition, leaf: FieldColumn) -> errors.Bilingual:
    """The note of a column: its rule, the joint 字 limit it counts for, its description in the schema."""
    text = column_format(leaf.field).note
    zh, en = text.zh, text.en
    for limit in edition.limits():
        if leaf.pointer in limit["fields"]:
            zh += f"{limit['label']}合计不超过 {limit['maximum']} 字。"
            en += f" {limit['label']} together at most {limit['maximum']} 字."
    description = leaf.field.metadata.get("description")
    if isinstance(description, str):
        chinese, _, english = description.partition(" / ")
        zh, en = f"{zh}{chinese}。", f"{en} {english[:1].upper()}{english[1:]}."
    return errors.Bilingual(zh, en)
