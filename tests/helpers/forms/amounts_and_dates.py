"""A small form outside the code with identity numbers, months, periods, percentages, decimals, money."""

from __future__ import annotations

import json
from pathlib import Path

from tests.helpers.docx_builder import cell, docx, paragraph, row, table

NAME, YEAR, TITLE = "grant", 2021, "2021年度经费申请表"

SCHEMA = """
from schemas.fields import DateRange, Decimal, Group, IdNumber, Line, Money, Month, MonthRange, Percent
from schemas.fields import Rows, Year
from schemas.form_schema import FieldGroup, FormSchema


class Item(FieldGroup):
    purpose = Line("用途")
    amount = Money("金额", unit="元")
    share = Percent("占比", prints_unit=False)


class Post(FieldGroup):
    period = MonthRange("起止年月")
    name = Line("单位")


class Grant(FormSchema):
    association_name = Line("申请单位")
    id_number = IdNumber("身份证号码", one_per_cell=True)
    second_id = IdNumber("经办人身份证号")
    joined = Month("入职年月")
    budget_year = Year("预算年度")
    term = DateRange("实施期限")
    own_share = Percent("自筹比例")
    area = Decimal("场地面积", unit="平方米")
    total = Money("申请金额", unit="元", prints="both")
    items = Rows("明细", Group("明细", Item))
    posts = Rows("经历", Group("经历", Post))
"""

FULL = {
    "association_name": "云泽县科学技术协会",
    "id_number": "11010519491231002X",
    "second_id": "440524188001010014",
    "joined": "2021-03",
    "budget_year": 2021,
    "term": {"from": "2021-03-01", "to": "2021-06-30"},
    "own_share": 12.5,
    "area": 85.5,
    "total": "12000",
    "items": [
        {"purpose": "场地", "amount": "8000.50", "share": 66.67},
        {"purpose": "资料", "amount": 3999.5},
    ],
    "posts": [{"period": {"from": "2018-09", "to": "2021-02"}, "name": "云泽中学"}],
}


def _template() -> bytes:
    characters = [cell(f"{{{{ id_number[{place}] }}}}") for place in range(18)]
    whole = "{{ total.digits }}元（大写：{{ total.capitals }}）"
    first = table(
        19,
        row("身份证号码", *characters),
        row(cell("经办人身份证号", span=2), cell("{{ second_id }}", span=17)),
        row(
            cell("入职年月", span=2),
            cell("{{ joined }}", span=7),
            cell("预算年度", span=2),
            cell("{{ budget_year }}", span=8),
        ),
        row(cell("实施期限", span=2), cell("{{ term }}", span=17)),
        row(
            cell("自筹比例", span=2),
            cell("{{ own_share }}", span=7),
            cell("场地面积", span=2),
            cell("{{ area }}", span=8),
        ),
    )
    items = table(
        3,
        row("用途", "金额（元）", "占比（%）"),
        row("{%tr for item in items %}", "", ""),
        row("{{ item.purpose }}", "{{ item.amount }}", "{{ item.share }}"),
        row("{%tr else %}", "", ""),
        row("", "", ""),
        row("{%tr endfor %}", "", ""),
    )
    posts = table(
        2,
        row("起止年月", "单位"),
        row("{%tr for post in posts %}", ""),
        row("{{ post.period }}", "{{ post.name }}"),
        row("{%tr else %}", ""),
        row("", ""),
        row("{%tr endfor %}", ""),
    )
    lines = [TITLE, "申请单位：{{ association_name }}"]
    body = "".join(map(paragraph, lines)) + first + paragraph(f"申请金额：{whole}")
    body += paragraph("一、明细") + items + paragraph("二、经历") + posts + paragraph("完")
    return docx(body, title=TITLE)


def _four(*texts: str) -> str:
    return row(*(cell(text, span=span) for text, span in zip(texts, (2, 7, 2, 8), strict=True)))


def write(folder: Path) -> Path:
    """Writes the form into a folder of forms."""
    edition = {
        "form": NAME,
        "year": YEAR,
        "schema": f"{NAME}.Grant",
        "title": TITLE,
        "provenance": "official",
    }
    files = {
        f"docx_templates/{YEAR}/{NAME}.docx": _template(),
        f"schemas/{NAME}.py": SCHEMA.encode(),
        "schemas/editions.json": json.dumps([edition], ensure_ascii=False).encode(),
        f"samples/{YEAR}/{NAME}.minimal.json": b"{}",
        f"samples/{YEAR}/{NAME}.full.json": json.dumps(FULL, ensure_ascii=False).encode(),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
