"""Rows, columns and tables that were added, deleted, moved or repeated."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from service.extraction import extract
from tests.helpers.hand_made import (
    Paper,
    W,
    assert_reads,
    elements,
    flat,
    put,
    row_of,
    t,
)

BUDGET = "/budget/items"


def item(name, text, amount):
    return {"name": name, "item": text, "amount": Decimal(amount)}


def test_budget_rows_added_above_and_below():
    paper = Paper()
    first, total = paper.row("走访慰问与法律咨询"), paper.row("计划开支合计")
    first.addprevious(row_of(first, "首项", "首项内容", "1"))
    total.addprevious(row_of(first, "末项", "末项内容", "2.5"))
    put(paper.value("计划开支合计"), "49.10")
    items = [item("首项", "首项内容", "1"), *paper.data["budget"]["items"], item("末项", "末项内容", "2.5")]
    assert_reads(paper, {BUDGET: items, "/budget/total": Decimal("49.10")})


def test_empty_and_half_filled_budget_rows():
    paper = Paper()
    row = paper.row("服务企业创新")
    row.addnext(row_of(row, "", "", ""))
    row.addnext(row_of(row, "", "只有项目", ""))
    row.addnext(row_of(row, "只有名称", "  ", ""))
    row.addprevious(row_of(row, " ", "　", ""))
    items = list(paper.data["budget"]["items"])
    items[4:4] = [{"name": "只有名称"}, {"item": "只有项目"}]
    assert_reads(paper, {BUDGET: items})


def test_budget_rows_deleted():
    paper = Paper()
    table = paper.tables[3]
    for text in ("服务企业创新", "决策咨询"):
        table.remove(paper.row(text))
    items = [one for one in paper.data["budget"]["items"] if one["name"] not in ("服务企业创新", "决策咨询")]
    assert_reads(paper, {BUDGET: items})


def test_no_budget_row_is_left():
    paper = Paper(payload={"cover": {"applicant": "云泽县科协"}})
    table = paper.tables[3]
    for row in table.findall(W + "tr")[1:3]:
        table.remove(row)
    assert_reads(paper)


@pytest.mark.parametrize("name", ["计划开支名称", "小计算机培训", "市科协意见", "四、提升计划项目经费预算"])
def test_a_budget_item_called_like_a_label(name):
    paper = Paper()
    row = paper.row("服务企业创新")
    row.addnext(row_of(row, name, name, "3"))
    items = list(paper.data["budget"]["items"])
    items.insert(4, item(name, name, "3"))
    assert_reads(paper, {BUDGET: items})


def test_the_heading_row_of_the_budget_repeated_on_a_second_page():
    paper = Paper()
    paper.row("服务企业创新").addnext(copy.deepcopy(paper.row("计划开支名称")))
    assert_reads(paper)


def test_the_total_row_deleted():
    paper = Paper()
    paper.tables[3].remove(paper.row("计划开支合计"))
    assert_reads(paper, {"/budget/total": None}, [("row_missing", "/budget/total", "计划开支合计")])


PARKS = ["park_associations", "rural_tech_federations", "enterprise_federations"]
PARKS_MISSING = [
    ("row_missing", f"/basic_info/{name}", "园区科协(个)、县级农技协联合会(个)、县级企业科协联合会(个)")
    for name in PARKS
]


def test_a_row_of_the_first_table_deleted():
    paper = Paper()
    paper.tables[0].remove(paper.row("园区科协"))
    assert_reads(paper, dict.fromkeys(f"/basic_info/{name}" for name in PARKS), PARKS_MISSING)


def test_a_row_of_the_first_table_in_another_place_is_reported():
    paper = Paper()
    row = paper.row("园区科协")
    paper.row("乡镇科协").addprevious(row)
    added = "园区科协 （个） 3 县级农技协 联合会（个） 1 县级企业科协 联合会 （个） 1"
    assert_reads(
        paper,
        dict.fromkeys(f"/basic_info/{name}" for name in PARKS),
        [*PARKS_MISSING, ("row_added", "", added)],
    )


def test_a_row_added_to_the_first_table():
    paper = Paper()
    row = paper.row("县级科协名称")
    row.addnext(row_of(row, "统一社会信用代码", "13320000MB12345678"))
    assert_reads(paper, {}, [("row_added", "", "统一社会信用代码 13320000MB12345678")])


def test_an_empty_row_added_to_the_first_table():
    paper = Paper()
    row = paper.row("县级科协名称")
    row.addnext(row_of(row, "", ""))
    assert_reads(paper)


def test_a_column_added_to_the_budget():
    paper = Paper()
    for number, row in enumerate(paper.tables[3].findall(W + "tr")):
        extra = copy.deepcopy(row[-1])
        row.append(put(extra, ["备注", "自筹"][number] if number < 2 else ""))
    assert_reads(paper, {}, [("unread_text", "", "备注"), ("unread_text", "", "自筹")])


def test_an_empty_column_added_to_the_first_table():
    paper = Paper()
    for row in paper.tables[0].findall(W + "tr"):
        row.append(put(copy.deepcopy(row[-1]), ""))
    assert_reads(paper)


def test_an_empty_column_in_front_of_the_budget():
    paper = Paper()
    for number, row in enumerate(paper.tables[3].findall(W + "tr")):
        cells = row.findall(W + "tc")
        cells[0].addprevious(put(copy.deepcopy(cells[-1]), "序号" if number == 0 else ""))
    assert_reads(paper, {}, [("unread_text", "", "序号")])


def test_two_columns_of_the_budget_changed_places():
    paper = Paper()
    for row in paper.tables[3].findall(W + "tr")[:-1]:
        cells = row.findall(W + "tc")
        cells[0].addprevious(cells[1])
    assert_reads(paper)


def test_a_row_that_occurs_twice():
    paper = Paper()
    row = paper.row("负责人姓名")
    row.addnext(copy.deepcopy(row))
    text = "负责人姓名 陆怀川 办公电话 0520-5550 1234、5550 1235 手机 138 0000 2719"
    assert_reads(paper, {}, [("row_added", "", text)])


def test_a_table_deleted():
    paper = Paper()
    table = paper.tables[1]
    table.getparent().remove(table)
    assert_reads(paper, {"/overall_approach": None}, [("table_missing", "/overall_approach", "")])


def test_a_table_deleted_is_reported_at_each_of_its_fields():
    paper = Paper()
    table = paper.tables[-1]
    table.getparent().remove(table)
    gone = [pointer for pointer in flat(paper.data) if pointer.startswith("/review/")]
    found = [each.pointer for each in extract(paper.docx()).warnings if each.code == "table_missing"]
    assert gone
    assert set(gone) <= set(found)


def test_a_long_text_below_its_heading_without_a_table():
    paper = Paper()
    table = paper.tables[1]
    table.addprevious(elements("<w:p>" + t("总体思路写在表外。") + "</w:p>")[0])
    table.getparent().remove(table)
    assert_reads(
        paper,
        {"/overall_approach": None},
        [("table_missing", "/overall_approach", ""), ("unread_text", "", "总体思路写在表外。")],
    )


def test_a_long_text_over_several_rows():
    paper = Paper()
    row = paper.tables[1].find(W + "tr")
    put(row.find(W + "tc"), "第一行。")
    row.addnext(row_of(row, "第二行。"))
    assert_reads(paper, {"/overall_approach": "第一行。"}, [("row_added", "", "第二行。")])


def test_a_table_of_ones_own_between():
    paper = Paper()
    table = copy.deepcopy(paper.tables[3])
    for row in table.findall(W + "tr")[2:]:
        table.remove(row)
    put(table.find(f"{W}tr/{W}tc"), "项目分工")
    paper.paragraph("五、审核意见").addprevious(table)
    paper.paragraph("五、审核意见").addprevious(elements("<w:p/>")[0])
    assert_reads(
        paper,
        {},
        [
            ("unread_text", "", "项目分工 计划开支项目 金额（万元）"),
            ("unread_text", "", "服务科技工作者 “全国科技工作者日”活动周、走访慰问与法律咨询 5.20"),
        ],
    )
