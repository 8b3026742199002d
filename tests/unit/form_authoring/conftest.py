"""An invented blank form with every difficulty, and the form that is made of it, once for all tests."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from service.config import Settings
from service.form_authoring import blank_form, new_form
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.new_form import NewForm
from service.forms import form_folder, form_reader
from service.forms.edition import Edition
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import UP, Cell, paragraph, table

TITLE = "云泽县科普示范户申报表"


def _as_high(xml: str, *heights: int) -> str:
    """The rows of a table with these exact heights."""
    for height in heights:
        exact = f'<w:tr ><w:trPr><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>'
        xml = xml.replace("<w:tr><w:tc>", f"{exact}<w:tc>", 1)
    return xml


BODY = "".join(
    [
        '<w:p><w:r><w:rPr><w:sz w:val="44"/></w:rPr><w:t>云泽县科普示范户申报表</w:t></w:r></w:p>',
        paragraph("申报单位：~~~~~~~~"),
        paragraph("联系人：      联系电话：→→"),
        paragraph("申报类别：□种植 □养殖 □其他____"),
        table(
            ["姓  名", "", "性  别", "□男 □女", Cell("", width=2300)],
            ["出生年月", "  年  月", "身份证号码", "", UP],
            ["是否党员", "是□ 否□", "电子邮箱", "", UP],
            ["资金来源（可多选）", Cell("☐财政 ☐自筹 ☐其他：____", span=3), UP],
            ["起止日期", Cell("  年  月  日至  年  月  日", span=4)],
            ["性质", Cell("集体/个人", span=4)],
            ["主要事迹（500字以内）", Cell("||||", span=4, lines=6)],
        ),
        paragraph("家庭成员"),
        _as_high(
            table(["称谓", "姓名", "出生年月"], ["", "", ""], ["", "", ""], ["", "", ""]), 500, 520, 460, 480
        ),
        paragraph("经费预算"),
        table(["项目", "金额（元）"], ["", ""], ["", ""], ["合计", ""]),
        paragraph("一、所获荣誉"),
        table(["序号", "荣誉名称", "授予单位"], ["1", "", ""], ["2", "", ""], ["3", "", ""]),
        paragraph("二、工作思路"),
        paragraph(""),
        paragraph(""),
        paragraph("三、参加培训情况"),
        paragraph("全户共参加培训____人次，其中外出____人次。"),
    ]
)


@dataclass(frozen=True)
class Made:
    """The blank given, the form made of it, and its edition."""

    blank: bytes
    form: NewForm
    edition: Edition


@pytest.fixture
def blank() -> BlankForm:
    """The blank form as it was read, for one form."""
    return blank_form.read(docx(BODY, title=""), Settings.from_env({}))


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made") / "forms"
    blank = docx(BODY, title="")
    form = new_form.make("household", 2031, blank_form.read(blank, Settings.from_env({})), folder)
    (editions, broken) = form_reader.read([form_folder.outside(folder)], thorough=True)
    assert broken == ()
    return Made(blank, form, editions[0])
