"""What styles strike out, hide or number is reported like what is formatted directly."""

from __future__ import annotations

import pytest

from service.extraction import extract
from tests.helpers.hand_made import Paper, assert_reads, control, put, set_property, style, t

QUOTA = "/basic_info/staff_quota"
ON = {"strike": "<w:strike/>", "dstrike": "<w:dstrike/>", "vanish": "<w:vanish/>"}
CODES = {"strike": "struck_text", "dstrike": "struck_text", "vanish": "hidden_text"}


def r_style(name):
    return f'<w:rStyle w:val="{name}"/>'


def paper_with(cell_text, *styles, paragraph=""):
    """A paper whose 编制数 says `cell_text` in the paragraph style `paragraph`."""
    paper = Paper()
    paper.add_styles(*styles)
    cell = put(paper.value("编制数"), cell_text)
    if paragraph:
        set_property(cell[-1], "pPr", f'<w:pStyle w:val="{paragraph}"/>')
    return paper


@pytest.mark.parametrize("name", ON)
def test_a_character_style_counts_as_if_set_directly(name):
    paper = paper_with(t("12", r_style("X")) + t("9"), style("character", "X", ON[name]))
    assert_reads(paper, {QUOTA: 9}, [(CODES[name], QUOTA, "12")])


@pytest.mark.parametrize("name", ON)
def test_a_style_that_another_is_based_on_counts(name):
    styles = style("character", "X", "<w:b/>", based_on="Y"), style("character", "Y", based_on="Z")
    paper = paper_with(t("12", r_style("X")) + t("9"), *styles, style("character", "Z", ON[name]))
    assert_reads(paper, {QUOTA: 9}, [(CODES[name], QUOTA, "12")])


@pytest.mark.parametrize("name", ON)
def test_a_paragraph_style_counts(name):
    paper = paper_with(t("12"), style("paragraph", "X", ON[name], based_on="Normal"), paragraph="X")
    assert_reads(paper, {QUOTA: None}, [(CODES[name], QUOTA, "12")])


@pytest.mark.parametrize("name", ON)
def test_a_run_switches_its_style_off(name):
    off = ON[name].replace("/>", ' w:val="0"/>')
    styles = style("character", "X", ON[name]), style("paragraph", "P", ON[name], based_on="Normal")
    assert_reads(paper_with(t("12", r_style("X") + off), *styles), {QUOTA: 12})
    assert_reads(paper_with(t("12", off), *styles, paragraph="P"), {QUOTA: 12})


def test_a_style_switches_off_what_it_is_based_on():
    styles = (
        style("character", "X", '<w:strike w:val="0"/>', based_on="Y"),
        style("character", "Y", ON["strike"]),
    )
    assert_reads(paper_with(t("12", r_style("X")), *styles), {QUOTA: 12})


@pytest.mark.parametrize("name", ["strike", "vanish"])
def test_toggles_of_two_levels_cancel_out_with_a_warning_since_programs_differ(name):
    styles = style("character", "X", ON[name]), style("paragraph", "P", ON[name], based_on="Normal")
    paper = paper_with(t("12", r_style("X")), *styles, paragraph="P")
    assert_reads(paper, {QUOTA: 12}, [("unclear_style", QUOTA, "12")])


def test_double_strike_is_no_toggle():
    styles = style("character", "X", ON["dstrike"]), style("paragraph", "P", ON["dstrike"], based_on="Normal")
    paper = paper_with(t("12", r_style("X")), *styles, paragraph="P")
    assert_reads(paper, {QUOTA: None}, [("struck_text", QUOTA, "12")])


@pytest.mark.parametrize(
    "made", [style("paragraph", "X", ON["strike"]), style("character", "Y", ON["strike"])]
)
def test_a_style_that_is_missing_or_of_another_kind_is_none(made):
    assert_reads(paper_with(t("12", r_style("X")), made), {QUOTA: 12})


def test_styles_based_on_each_other_end():
    styles = style("character", "X", based_on="Y"), style("character", "Y", ON["strike"], based_on="X")
    assert_reads(paper_with(t("12", r_style("X")), *styles), {QUOTA: None}, [("struck_text", QUOTA, "12")])


def test_a_struck_box_of_a_control_is_not_read():
    box = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    paper = Paper()
    paper.add_styles(style("character", "X", ON["strike"]))
    put(paper.value("是否独立建制"), t("是") + control(t("☒", r_style("X")), box) + t("  否☑"))
    assert_reads(
        paper, {"/basic_info/is_independent": False}, [("struck_text", "/basic_info/is_independent", "☑")]
    )


def test_a_struck_symbol_is_reported():
    paper = paper_with(
        f'<w:r><w:rPr>{ON["strike"]}</w:rPr><w:sym w:font="Wingdings" w:char="F081"/></w:r>' + t("9")
    )
    assert_reads(paper, {QUOTA: 9}, [("struck_text", QUOTA, "①")])


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="fefefe"/>',
        '<w:sz w:val="2"/>',
        '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>',
        '<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FF0000"/>',
        "<w:specVanish/>",
        '<w:color w:val="000000"/><w:highlight w:val="black"/>',
        '<w:w w:val="1"/>',
        '<w:spacing w:val="-240"/>',
        "<w14:textFill><w14:noFill/></w14:textFill>",
        '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>',
        '<w14:textFill><w14:solidFill><w14:schemeClr w14:val="bg1"/></w14:solidFill></w14:textFill>',
        '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/>'
        "</w14:srgbClr></w14:solidFill></w14:textFill>",
    ],
)
def test_text_that_cannot_be_seen_is_reported(properties):
    assert_reads(paper_with(t("1", properties) + t("9")), {QUOTA: 9}, [("hidden_text", QUOTA, "1")])


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>',
        '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>',
        '<w:color w:val="0000FF"/>',
        '<w:sz w:val="16"/>',
        "<w:webHidden/>",
        "<w:caps/>",
        '<w:w w:val="50"/>',
        '<w:spacing w:val="-20"/>',
        '<w:highlight w:val="black"/>',
        '<w14:textFill><w14:solidFill><w14:schemeClr w14:val="tx1"/></w14:solidFill></w14:textFill>',
    ],
)
def test_text_that_can_be_seen_is_read(properties):
    assert_reads(paper_with(t("1", properties) + t("9")), {QUOTA: 19})


LOW = '<w:spacing w:line="1" w:lineRule="exact"/>'


@pytest.mark.parametrize("by_style", [False, True])
def test_lines_too_low_to_be_seen_are_reported(by_style):
    paper = paper_with(t("19"), style("paragraph", "Low", paragraph=LOW), paragraph="Low" if by_style else "")
    if not by_style:
        set_property(paper.value("编制数")[-1], "pPr", LOW)
    assert_reads(paper, {QUOTA: None}, [("hidden_text", QUOTA, "19")])


def test_a_row_too_low_to_be_seen_is_missing():
    paper = paper_with(t("19"))
    set_property(paper.row("编制数"), "trPr", '<w:trHeight w:val="1" w:hRule="exact"/>')
    warned = {(each.code, each.pointer) for each in extract(paper.docx()).warnings}
    assert {("row_missing", QUOTA), ("hidden_text", "")} <= warned


def test_white_text_on_a_dark_cell_can_be_seen():
    paper = paper_with(t("19", '<w:color w:val="FFFFFF"/>'))
    set_property(paper.value("编制数"), "tcPr", '<w:shd w:val="clear" w:fill="1F3864"/>')
    assert_reads(paper, {QUOTA: 19})


def test_a_raised_or_lowered_digit_by_style_is_no_digit():
    for raised in ("superscript", "subscript"):
        paper = paper_with(
            t("9") + t("1", r_style("X")), style("character", "X", f'<w:vertAlign w:val="{raised}"/>')
        )
        warnings = [(each.code, each.pointer) for each in extract(paper.docx()).warnings]
        assert warnings == [("unreadable", QUOTA)]


def test_a_symbol_font_by_style_draws_symbols():
    paper = Paper()
    paper.add_styles(style("character", "X", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'))
    put(paper.value("是否独立建制"), t("是") + t("þ", r_style("X")) + t("  否□"))
    assert_reads(paper, {"/basic_info/is_independent": True})


def test_a_hidden_mark_joins_two_paragraphs():
    paper = Paper()
    cell = put(paper.value("编制数"), "1", "2")
    set_property(cell.find("{*}p"), "pPr", "<w:rPr><w:vanish/></w:rPr>")
    assert_reads(paper, {QUOTA: 12})
