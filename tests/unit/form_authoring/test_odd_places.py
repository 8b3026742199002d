"""Places of every make become tags: lint is clean, the blank is the one given, the sample is read back."""

from __future__ import annotations

import pytest

from service import template_context
from service.config import Settings
from service.extraction import extract
from service.form_authoring import blank_form, new_form
from service.forms import form_folder, form_reader
from service.layout import certify
from service.submission import validate
from service.wordml.word_package import MAIN, unpack
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import UP, Cell, paragraph, table

CHECKBOX = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox/></w:ffData></w:fldChar></w:r>'
    '<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
SYMBOL = '<w:r><w:sym w:font="Wingdings" w:char="F06F"/></w:r>'
PROMPT = (
    "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处输入文字</w:t></w:r>"
    "</w:sdtContent></w:sdt>"
)
NAME = paragraph("姓名：______")


def words(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


CASES = {
    "a box alone": ([paragraph("□同意公开个人信息"), NAME], ["Choice", "Line"]),
    "boxes of a symbol font": (
        [NAME, f"<w:p>{words('性别：')}{SYMBOL}{words('男 ')}{SYMBOL}{words('女')}</w:p>"],
        ["Line", "Choice"],
    ),
    "boxes in cells": ([table(["性别", "□男", "□女"], ["姓名", Cell("", span=2)])], ["Choice", "Line"]),
    "form fields and a prompt": (
        [
            f"<w:p>{words('姓名：')}{PROMPT}</w:p>",
            f"<w:p>{words('是否同意：')}{CHECKBOX}{words('是 ')}{CHECKBOX}{words('否')}</w:p>",
        ],
        ["Line", "YesNo"],
    ),
    "a date in cells": (
        [table(["出生日期", "", "年", "", "月", "", "日"], ["姓名", Cell("", span=6)])],
        ["Count", "Count", "Count", "Line"],
    ),
    "a postcode in cells": (
        [table(["邮政编码", "", "", "", "", "", ""], ["姓名", Cell("", span=6)])],
        ["PostCode", "Line"],
    ),
    "an identity number in cells": (
        [table(["身份证号", *[""] * 18], ["姓名", Cell("", span=18)])],
        ["IdNumber", "Line"],
    ),
    "rows named by the form": (
        [
            paragraph("家庭成员"),
            table(["称谓", "姓名", "工作单位"], ["父亲", "", ""], ["母亲", "", ""]),
        ],
        ["Rows"],
    ),
    "options without boxes": (
        [NAME, paragraph("项目级别：国家级/省级/校级"), table(["是否延期", "□", "类别", "A.重点 B.一般"])],
        ["Line", "Line", "Choice", "Line"],
    ),
    "parts of an answer": (
        [
            table(["姓名", ""], ["证件号码", "□□□□□□□□"], ["住址", "    省    市    县（区）"]),
            paragraph("历年考核"),
            table(["年度", "结果"], ["20   年", ""], ["20   年", ""]),
        ],
        ["Line", "Line", "Line", "Rows"],
    ),
    "points of a score sheet": (
        [
            NAME,
            table(["指标", "得分"], ["队伍建设", "10"], ["业务工作", "20分"]),
            "",
            table(["特色工作", "附加分5分"]),
        ],
        ["Line", "Points", "Points", "Points"],
    ),
    "two underlined blanks in a line": (
        [paragraph("姓名：~~~~~~  学号：~~~~~~ "), paragraph("专业：~~~~~~ ")],
        ["Line", "Line", "Line"],
    ),
    "tabs in front of the next label": (
        [
            paragraph("所属单位：→→→→所属部门：→"),
            table(["预计费用（元）  →→申请人：（主任）", "性别：~→~ 民族："]),
        ],
        ["Line", "Line", "Money", "Line", "Line", "Line"],
    ),
    "a photo's cell with words that are not centred": (
        [table(["姓名", "", Cell("贴|照|片|处", width=2300)], ["性别", "", UP], ["民族", "", UP])],
        ["Line", "Picture", "Line", "Line"],
    ),
    "lines to write on": (
        [paragraph("工作总结："), paragraph("~~~~~~~~"), paragraph("~~~~~~~~"), paragraph("申请人签字：")],
        ["Text"],
    ),
}


@pytest.mark.parametrize(("blocks", "types"), CASES.values(), ids=CASES)
def test_the_form_works(blocks, types, tmp_path, monkeypatch):
    blank = docx("".join([paragraph("申请表"), *blocks]), title="")
    form = new_form.make("odd", 2031, blank_form.read(blank, Settings.from_env({})), tmp_path)
    assert [fault.text.zh for fault in form.report.faults] == []
    assert [field.type.name for _, field in form.plan.fields()] == types
    edition = form_reader.read([form_folder.outside(tmp_path)], thorough=True)[0][0]
    assert certify(blank, edition).differences == ()
    sent = validate(edition, edition.sample("full"))
    document = edition.template.render(template_context.build(sent))
    monkeypatch.setattr("service.extraction.recognise", lambda *_: edition)
    found = extract(document, edition.form, edition.year)
    assert validate(edition, found.data).data == sent.data
    assert [each.code for each in found.warnings] == []
    assert certify(document, edition).differences == ()


def test_an_answer_takes_up_the_tabs_that_are_printed_for_it(tmp_path):
    """Behind 单位： the stops are less than 1, 7, 14 and 21 digits away; one tab parts it from 电话."""
    blank = docx(paragraph("申请表") + paragraph("单位：→→→→电话："), title="")
    new_form.make("odd", 2031, blank_form.read(blank, Settings.from_env({})), tmp_path)
    edition = form_reader.read([form_folder.outside(tmp_path)], thorough=True)[0][0]
    key = next(iter(edition.sample("full")))
    answers = ["", "云泽县", "云泽县科协", "云泽县科学技术协会", "云泽县科学技术协会联合会"]
    filled = (template_context.build(validate(edition, {key: each})) for each in answers)
    printed = (unpack(edition.template.render(each))[MAIN] for each in filled)
    assert [each.count(b"<w:tab/>") for each in printed] == [4, 3, 2, 1, 1]


def test_what_a_field_of_a_group_leads_is_in_its_group():
    rows = ["学历|学位", "全日制|教育", "", "毕业院校", ""], [UP, "在职|教育", "", "毕业院校", ""]
    blank = docx(
        paragraph("干部信息表") + table(["姓名", Cell("", span=4)], *rows, ["职务", Cell("", span=4)]),
        title="",
    )
    fields = blank_form.planned(blank_form.read(blank, Settings.from_env({}))).fields()
    assert [path[0] for path, _ in fields] == ["name", *["education"] * 4, "post"]
