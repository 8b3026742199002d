"""An invented form: rows by name, printed blank and within rows, two tables in a group, a group in a row."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import forms
from tests.helpers.docx_builder import cell, docx, paragraph, row, table
from tests.helpers.forms import write_form

FORM, YEAR, TITLE = "household", 2031, "2031年家庭与项目登记表"

SCHEMA = """
from schemas.fields import Group, Line, Money, Rows, YesNo
from schemas.form_schema import FieldGroup, FormSchema, named_rows
from schemas.rules import Total


class Relative(FieldGroup):
    name = Line("姓名")
    employer = Line("工作单位")


class OtherRelative(Relative):
    relation = Line("称谓")


class Visit(FieldGroup):
    country = Line("国家")
    reason = Line("事由")


class Trip(FieldGroup):
    year = Line("年份")
    visit = Group("出访", Visit)


class Family(FieldGroup):
    parents = named_rows("父母", Relative, {"father": "父亲", "mother": "母亲"})
    others = Rows("其他成员", Group("其他成员", OtherRelative), maximum=6, minimum=2)
    trips = Rows("出国经历", Group("出国经历", Trip), maximum=4, minimum=3)


class Part(FieldGroup):
    name = Line("分项")
    amount = Money("金额")
    done = YesNo("完成")


class Project(FieldGroup):
    title = Line("项目")
    parts = Rows("分项", Group("分项", Part), maximum=15, minimum=2)
    leader = Line("负责人")


class Household(FormSchema):
    rules = (Total("projects.parts.amount"),)
    submitter = ("name",)

    name = Line("户主")
    family = Group("家庭情况", Family)
    projects = Rows("承担项目", Group("承担项目", Project), maximum=12, minimum=1)
    total = Money("金额合计")
"""

FULL = {
    "name": "沈青",
    "family": {
        "parents": {
            "father": {"name": "沈大山", "employer": "云泽县水利局"},
            "mother": {"name": "陆秀"},
        },
        "others": [
            {"relation": "妻", "name": "陈兰", "employer": "云泽中学"},
            {"relation": "子", "name": "沈小溪"},
            {"relation": "女", "name": "沈小荷"},
        ],
        "trips": [{"year": "2019", "visit": {"country": "日本", "reason": "考察"}}],
    },
    "projects": [
        {
            "title": "科普大篷车",
            "parts": [
                {"name": "展品", "amount": "3.50", "done": True},
                {"name": "运输", "amount": "1.20", "done": False},
                {"name": "讲解"},
            ],
            "leader": "沈青",
        },
        {"title": "网格科普", "leader": "陆远"},
        {"parts": [{"name": "印刷", "amount": "0.30"}]},
    ],
    "total": "5.00",
}


def merged(text: str, kind: str = ' w:val="restart"') -> str:
    """A cell merged with those of other rows."""
    return cell(text).replace("</w:tcPr>", f"<w:vMerge{kind}/></w:tcPr>", 1)


def tag(words: str, columns: int = 5) -> str:
    """The row of a tag."""
    return row(f"{{%tr {words} %}}", *[""] * (columns - 1))


PART = ("{{ part.name }}", "{{ part.amount }}", "是{{ part.done.yes }} 否{{ part.done.no }}")
BODY = (
    paragraph(TITLE)
    + table(2, row("户主", "{{ name }}"))
    + paragraph("一、家庭情况")
    + table(
        3,
        row("称谓", "姓名", "工作单位"),
        row("父亲", "{{ family.parents.father.name }}", "{{ family.parents.father.employer }}"),
        row("母亲", "{{ family.parents.mother.name }}", "{{ family.parents.mother.employer }}"),
        tag("for each in family.others", 3),
        row("{{ each.relation }}", "{{ each.name }}", "{{ each.employer }}"),
        tag("endfor", 3),
        row("年份", "国家", "事由"),
        tag("for trip in family.trips", 3),
        row("{{ trip.year }}", "{{ trip.visit.country }}", "{{ trip.visit.reason }}"),
        tag("endfor", 3),
    )
    + paragraph("二、承担项目")
    + table(
        5,
        row("项目", "分项", "金额（万元）", "完成", "负责人"),
        tag("for project in projects"),
        tag("for part in project.parts"),
        tag("if loop.first"),
        row(merged("{{ project.title }}"), *PART, merged("{{ project.leader }}")),
        tag("else"),
        row(merged("", ""), *PART, merged("", "")),
        tag("endif"),
        tag("endfor"),
        tag("endfor"),
        row(cell("金额合计", span=2), cell("{{ total }}", span=3)),
    )
    + paragraph("登记人签名：")
)


def write(folder: Path, body: str = BODY) -> Path:
    """Writes the form into a folder for KEXIE_FORMS."""
    row = {"form": FORM, "year": YEAR, "schema": f"{FORM}.Household", "title": TITLE}
    return write_form(folder, row, docx(body, title=TITLE), SCHEMA.encode(), {"minimal": {}, "full": FULL})


def publish(folder, monkeypatch, body=BODY):
    """The edition, with its files in `folder`, beside those of the catalogue."""
    return forms.publish(monkeypatch, write(folder, body), FORM, YEAR)
