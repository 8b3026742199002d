"""Cells split, joined, or with another label; values on several lines."""

from __future__ import annotations

import pytest

from service.extraction import extract
from tests.helpers.hand_made import Paper, W, assert_reads, joined, put, split_cell, text_of


def test_the_total_row_split():
    paper = Paper()
    label = paper.label("计划开支合计")
    split_cell(label, "计划开支合计", "")
    assert_reads(paper)


@pytest.mark.parametrize("texts", [("云泽县科协", ""), ("", "云泽县科协"), ("云泽县科协", "  ", "")])
def test_a_value_in_one_part_of_a_split_cell(texts):
    paper = Paper()
    split_cell(paper.value("县级科协名称"), *texts)
    assert_reads(paper, {"/basic_info/association_name": "云泽县科协"})


def test_text_in_both_parts_of_a_split_cell():
    paper = Paper()
    split_cell(paper.value("县级科协名称"), "云泽县", "科协")
    pointer = "/basic_info/association_name"
    assert_reads(paper, {pointer: "云泽县科协"}, [("cells_joined", pointer, "云泽县 科协")])


def test_a_cell_split_in_a_row_of_several_fields():
    paper = Paper()
    split_cell(paper.value("手机"), "138 0000 2719", "")
    assert_reads(paper)


@pytest.mark.parametrize("between", [" ", "：", "\n", ""])
def test_a_value_in_one_cell_with_its_label(between):
    paper = Paper()
    joined(paper.label("手机"), f"手机{between}138 0000 2719")
    assert_reads(paper)


def test_a_label_cell_that_took_in_its_empty_value_cell():
    paper = Paper()
    joined(paper.label("手机"), "手机")
    assert_reads(paper, {"/basic_info/mobile": None})


@pytest.mark.parametrize(
    ("label", "lines", "pointer", "value"),
    [
        ("办公电话", ["0520-5550 1234", "5550 1235"], "/basic_info/office_phone", "0520-5550 1234 5550 1235"),
        ("办公电话", ["0520-5550 1234\n5550 1235"], "/basic_info/office_phone", "0520-5550 1234 5550 1235"),
        ("县级科协名称", ["云泽县科学技术", "协会"], "/basic_info/association_name", "云泽县科学技术协会"),
    ],
)
def test_a_value_on_several_lines_of_a_one_line_field(label, lines, pointer, value):
    paper = Paper()
    put(paper.value(label), *lines)
    assert_reads(paper, {pointer: value}, [("cells_joined", pointer, " ".join("\n".join(lines).split()))])


@pytest.mark.parametrize("lines", [["", "陆怀川"], ["陆怀川", ""], ["", "陆怀川", "", ""], ["\n陆怀川\n"]])
def test_empty_lines_around_a_one_line_value(lines):
    paper = Paper()
    put(paper.value("负责人姓名"), *lines)
    assert_reads(paper)


@pytest.mark.parametrize("repeated", [False, True], ids=["split", "label repeated"])
def test_the_merged_label_of_the_four_heads_split(repeated):
    paper = Paper()
    for who in ("学校校长", "农技站站长", "科技型企业家"):
        cell = paper.row(who)[1]
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        merge.getparent().remove(merge)
        put(cell, "“四长”兼挂职情况" if repeated else "")
    assert_reads(paper)


def test_two_fields_of_a_row_changed_places():
    paper = Paper()
    row = paper.row("负责人姓名")
    for cell in row.findall(W + "tc")[2:4]:
        row.append(cell)
    assert_reads(paper)


@pytest.mark.parametrize("label", ["合计", "总计（万元）"])
def test_the_label_of_the_total_changed_is_reported(label):
    paper = Paper()
    put(paper.label("计划开支合计"), label)
    assert_reads(paper, {}, [("label_changed", "", label)])


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("负责人姓名", "主席姓名"),
        ("手机", "手机（必填）"),
        ("手机", "*手机"),
        ("金额（万元）", "金额（RMB）"),
    ],
)
def test_a_label_changed_beside_others_is_reported(label, typed):
    paper = Paper()
    put(paper.label(label), typed)
    assert_reads(paper, {}, [("label_changed", "", typed)])


def test_all_labels_of_a_row_changed_are_reported():
    paper = Paper()
    for label, typed in {"负责人姓名": "姓名", "办公电话": "电话", "手机": "移动电话"}.items():
        put(paper.label(label), typed)
    fields = ["leader_name", "office_phone", "mobile"]
    text = "姓名 陆怀川 电话 0520-5550 1234、5550 1235 移动电话 138 0000 2719"
    assert_reads(
        paper,
        dict.fromkeys(f"/basic_info/{name}" for name in fields),
        [
            *(("row_missing", f"/basic_info/{name}", "负责人姓名、办公电话、手机") for name in fields),
            ("row_added", "", text),
        ],
    )


def test_a_warning_names_field_place_and_text():
    paper = Paper()
    put(paper.value("编制数"), "约9")
    put(paper.row("服务企业创新")[-1], "待定")
    quota, amount = extract(paper.docx()).warnings
    assert (quota.label, quota.place.zh, quota.text) == ("编制数", "第1个表格第3行第6格", "约9")
    assert (amount.label, amount.place.zh, amount.text) == ("金额", "第4个表格第5行第3格", "待定")
    assert quota.place.en == "table 1, row 3, cell 6"
    assert amount.as_dict()["pointer"] == "/budget/items/3/amount"


@pytest.mark.parametrize(
    "typed",
    ["金额（元）", "金额(千元)", "金额（单位：元）", "金额 （ 亿元 ）", "金额（万美元）", "金额（元人民币）"],
)
def test_amounts_under_a_head_of_another_unit_are_reported_and_not_read(typed):
    paper = Paper()
    put(paper.label("金额（万元）"), typed)
    items = paper.data["budget"]["items"]
    cells = [row.findall(W + "tc")[-1] for row in paper.tables[3].findall(W + "tr")[1:]]
    pointers = [f"/budget/items/{number}/amount" for number in range(len(items))] + ["/budget/total"]
    warned = [("unit_differs", pointer, text_of(cell)) for pointer, cell in zip(pointers, cells, strict=True)]
    label = ("label_changed", "", " ".join(typed.split()))
    assert_reads(paper, dict.fromkeys(pointers), [label, *warned])


@pytest.mark.parametrize(
    "typed", ["金额（万）", "金额（人民币万元）", "金额（单位：万元）", "金额（万元人民币）", "金额"]
)
def test_amounts_under_a_head_of_the_same_unit_are_read(typed):
    paper = Paper()
    put(paper.label("金额（万元）"), typed)
    assert_reads(paper, {}, [("label_changed", "", typed)])


@pytest.mark.parametrize(
    ("typed", "read"), [("乡镇（千个）", False), ("乡镇（万元）", False), ("乡镇（家）", True)]
)
def test_a_count_beside_a_label_of_another_unit(typed, read):
    paper = Paper()
    put(paper.label("乡镇（个）"), typed)
    pointer, label = "/basic_info/townships", ("label_changed", "", typed)
    if read:
        assert_reads(paper, {}, [label])
    else:
        count = str(paper.data["basic_info"]["townships"])
        assert_reads(paper, {pointer: None}, [label, ("unit_differs", pointer, count)])
