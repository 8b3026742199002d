"""One submission of a batch as it stands in the input, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.errors import Bilingual, FieldError

#: What readers call the places of each kind.
_PLACES = {
    "line": Bilingual("第 {number} 行", "line {number}"),
    "row": Bilingual("第 {number} 行", "row {number}"),
    "item": Bilingual("第 {number} 条", "item {number}"),
}
_PLACE = re.compile(r"(line|row|item) ([0-9]+)")

#: What can be wrong with an input itself; what is wrong with its values, `schemas.field_faults` tells.
MESSAGES: dict[str, tuple[str, str]] = {
    "not_json": (
        "不合 JSON 语法，请检查引号、逗号和括号。",
        "Not JSON: check quotes, commas, brackets.",
    ),
    "not_utf8": ("不是 UTF-8 编码，请以 UTF-8 保存。", "Not UTF-8: save the file as UTF-8."),
    "not_an_item": (
        '应为 JSON 对象 {{"form": …, "year": …, "id": …, "data": {{…}}}}。',
        'Must be a JSON object {{"form": …, "year": …, "id": …, "data": {{…}}}}.',
    ),
    "line_too_long": (
        "这一行超过 {maximum} 字节。请检查换行，每行只放一条。",
        "The line is longer than {maximum} bytes: see that each record has a line of its own.",
    ),
    "unknown_key": (
        "没有“{name}”这个键，只能有 form、year、id、data。",
        "No key '{name}' here; there are form, year, id and data.",
    ),
    "duplicate_key": (
        "键“{name}”出现了多次，请只保留一个。",
        "The key '{name}' stands more than once: keep one.",
    ),
    "no_data": ("没有 data（申报数据），请补上。", "There is no data: add it."),
    "no_id": (
        "没有编号，请填写本表单、本年度内不重复的编号。",
        "No id: give one that is unique in form and year.",
    ),
    "bad_id": ("编号{zh}。", "The id {en}."),
    "no_form": (
        "没有指明是哪张表单。请在提交时选定表单和年度，或在数据中以 form 写明，例如 annex2。",
        "The form is not named: choose form and year when you send the batch, or name it as form, "
        "such as annex2.",
    ),
    "unknown_form": ("没有名为“{name}”的表单，现有：{there}。", "No form '{name}'; there are: {there}."),
    "no_year": (
        "没有指明计划年度，请写明，例如 2021。",
        "The plan year is not named: name it, such as 2021.",
    ),
    "bad_year": ("年度应为四位数字，例如 2021。", "The year must be four digits, such as 2021."),
    "unknown_year": (
        "表单 {form} 没有 {name} 年的版次，现有：{there}。",
        "Form {form} has no edition of {name}; there are: {there}.",
    ),
    "unknown_heading": (
        "表单中没有“{name}”这一列{nearest_zh}。请改正或删去该列。",
        "The form has no column '{name}'{nearest_en}: correct the heading or remove the column.",
    ),
    "ambiguous_heading": (
        "列标题“{name}”可指多项：{there}。请写全。",
        "The heading '{name}' may mean: {there}. Give it in full.",
    ),
    "duplicate_heading": (
        "“{name}”与 {column} 列是同一项，请只保留一列。",
        "'{name}' is the same field as column {column}: keep one.",
    ),
    "no_heading": (
        "这一列没有标题，请填写标题或删去该列。",
        "The column has no heading: add one, or remove it.",
    ),
    "merged_rows": (
        "单元格 {area} 跨行合并，其值只算作第 {first} 行的。请取消合并，逐行填写。",
        "The merged cells {area} span rows; the value counts for row {first} only. Unmerge, fill each row.",
    ),
    "merged_columns": (
        "单元格 {area} 跨列合并，无法判断属于哪一项。请取消合并，逐格填写。",
        "The merged cells {area} span columns, so the field is unclear. Unmerge and fill each cell.",
    ),
    "empty_row": (
        "这一行只有编号，没有申报数据。请填写或删去该行。",
        "The row has an id and no data: fill or remove it.",
    ),
    "error_cell": (
        "单元格中是错误值 {name}，请改正公式或直接填写。",
        "The cell holds the error {name}: mend its formula or type the value.",
    ),
    "formula_without_value": (
        "公式没有计算结果。请在 Excel 或 WPS 中打开并保存一次，或直接填写。",
        "The formula has no computed value. Open and save the file once in Excel or WPS, or type the value.",
    ),
    "bad_characters": (
        "含有无法识别的字符，文件编码可能有误。请另存为 UTF-8 格式的 CSV。",
        "Has characters that cannot be read; the file's encoding may be wrong. Save it as CSV UTF-8.",
    ),
    "bad_csv": (
        "引号不配对，或内容过长。请检查这一行，或在 Excel 或 WPS 中另存为 CSV。",
        "Unbalanced quotes, or a cell that is too long: mend the row, or save the sheet as CSV once more.",
    ),
    "not_yes_no": ("应为“是”或“否”，或留空。", "Must be 是 (yes) or 否 (no), or blank."),
    "not_a_count": ("应为不小于 0 的整数，例如 12。", "Must be a whole number of 0 or more, such as 12."),
    "not_an_amount": (
        "应为以万元计的数字，最多两位小数，例如 12.5。",
        "Must be a number in 万元 of at most 2 decimals, such as 12.5.",
    ),
    "not_points": ("应为得分，例如 3.5。", "Must be points, such as 3.5."),
    "not_a_day": (
        "应为真实存在的日期，例如 2021-03-09 或 2021年3月9日。",
        "Must be a real date, such as 2021-03-09 or 2021年3月9日.",
    ),
    "date_for_text": (
        "单元格是日期，此项应为文字。请把单元格格式改为“文本”后重新填写。",
        "The cell is a date, but text is wanted: format the cell as text and type it again.",
    ),
    "digits_lost": (
        "数字太长，表格软件已丢失部分数字。请把单元格格式改为“文本”后重新填写。",
        "The number is too long: the spreadsheet has lost some. Format the cell as text and type it again.",
    ),
    "rows_not_json": (
        '应为 JSON 数组，例如 [{{"name": "…"}}]。',
        'Must be a JSON array, such as [{{"name": "…"}}].',
    ),
    "rows_twice": (
        "同一行既填了 JSON 列，又填了编号列，请只用一种。",
        "The row fills the JSON column and numbered columns: use one of them.",
    ),
}


def field_error(code: str, pointer: str = "", label: str = "", **values: Any) -> FieldError:
    """The error `code` of `MESSAGES` as a FieldError."""
    zh, en = MESSAGES[code]
    return FieldError(pointer, label, code, Bilingual(zh.format(**values), en.format(**values)))


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet as a reader names it: its letter ("F") and its heading."""

    letter: str
    heading: str


@dataclass(frozen=True)
class InputPlace:
    """Where an item stands: `number` (from 1) of a "line" (.ndjson), "item" (.json) or "row" (of a sheet).

    `columns` tells the column of a row's fields, by JSON Pointer; .csv has no sheet's name.
    """

    kind: str
    number: int
    sheet: str = ""
    columns: Mapping[str, SheetColumn] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}" if self.sheet else f"{self.kind} {self.number}"

    @property
    def in_sheet(self) -> bool:
        """Whether it is a row, whose fields have cells."""
        return self.kind == "row"

    @property
    def named(self) -> Bilingual:
        """What readers call it, within its sheet."""
        called = _PLACES[self.kind]
        return Bilingual(called.zh.format(number=self.number), called.en.format(number=self.number))

    def cell(self, pointer: str) -> str:
        """The cell of a field, such as "F5"; "" where there is none."""
        column = self.column(pointer)
        return f"{column.letter}{self.number}" if column else ""

    def locate(self, error: FieldError) -> FieldError:
        """The error with sheet, row and column before its message; of a line, as it is."""
        if not self.in_sheet:
            return error
        return self.located(error, self.column(error.shown_at))

    def located(self, error: FieldError, column: SheetColumn | None) -> FieldError:
        """The error with sheet, row and the given column before its message."""
        zh = f"工作表“{self.sheet}”" if self.sheet else ""
        en = f"Sheet '{self.sheet}', row" if self.sheet else "Row"
        zh, en = f"{zh}第 {self.number} 行", f"{en} {self.number}"
        if column:
            zh = f"{zh} {column.letter} 列“{column.heading}”"
            en = f"{en}, column {column.letter} '{column.heading}'"
        return replace(error, message=Bilingual(f"{zh}：{error.message.zh}", f"{en}: {error.message.en}"))

    def column(self, pointer: str) -> SheetColumn | None:
        """The column of a field; of a group, that of its first field; inside a column, that column."""
        if not pointer:
            return None
        if found := self.columns.get(pointer):
            return found
        inside = (column for known, column in self.columns.items() if known.startswith(f"{pointer}/"))
        around = (self.columns[known] for known in self.columns if pointer.startswith(f"{known}/"))
        return next(inside, None) or next(around, None)


def parse_place(text: str) -> InputPlace | None:
    """The place that a text such as "line 3" names; None where it names a sheet, a file or a record."""
    found = _PLACE.fullmatch(text)
    return InputPlace(found[1], int(found[2])) if found else None


@dataclass(frozen=True)
class Item:
    """One submission of a batch.

    `errors` are faults of the input itself; what could be read is there all the same, and a cell that cannot
    be read stands in `data` as its text, so that `validate` refuses the field as well.
    """

    place: InputPlace
    form: str | None
    year: int | None
    id: str | None
    data: Any
    errors: tuple[FieldError, ...] = ()


#: The errors of a sheet's failed rows, by the sheet's name ("" for .csv) and the row's number, as in `Place`.
FailedRows = Mapping[tuple[str, int], Sequence[FieldError]]
