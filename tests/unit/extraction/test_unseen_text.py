"""Text that the page shows otherwise than it is stored, or not at all."""

from __future__ import annotations

import pytest

from service.extraction import extract
from tests.helpers.hand_made import Paper, W, assert_reads, flat, put, retype, set_property, style, t

QUOTA, LEADER, PHONE = "/basic_info/staff_quota", "/basic_info/leader_name", "/basic_info/office_phone"
THEME = "http://schemas.openxmlformats.org/drawingml/2006/main"


def flat_pointers(read):
    return {pointer: value for pointer, (_, value) in flat(read.data).items()}


def reversed_by(tag, text):
    return f'<w:{tag} w:val="rtl">{t(text)}</w:{tag}>'


@pytest.mark.parametrize(
    "typed",
    [
        "\u202e12\u202c",
        "1\u20672\u2069",
        "\u202b12\u202c",
        reversed_by("bdo", "12"),
        t("1") + reversed_by("dir", "2"),
        f'<w:bdo w:val="ltr">{reversed_by("bdo", "12")}</w:bdo>',
    ],
)
def test_a_number_in_reverse_is_not_read(typed):
    paper = Paper()
    put(paper.value("编制数"), typed)
    read = extract(paper.docx())
    assert QUOTA not in flat_pointers(read)
    assert {(each.code, each.pointer) for each in read.warnings} == {
        ("character_removed", QUOTA),
        ("unreadable", QUOTA),
    }
    assert any("次序" in each.message.zh and "order" in each.message.en for each in read.warnings)


@pytest.mark.parametrize("typed", ["\u202e川怀陆", reversed_by("bdo", "川怀陆")])
def test_a_name_in_reverse_is_reported(typed):
    paper = Paper()
    put(paper.value("负责人姓名"), typed)
    (warning,) = extract(paper.docx()).warnings
    assert (warning.code, warning.pointer) == ("character_removed", LEADER)
    assert "次序" in warning.message.zh


def test_a_private_use_character_of_an_older_standard_is_read_as_what_it_is_today():
    paper = Paper()
    put(paper.value("负责人姓名"), "陆\ue863川")
    read = extract(paper.docx())
    assert flat_pointers(read)[LEADER] == "陆䶮川"
    assert [(each.code, each.pointer) for each in read.warnings] == [("character_replaced", LEADER)]


RTL = "<w:rtl/>"


@pytest.mark.parametrize(
    ("label", "typed", "pointer", "value"),
    [
        ("办公电话", t("0520-55501234", RTL), PHONE, "0520-55501234"),
        ("编制数", t("1") + t("2", '<w:rStyle w:val="Right"/>'), QUOTA, 12),
    ],
)
def test_digits_set_from_right_to_left_are_reported(label, typed, pointer, value):
    paper = Paper()
    paper.add_styles(style("character", "Right", RTL))
    put(paper.value(label), typed)
    read = extract(paper.docx())
    assert [(each.code, each.pointer) for each in read.warnings] == [("right_to_left", pointer)]
    assert flat_pointers(read)[pointer] == value


def test_a_paragraph_from_right_to_left_is_reported():
    paper = Paper()
    set_property(put(paper.value("办公电话"), "110、120").find(W + "p"), "pPr", "<w:bidi/>")
    assert_reads(paper, {PHONE: "110、120"}, [("right_to_left", PHONE, "110、120")])


@pytest.mark.parametrize("off", ['<w:rtl w:val="0"/>', "<w:caps/>", "<w:smallCaps/>"])
def test_what_leaves_a_text_as_it_is_needs_no_warning(off):
    paper = Paper()
    put(paper.value("负责人姓名"), t("陆怀川 A", off))
    assert_reads(paper, {LEADER: "陆怀川 A"})


@pytest.mark.parametrize(
    "capitals", ["<w:caps/>", "<w:smallCaps/>", '<w:rStyle w:val="Big"/>', '<w:rStyle w:val="Bigger"/>']
)
def test_letters_shown_as_capitals_are_read_so(capitals):
    paper = Paper()
    paper.add_styles(style("character", "Big", "<w:caps/>"), style("character", "Bigger", based_on="Big"))
    put(paper.value("负责人姓名"), t("Lu ", "<w:i/>") + t("huaichuan", capitals))
    assert_reads(paper, {LEADER: "Lu HUAICHUAN"}, [("capitals", LEADER, "huaichuan")])


STOP = '<w14:gs w14:pos="0"><w14:srgbClr w14:val="FFFFFF"/></w14:gs>'
BLACK = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
WHITE_ACCENT = (
    f'<a:theme xmlns:a="{THEME}"><a:themeElements><a:clrScheme name="x">'
    '<a:accent3><a:srgbClr val="FEFEFE"/></a:accent3></a:clrScheme></a:themeElements></a:theme>'
)


@pytest.mark.parametrize(
    ("run", "cell"),
    [
        ('<w:color w:val="000000"/>', BLACK),
        ('<w:color w:val="0A0A0A"/>', '<w:shd w:val="clear" w:themeFill="text1"/>'),
        (f'<w:color w:val="000000"/>{BLACK}', ""),
        ('<w:color w:val="000000"/><w:highlight w:val="black"/>', ""),
        ('<w:color w:val="000000" w:themeColor="background1"/>', ""),
        ('<w:color w:val="4472C4" w:themeColor="accent3"/>', ""),
        ('<w:position w:val="-400"/>', ""),
        ('<w:fitText w:val="5"/>', ""),
        (f"<w14:textFill><w14:gradFill>{STOP}{STOP}</w14:gradFill></w14:textFill>", ""),
        ('<w:color w:val="000000"/>', '<w:shd w:val="solid" w:color="auto" w:fill="auto"/>'),
        ('<w:color w:val="FFFFFF"/>', '<w:shd w:val="pct5" w:color="auto" w:fill="auto"/>'),
        ('<w:sz w:val="2"/>', ""),
    ],
)
def test_text_that_cannot_be_seen_is_reported_and_not_read(run, cell):
    paper = Paper()
    paper.parts["word/theme/theme1.xml"] = WHITE_ACCENT.encode()
    place = put(paper.value("编制数"), t("1", run) + t("9", '<w:color w:val="FF0000"/>'))
    if cell:
        set_property(place, "tcPr", cell)
    assert_reads(paper, {QUOTA: 9}, [("hidden_text", QUOTA, "1")])


@pytest.mark.parametrize(
    "run", ['<w:color w:val="auto"/>', '<w:color w:val="FFFFFF"/>', '<w:color w:val="FF0000"/>']
)
def test_text_on_black_that_can_be_seen_is_read(run):
    paper = Paper()
    set_property(put(paper.value("编制数"), t("9", run)), "tcPr", BLACK)
    assert_reads(paper, {QUOTA: 9})


OFF_PAGE = [
    '<w:ind w:left="-9000"/>',
    '<w:ind w:leftChars="-4500" w:left="-9450"/>',
    '<w:ind w:left="30000"/>',
    '<w:ind w:hanging="9000"/>',
    '<w:ind w:right="-9000"/>',
    '<w:framePr w:w="100" w:x="-8000" w:y="1" w:hAnchor="page"/>',
    '<w:framePr w:w="100" w:x="1" w:y="30000" w:vAnchor="page"/>',
    '<w:framePr w:w="500" w:h="10" w:hRule="exact"/>',
    '<w:spacing w:line="20" w:lineRule="exact"/>',
    '<w:pStyle w:val="Off"/>',
]


@pytest.mark.parametrize("properties", OFF_PAGE)
def test_a_line_off_the_page_is_reported_and_not_read(properties):
    paper = Paper()
    paper.add_styles(style("paragraph", "Off", paragraph='<w:ind w:start="-9000"/>'))
    set_property(put(paper.value("编制数"), "12").find(W + "p"), "pPr", properties)
    assert_reads(paper, {QUOTA: None}, [("hidden_text", QUOTA, "12")])


@pytest.mark.parametrize(
    "properties",
    [
        '<w:ind w:left="720" w:hanging="720"/>',
        '<w:ind w:left="-120" w:right="-120"/>',
        '<w:ind w:firstLine="1200" w:firstLineChars="200"/>',
        '<w:ind w:right="5000"/>',
        '<w:framePr w:x="-8000" w:xAlign="center" w:y="14000"/>',
        '<w:spacing w:line="200" w:lineRule="exact"/>',
        '<w:bidi w:val="0"/>',
    ],
)
def test_a_line_on_the_page_is_read(properties):
    paper = Paper()
    set_property(put(paper.value("编制数"), "12").find(W + "p"), "pPr", properties)
    assert_reads(paper, {QUOTA: 12})


@pytest.mark.parametrize(
    "where", ['<w:tblpPr w:tblpX="-20000" w:tblpY="1"/>', '<w:tblInd w:w="-20000" w:type="dxa"/>']
)
def test_a_table_off_the_page_is_reported(where):
    paper = Paper()
    set_property(next(paper.value("编制数").iterancestors(W + "tbl")), "tblPr", where)
    codes = {each.code for each in extract(paper.docx()).warnings}
    assert {"hidden_text", "row_missing"} <= codes


def test_a_cell_whose_joining_is_tracked_is_no_value():
    paper = Paper()
    cell = put(paper.value("编制数"), "12")
    set_property(cell, "tcPr", '<w:cellMerge w:id="1" w:author="a" w:vMerge="cont"/>')
    assert_reads(paper, {QUOTA: None}, [("cells_unclear", QUOTA, "12")])


def test_a_text_off_the_page_in_a_long_field_is_reported():
    paper = Paper()
    line = retype(paper.paragraph("我县辖11个"), "另有一段。")
    set_property(line, "pPr", '<w:ind w:left="-9999"/>')
    codes = [(each.code, each.pointer) for each in extract(paper.docx()).warnings]
    assert codes == [("hidden_text", "/overall_approach")]
