"""Invented values that fit a planned form's fields, for its samples."""

import base64
import re
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from schemas.fields.id_number import check_digit
from service.form_authoring import cell_size
from service.form_authoring.form_plan import FormPlan, PlannedField
from service.form_authoring.totals import totals
from service.wordcount import count

_ROWS = 2  # of a list in the full sample, or as few as the form prints
_SHORT = "情况良好。"
_COLUMN = (30, 20)  # mm
_CHARACTER, _LINE = 5, 6.5  # mm that a character and a line take
_DPM = 4  # pixels a millimetre of a sample picture
_SENTENCES = (
    "本项目立足云泽县实际，面向基层群众开展科普服务。",
    "前期已走访十二个乡镇，摸清了需求和已有条件。",
    "计划分三个阶段推进，每个阶段都有明确的任务和负责人。",
    "各项工作由专人记录，按季度检查进度并公布结果。",
)
# Invented words by what the label says; the first that fits.
_LINES = (
    ("性别", "女"),
    ("民族", "汉族"),
    ("籍贯|出生地|户籍", "江苏云泽"),
    ("政治面貌", "中共党员"),
    ("健康", "健康"),
    ("学历|文化程度|全日制|在职教育", "本科"),
    ("学位", "学士"),
    ("毕业院校|学校", "云泽大学农学系"),
    ("学院|院系", "理学院"),
    ("班级", "一班"),
    ("年级", "三年级"),
    ("学号", "20210108"),
    ("单位及职务", "云泽县科协科员"),
    ("职称|技术职务", "工程师"),
    ("职务|岗位", "科员"),
    ("专业", "农学"),
    ("称谓|关系", "父亲"),
    ("级别|等级", "二级"),
    ("邮编", "云泽县湖滨路18号，223900"),
    ("地址|住址|地点|路线", "云泽县湖滨路18号"),
    ("是否|√", "是"),
    ("年度|年份", "2021年"),
    ("编号|代码|编码|序号|型号|账号|号码|文号", "YZ-018"),
    ("负责人|联系人|申请人|申报人|填表人|填报人|导师|教师|主持人|代表人|出差人|法人|姓名", "林知远"),
    ("单位|部门|机构|企业|公司|科协|学会|乙方|甲方", "云泽县科学技术协会"),
    ("来源", "自筹"),
    ("项目|课题|名称|题目", "科普进村项目"),
    ("", "示例内容"),
)


def full(plan: FormPlan) -> dict[str, Any]:
    """A payload that fills every field."""
    found: dict[str, Any] = {}
    for path, field in plan.fields():
        inside = found if len(path) == 1 else found.setdefault(path[0], {})
        inside[path[-1]] = _rows(field) if field.columns else _value(field)
    for each in totals(plan):
        inside = found[each.group] if each.group else found
        rows, column = each.column.split(".")
        listed = inside[rows]
        amounts = [row[column] for row in (listed.values() if isinstance(listed, dict) else listed)]
        inside[each.at] = _like(amounts[0], sum(map(float, amounts)))
    return found


def minimal(plan: FormPlan) -> dict[str, Any]:
    """A payload that names who submits, and nothing else."""
    found = full(plan)
    path = plan.submitter
    if len(path) == 1:
        return {path[0]: found[path[0]]}
    return {path[0]: {path[1]: found[path[0]][path[1]]}} if path else {}


def _rows(field: PlannedField) -> Any:
    names = [key for key, _ in field.names]
    count = len(names) or min(_ROWS, len(field.place.rows)) or 1
    rows = [{each.key: _value(each, number) for each in field.columns} for number in range(count)]
    return dict(zip(names, rows, strict=True)) if names else rows


def _value(field: PlannedField, number: int = 0) -> Any:
    """The value of a field; `number` is that of its row, from 0."""
    options = [option.key for option in field.type.options]
    match field.type.name:
        case "YesNo":
            return True
        case "Choice":
            return options[0]
        case "Choices":
            return options[:2]
        case "Picture":
            return _picture(*field.type.size)
        case "Text":
            return _text(field)
        case "Points":
            return field.place.maximum - 0.5
        case "IdNumber":
            digits = "32012519900307" + f"{number + 1:02}2"
            return digits + check_digit(digits)
        case "Line" if field.place.options:
            return field.place.options[0]
        case "Line":
            return next(value for words, value in _LINES if re.search(words, field.title))
        case name:
            return _PLAIN[name][number % 2]


_PLAIN: dict[str, Sequence[Any]] = {
    "Count": (12, 3),
    "Decimal": (85.5, 12),
    "Money": ("12.50", "3.00"),
    "Percent": (12.5, 30),
    "Day": ("2021-03-09", "2021-06-30"),
    "Month": ("1990-03", "1962-11"),
    "DateRange": ({"from": "2021-03-09", "to": "2021-06-30"},) * 2,
    "MonthRange": ({"from": "2021-03", "to": "2021-12"},) * 2,
    "Phone": ("0511-88001234", "13900001234"),
    "Year": (2021, 2020),
    "PostCode": ("223900", "210008"),
    "Email": ("kexie@example.com", "lin@example.com"),
}


def _like(amount: Any, total: float) -> Any:
    """A sum written as the amounts are."""
    return f"{total:.2f}" if isinstance(amount, str) else type(amount)(total)


def _text(field: PlannedField) -> str:
    """Two paragraphs, or as many sentences as the limit of 字 and the cell have room for."""
    width, height = cell_size.size(field.place.spots[0].line.element) if field.place.spots else _COLUMN
    room = int(width / _CHARACTER) * int(height / _LINE)
    most = min(room, field.limit or room)
    if count("".join(_SENTENCES)) <= most:
        return "".join(_SENTENCES[:2]) + "\n" + "".join(_SENTENCES[2:])
    texts = ["".join(_SENTENCES[:number]) for number in range(len(_SENTENCES), 0, -1)]
    return next((text for text in texts if count(text) <= most), _SHORT)


def _picture(width: int, height: int) -> str:
    """A head and shoulders in grey, a PNG (ISO/IEC 15948) as base64."""
    across, down = width * _DPM, height * _DPM
    lines = (bytes(_grey(x / across, y / down) for x in range(across)) for y in range(down))
    header = struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    chunks = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))).decode("ascii")


def _grey(x: float, y: float) -> int:
    """The grey at a place of the picture, both from 0 to 1."""
    is_head = ((x - 0.5) / 0.2) ** 2 + ((y - 0.37) / 0.19) ** 2 < 1
    is_body = ((x - 0.5) / 0.42) ** 2 + ((y - 1.0) / 0.38) ** 2 < 1
    return 120 if is_head else 80 if is_body else 215


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, content = chunk
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
