"""Any row or label of a form deleted, doubled, moved or made another: read as before, or told."""

from __future__ import annotations

import copy

import pytest
from hand_made import Paper, W, flat, put, text_of

from service.extraction import extract


def rows_of(paper):
    """The rows that hold labels; those of the budget's items may be any."""
    labels = printed_cells(paper.edition.form)
    rows = paper.body.iter(W + "tr")
    return [row for row in rows if any(text_of(cell) in labels for cell in row.iter(W + "tc"))]


def printed_cells(form):
    """The labels and the fixed text of a blank form's cells."""
    return {text_of(cell) for cell in Paper(form, {}).body.iter(W + "tc")} - {""}


def delete(row):
    row.getparent().remove(row)


def double(row):
    row.addnext(copy.deepcopy(row))


def move_down(row):
    if row.getnext() is not None:
        row.getnext().addnext(row)


def move_to_the_end(row):
    row.getparent().append(row)


def assert_told(paper):
    read = extract(paper.docx(), paper.edition.form, 2021)
    assert read.warnings or flat(read.data) == flat(paper.data)


@pytest.mark.parametrize("damage", [delete, double, move_down, move_to_the_end])
@pytest.mark.parametrize("form", ["annex1", "annex2", "annex3"])
def test_a_damaged_row_is_told(form, damage):
    count = len(rows_of(Paper(form)))
    assert count >= 6
    for number in range(count):
        paper = Paper(form)
        damage(rows_of(paper)[number])
        assert_told(paper)


def doubled(cell):
    cell.addnext(copy.deepcopy(cell))


def swapped(cell):
    """A label and the cell after it; of two heads of columns, whichever stands above tells what is below."""
    if cell.getnext() is not None and text_of(cell.getparent()) != "计划开支名称计划开支项目金额（万元）":
        cell.getnext().addnext(cell)


def emptied(cell):
    put(cell, "")


def renamed(cell):
    put(cell, "其他")


def lengthened(cell):
    put(cell, text_of(cell) + "说明")


@pytest.mark.parametrize("damage", [doubled, swapped, emptied, renamed, lengthened, delete])
@pytest.mark.parametrize("form", ["annex1", "annex2", "annex3"])
def test_a_damaged_label_is_told(form, damage):
    labels = printed_cells(form)
    found = [number for number, cell in enumerate(Paper(form).body.iter(W + "tc")) if text_of(cell) in labels]
    assert len(found) >= 6
    for number in found:
        paper = Paper(form)
        damage(list(paper.body.iter(W + "tc"))[number])
        assert_told(paper)
