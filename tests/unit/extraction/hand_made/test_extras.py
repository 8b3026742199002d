"""What a form holds beside its text (comments, notes, pictures, boxes), and long texts of every kind."""

from __future__ import annotations

import copy

import pytest

from tests.helpers.hand_made import (
    Paper,
    W,
    assert_reads,
    deleted,
    elements,
    field,
    put,
    retype,
    set_property,
    t,
    text_of,
)

LEADER = "/basic_info/leader_name"

TEXT_BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData>"
    "<wps:wsp><wps:txbx><w:txbxContent><w:p>{0}</w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData>"
    "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>"
    "<w:p>{0}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
PICTURE = (
    "<w:r><w:drawing><wp:anchor><a:graphic><a:graphicData><pic:pic/></a:graphicData></a:graphic></wp:anchor>"
    "</w:drawing></w:r>"
)
OLD_PICTURE = '<w:r><w:pict><v:shape><v:imagedata r:id="rId99"/></v:shape></w:pict></w:r>'
FORMULA = "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"
HIDDEN = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>（代）</w:t></w:r>"
COMMENT = (
    '<w:commentRangeStart w:id="1"/>{}<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>'
)
UNKNOWN = '<w:r><w:sym w:font="Webdings" w:char="F0AA"/></w:r>'


@pytest.mark.parametrize(
    ("extra", "warning"),
    [
        (TEXT_BOX.format(t("会签：李四")), ("text_box", "会签：李四")),
        (TEXT_BOX.format(""), None),
        (PICTURE, ("picture", "")),
        (OLD_PICTURE, ("picture", "")),
        (FORMULA, ("formula", "a+b")),
        (HIDDEN, ("hidden_text", "（代）")),
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', ("footnote", "")),
        ('<w:r><w:endnoteReference w:id="2"/></w:r>', ("footnote", "")),
        (UNKNOWN, ("symbol", "Webdings F0AA")),
        ('<w:r><w:commentReference w:id="1"/></w:r>', None),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("where", ["value", "label", "outside"])
def test_what_is_no_text_is_reported(where, extra, warning):
    paper = Paper()
    place = {
        "value": paper.value("负责人姓名").find(W + "p"),
        "label": paper.label("负责人姓名").find(W + "p"),
        "outside": paper.paragraph("三、目标任务"),
    }[where]
    place.extend(elements(extra))
    pointer = LEADER if where == "value" else ""
    assert_reads(paper, {}, [(warning[0], pointer, warning[1])] if warning else [])


def test_a_seal_over_the_opinion_of_the_city():
    paper = Paper()
    paper.paragraph("（单位盖章", paper.row("市科协意见")).extend(elements(PICTURE))
    assert_reads(paper, {}, [("picture", "/review/city_opinion/text", "")])


def test_a_comment_on_a_value():
    paper = Paper()
    put(paper.value("负责人姓名"), COMMENT.format(t("陆怀川")))
    assert_reads(paper)


def test_a_picture_that_was_deleted_is_not_reported():
    paper = Paper()
    put(paper.value("负责人姓名"), t("陆怀川") + deleted("山").replace("</w:del>", f"{PICTURE}</w:del>"))
    assert_reads(paper)


def nested_table(*rows):
    inner = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:p>{t(text)}</w:p></w:tc>' for text in row)}</w:tr>" for row in rows
    )
    return elements(f"<w:tbl>{inner}</w:tbl>")[0]


def test_a_table_within_a_long_text():
    paper = Paper()
    cell = put(paper.tables[1].find(f"{W}tr/{W}tc"), "总体思路如下。", "以上。")
    cell.findall(W + "p")[0].addnext(nested_table(["一季度", "启动"], ["二季度", "推进"]))
    pointer = "/overall_approach"
    assert_reads(
        paper,
        {pointer: "总体思路如下。\n一季度\n启动\n二季度\n推进\n以上。"},
        [("nested_table", pointer, "")],
    )


def test_automatic_numbers_in_a_long_text():
    paper = Paper()
    cell = put(paper.tables[1].find(f"{W}tr/{W}tc"), "总体思路：", "服务企业。", "服务乡村。")
    for paragraph in cell.findall(W + "p")[1:]:
        set_property(paragraph, "pPr", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    pointer = "/overall_approach"
    assert_reads(
        paper,
        {pointer: "总体思路：\n服务企业。\n服务乡村。"},
        [("numbering", pointer, text) for text in ("服务企业。", "服务乡村。")],
    )


LONG = {
    "empty paragraphs between": ["第一段。", "", "", "第二段。"],
    "indents": ["　　第一段。", "　　第二段。"],
    "spaces and tabs": ["  第一段。 ", "\t第二段\t。"],
    "a heading of the form": ["甲。", "四、提升计划项目经费预算", "乙。"],
    "the heading above": ["二、总体思路", "甲。"],
    "labels": ["县级科协名称", "负责人姓名：张三", "计划开支合计 3"],
    "cover lines": ["联系人：张三", "电子信箱：\ta@example.org\t"],
    "the year of another": ["2019年度“县级科协创新发展能力提升计划”", "2021年"],
    "boxes": ["是☑  否□", "□是□否"],
    "a date line": ["年    月    日", "2021年3月9日"],
    "markup": ["{{ cover.applicant }}", "<b>&amp;</b>"],
    "rare characters": ["𠅤𬭎😀", "①②③ ＡＢＣ"],
}


@pytest.mark.parametrize("lines", LONG.values(), ids=LONG)
@pytest.mark.parametrize(("table", "pointer"), [(1, "/overall_approach"), (2, "/goals_and_measures")])
def test_a_long_text_is_kept_line_by_line(table, pointer, lines):
    paper = Paper()
    put(paper.tables[table].find(f"{W}tr/{W}tc"), *lines)
    assert_reads(paper, {pointer: "\n".join(lines)})


@pytest.mark.parametrize("lines", LONG.values(), ids=LONG)
@pytest.mark.parametrize(("label", "pointer"), [("背景", "/background"), ("备注", "/remarks")])
def test_a_long_text_of_a_case(label, pointer, lines):
    paper = Paper("annex3")
    put(paper.value(label), *lines)
    assert_reads(paper, {pointer: "\n".join(lines)})


def test_line_breaks_in_a_long_text_are_lines():
    paper = Paper("annex3")
    put(paper.value("背景"), "第一行\n第二行", "第三行")
    assert_reads(paper, {"/background": "第一行\n第二行\n第三行"})


def test_a_page_break_in_a_long_text_is_no_line():
    paper = Paper("annex3")
    put(paper.value("背景"), t("第一") + '<w:r><w:br w:type="page"/></w:r>' + t("行"))
    assert_reads(paper, {"/background": "第一行"})


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["同意推荐。"], "同意推荐。"),
        (["同意推荐。", "", "请省科协审定。"], "同意推荐。\n\n请省科协审定。"),
        (["同意推荐。（单位盖章)"], "同意推荐。（单位盖章)"),
        (["2021年3月1日收到申报书。", "同意。"], "2021年3月1日收到申报书。\n同意。"),
        (["（单位盖章)", "同意。"], "（单位盖章)\n同意。"),
    ],
)
def test_an_opinion_above_the_seal(lines, text):
    paper = Paper()
    cell = paper.value("市科协意见")
    seal = next(each for each in reversed(cell) if each.findtext(f"{W}r/{W}t") == "（单位盖章)")
    for paragraph in list(cell.findall(W + "p"))[: list(cell.findall(W + "p")).index(seal)]:
        cell.remove(paragraph)
    for line in lines:
        seal.addprevious(retype(copy.deepcopy(seal), line))
    assert_reads(paper, {"/review/city_opinion/text": text})


def test_empty_lines_left_for_the_seal():
    paper = Paper(sample="minimal")
    for row in ("申报单位承诺", "市科协意见", "省科协意见"):
        for cell in paper.row(row).findall(W + "tc")[-1:]:
            first = cell.findall(W + "p")[0]
            for _ in range(3):
                first.addnext(elements("<w:p/>")[0])
    assert_reads(paper)


@pytest.mark.parametrize("seal", ["（单位盖章）", "(单位盖章)", "（盖章）", "单位（盖章）：", ""])
def test_the_words_for_the_seal_typed_again(seal):
    paper = Paper()
    cell = put(paper.value("市科协意见"), "同意推荐申报。", seal, "2021年3月18日")
    paper.data["review"]["city_opinion"]["text"] = text_of(cell.find(W + "p"))
    pointers = ["/review/city_opinion/text", "/review/city_opinion/date"]
    if seal in ("（单位盖章）", "(单位盖章)"):
        assert_reads(paper)
    else:
        whole = "同意推荐申报。 " + (f"{seal} " if seal else "") + "2021年3月18日"
        assert_reads(paper, dict.fromkeys(pointers), [("unreadable", pointer, whole) for pointer in pointers])


@pytest.mark.parametrize(
    "lines",
    [
        ("同意推荐申报。", "（单位盖章)    2021年3月18日"),
        ("同意推荐申报。   （单位盖章)", "2021年3月18日"),
        ("同意推荐申报。", "", "（单位盖章)", "", "2021年3月18日", ""),
    ],
)
def test_opinion_seal_and_date_in_other_lines(lines):
    paper = Paper()
    put(paper.value("市科协意见"), *lines)
    assert_reads(paper, {"/review/city_opinion/text": "同意推荐申报。"})


def test_a_date_below_its_label():
    paper = Paper()
    put(paper.paragraph("最近一次换届日期").getparent(), "最近一次换届日期：", "2019年11月20日")
    assert_reads(paper)


def test_a_signature_that_was_typed():
    paper = Paper()
    retype(paper.paragraph("法人（负责人）签字"), "法人（负责人）签字：陆怀川")
    assert_reads(paper, {}, [("unread_text", "/review/applicant_date", "陆怀川")])


def test_fields_for_page_numbers_and_dates_around():
    paper = Paper()
    paper.paragraph("三、目标任务").extend(elements(field("PAGE", None)))
    retype(
        paper.paragraph("最近一次换届日期"),
        "最近一次换届日期：",
        field('DATE \\@ "yyyy年M月d日"', "2019年11月20日"),
    )
    assert_reads(paper)
