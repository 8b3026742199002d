"""The errors of a batch's input: of the whole file, and of a single item."""

from typing import Any

from schemas.field_faults import CELL_MESSAGES
from service.errors import Bilingual, FieldError, UnreadableInput

#: Errors of the whole file.
FILE_MESSAGES: dict[str, tuple[str, str]] = {
    "not_a_workbook": (
        "文件不是完整的 .xlsx 工作簿。请在 Excel 或 WPS 中打开，另存为“.xlsx”后重新提交。",
        "The file is not a complete .xlsx workbook. Open it in Excel or WPS and save it as .xlsx again.",
    ),
    "old_workbook": (
        "文件是加密的或旧格式（.xls）的工作簿。请去掉密码，另存为“.xlsx”后重新提交。",
        "The file is an encrypted or old (.xls) workbook. Remove the password, save it as .xlsx.",
    ),
    "too_large": (
        "文件展开后超过 {maximum} MB。请分成几个文件提交。",
        "Unpacked, the file is larger than {maximum} MB. Submit several files.",
    ),
    "too_many_parts": (
        "文件内的部件太多，不像是表格。请用 Excel 或 WPS 另存为“.xlsx”后重新提交。",
        "The file has more parts than a workbook has: save it as .xlsx in Excel or WPS, and submit again.",
    ),
    "no_headings": (
        "前 {searched} 行中没有找到列标题。请用本服务的空白表格填写，或使列标题与表上的名称一致。",
        "No headings in the first {searched} rows. Fill in the empty sheet of this service, or head the "
        "columns with the labels of the form.",
    ),
    "no_records": (
        "文件中没有记录。每条记录占一行；表格的记录填在列标题之下。请检查是不是选错了文件。",
        "The file contains no record. Each record is a line; in a sheet, a row below the headings. "
        "Check that this is the right file.",
    ),
    "not_json": (
        ".json 文件第 {line} 行第 {column} 列有误，整个文件无法读取。请重新保存或导出。",
        "The .json is invalid at line {line}, column {column}, so the whole file cannot be read. "
        "Save or export it again.",
    ),
    "not_json_text": (
        ".json 文件不是 UTF-8 编码，请以 UTF-8 保存。",
        "The .json is not in UTF-8: save it as UTF-8.",
    ),
    "not_a_list": (
        "既不是填写页保存的数据，也不是由各份组成的列表 […]。请检查是不是选错了文件。",
        "Neither data saved by the form page, nor a list […] of items. Check that this is the right file.",
    ),
    "no_table": (
        "“{name}”不是表格，只有 .csv 和 .xlsx 有行和列。",
        "'{name}' is not a sheet; only .csv and .xlsx have rows and columns.",
    ),
    "unknown_format": (
        "无法从“{name}”看出格式，可用：.ndjson、.json、.csv、.tsv、.xlsx。",
        "The name '{name}' has no known format; supported: .ndjson, .json, .csv, .tsv, .xlsx.",
    ),
}

#: Errors of an item; `schemas.field_faults` has those of its values and of its cells.
ITEM_MESSAGES: dict[str, tuple[str, str]] = {
    "not_json": ("不合 JSON 语法，请检查引号、逗号和括号。", "Not JSON: check quotes, commas, brackets."),
    "not_utf8": ("不是 UTF-8 编码，请以 UTF-8 保存。", "Not UTF-8: save the file as UTF-8."),
    "not_an_item": (
        '应为 JSON 对象 {{"form": …, "year": …, "id": …, "data": {{…}}}}。',
        'Must be a JSON object {{"form": …, "year": …, "id": …, "data": {{…}}}}.',
    ),
    "line_too_long": (
        "这一行超过 {maximum} 字节。请检查换行，每行只放一条。",
        "The line is longer than {maximum} bytes: put each record on a line of its own.",
    ),
    "unknown_key": (
        "没有“{name}”这一项，只能有 form、year、id、data。",
        "Unknown name '{name}'; the names are form, year, id and data.",
    ),
    "duplicate_key": (
        "“{name}”出现了多次，请只保留一个。",
        "'{name}' occurs more than once: keep one.",
    ),
    "no_data": ("没有 data（申报数据），请补上。", "The data is missing: add it."),
    "no_id": (
        "没有编号，请填写本表单、本年度内不重复的编号。",
        "The id is missing: give one that is unique in form and year.",
    ),
    "bad_id": ("编号{zh}。", "The id {en}."),
    "no_form": (
        "没有指明是哪张表单。请在提交时选定表单和年度，或在数据中以 form 写明。",
        "The form is not given: choose form and year when you submit the batch, or give it as form.",
    ),
    "unknown_form": (
        "没有名为“{name}”的表单，现有：{available}。",
        "No form '{name}'; available: {available}.",
    ),
    "no_year": ("没有指明计划年度，请写明，例如 2021。", "The plan year is not given: add it, such as 2021."),
    "bad_year": ("年度应为四位数字，例如 2021。", "The year must be four digits, such as 2021."),
    "unknown_year": (
        "表单 {form} 没有 {name} 年的版次，现有：{available}。",
        "Form {form} has no edition of {name}; available: {available}.",
    ),
    "unclear_heading": (
        "列标题“{name}”被划去或无法读取，不能确定是哪一栏。请改正列标题。",
        "The heading '{name}' is struck out or unreadable, so its column is uncertain: correct the heading.",
    ),
    "unknown_heading": (
        "表单中没有“{name}”这一列{nearest_zh}。请改正或删去该列。",
        "The form has no column '{name}'{nearest_en}: correct the heading or remove the column.",
    ),
    "ambiguous_heading": (
        "列标题“{name}”可指多项：{available}。请写全。",
        "The heading '{name}' may mean: {available}. Give it in full.",
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
        "The row has an id but no data: fill or remove it.",
    ),
    "error_cell": (
        "单元格中是错误值 {name}，请改正公式或直接填写。",
        "The cell holds the error {name}: correct its formula or type the value.",
    ),
    "formula_without_value": (
        "公式没有计算结果。请在 Excel 或 WPS 中打开并保存一次，或直接填写。",
        "The formula has no computed value. Open and save the file once in Excel or WPS, or type the value.",
    ),
    "unreadable_cell": (
        "单元格不合 .xlsx 格式（{name}），无法读取。请重新填写这一格。",
        "The cell violates the .xlsx format ({name}) and cannot be read: type it again.",
    ),
    "struck_cell": (
        "单元格中有划掉的内容“{name}”。请删去划掉的内容，或取消删除线。",
        "The cell has struck-out content ('{name}'): delete it, or remove the strikethrough.",
    ),
    "struck_row": (
        "整行都已划掉。不申报的请删去该行，要申报的请取消删除线。",
        "The whole row is struck out: delete it, or remove the strikethrough.",
    ),
    "total_row": (
        "这一行是“{name}”，不是一份申报，未作处理。请删去该行。",
        "The row is a total ('{name}') and no submission, so it is left out: delete it.",
    ),
    "total_item": (
        "“{name}”是各项之和，不是其中一项。请删去这一项，合计填在合计一栏。",
        "'{name}' is the sum of the items and none of them: remove it, and give the total in its own field.",
    ),
    "part_of_date": (
        "日期没有显示出完整的年、月、日（所存为 {name}，可能是软件自动补的）。"
        "请改用年月日都显示的格式，或重新填写。",
        "The date does not show its whole year, month and day (stored: {name}, perhaps filled in by the "
        "spreadsheet). Use a format that shows all, or type it again.",
    ),
    "unclear_format": (
        "单元格的数字格式特殊，无法确定显示的内容：{name}。请把单元格格式改为“常规”或“文本”后重新填写。",
        "The number format leaves unclear what the cell shows: {name}. Format it as General or text, "
        "and type the value again.",
    ),
    "invisible_cell": (
        "单元格中有“{name}”，但其格式使之不显示。请删去，或改为“常规”格式。",
        "The cell holds '{name}', which its format hides: delete it, or format it as General.",
    ),
    "rounded_cell": (
        "单元格显示的数字与实际存的不同（{name}）。请直接填写所要的数字，或用 ROUND 函数取整。",
        "The cell shows another number than it holds ({name}): type the one that is meant, or use ROUND.",
    ),
    "formula_as_text": (
        "内容是未计算的公式 {name}。请填写计算结果，或在 Excel 或 WPS 中打开后另存。",
        "The value is a formula that nothing has computed: {name}. Type its result, or save the file "
        "from Excel or WPS.",
    ),
    "quoted_value": (
        "内容外多了一层引号：{name}。请去掉引号；要保留的引号请用“ ”。",
        "The value is in extra quotes: {name}. Remove them; quotes to be kept are “ ”.",
    ),
    "bad_characters": (
        "含有无法识别的字符，文件编码可能有误。请另存为 UTF-8 格式的 CSV。",
        "Has characters that cannot be read; the file's encoding may be wrong. Save it as CSV UTF-8.",
    ),
    "bad_csv": (
        "引号不配对，或内容过长。引号没有收尾时，其后各行也算在这一行里。"
        "请检查这一行，或在 Excel 或 WPS 中另存为 CSV。",
        "Unbalanced quotes, or a cell that is too long; where a quote is never closed, the following rows "
        "count as this one. Correct the row, or save the sheet as CSV again.",
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

#: Warnings of a row, which is read nevertheless.
WARNINGS: dict[str, tuple[str, str]] = {
    "hidden_row": (
        "这一行在表格中是隐藏的（筛选、折叠或手工隐藏），已照常读取。不申报的请删去该行。",
        "The sheet hides this row (filter, group or by hand); it was read all the same. "
        "Delete it unless it is to be submitted.",
    ),
    "hidden_column": (
        "这一列在表格中是隐藏的，已照常读取。请核对其内容。",
        "The sheet hides this column; it was read all the same. Check its content.",
    ),
    "hidden_cell": (
        "这一格的字色与底色相同，或字号极小，在表格中看不见，已照常读取。请核对其内容。",
        "The text of this cell has the colour of its fill or is tiny, so the sheet does not show it; it was "
        "read all the same. Check its content.",
    ),
    "conditional_cell": (
        "这一格的条件格式可能使内容不显示、划掉或改变，已按所存的读取。请核对其内容。",
        "A conditional format may hide, strike or change what this cell shows; it was read as it is stored. "
        "Check its content.",
    ),
    "noted_cell": (
        "这一格附有批注“{name}”，批注未读取。请核对。",
        "This cell has a note ('{name}'), which was not read. Please check.",
    ),
    "hidden_sheet": (
        "工作表“{name}”是隐藏的，其中的记录未读取。要申报的请取消隐藏。",
        "The sheet '{name}' is hidden, and its records were not read. Unhide it if they are to be submitted.",
    ),
}


def unreadable(code: str, **values: Any) -> UnreadableInput:
    """The error `code` of `FILE_MESSAGES`, to be raised."""
    zh, en = FILE_MESSAGES[code]
    return UnreadableInput(zh.format(**values), en.format(**values))


def field_error(code: str, pointer: str = "", label: str = "", **values: Any) -> FieldError:
    """The error `code` of an item or a cell, or the warning of `WARNINGS`, as a FieldError."""
    zh, en = ITEM_MESSAGES.get(code) or CELL_MESSAGES.get(code) or WARNINGS[code]
    return FieldError(pointer, label, code, Bilingual(zh.format(**values), en.format(**values)))
