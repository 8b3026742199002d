"""A small form outside the code, whose fields are boxes in every place where forms print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import catalog
from tests.helpers import forms
from tests.helpers.docx_builder import cell, docx, paragraph, row, table
from tests.helpers.forms import write_form

NAME, YEAR, TITLE = "options", 2021, "2021年度勾选项申报表"

SCHEMA = """
from schemas.fields import Choice, Choices, Group, Line, Option, Rows, YesNo
from schemas.form_schema import FieldGroup, FormSchema

OTHER = Option("other", "其他", own_words=True)


class Item(FieldGroup):
    name = Line("名称")
    kind = Choice("性质", Option("new", "新建"), Option("further", "续建"))


class Options(FormSchema):
    association_name = Line("申报单位")
    level = Choice(
        "项目级别",
        Option("national", "国家级", "National"),
        Option("provincial", "省级"),
        Option("school", "校级"),
    )
    urgent = YesNo("是否加急")
    sources = Choices(
        "资金来源", Option("grant", "财政拨款"), Option("refund", "出口退税"), Option("own", "自筹"), OTHER
    )
    results = Choices("成果形式", Option("paper", "论文"), Option("patent", "专利"), OTHER)
    rank = Choice("职称", Option("professor", "教授"), Option("associate", "副教授"), OTHER)
    subject = Choice("学科", Option("science", "理"), Option("technology", "工"), Option("agronomy", "农"))
    employer = Choice("单位类别", Option("public", "事业单位"), OTHER, prints="words")
    leader = Line("负责人")
    items = Rows("项目", Group("项目", Item))
"""


def _template() -> bytes:
    level = "{{ level.national }}国家级  {{ level.provincial }}省级  {{ level.school }}校级"
    urgent = "是{{ urgent.yes }}  否{{ urgent.no }}"
    lines = [
        TITLE,
        "申报单位：{{ association_name }}",
        f"项目级别：{level}    是否加急：{urgent}",
        "一、资金来源（可多选）：",
        "{{ sources.grant }}财政拨款",
        "{{ sources.refund }}出口退税",
        "{{ sources.own }}自筹",
        "{{ sources.other }}其他：{{ sources.words or '____' }}",
        "二、成果和人员",
    ]
    results = (
        "{{ results.paper }}论文 {{ results.patent }}专利 {{ results.other }}其他（{{ results.words }}）"
    )
    rank = (
        "{{ rank.professor }}教授",
        "{{ rank.associate }}副教授",
        "{{ rank.other }}其他：{{ rank.words }}",
    )
    subject = ("理{{ subject.science }}  工{{ subject.technology }}", "农{{ subject.agronomy }}")
    people = table(
        4,
        row("成果形式", _span(3, results)),
        row("职称", *rank),
        row("学科", _span(3, *subject)),
        row("单位类别", _span(3, "{{ employer }}")),
        row("负责人", _span(3, "{{ leader }}")),
    )
    kind = "{{ item.kind.new }}新建 {{ item.kind.further }}续建"
    items = table(
        2,
        row("名称", "性质"),
        row("{%tr for item in items %}", ""),
        row("{{ item.name }}", kind),
        row("{%tr else %}", ""),
        row("", "□新建 □续建"),
        row("{%tr endfor %}", ""),
    )
    body = "".join(map(paragraph, lines)) + people + paragraph("三、项目") + items + paragraph("完")
    return docx(body, title=TITLE)


def _span(columns: int, *texts: str) -> str:
    return cell(*texts, span=columns)


FULL = {
    "association_name": "云泽县科学技术协会",
    "level": "provincial",
    "urgent": False,
    "sources": ["grant", {"key": "other", "words": "社会捐赠"}],
    "results": ["paper", {"key": "other", "words": "标准"}],
    "rank": "associate",
    "subject": "agronomy",
    "employer": {"key": "other", "words": "社会团体"},
    "leader": "沈青",
    "items": [{"name": "科普馆", "kind": "new"}, {"name": "长廊", "kind": "further"}],
}


def write(folder: Path) -> Path:
    """Writes the form into a folder for KEXIE_FORMS."""
    row = {"form": NAME, "year": YEAR, "schema": f"{NAME}.Options", "title": TITLE}
    samples = {"minimal": {"level": "school"}, "full": FULL}
    return write_form(folder, row, _template(), SCHEMA.encode(), samples)


def publish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> catalog.Edition:
    """The edition, with its files in `folder`, beside those of the catalogue."""
    return forms.publish(monkeypatch, write(folder), NAME, YEAR)
