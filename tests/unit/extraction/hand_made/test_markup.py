"""What Word and WPS weave into text (runs, tracked changes, controls, fields), read as it would print."""

from __future__ import annotations

import copy

import pytest

from tests.helpers.forms import FORMS
from tests.helpers.hand_made import (
    WHO,
    Paper,
    W,
    around,
    assert_reads,
    control,
    deleted,
    elements,
    field,
    inserted,
    put,
    retype,
    set_property,
    t,
)

LEADER, MOBILE, EMAIL = "/basic_info/leader_name", "/basic_info/mobile", "/cover/email"
NOISE = (
    '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="9" w:name="_GoBack"/><w:bookmarkEnd w:id="9"/>'
)
LOOKS = [
    '<w:sz w:val="20"/>',
    '<w:spacing w:val="2"/>',
    '<w:rFonts w:eastAsia="楷体"/>',
    '<w:rStyle w:val="a3"/>',
    "",
]


def split(paper, noise=""):
    """Every character of the document in a run of its own, each with another look."""
    for run in list(paper.body.iter(W + "r")):
        for node in run.findall(W + "t"):
            pieces = [t(letter, LOOKS[number % len(LOOKS)]) for number, letter in enumerate(node.text or "")]
            for piece in elements(noise.join(pieces)):
                run.addprevious(piece)
            run.remove(node)
    return paper


@pytest.mark.parametrize("noise", ["", NOISE], ids=["bare", "with marks between"])
@pytest.mark.parametrize("form", FORMS)
def test_every_character_in_a_run_of_its_own(form, noise):
    assert_reads(split(Paper(form), noise))


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        (t("陆") + t("怀", "<w:b/>") + t("川"), "陆怀川"),
        (t("陆") + NOISE + t("怀川"), "陆怀川"),
        (t("陆怀川") + t("") + t(""), "陆怀川"),
        (t("陆怀") + deleted("山") + inserted("川"), "陆怀川"),
        (deleted("陆怀川"), None),
        (inserted("陆") + inserted("怀川"), "陆怀川"),
        (f"<w:ins {WHO}>{deleted('陆怀山')}</w:ins>" + t("陆怀川"), "陆怀川"),
        (f"<w:moveFrom {WHO}>{t('王五')}</w:moveFrom><w:moveTo {WHO}>{t('陆怀川')}</w:moveTo>", "陆怀川"),
        (control(t("陆怀川")), "陆怀川"),
        (control(control(t("陆")) + t("怀川")), "陆怀川"),
        (control(t("单击或点击此处输入文字。"), "<w:showingPlcHdr/>"), None),
        (control(t("单击此处"), '<w:showingPlcHdr w:val="0"/>'), "单击此处"),
        (control(t("陆怀川"), '<w:dropDownList><w:listItem w:value="陆怀川"/></w:dropDownList>'), "陆怀川"),
        (control(t("陆怀川"), "<w:text/>"), "陆怀川"),
        (field("MERGEFIELD 负责人", "陆怀川"), "陆怀川"),
        (field("MERGEFIELD 负责人", field("QUOTE", "陆") + t("怀川")), "陆怀川"),
        (f'<w:fldSimple w:instr="MERGEFIELD 姓名">{t("陆怀川")}</w:fldSimple>', "陆怀川"),
        (f"<w:smartTag>{t('陆怀川')}</w:smartTag>", "陆怀川"),
        (
            t("陆怀川") + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>（会长）</w:t></w:r>',
            "陆怀川（会长）",
        ),
        (
            f"<w:r><w:ruby><w:rt>{t('lù')}</w:rt><w:rubyBase>{t('陆怀川')}</w:rubyBase></w:ruby></w:r>",
            "陆怀川",
        ),
    ],
)
def test_a_value_is_read_as_it_would_print(markup, value):
    paper = Paper()
    put(paper.value("负责人姓名"), markup)
    assert_reads(paper, {LEADER: value})


@pytest.mark.parametrize(
    "markup",
    [
        f'<w:hyperlink w:anchor="x">{t("kexie@yunze.example.org")}</w:hyperlink>',
        field('HYPERLINK "mailto:kexie@yunze.example.org"', "kexie@yunze.example.org"),
        f'<w:fldSimple w:instr="HYPERLINK x">{t("kexie@yunze.example.org")}</w:fldSimple>',
        t("kexie@yunze") + NOISE + t(".example.org", "<w:u/>"),
    ],
)
def test_an_address_that_became_a_link(markup):
    paper = Paper()
    retype(paper.paragraph("电子信箱"), "电子信箱：\t", markup, "\t")
    assert_reads(paper)


@pytest.mark.parametrize("properties", ["", '<w:alias w:val="手机"/><w:tag w:val="mobile"/>'])
@pytest.mark.parametrize("level", ["cell", "row", "table", "paragraph"])
def test_a_content_control_around_anything(level, properties):
    paper = Paper()
    cell = paper.value("手机")
    element = {
        "cell": cell,
        "row": cell.getparent(),
        "table": paper.tables[0],
        "paragraph": cell.find(W + "p"),
    }[level]
    around(element, control("<here/>", properties))
    assert_reads(paper)


def test_a_prompt_in_a_control_around_a_paragraph_or_cell_is_blank():
    paper = Paper()
    prompt = put(paper.value("手机"), "请填写手机号")
    around(prompt, control("<here/>", "<w:showingPlcHdr/>"))
    around(put(paper.value("办公电话"), "请填写").find(W + "p"), control("<here/>", "<w:showingPlcHdr/>"))
    assert_reads(paper, {MOBILE: None, "/basic_info/office_phone": None})


def test_a_date_control():
    paper = Paper()
    date = '<w:date w:fullDate="2019-11-20T00:00:00Z"><w:dateFormat w:val="yyyy年M月d日"/></w:date>'
    retype(paper.paragraph("最近一次换届日期"), "最近一次换届日期：", control(t("2019年11月20日"), date))
    assert_reads(paper)


def track_row(row, name):
    set_property(row, "trPr", f"<w:{name} {WHO}/>")
    return row


def test_tracked_rows():
    paper = Paper()
    row = paper.row("服务企业创新")
    added = copy.deepcopy(row)
    put(added[-3], inserted("新增一项")), put(added[-2], inserted("项目")), put(added[-1], inserted("0"))
    row.addnext(track_row(added, "ins"))
    gone = copy.deepcopy(row)
    for cell, text in zip(gone.findall(W + "tc"), ("旧项", "旧项目", "8.00"), strict=True):
        put(cell, deleted(text))
    row.addnext(track_row(gone, "del"))
    items = list(paper.data["budget"]["items"])
    items.insert(4, {"name": "新增一项", "item": "项目", "amount": items[0]["amount"] * 0})
    assert_reads(paper, {"/budget/items": items})


def test_a_deleted_paragraph_mark_joins_two_lines():
    paper = Paper("annex3")
    cell = put(paper.value("背景"), "一水两岸，", "三镇相望。", "末段。")
    set_property(cell.find(W + "p"), "pPr", f"<w:rPr><w:del {WHO}/></w:rPr>")
    assert_reads(paper, {"/background": "一水两岸，三镇相望。\n末段。"})


def test_an_inserted_paragraph_and_moved_text():
    paper = Paper("annex3")
    moved = f"<w:moveTo {WHO}>{t('移来一段。')}</w:moveTo>"
    left = f"<w:moveFrom {WHO}>{t('移来一段。')}</w:moveFrom>"
    cell = put(paper.value("背景"), inserted("新写一段。"), left, moved, "末段。")
    first, second, third, _ = cell.findall(W + "p")
    set_property(first, "pPr", f"<w:rPr><w:ins {WHO}/></w:rPr>")
    set_property(second, "pPr", f"<w:rPr><w:moveFrom {WHO}/></w:rPr>")
    set_property(third, "pPr", f"<w:rPr><w:moveTo {WHO}/></w:rPr>")
    assert_reads(paper, {"/background": "新写一段。\n移来一段。\n末段。"})


def test_styles_and_ids_of_word():
    paper = Paper()
    for number, paragraph in enumerate(paper.body.iter(W + "p")):
        paragraph.set(W + "rsidR", f"00AB{number:04X}")
        set_property(paragraph, "pPr", '<w:pStyle w:val="a"/><w:jc w:val="both"/>')
    assert_reads(paper)
