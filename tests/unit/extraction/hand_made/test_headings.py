"""Which form and year a document is, when its headings were edited; the sheets of annex 1 and annex 3."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from service.errors import UnreadableDocument, UnrecognisedForm
from service.extraction import extract
from tests.helpers.forms import FORMS
from tests.helpers.hand_made import Paper, W, assert_reads, elements, put, retype, t


def without(paper, start):
    """The paper without the paragraph that begins so."""
    gone = paper.paragraph(start)
    gone.getparent().remove(gone)
    return paper


@pytest.mark.parametrize("form", FORMS)
def test_the_number_of_the_annex_missing(form):
    assert_reads(without(Paper(form), "附件"))


@pytest.mark.parametrize("form", ["annex1", "annex3"])
def test_without_its_title_a_sheet_reports_no_year(form):
    paper = without(Paper(form), "2021年")
    with pytest.raises(UnrecognisedForm, match="年度"):
        extract(paper.docx())
    read = extract(paper.docx(), year=2021)
    assert (read.edition.form, read.data, read.warnings) == (form, paper.data, ())


def test_without_its_title_an_application_reports_its_year_on_the_cover():
    assert_reads(without(Paper(), "2021年度"))


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("annex2", "2021 年度“县级科协创新发展能力提升计划”"),
        ("annex2", "二〇二一年度“县级科协创新发展能力提升计划”"),
        ("annex2", '２０２１年度"县级科协创新发展能力提升计划"'),
        ("annex3", "2021年度县级科协\n单项工作创新案例申报书"),
    ],
)
def test_a_title_typed_again(form, typed):
    paper = Paper(form)
    retype(paper.paragraph("2021年度"), typed)
    assert_reads(paper)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("year", ["2022", "2018", "1998"])
def test_the_year_of_no_edition(form, year):
    paper = Paper(form)
    title = paper.paragraph("2021年")
    retype(title, "".join(node.text for node in title.iter(W + "t")).replace("2021", year))
    with pytest.raises(UnrecognisedForm, match=year):
        extract(paper.docx())
    read = extract(paper.docx(), year=2021)
    assert [warning.code for warning in read.warnings] == ["year_differs"]
    assert year in read.warnings[0].text


@pytest.mark.parametrize("year", [2019, 2020])
@pytest.mark.parametrize("form", FORMS)
def test_the_year_of_another_edition(form, year):
    paper = Paper(form)
    title = paper.paragraph("2021年")
    retype(title, "".join(node.text for node in title.iter(W + "t")).replace("2021", str(year)))
    read = extract(paper.docx())
    assert (read.edition.form, read.edition.year, read.data) == (form, year, paper.data)
    cover = [("year_differs", "2021年")] if form == "annex2" else []
    assert [(warning.code, warning.text) for warning in read.warnings] == cover


@pytest.mark.parametrize("year", ["2020", "1998", "２０２１", "二〇二〇"])
def test_the_year_in_the_document_s_properties_may_be_any(year):
    paper = Paper("annex1", {"association_name": "1958年云泽县科协"})
    paper.retitle("2021年", f"{year}年")
    assert_reads(paper)


def test_a_year_on_the_cover_that_is_not_the_title_s():
    paper = Paper()
    retype(paper.paragraph("2021年", paper.paragraph("江苏省科学技术协会印").getnext()), "2022年")
    assert_reads(paper, {}, [("year_differs", "", "2022年")])


def test_another_document_altogether():
    paper = Paper()
    for child in list(paper.body):
        if child.tag != W + "sectPr":
            paper.body.remove(child)
    paper.body.insert(0, elements("<w:p>" + t("关于召开2021年度工作会议的通知") + "</w:p>")[0])
    with pytest.raises(UnrecognisedForm):
        extract(paper.docx())


@pytest.mark.parametrize("junk", [b"", b"PK", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 40])
def test_no_word_document(junk):
    with pytest.raises(UnreadableDocument):
        extract(junk)


def test_two_forms_in_one_file():
    paper, other = Paper("annex2"), Paper("annex3")
    for child in list(other.body)[:-1]:
        paper.body.insert(len(paper.body) - 1, copy.deepcopy(child))
    with pytest.raises(UnrecognisedForm, match=r"annex[23]、annex[23]"):
        extract(paper.docx())
    read = extract(paper.docx(), form="annex3")
    assert read.data == other.data


@pytest.mark.parametrize(
    "heading", ["二、总体思路", "四、提升计划项目经费预算", "填报说明", "江苏省科学技术协会印"]
)
def test_a_heading_of_a_part_missing(heading):
    assert_reads(without(Paper(), heading))


@pytest.mark.parametrize(
    ("heading", "typed"),
    [
        ("二、总体思路", "二、总体思路（500字以内）"),
        ("四、提升计划项目经费预算", "四、经费预算"),
        ("一、基本情况", "一.基本情况"),
    ],
)
def test_a_heading_of_a_part_changed(heading, typed):
    paper = Paper()
    retype(paper.paragraph(heading), typed)
    assert_reads(paper, {}, [("unread_text", "", typed)])


# Annex 1: the score sheet.


def score_cell(paper, number):
    """The cell of the nth indicator's points."""
    return paper.tables[0].findall(W + "tr")[number].findall(W + "tc")[-1]


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("3.5/4", "3.5"),
        ("3.5", "3.5"),
        ("3.5分", "3.5"),
        ("３.５／４", "3.5"),
        ("3.5 / 4", "3.5"),
        ("3.5／4分", "3.5"),
        ("3.50/4", "3.5"),
        ("0/4", "0"),
        ("0", "0"),
        ("4/4", "4"),
        ("4", None),
        ("", None),
    ],
)
def test_points_in_their_cell(typed, points):
    paper = Paper("annex1")
    put(score_cell(paper, 1), typed)
    points = None if points is None else Decimal(points)
    assert_reads(paper, {"/scores/1.1": points})


@pytest.mark.parametrize(
    ("typed", "points"), [("4.5", "4.5"), ("0.5", "0.5"), ("4.5/5", "4.5"), ("5/5", "5"), ("5", None)]
)
def test_points_whose_digits_are_those_of_the_maximum(typed, points):
    paper = Paper("annex1")
    put(score_cell(paper, 16), typed)
    assert_reads(paper, {"/scores/4.1": points and Decimal(points)})


@pytest.mark.parametrize("typed", ["约3", "优", "3.5/5", "三分", "3-4"])
def test_points_that_are_none(typed):
    paper = Paper("annex1")
    put(score_cell(paper, 1), typed)
    assert_reads(paper, {"/scores/1.1": None}, [("unreadable", "/scores/1.1", typed)])


def test_a_sheet_filled_with_bare_numbers_leaves_full_points_unclear():
    paper = Paper("annex1", {})
    put(score_cell(paper, 1), "3.5")
    put(score_cell(paper, 2), "2")
    read = extract(paper.docx())
    assert read.data == {"scores": {"1.1": Decimal("3.5"), "1.2": 2}}
    assert {warning.code for warning in read.warnings} == {"unclear_score"}
    assert [warning.pointer for warning in read.warnings][:2] == ["/scores/1.3", "/scores/1.4"]


@pytest.mark.parametrize(
    ("typed", "bonus"),
    [
        ("附加分6/10分", 6),
        ("附加分 6.5 / 10 分", Decimal("6.5")),
        ("附加分：6/10分", 6),
        ("附加分６／１０分", 6),
        ("附加分6分", 6),
        ("附加分6", 6),
        ("6", 6),
        ("6/10分", 6),
        ("附加分", None),
        ("附加分10分", None),
        ("附加分 10 分", None),
        ("附加分10/10分", 10),
    ],
)
def test_the_bonus(typed, bonus):
    paper = Paper("annex1")
    put(paper.value("单项工作创新"), typed)
    assert_reads(paper, {"/bonus": bonus})


def test_a_sheet_with_its_merged_categories_split():
    paper = Paper("annex1")
    for cell in paper.tables[0].iter(W + "tc"):
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is not None:
            merge.getparent().remove(merge)
    assert_reads(paper)


# Annex 3: the case.


@pytest.mark.parametrize("label", ["背 景", "背　景", "背    景", "背景：", "背\n景"])
def test_a_label_of_the_case_in_other_spacing(label):
    paper = Paper("annex3")
    put(paper.label("背景"), label)
    assert_reads(paper)


def test_a_label_of_the_case_in_two_paragraphs():
    paper = Paper("annex3")
    put(paper.label("备注"), "备", "", "注")
    assert_reads(paper)


def test_a_label_of_the_case_with_more_behind_it():
    paper = Paper("annex3")
    put(paper.label("背景"), "背景介绍")
    assert_reads(paper, {}, [("label_changed", "", "背景介绍")])


def test_a_label_of_the_case_that_became_another_is_reported():
    paper = Paper("annex3")
    put(paper.label("背景"), "起因")
    put(paper.value("起因"), "水网密布。")
    warnings = [("row_missing", "/background", "背景"), ("row_added", "", "起因 水网密布。")]
    assert_reads(paper, {"/background": None}, warnings)


@pytest.mark.parametrize(
    "typed", ["县级科协名称：{}", "县级科协名称: {}", "县级科协名称  {}", "县 级 科 协 名 称：{}"]
)
def test_the_name_line_of_the_case(typed):
    paper = Paper("annex3")
    retype(paper.paragraph("县级科协名称"), typed.format("云泽县科学技术协会"))
    assert_reads(paper)


def test_a_case_name_on_two_lines():
    paper = Paper("annex3")
    put(paper.value("案例名称"), "塘头门诊", "——把服务开到家门口")
    assert_reads(
        paper,
        {"/case_name": "塘头门诊——把服务开到家门口"},
        [("cells_joined", "/case_name", "塘头门诊 ——把服务开到家门口")],
    )


def test_a_table_that_was_split_in_two_is_one_table():
    paper = Paper("annex3")
    table = paper.tables[0]
    second = copy.deepcopy(table)
    rows, others = table.findall(W + "tr"), second.findall(W + "tr")
    for row in rows[3:]:
        table.remove(row)
    for row in others[:3]:
        second.remove(row)
    table.addnext(second)
    table.addnext(elements("<w:p/>")[0])
    assert_reads(paper)
