"""Rows that sum up others in a budget made by hand, and budgets that Word split in two."""

from __future__ import annotations

import copy

import pytest

from service.extraction import extract
from service.layout import certify
from tests.helpers.hand_made import Paper, W, assert_reads, elements, put, row_of, t


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("小计", "", "5.20"), "sum_row"),
        (("", "小 计：", "5.20"), "sum_row"),
        (("（一）小计", "", ""), "sum_row"),
        (("活动经费小计（万元）", "", "9"), "sum_differs"),
        (("合计", "合计", "5.20"), "sum_row"),
        (("走访慰问", "小计", "5.3"), "sum_differs"),
        (("计划开支合计", "", "45.60"), "sum_differs"),
        (("承前页", "", "5.20"), "sum_row"),
        (("过次页：", "", "5.20"), "sum_row"),
        (("其中：场地费", "", "1.00"), "sum_row"),
    ],
)
def test_a_sum_between_the_items_is_no_item(cells, code):
    paper = Paper()
    row = paper.row("走访慰问与法律咨询")
    row.addnext(row_of(row, *cells))
    text = " ".join(" ".join(cells).split())
    assert_reads(paper, {}, [(code, "", text)])


def test_sums_count_from_the_last_one_or_from_the_first_item():
    paper = Paper()
    rows = paper.tables[3].findall(W + "tr")[1:4]
    amounts = [item["amount"] for item in paper.data["budget"]["items"][:3]]
    rows[0].addnext(row_of(rows[0], "小计", "", str(amounts[0])))
    rows[2].addnext(row_of(rows[0], "累计", "", str(sum(amounts))))
    rows[2].addnext(row_of(rows[0], "小计", "", str(sum(amounts[1:]))))
    assert [warning.code for warning in extract(paper.docx()).warnings] == ["sum_row"] * 3


@pytest.mark.parametrize("words", ["合计", "总 计", "共计：", "经费合计（万元）"])
def test_a_total_in_other_words_is_the_total(words):
    paper = Paper()
    put(paper.label("计划开支合计"), words)
    assert_reads(paper, {}, [("label_changed", "", words)])


def test_a_total_in_a_row_like_an_item_is_the_total():
    paper = Paper()
    item, total = paper.row("走访慰问与法律咨询"), paper.row("计划开支合计")
    total.getparent().replace(total, row_of(item, "合计", "", "45.60"))
    assert_reads(paper, {}, [("label_changed", "", "合计")])


@pytest.mark.parametrize("at", [0, 1])
def test_a_total_above_or_below_the_heads_is_the_total(at):
    paper = Paper()
    total = paper.row("计划开支合计")
    paper.tables[3].findall(W + "tr")[at].addprevious(total)
    assert_reads(paper)


def test_repeated_heads_with_another_unit_count_for_the_rows_below():
    paper = Paper()
    rows = paper.tables[3].findall(W + "tr")
    rows[-2].addprevious(row_of(rows[1], "计划开支名称", "计划开支项目", "金额（元）"))
    read = extract(paper.docx())
    last = len(paper.data["budget"]["items"]) - 1
    assert [(each.code, each.pointer) for each in read.warnings] == [
        ("unit_differs", f"/budget/items/{last}/amount"),
        ("unit_differs", "/budget/total"),
    ]


def split(paper, at, *between, head=False):
    """Moves the rows of the budget from `at` on into a table of their own, behind `between`."""
    table = paper.tables[3]
    second = copy.deepcopy(table)
    rows, others = table.findall(W + "tr"), second.findall(W + "tr")
    for row in rows[at:]:
        table.remove(row)
    for row in others[(1 if head else 0) : at]:
        second.remove(row)
    table.addnext(second)
    for markup in reversed(between):
        table.addnext(elements(markup)[0])
    return paper


@pytest.mark.parametrize("head", [False, True])
@pytest.mark.parametrize("at", [2, 5, -1])
@pytest.mark.parametrize(
    "between", [(), ("<w:p/>",), ('<w:p><w:r><w:br w:type="page"/></w:r></w:p>', "<w:p/>")]
)
def test_a_budget_split_in_two_is_one(between, at, head):
    assert_reads(split(Paper(), at, *between, head=head))


@pytest.mark.parametrize("line", ["（续表）", "接上页", "单位：万元"])
def test_a_line_that_says_it_continues_is_reported_and_the_table_read(line):
    paper = split(Paper(), 4, f"<w:p>{t(line)}</w:p>", head=True)
    assert_reads(paper, {}, [("unread_text", "", line)])


def test_a_budget_in_three_parts_and_a_warning_in_the_last():
    paper = split(split(Paper(), 6, head=True), 3, "<w:p/>")
    put(paper.tables[5].findall(W + "tr")[1][-1], "约3")
    read = extract(paper.docx())
    assert [(each.code, each.pointer, each.place.zh) for each in read.warnings] == [
        ("unreadable", "/budget/items/5/amount", "第6个表格第2行第3格")
    ]


@pytest.mark.parametrize("between", [(), ("<w:p/>",)])
def test_the_certificate_names_a_split_table(between):
    paper = split(Paper(), 5, *between)
    codes = [difference.code for difference in certify(paper.docx(), paper.edition).differences]
    assert "table_split" in codes
    assert "table_added" not in codes


def test_a_first_table_split_in_two_is_one():
    paper = Paper()
    table = paper.tables[0]
    second = copy.deepcopy(table)
    for row in table.findall(W + "tr")[8:]:
        table.remove(row)
    for row in second.findall(W + "tr")[:8]:
        second.remove(row)
    table.addnext(second)
    table.addnext(elements("<w:p/>")[0])
    assert_reads(paper)
