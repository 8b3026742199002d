"""The lines of the cover, retyped, joined, broken, or put into a table."""

from __future__ import annotations

import pytest

from tests.helpers.hand_made import Paper, assert_reads, elements, retype, t

COVER = {
    "申报单位（公章）": "applicant",
    "联系人": "contact_person",
    "联系电话": "contact_phone",
    "通讯地址": "mailing_address",
    "电子信箱": "email",
}


@pytest.mark.parametrize(
    "form",
    [
        "{}：{}",
        "{}:{}",
        "{}： {}  ",
        "{}：　　{}",
        "{}：\t{}",
        "{}    {}",
        "{} : {}",
        "{}：______{}______",
    ],
)
def test_a_cover_line_typed_again(form):
    paper = Paper()
    for label, name in COVER.items():
        retype(paper.paragraph(label), form.format(label, paper.data["cover"][name]))
    assert_reads(paper)


@pytest.mark.parametrize("label", ["联 系 人：", "联　系　人：", "联系人:", "联  系  人 ："])
def test_a_cover_label_in_other_spacing(label):
    paper = Paper()
    retype(paper.paragraph("联系人"), f"{label}沈砚青")
    assert_reads(paper)


@pytest.mark.parametrize("rest", ["", "\t\t", "          ", "________", "：", "\t"])
def test_an_empty_cover_line(rest):
    paper = Paper()
    for label in COVER:
        retype(paper.paragraph(label), f"{label}：{rest}")
    assert_reads(paper, {f"/cover/{name}": None for name in COVER.values()})


@pytest.mark.parametrize(
    ("label", "name", "typed"),
    [
        ("联系人", "contact_person", "联系人及电话：沈砚青 138"),
        ("电子信箱", "email", "电子邮箱：a@example.org"),
    ],
)
def test_a_cover_label_that_became_another_is_reported(label, name, typed):
    paper = Paper()
    retype(paper.paragraph(label), typed)
    gone = ("line_missing", f"/cover/{name}", f"{label}:")
    assert_reads(paper, {f"/cover/{name}": None}, [gone, ("unread_text", "", typed)])


@pytest.mark.parametrize(
    "label", ["申报单位：", "申报单位（盖章）：", "申报单位(公章):", "申报单位  ：", "申报单位（公章）\t"]
)
def test_the_note_on_the_seal_typed_again(label):
    paper = Paper()
    retype(paper.paragraph("申报单位"), f"{label}云泽县科学技术协会")
    assert_reads(paper)


def test_a_cover_line_that_occurs_twice():
    paper = Paper()
    paper.paragraph("联系人").addnext(elements("<w:p>" + t("联系人：李四") + "</w:p>")[0])
    assert_reads(paper, {}, [("unread_text", "", "联系人：李四")])


def test_a_value_below_its_label():
    paper = Paper()
    line = paper.paragraph("联系人")
    retype(line, "联 系 人：")
    line.addnext(elements("<w:p>" + t("沈砚青") + "</w:p>")[0])
    assert_reads(paper, {"/cover/contact_person": None}, [("unread_text", "", "沈砚青")])


def test_two_cover_lines_on_one_line():
    paper = Paper()
    line = paper.paragraph("联系人")
    line.getparent().remove(paper.paragraph("联系电话"))
    retype(line, "联系人：沈砚青    联系电话：0520-5550 1236")
    assert_reads(paper)


def test_two_cover_lines_in_one_paragraph():
    paper = Paper()
    line = paper.paragraph("联系人")
    line.getparent().remove(paper.paragraph("联系电话"))
    retype(line, "联 系 人：沈砚青\n联系电话：0520-5550 1236")
    assert_reads(paper)


def test_a_cover_line_broken_over_two_lines():
    paper = Paper()
    line = paper.paragraph("通讯地址")
    retype(line, "通讯地址：江苏省泽阳市云泽县文汇路18号")
    line.addnext(elements("<w:p>" + t("科技馆4楼406室") + "</w:p>")[0])
    assert_reads(
        paper,
        {"/cover/mailing_address": "江苏省泽阳市云泽县文汇路18号"},
        [("unread_text", "", "科技馆4楼406室")],
    )


def test_the_cover_as_a_table():
    paper = Paper()
    rows = ""
    for label, name in COVER.items():
        cells = (f"{label}：", paper.data["cover"][name])
        inner = "".join(f"<w:tc><w:p>{t(text)}</w:p></w:tc>" for text in cells)
        rows += f"<w:tr>{inner}</w:tr>"
        line = paper.paragraph(label)
        before = line.getprevious()
        line.getparent().remove(line)
    before.addnext(elements(f"<w:tbl>{rows}</w:tbl>")[0])
    assert_reads(paper)


def test_a_cover_line_missing():
    paper = Paper()
    line = paper.paragraph("通讯地址")
    line.getparent().remove(line)
    assert_reads(
        paper, {"/cover/mailing_address": None}, [("line_missing", "/cover/mailing_address", "通讯地址:")]
    )


def test_a_line_added_to_the_cover():
    paper = Paper()
    paper.paragraph("电子信箱").addnext(elements("<w:p>" + t("邮政编码：223000") + "</w:p>")[0])
    assert_reads(paper, {}, [("unread_text", "", "邮政编码：223000")])
