"""An option of 是/否 that stands out by its formatting alone may be the answer, and is reported."""

from __future__ import annotations

import pytest

from service.extraction import extract
from tests.helpers.hand_made import Paper, W, assert_reads, put, set_property, style, t

INDEPENDENT, NPC = "/basic_info/is_independent", "/basic_info/leader_in_npc_standing"
CPPCC = "/basic_info/leader_in_cppcc_standing"
STAFF = "负责人进入县级人大、政协常委会任职情况"
STANDS_OUT = [
    '<w:shd w:val="pct15" w:color="auto" w:fill="FFFFFF"/>',
    '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>',
    '<w:highlight w:val="green"/>',
    '<w:color w:val="FF0000"/>',
    '<w:color w:val="auto" w:themeColor="accent1"/>',
    "<w:b/>",
    "<w:i/>",
    '<w:sz w:val="40"/>',
    '<w:bdr w:val="single" w:sz="4" w:space="0" w:color="auto"/>',
    '<w:em w:val="underDot"/>',
    "<w:u/>",
    '<w:rFonts w:eastAsia="黑体"/>',
    '<w:rStyle w:val="Underlined"/>',
    "<w:shadow/>",
]
PLAIN = [
    '<w:shd w:val="clear" w:color="auto" w:fill="auto"/>',
    '<w:highlight w:val="none"/>',
    '<w:u w:val="none"/>',
    '<w:color w:val="000000"/>',
    '<w:b w:val="0"/>',
    '<w:lang w:eastAsia="zh-CN"/>',
]


def paper_with(*runs):
    paper = Paper()
    paper.add_styles(style("character", "Underlined", '<w:u w:val="wave"/>'))
    put(paper.value("是否独立建制"), "".join(runs))
    return paper


@pytest.mark.parametrize("mark", STANDS_OUT)
def test_a_word_that_alone_stands_out_is_reported(mark):
    unclear = [("unclear_box", INDEPENDENT, "是□ 否□")]
    assert_reads(paper_with(t("是□", mark), t("  否□")), {INDEPENDENT: None}, unclear)
    assert_reads(paper_with(t("是□  "), t("否", mark), t("□")), {INDEPENDENT: None}, unclear)


@pytest.mark.parametrize("mark", [*STANDS_OUT, *PLAIN])
def test_options_that_look_alike_are_no_answer(mark):
    assert_reads(paper_with(t("是□  否□", mark)), {INDEPENDENT: None})


@pytest.mark.parametrize("mark", PLAIN)
def test_what_changes_nothing_is_no_mark(mark):
    assert_reads(paper_with(t("是□", mark), t("  否□")), {INDEPENDENT: None})


def test_a_box_that_alone_stands_out_is_reported():
    paper = paper_with(t("是"), t("□", '<w:shd w:val="clear" w:fill="C0C0C0"/>'), t("  否□"))
    assert_reads(paper, {INDEPENDENT: None}, [("unclear_box", INDEPENDENT, "是□ 否□")])


def test_a_ticked_box_is_the_answer_even_if_another_stands_out():
    assert_reads(paper_with(t("是☑", "<w:b/>"), t("  否□")), {INDEPENDENT: True})


def test_only_the_question_of_the_option_is_reported():
    paper = Paper()
    put(paper.value(STAFF), t("人大常委  是□  ") + t("否□", "<w:b/>"), "政协常委  是□  否☑")
    assert_reads(
        paper, {NPC: None, CPPCC: False}, [("unclear_box", NPC, "人大常委 是□ 否□ 政协常委 是□ 否☑")]
    )


@pytest.mark.parametrize(
    "mark",
    ['<w:shd w:val="clear" w:fill="FFFF00"/>', '<w:pBdr><w:top w:val="single" w:sz="4"/></w:pBdr>'],
)
def test_a_shaded_or_framed_paragraph_of_one_option_is_reported(mark):
    paper = Paper()
    cell = put(paper.value("是否独立建制"), "是□", "否□")
    set_property(cell[-1], "pPr", mark)
    assert_reads(paper, {INDEPENDENT: None}, [("unclear_box", INDEPENDENT, "是□ 否□")])


def test_a_shaded_style_of_one_options_paragraph_is_reported():
    paper = Paper()
    paper.add_styles(style("paragraph", "Grey", "", '<w:shd w:val="clear" w:fill="C0C0C0"/>', "Normal"))
    cell = put(paper.value("是否独立建制"), "是□", "否□")
    set_property(cell[-1], "pPr", '<w:pStyle w:val="Grey"/>')
    assert codes(paper) == [("unclear_box", INDEPENDENT)]


def codes(paper):
    return [(each.code, each.pointer) for each in extract(paper.docx()).warnings]


@pytest.mark.parametrize(
    "mark",
    [
        '<w:highlight w:val="yellow"/>',
        "<w:b/>",
        '<w:rStyle w:val="Underlined"/>',
        '<w:color w:val="auto" w:themeColor="accent2"/>',
        '<w:em w:val="dot"/>',
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_an_option_that_stands_out_beside_another_that_is_ticked_is_reported(mark, whole):
    other = t("否□", mark) if whole else t("否") + t("□", mark)
    unclear = [("unclear_box", INDEPENDENT, "是☑ 否□")]
    assert_reads(paper_with(t("是☑  "), other), {INDEPENDENT: None}, unclear)


@pytest.mark.parametrize("mark", [*STANDS_OUT, *PLAIN])
def test_a_tick_that_itself_stands_out_is_read(mark):
    assert_reads(paper_with(t("是"), t("□  "), t("否☑", mark)), {INDEPENDENT: False})
    assert_reads(paper_with(t("是□  否☑", mark)), {INDEPENDENT: False})


def test_a_paragraph_that_stands_out_beside_one_that_is_ticked_is_reported():
    paper = Paper()
    cell = put(paper.value("是否独立建制"), "是☑", "否□")
    set_property(cell.findall(f"{W}p")[1], "pPr", '<w:shd w:val="clear" w:fill="FFFF00"/>')
    assert_reads(paper, {INDEPENDENT: None}, [("unclear_box", INDEPENDENT, "是☑ 否□")])
