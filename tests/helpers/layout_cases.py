"""Filled forms with one thing changed each, and the differences that must be named: code, place, message."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from service import catalog, generate
from service.layout import certify
from tests.helpers.docx_edit import (
    cell,
    edited,
    found,
    paragraph,
    properties,
    put,
    reword,
    row,
    table,
    with_part,
)
from tests.helpers.docx_read import W

Change = Callable[[etree._Element], None]
CASES: list[tuple[str, Callable[[bytes], bytes], list[tuple[str, str, str]]]] = []
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def filled(form: str, sample: str = "full") -> bytes:
    """A sample of a form of 2021, or the blank one, as .docx."""
    edition = catalog.edition(form, 2021)
    payload = {} if sample == "blank" else edition.sample(sample)
    return generate(form, 2021, payload, ("docx",))["docx"]


def reported(docx: bytes, form: str) -> list[tuple[str, str, str]]:
    """The differences that the certificate of a .docx names: code, place, message."""
    certificate = certify(docx, catalog.edition(form, 2021))
    return [(each.code, each.place.zh, each.message.zh) for each in certificate.differences]


def case(form: str, *expected: tuple[str, str, str]) -> Callable[[Change], Change]:
    """A change to a document's tree; the message is a part of the Chinese one."""

    def register(change: Change) -> Change:
        def edit(docx: bytes) -> bytes:
            return edited(docx, change)

        edit.__name__ = change.__name__
        CASES.append((form, edit, list(expected)))
        return change

    return register


@case("annex2", ("heading_changed", "标题“三、目标任务和计划措施”", "现为“三、目标任务和工作措施”"))
def heading_reworded(root):
    reword(paragraph(root, "三、目标任务"), "计划措施", "工作措施")


@case("annex2", ("heading_missing", "标题“四、提升计划项目经费预算”", "缺失"))
def heading_removed(root):
    old = paragraph(root, "四、提升计划项目经费预算")
    old.getparent().remove(old)


@case("annex2", ("heading_changed", "标题“2021年度“县级科协创新发展能力提升计划””", "现为“2022年度"))
def year_of_the_title_changed(root):
    reword(paragraph(root, "2021年度“县级"), "2021", "2022")


@case("annex2", ("text_changed", "段落“申报单位（公章）：”", "申请单位（公章）"))
def cover_label_reworded(root):
    reword(paragraph(root, "申报单位（公章）"), "申报单位", "申请单位")


@case("annex2", ("text_missing", "段落“四、申报书可从", "缺失"))
def note_removed(root):
    old = paragraph(root, "四、申报书可从江苏公众科技网")
    old.getparent().remove(old)


@case("annex2", ("text_added", "“填报说明”之后", "多了一段“特别提示：请双面打印。”"))
def note_added(root):
    title = paragraph(root, "填报说明")
    new = copy.deepcopy(title)
    reword(new, "填报说明", "特别提示：请双面打印。")
    title.addnext(new)


@case("annex2", ("paragraph_moved", "标题“五、审核意见”", "不在原来的位置"))
def heading_moved_below_its_table(root):
    table(root, 5).addnext(paragraph(root, "五、审核意见"))


@case("annex2", ("label_changed", "第1个表格第1行第1格", "“县级科协名称”被改动，现为“县科协名称”"))
def label_reworded(root):
    reword(cell(root, 1, 1, 1), "县级科协名称", "县科协名称")


@case("annex2", ("fixed_text_changed", "第1个表格第6行第2格", "最近一次换届日期"))
def words_in_a_filled_cell_reworded(root):
    reword(cell(root, 1, 6, 2), "最近一次换届日期", "上次换届")


@case("annex2", ("fixed_text_changed", "第5个表格第1行第1格", "申报单位承诺"))
def seal_words_removed(root):
    reword(cell(root, 5, 1, 1), "（单位盖章)", "")


@case("annex2", ("box_changed", "第1个表格第3行第2格", "“是”后的方框被换成“√”"))
def box_replaced(root):
    reword(cell(root, 1, 3, 2), "☑", "√")


@case("annex2", ("box_removed", "第1个表格第3行第2格", "“否”后的方框被删去"))
def box_removed(root):
    reword(cell(root, 1, 3, 2), "□", "")


@case("annex2", ("cell_split", "第1个表格第1行第2格", "单元格被拆分"))
def merged_cell_split(root):
    old = cell(root, 1, 1, 2)
    new = copy.deepcopy(old)
    for each, span, width in ((old, "2", "2018"), (new, "4", "4650")):
        each.find(f"{W}tcPr/{W}gridSpan").set(W + "val", span)
        each.find(f"{W}tcPr/{W}tcW").set(W + "w", width)
    old.addnext(new)


@case("annex2", ("cells_merged", "第1个表格第2行第1格", "单元格被合并"))
def cells_merged(root):
    kept, gone = cell(root, 1, 2, 1), cell(root, 1, 2, 2)
    kept.find(f"{W}tcPr/{W}tcW").set(W + "w", "2630")
    kept.find(f"{W}tcPr/{W}tcW").addnext(etree.Element(W + "gridSpan", {W + "val": "2"}))
    gone.getparent().remove(gone)


@case("annex2", ("vertical_merge_split", "第1个表格第6行第1格", "与上方合并的单元格被拆分"))
def vertical_merge_broken(root):
    for at in (5, 6):
        merge = cell(root, 1, at, 1).find(f"{W}tcPr/{W}vMerge")
        merge.getparent().remove(merge)


@case("annex2", ("cells_merged_vertically", "第1个表格第3行第5格", "与上方的单元格被合并"))
def cells_merged_down(root):
    for at, start in ((2, "restart"), (3, "continue")):
        each = cell(root, 1, at, 5).find(W + "tcPr")
        each.find(W + "vAlign").addprevious(etree.Element(W + "vMerge", {W + "val": start}))


@case(
    "annex2", ("row_missing", "第1个表格第6行之后", "缺少“乡镇（个） 街道（个） 社区（个） 行政村（个）”一行")
)
def row_deleted(root):
    old = row(root, 1, 7)
    old.getparent().remove(old)


@case("annex2", ("row_added", "第1个表格第3行", "多了一行“微信公众号 kexie”"))
def row_added(root):
    new = copy.deepcopy(row(root, 1, 1))
    for each, text in zip(new.iter(W + "t"), ("微信公众号", "kexie"), strict=True):
        each.text = text
    row(root, 1, 2).addnext(new)


@case(
    "annex2",
    ("table_width_changed", "第4个表格", "80%"),
    ("columns_changed", "第4个表格", "应有3格，现有2格（共11处）"),
    ("columns_changed", "第4个表格第12行", "应有2格，现有1格"),
)
def column_removed(root):
    for each in found(table(root, 4), "w:tr"):
        cells = each.findall(W + "tc")
        each.remove(cells[-1])
    columns = found(table(root, 4), "w:tblGrid/w:gridCol")
    columns[-1].getparent().remove(columns[-1])


@case("annex2", ("column_width_changed", "第4个表格", "列宽与正式表单不同"))
def column_narrowed(root):
    widths = ["2900", "4500", "1898"]
    for column, width in zip(found(table(root, 4), "w:tblGrid/w:gridCol"), widths, strict=True):
        column.set(W + "w", width)
    for each in found(table(root, 4), "w:tr[count(w:tc) = 3]"):
        for place, width in zip(found(each, "w:tc/w:tcPr/w:tcW"), widths, strict=True):
            place.set(W + "w", width)


@case("annex2", ("table_missing", "正式表单第4个表格", "缺失"))
def table_removed(root):
    old = table(root, 4)
    old.getparent().remove(old)


@case("annex3", ("table_added", "第2个表格", "正式表单没有这个表格"))
def table_added(root):
    new = put(
        root[0],
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='900'/></w:tblGrid><w:tr><w:tc><w:tcPr/>"
        "<w:p><w:r><w:t>附表</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    )
    paragraph(root, "注：重点突出举措").addprevious(new)


@case("annex2", ("table_alignment_changed", "第5个表格", "水平位置"))
def table_moved_to_the_left(root):
    table(root, 5).find(f"{W}tblPr/{W}jc").set(W + "val", "left")


@case("annex2", ("border_missing", "第2个表格第1行第1格", "左框线缺失"))
def border_removed(root):
    whole = cell(root, 2, 1, 1).find(W + "tcPr")
    whole.find(W + "tcW").addnext(etree.Element(W + "tcBorders"))
    put(whole.find(W + "tcBorders"), '<w:left w:val="nil"/>')


@case("annex2", ("border_missing", "第4个表格", "右框线缺失（共"))
def inner_lines_removed(root):
    table(root, 4).find(f"{W}tblPr/{W}tblBorders/{W}insideV").set(W + "val", "none")


@case("annex2", ("border_changed", "第3个表格第1行第1格", "上框线"))
def border_doubled(root):
    table(root, 3).find(f"{W}tblPr/{W}tblBorders/{W}top").set(W + "val", "double")


@case("annex2", ("margin_changed", "页面设置", "左边距由23.0变为31.8毫米"))
def margin_changed(root):
    found(root, "w:body/w:sectPr/w:pgMar")[0].set(W + "left", "1803")


@case("annex2", ("orientation_changed", "页面设置", "纸张方向"))
def landscape(root):
    size = found(root, "w:body/w:sectPr/w:pgSz")[0]
    size.attrib.update({W + "w": "16838", W + "h": "11906", W + "orient": "landscape"})


@case("annex3", ("paper_changed", "页面设置", "216.0×279.4毫米"))
def letter_paper(root):
    size = found(root, "w:body/w:sectPr/w:pgSz")[0]
    size.attrib.update({W + "w": "12246", W + "h": "15840"})


@case("annex3", ("page_columns_changed", "页面设置", "分栏"))
def two_columns(root):
    put(found(root, "w:body/w:sectPr")[0], '<w:cols w:num="2" w:space="425"/>', 99)


@case("annex2", ("font_changed", "标题“一、基本情况”", "字体由“黑体”变为“楷体_GB2312”"))
def font_of_a_heading_changed(root):
    run = paragraph(root, "一、基本情况").find(W + "r")
    properties(run, "rPr").find(W + "rFonts").set(W + "eastAsia", "楷体")


@case("annex2", ("size_changed", "标题“一、基本情况”", "字号由16磅变为22磅"))
def size_of_a_heading_changed(root):
    put(properties(paragraph(root, "一、基本情况").find(W + "r"), "rPr"), '<w:sz w:val="44"/>', 9)


@case("annex2", ("bold_changed", "第1个表格第1行第1格", "加粗"))
def bold_label(root):
    put(properties(cell(root, 1, 1, 1).find(f"{W}p/{W}r"), "rPr"), "<w:b/>", 9)


@case("annex2", ("font_differs", "第1个表格第2行第2格", "填写的文字字体为“宋体”，应为“仿宋_GB2312”"))
def value_in_another_font(root):
    run = cell(root, 1, 2, 2).find(f"{W}p/{W}r")
    properties(run, "rPr").find(W + "rFonts").set(W + "eastAsia", "宋体")


@case("annex2", ("font_differs", "第2个表格第1行第1格", "字号为10.5磅，应为12磅"))
def value_in_another_size(root):
    for run in cell(root, 2, 1, 1).iter(W + "r"):
        put(properties(run, "rPr"), '<w:sz w:val="21"/>', 9)


@case("annex2", ("alignment_changed", "第1个表格第2行第1格", "由居中变为左对齐"))
def label_to_the_left(root):
    put(cell(root, 1, 2, 1).find(f"{W}p/{W}pPr"), '<w:jc w:val="left"/>', 9)


@case("annex2", ("shading_changed", "第1个表格第1行第1格", "底色"))
def cell_shaded(root):
    put(cell(root, 1, 1, 1).find(W + "tcPr"), '<w:shd w:val="clear" w:color="auto" w:fill="D9D9D9"/>', 2)


@case("annex2", ("colour_changed", "标题“二、总体思路”", "颜色"))
def red_heading(root):
    put(properties(paragraph(root, "二、总体思路").find(W + "r"), "rPr"), '<w:color w:val="FF0000"/>', 9)


@case("annex2", ("row_height_changed", "第5个表格第2行", "行高由49.4变为17.6毫米"))
def row_made_lower(root):
    row(root, 5, 2).find(f"{W}trPr/{W}trHeight").set(W + "val", "1000")


@case("annex2", ("header_row_changed", "第4个表格第1行", "重复标题行"))
def header_row_no_longer_repeated(root):
    row(root, 4, 1).find(W + "trPr").remove(row(root, 4, 1).find(f"{W}trPr/{W}tblHeader"))


@case("annex2", ("page_number_missing", "页脚", "缺少页码"))
def footer_removed(root):
    reference = found(root, "w:body/w:sectPr/w:footerReference")[0]
    reference.getparent().remove(reference)


@case("annex2", ("tracked_change", "第1个表格第2行", "修订"))
def tracked_change_left(root):
    run = cell(root, 1, 2, 2).find(f"{W}p/{W}r")
    change = put(run.getparent(), '<w:ins w:id="7" w:author="甲" w:date="2021-03-01T00:00:00Z"/>', 1)
    change.append(run)


@case("annex2", ("comment", "段落“二、总体思路”", "批注"))
def comment_left(root):
    put(paragraph(root, "二、总体思路"), '<w:r><w:commentReference w:id="0"/></w:r>', 9)


@case("annex3", ("text_box_added", "段落“附件3”", "加急"))
def text_box_added(root):
    put(
        paragraph(root, "附件3"),
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>加急</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
        9,
    )


@case("annex2", ("footnote_added", "段落“二、总体思路”", "脚注"))
def footnote_added(root):
    put(paragraph(root, "二、总体思路"), '<w:r><w:footnoteReference w:id="2"/></w:r>', 9)


@case("annex2", ("numbering_changed", "标题“三、目标任务和计划措施”", "自动编号"))
def heading_numbered_by_word(root):
    heading = paragraph(root, "三、目标任务")
    reword(heading, "三、", "")
    put(properties(heading, "pPr"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>', 1)


@case("annex2", ("page_break_missing", "标题“填报说明”", "缺少分页"))
def page_break_removed(root):
    old = paragraph(root, "填报说明").find(f"{W}pPr/{W}pageBreakBefore")
    old.getparent().remove(old)


@case("annex2", ("page_break_added", "标题“五、审核意见”", "多了分页"))
def page_break_added(root):
    put(paragraph(root, "五、审核意见"), '<w:r><w:br w:type="page"/></w:r>', 1)


@case("annex2", ("spacing_changed", "段落“一、本申报书为项目评审", "行距"))
def line_spacing_changed(root):
    put(
        paragraph(root, "一、本申报书为项目评审").find(W + "pPr"),
        '<w:spacing w:line="360" w:lineRule="auto"/>',
        1,
    )


@case("annex2", ("spacing_changed", "段落“一、本申报书为项目评审", "缩进"))
def indent_removed(root):
    put(paragraph(root, "一、本申报书为项目评审").find(W + "pPr"), '<w:ind w:firstLine="0"/>', 1)


@case("annex3", ("empty_paragraph_added", "“附件3”之后", "多了一个空段落"))
def empty_paragraph_added(root):
    paragraph(root, "附件3").addnext(etree.Element(W + "p"))


@case("annex1", ("label_changed", "第1个表格第2行第2格", "深入基层一线"))
def indicator_reworded(root):
    reword(cell(root, 1, 2, 2), "深入基层一线", "走进基层")


@case("annex1", ("fixed_text_changed", "第1个表格第2行第3格", "“/4”被改动，现为“4/5”"))
def maximum_changed(root):
    list(cell(root, 1, 2, 3).iter(W + "t"))[-1].text = "5"


def header_added(docx: bytes) -> bytes:
    """A header with a line of text."""
    header = f'<w:hdr xmlns:w="{W.strip("{}")}"><w:p><w:r><w:t>某某县科协</w:t></w:r></w:p></w:hdr>'

    def refer(root):
        new = put(found(root, "w:body/w:sectPr")[0], '<w:headerReference w:type="default"/>')
        new.set(f"{{{_R}}}id", "rNew")

    return edited(with_part(docx, "header9.xml", header, "header"), refer)


CASES.append(("annex2", header_added, [("margin_text_changed", "页眉", "某某县科协")]))
