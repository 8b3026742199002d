"""Why a batch's file cannot be read as a whole."""

from __future__ import annotations

from typing import Any

from service.errors import UnreadableInput

MESSAGES: dict[str, tuple[str, str]] = {
    "not_a_workbook": (
        "文件不是完整的 .xlsx 工作簿。请在 Excel 或 WPS 中打开，另存为“.xlsx”后重新提交。",
        "The file is no whole .xlsx workbook. Open it in Excel or WPS, save it as .xlsx and send it again.",
    ),
    "old_workbook": (
        "文件是加密的或旧格式（.xls）的工作簿。请去掉密码，另存为“.xlsx”后重新提交。",
        "The file is an encrypted or old (.xls) workbook. Remove the password, save it as .xlsx.",
    ),
    "too_large": (
        "文件展开后超过 {maximum} MB。请分成几个文件提交，或改用 .ndjson。",
        "Unpacked, the file is larger than {maximum} MB. Send several files, or use .ndjson.",
    ),
    "too_many_parts": (
        "文件内的部件太多，不像是表格。请用 Excel 或 WPS 另存为“.xlsx”后重新提交。",
        "The file has more parts than a workbook has: save it as .xlsx in Excel or WPS, and send it again.",
    ),
    "no_items": ("其中没有任何申报数据。", "There is no submission in it."),
    "no_headings": (
        "前 {searched} 行中没有找到列标题。请用 kexie-forms sheet 生成的表格，标题可用中文名称或 JSON 路径。",
        "No headings in the first {searched} rows. Use the sheet of `kexie-forms sheet`; headings are "
        "Chinese labels or JSON paths.",
    ),
    "no_records": (
        "文件中没有记录。每条记录占一行；表格的记录填在列标题之下。请检查是不是选错了文件。",
        "No record in the file. Each record is a line; in a sheet they stand below the headings. "
        "See whether this is the right file.",
    ),
    "not_json": (
        "第 {line} 行第 {column} 列不合 JSON 语法，整个文件无法读取。.ndjson 中的错误行不影响其他行。",
        "Not JSON at line {line}, column {column}, so nothing of the file can be read. In .ndjson, "
        "a bad line does not stop the others.",
    ),
    "not_json_text": (
        "文件不是 UTF-8 编码的 JSON。请以 UTF-8 保存。",
        "The file is not JSON in UTF-8: save it as UTF-8.",
    ),
    "not_a_list": (
        '应为 JSON 数组 [{{"form": …, "year": …, "id": …, "data": {{…}}}}, …]。',
        'Must be a JSON array [{{"form": …, "year": …, "id": …, "data": {{…}}}}, …].',
    ),
    "no_table": (
        "“{name}”不是表格，只有 .csv 和 .xlsx 有行和列。",
        "'{name}' is no sheet; only .csv and .xlsx have rows and columns.",
    ),
    "unknown_format": (
        "无法从“{name}”看出格式，可用：.ndjson、.json、.csv、.tsv、.xlsx。",
        "'{name}' does not tell the format; there are: .ndjson, .json, .csv, .tsv, .xlsx.",
    ),
}


def unreadable(code: str, **values: Any) -> UnreadableInput:
    """The error `code` of `MESSAGES`, to be raised."""
    zh, en = MESSAGES[code]
    return UnreadableInput(zh.format(**values), en.format(**values))
