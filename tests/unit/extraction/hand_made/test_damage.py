"""Any row or label of a form deleted, doubled, moved or made another: read as before, or reported."""

from __future__ import annotations

import copy

import pytest

from service.extraction import extract
from service.filled_form import examine
from tests.helpers.forms import FORMS
from tests.helpers.hand_made import Paper, W, elements, field, flat, put, set_property, t, text_of


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


def assert_reported(paper):
    read = extract(paper.docx(), paper.edition.form, 2021)
    assert read.warnings or flat(read.data) == flat(paper.data)


@pytest.mark.parametrize("damage", [delete, double, move_down, move_to_the_end])
@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_row_is_reported(form, damage):
    count = len(rows_of(Paper(form)))
    assert count >= 6
    for number in range(count):
        paper = Paper(form)
        damage(rows_of(paper)[number])
        assert_reported(paper)


def doubled(cell):
    cell.addnext(copy.deepcopy(cell))


def swapped(cell):
    """A label and the cell after it; not of two column headings, which name what is below them."""
    if cell.getnext() is not None and text_of(cell.getparent()) != "计划开支名称计划开支项目金额（万元）":
        cell.getnext().addnext(cell)


def emptied(cell):
    put(cell, "")


def renamed(cell):
    put(cell, "其他")


def lengthened(cell):
    put(cell, text_of(cell) + "说明")


@pytest.mark.parametrize("damage", [doubled, swapped, emptied, renamed, lengthened, delete])
@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_label_is_reported(form, damage):
    labels = printed_cells(form)
    found = [number for number, cell in enumerate(Paper(form).body.iter(W + "tc")) if text_of(cell) in labels]
    assert len(found) >= 6
    for number in found:
        paper = Paper(form)
        damage(list(paper.body.iter(W + "tc"))[number])
        assert_reported(paper)


NO_NUMBERS = ["", "x", "-1", "1.5", "1e999", "NaN", "0x1", "1_0", "٣", "9" * 5000]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda number: number[:8] or "empty")
def test_attributes_that_are_no_numbers(number):
    """Word reads past them; so the form is read, and its layout compared, as if they were not there."""
    paper = Paper()
    row = paper.row("负责人姓名")
    set_property(row, "trPr", f'<w:gridBefore w:val="{number}"/><w:trHeight w:val="{number}"/>')
    set_property(row[1], "tcPr", f'<w:gridSpan w:val="{number}"/><w:tcW w:w="{number}" w:type="dxa"/>')
    for column in paper.tables[1].iter(W + "gridCol"):
        column.set(W + "w", number)
    for page in paper.body.iter(W + "pgSz", W + "pgMar"):
        page.attrib.update(dict.fromkeys(page.attrib, number))
    for run in row.iter(W + "r"):
        set_property(run, "rPr", f'<w:sz w:val="{number}"/>')
    choices = (
        f'<w:ffData><w:ddList><w:result w:val="{number}"/><w:listEntry w:val="王小明"/></w:ddList></w:ffData>'
    )
    sign = f'<w:r><w:sym w:font="Wingdings" w:char="{number}z"/></w:r>'
    put(paper.value("负责人姓名"), field("FORMDROPDOWN", None, choices) + sign)
    paper.body.insert(0, elements(f"<w:p>{t('乙')}</w:p>")[0])
    found = examine(paper.docx())
    assert found.extraction.data["basic_info"] == paper.data["basic_info"] | {"leader_name": "王小明"}
    warned = [(each.code, each.pointer, each.text) for each in found.extraction.warnings]
    assert ("symbol", "/basic_info/leader_name", f"Wingdings {number}z".upper()[:60]) in [
        (code, pointer, text.upper()[:60]) for code, pointer, text in warned
    ]
    assert found.certificate is not None
    assert not found.certificate.official
