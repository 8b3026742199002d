"""A form made of a blank document works at once, and its blank is the one that was given."""

from __future__ import annotations

import subprocess
import sys

import pytest

from service import template_context
from service.config import Settings
from service.errors import UsageError
from service.extraction import extract
from service.form_authoring import blank_form, new_form
from service.layout import certify
from service.submission import validate
from service.wordml import paragraphs, parse
from service.wordml.word_package import MAIN, unpack
from tests.helpers.docx_builder import docx, paragraph


def rendered(edition, payload):
    return edition.template.render(template_context.build(validate(edition, payload)))


def texts(document):
    return [each.text for each in paragraphs(parse(unpack(document)[MAIN]))]


def read_back(edition, payload, monkeypatch):
    monkeypatch.setattr("service.extraction.recognise", lambda *_: edition)
    return extract(rendered(edition, payload), edition.form, edition.year)


def test_lint_finds_nothing(made):
    assert [fault.text.zh for fault in made.form.report.faults] == []


def test_the_blank_is_the_one_given(made):
    assert texts(rendered(made.edition, {})) == texts(made.blank)
    assert certify(made.blank, made.edition).differences == ()
    assert certify(rendered(made.edition, {}), made.edition).differences == ()


def test_the_full_sample_fills_every_field_and_is_read_back(made, monkeypatch):
    sample = made.edition.sample("full")
    found = read_back(made.edition, sample, monkeypatch)
    assert validate(made.edition, found.data).data == validate(made.edition, sample).data
    assert [each.code for each in found.warnings] == []
    assert certify(rendered(made.edition, sample), made.edition).differences == ()


def test_the_minimal_sample_names_who_submits(made):
    assert made.edition.sample("minimal") == {"applying_unit": "云泽县科学技术协会"}


def test_a_long_text_outside_tables_is_read_back_with_its_paragraphs(made, monkeypatch):
    sent = {"gong_zuo_si_lu": "第一段。\n\n　　第二段。\n第三段。"}
    found = read_back(made.edition, sent, monkeypatch)
    assert found.data == sent
    assert certify(rendered(made.edition, sent), made.edition).differences == ()


def test_the_schema_is_as_one_would_write_it(made):
    path = made.edition.folder.schemas / "household.py"
    assert path.read_text("utf-8") == SCHEMA
    checks = ["check", "--isolated", "--line-length=110"], ["format", "--check", "--line-length=110"]
    for check in checks:
        subprocess.run([sys.executable, "-m", "ruff", *check, "-q", path], check=True)


def test_what_is_beside_an_answer_is_as_printed(made):
    sample = {
        "contact_person": "林知远",
        "phone": "0511-88001234",
        "application_kind": {"key": "other", "words": "加工"},
    }
    found = texts(rendered(made.edition, sample))
    assert "联系人：林知远  联系电话：0511-88001234" in found
    assert "申报类别：□种植 □养殖 ☑其他加工" in found


def test_a_line_to_write_on_stays_as_long(made):
    found = texts(rendered(made.edition, {"applying_unit": "云泽A1", "contact_person": "林"}))
    assert "申报单位：云泽A1 " in found  # eight blanks on the form; one is the space between 泽 and A
    assert "联系人：林    联系电话：" in found  # six


def test_the_blank_lines_of_a_large_cell_stay_as_far_as_a_text_leaves_room(made):
    blank, *filled = (
        texts(rendered(made.edition, {"main_deeds": "好" * count})).count("") for count in (0, 2, 20, 200)
    )
    assert [blank - each for each in filled] == [1, 3, 5]


def test_nothing_is_overwritten(made):
    blank = blank_form.read(made.blank, Settings.from_env({}))
    with pytest.raises(UsageError, match="已有 household 2031"):
        new_form.make("household", 2031, blank, made.edition.folder.root)
    with pytest.raises(UsageError, match="名称以字母开头"):
        new_form.make("2户", 2031, blank, made.edition.folder.root)


def test_another_year_has_a_module_of_its_own(made):
    blank = blank_form.read(made.blank, Settings.from_env({}))
    form = new_form.make("household", 2032, blank, made.edition.folder.root)
    assert "household_2032.py" in {path.name for path in form.files}
    assert form.report.faults == ()


def test_a_second_form_draws_its_fonts_as_the_first(tmp_path):
    body = paragraph("姓名：______", properties='<w:rFonts w:eastAsia="华文中宋"/>')
    for form in ("one", "two"):
        blank = blank_form.read(docx(body, title=""), Settings.from_env({}))
        assert new_form.make(form, 2031, blank, tmp_path).report.faults == ()


def test_a_document_without_places_is_refused(tmp_path):
    blank = blank_form.read(docx(paragraph("通知")), Settings.from_env({}))
    with pytest.raises(UsageError, match="没有找到要填写的位置"):
        new_form.make("notice", 2031, blank, tmp_path)
    assert list(tmp_path.iterdir()) == []


SCHEMA = '''"""云泽县科普示范户申报表."""

from schemas.fields import (
    Choice,
    Choices,
    Count,
    DateRange,
    Email,
    Group,
    IdNumber,
    Line,
    Money,
    Month,
    Option,
    Phone,
    Picture,
    Rows,
    Text,
    YesNo,
)
from schemas.form_schema import FieldGroup, FormSchema, Limit
from schemas.rules import Total


class FamilyMembersRow(FieldGroup):
    """A row of 家庭成员."""

    relation = Line("称谓")
    name = Line("姓名")
    born = Month("出生年月")


class BudgetRow(FieldGroup):
    """A row of 经费预算."""

    project = Line("项目")
    amount = Money("金额（元）", unit="元")


class RewardsRow(FieldGroup):
    """A row of 所获荣誉."""

    rong_yu_ming_cheng = Line("荣誉名称")
    shou_yu_dan_wei = Line("授予单位")


class Training(FieldGroup):
    """参加培训情况."""

    quan_hu_gong_can_jia_pei_xun = Count("全户共参加培训")
    qi_zhong_wai_chu = Count("其中外出")


class Household(FormSchema):
    """云泽县科普示范户申报表 of 2031."""

    limits = (Limit(("main_deeds",), 500),)
    submitter = ("applying_unit",)
    rules = (Total("budget.amount", "total_amount"),)

    applying_unit = Line("申报单位")
    contact_person = Line("联系人")
    phone = Phone("联系电话")
    application_kind = Choice(
        "申报类别",
        Option("zhong_zhi", "种植"),
        Option("yang_zhi", "养殖"),
        Option("other", "其他", own_words=True),
    )
    name = Line("姓名")
    sex = Choice("性别", Option("male", "男"), Option("female", "女"))
    photo = Picture("照片", 36, 21)
    born = Month("出生年月")
    id_number = IdNumber("身份证号码")
    whether_party_member = YesNo("是否党员")
    email = Email("电子邮箱")
    funds_source = Choices(
        "资金来源（可多选）",
        Option("cai_zheng", "财政"),
        Option("own_funds", "自筹"),
        Option("other", "其他", own_words=True),
    )
    period = DateRange("起止日期")
    nature = Line("性质")
    main_deeds = Text("主要事迹（500字以内）")
    family_members = Rows("家庭成员", Group("家庭成员", FamilyMembersRow), minimum=3)
    budget = Rows("经费预算", Group("经费预算", BudgetRow), minimum=2)
    total_amount = Money("合计·金额（元）", unit="元")
    rewards = Rows("所获荣誉", Group("所获荣誉", RewardsRow), minimum=3)
    gong_zuo_si_lu = Text("工作思路")
    training = Group("参加培训情况", Training)
'''
