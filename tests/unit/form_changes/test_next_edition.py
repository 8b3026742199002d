"""`kexie-forms edition new --blank`: the edition of a form's next year, made from its new blank."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from service import catalog, template_context
from service.cli import main
from service.form_changes.schema_subclass import SchemaWriter
from service.layout import certify
from service.submission import validate
from tests.helpers.docx_builder import docx
from tests.helpers.docx_edit import edit
from tests.helpers.docx_read import text
from tests.helpers.forms import own_catalogue, own_forms
from tests.helpers.forms.blank_forms import Cell, paragraph, table


def form(year, *rows, columns=("称谓", "姓名"), unit="元", opening=()):
    blank = [""] * len(columns)
    return docx(
        "".join(
            [
                f'<w:p><w:r><w:rPr><w:sz w:val="44"/></w:rPr><w:t>{year}年科普示范户申报表</w:t></w:r></w:p>',
                *map(paragraph, opening),
                paragraph("一、申报人"),
                table(*rows),
                paragraph("二、家庭成员"),
                table(list(columns), blank, blank),
                paragraph("三、经费预算"),
                table(["项目", f"金额（{unit}）"], ["", ""], ["", ""], ["合计", ""]),
            ]
        ),
        title="",
    )


OLD = form(
    2031,
    ["姓名", "", "性别", "□男 □女"],
    ["手机", "", "邮政编码", ""],
    ["主要事迹（500字以内）", Cell("||||", 3, 6)],
)
NEW = form(
    2032,
    ["姓名", "", "性别", "□男 □女 □其他____"],
    ["手机号码", "", "微信号", ""],
    ["主要事迹（800字以内）", Cell("||||", 3, 6)],
    columns=("称谓", "姓名", "工作单位"),
    unit="万元",
    opening=["申报日期：    年  月  日"],
)


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the form of 2031, and the blank of 2032 beside it."""
    monkeypatch.setenv("KEXIE_FORMS", "")
    for name, blank in (("old.docx", OLD), ("new.docx", NEW)):
        (tmp_path / name).write_bytes(blank)
    arguments = ["--year", 2031, "--blank", tmp_path / "old.docx", "--into", tmp_path / "f"]
    made = run("form", "new", "house", *arguments)
    assert made.exit_code == 0, made.output
    monkeypatch.setenv("KEXIE_FORMS", str(tmp_path / "f"))
    own_catalogue(monkeypatch)
    return tmp_path


def test_the_next_year_keeps_the_keys_and_works_at_once(folder):
    result = run("edition", "new", 2032, "--from", 2031, "--blank", folder / "new.docx", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["form"], found["faults"], found["unplaced"], found["by_hand"]) == ("house", [], [], [])
    assert {each["key"]: each["label"] for each in found["fields"] if each["new"]} == {
        "applied_on": "申报日期",
        "applicant.wechat": "微信号",
    }
    edition = catalog.edition("house", 2032)
    assert (edition.provenance, edition.title) == ("official", "2032年科普示范户申报表")
    assert certify(NEW, edition).differences == ()
    sent, before = edition.sample("full"), catalog.edition("house", 2031).sample("full")
    assert sent["applicant"]["mobile"] == before["applicant"]["mobile"]
    assert sent["total_amount"] == "15.50"
    document = edition.template.render(template_context.build(validate(edition, sent)))
    assert certify(document, edition).differences == ()
    assert {"示例内容", "15.50", "2021年3月9日"} <= set(re.split("[\\n\\t：]", text(document)))


def test_the_schema_says_only_what_changed(folder):
    run("edition", "new", 2032, "--from", 2031, "--blank", folder / "new.docx")
    schema = folder / "f" / "schemas" / "house_2032.py"
    assert schema.read_text("utf-8") == SCHEMA
    checks = ["check", "--isolated", "--line-length=110"], ["format", "--check", "--line-length=110"]
    for check in checks:
        subprocess.run([sys.executable, "-m", "ruff", *check, "-q", schema], check=True)


def test_what_exists_is_not_overwritten(folder):
    arguments = ["edition", "new", 2032, "--from", 2031, "--blank", folder / "new.docx"]
    assert run(*arguments).exit_code == 0
    again = run(*arguments)
    assert again.exit_code == 2
    assert "已有 house 2032" in again.output


def test_an_edition_that_could_not_be_used_is_not_written(folder, monkeypatch):
    monkeypatch.setattr(SchemaWriter, "text", lambda *_: ("import nothing_like_this\n", "House"))
    before = sorted(folder.rglob("*"))
    made = run("edition", "new", 2032, "--from", 2031, "--blank", folder / "new.docx")
    assert made.exit_code == 4
    assert "nothing_like_this" in made.output
    assert sorted(folder.rglob("*")) == before


def test_a_blank_of_no_form_is_refused(folder):
    (folder / "other.docx").write_bytes(docx(paragraph("请假条") + table(["请假人", ""], ["事由", ""])))
    made = run("edition", "new", 2032, "--from", 2021, "--blank", folder / "other.docx")
    assert made.exit_code == 2
    assert "都不相像" in made.output


def files(folder):
    return {path: path.read_bytes() for path in (folder / "f").rglob("*.*") if path.suffix != ".pyc"}


def test_a_blank_of_another_form_is_refused_though_the_form_is_named(folder):
    (folder / "other.docx").write_bytes(
        docx(paragraph("2032年科普示范户申报表") + table(["姓名", "", "年龄", ""], ["学校", "", "导师", ""]))
    )
    before = files(folder)
    arguments = ["edition", "new", 2032, "--from", 2031, "--form", "house", "--blank"]
    made = run(*arguments, folder / "other.docx")
    assert made.exit_code == 2
    assert "与 house 不相像" in made.output
    assert "没有写任何文件：house 的 8 个栏目认出 1 个。请检查文件；" in made.output
    assert files(folder) == before
    assert run(*arguments, folder / "new.docx").exit_code == 0


def test_a_document_without_places_is_no_blank(folder):
    (folder / "letter.docx").write_bytes(docx(paragraph("关于申报工作的通知。")))
    before = files(folder)
    made = run("edition", "new", 2032, "--from", 2031, "--form", "house", "--blank", folder / "letter.docx")
    assert made.exit_code == 2
    assert "空白表中没有找到要填写的位置" in made.output
    assert files(folder) == before


def test_data_in_another_unit_are_named(folder):
    made = run("edition", "new", 2032, "--from", 2031, "--blank", folder / "new.docx")
    assert "经费预算 · 金额（万元）：单位由 元 改为 万元（相差 10000 倍）。以前的数据是 元 数" in made.output


def test_an_unchanged_blank_needs_no_schema_of_its_own(folder):
    assert run("edition", "new", 2033, "--from", 2031, "--blank", folder / "old.docx").exit_code == 0
    assert type(catalog.edition("house", 2033).schema) is type(catalog.edition("house", 2031).schema)


def test_a_form_drawn_by_hand_keeps_its_rules_and_the_other_forms_follow(tmp_path, monkeypatch):
    own_forms(monkeypatch, tmp_path / "own")
    old = catalog.edition("annex2", 2021)
    blank = tmp_path / "annex2.docx"
    blank.write_bytes(old.template.render(template_context.build(validate(old, {}))))
    edit(blank, ("办公电话", "固定电话"), ("编制数", "微信号"))
    result = run("edition", "new", 2022, "--from", 2021, "--blank", blank, "--json")
    assert result.exit_code == 4  # what the blank keeps for pens is left for a person
    assert json.loads(result.output)["unplaced"] == [
        "review.applicant_date",
        "review.city_opinion.date",
        "review.province_opinion.date",
    ]
    new = catalog.edition("annex2", 2022)
    assert new.labels()["/basic_info/office_phone"] == "固定电话"
    assert set(old.labels()) - set(new.labels()) == {"/basic_info/staff_quota"}
    assert set(new.labels()) - set(old.labels()) == {"/basic_info/wechat"}
    assert len(new.schema.advice) == len(old.schema.advice) - 1
    assert run("edition", "new", 2022, "--from", 2021).exit_code == 0
    assert [catalog.edition(f"annex{n}", 2022).provenance for n in (1, 2, 3)] == [
        "derived",
        "official",
        "derived",
    ]


def relatives(year, *names):
    """A blank whose table names its rows."""
    rows = [[name, "", ""] for name in names]
    return docx(paragraph(f"{year}年家庭情况表") + table(["称谓", "姓名", "工作单位"], *rows), title="")


def test_named_rows_that_stay_keep_their_english(tmp_path, monkeypatch):
    monkeypatch.setenv("KEXIE_FORMS", "")
    for year, names in ((2031, ("父亲", "母亲")), (2032, ("父亲", "母亲", "配偶"))):
        (tmp_path / f"{year}.docx").write_bytes(relatives(year, *names))
    made = run("form", "new", "kin", "--year", 2031, "--blank", tmp_path / "2031.docx", "--into", tmp_path)
    assert made.exit_code == 0, made.output
    schema = tmp_path / "schemas" / "kin.py"
    labels = schema.read_text("utf-8").replace('"父亲"', 'Bilingual("父亲", "Father")')
    schema.write_text(f"from schemas.bilingual import Bilingual\n{labels}", "utf-8")
    monkeypatch.setenv("KEXIE_FORMS", str(tmp_path))
    own_catalogue(monkeypatch)
    made = run("edition", "new", 2032, "--from", 2031, "--blank", tmp_path / "2032.docx")
    assert made.exit_code == 0, made.output
    (table,) = catalog.edition("kin", 2032).schema.fields.values()
    assert [(each.title, each.gloss) for each in table.inside.fields.values()] == [
        ("父亲", "Father"),
        ("母亲", ""),
        ("配偶", ""),
    ]


SCHEMA = '''"""2032年科普示范户申报表."""

from schemas.fields import Choice, Day, Group, Line, Money, Option, Rows
from schemas.form_schema import Limit
from schemas.later_year import renamed

from .house import Applicant, BudgetRow, FamilyMembersRow, House


class ApplicantOf2032(Applicant):
    """申报人 of 2032."""

    class Meta(Applicant.Meta):
        fields = ("name", "sex", "mobile", "wechat")

    sex = Choice(
        "性别", Option("male", "男"), Option("female", "女"), Option("other", "其他", own_words=True)
    )
    mobile = renamed(Applicant, "mobile", "手机号码")
    wechat = Line("微信号")


class FamilyMembersRowOf2032(FamilyMembersRow):
    """家庭成员 of 2032."""

    employer = Line("工作单位")


class BudgetRowOf2032(BudgetRow):
    """经费预算 of 2032."""

    amount = Money("金额（万元）")


class HouseOf2032(House):
    """2032年科普示范户申报表."""

    limits = (Limit(("main_deeds",), 800),)

    class Meta(House.Meta):
        fields = ("applied_on", "applicant", "main_deeds", "family_members", "budget", "total_amount")

    applicant = Group("申报人", ApplicantOf2032)
    main_deeds = renamed(House, "main_deeds", "主要事迹（800字以内）")
    family_members = Rows("家庭成员", Group("家庭成员", FamilyMembersRowOf2032), minimum=2)
    budget = Rows("经费预算", Group("经费预算", BudgetRowOf2032), minimum=2)
    total_amount = Money("合计·金额（万元）")
    applied_on = Day("申报日期")
'''
