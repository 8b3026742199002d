"""The sheet's columns of options: drop-down lists, words and keys read, and back again."""

from __future__ import annotations

import io

import openpyxl
import pytest

from schemas.fields import Choice, Option
from service.batch.inputs.read_input import read
from service.batch.inputs.sheet_columns import edition_columns
from service.batch.sheets import blank_sheet, guide
from tests.helpers.forms import choices


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield choices.publish(tmp_path_factory.mktemp("forms"), patch)


def test_a_choice_drops_down_and_only_own_words_may_be_another_text(edition):
    sheet = openpyxl.load_workbook(io.BytesIO(blank_sheet.make(edition)))[blank_sheet.SHEET]
    names = {cell.column_letter: cell.value for cell in sheet[blank_sheet.PATH_ROW]}
    rules = {names[str(each.sqref).split("5")[0]]: each for each in sheet.data_validations.dataValidation}
    assert (rules["level"].formula1, rules["level"].errorStyle) == ('"国家级,省级,校级"', None)
    assert (rules["rank"].formula1, rules["rank"].errorStyle) == ('"教授,副教授,其他"', "warning")
    assert "sources" not in rules


def test_what_a_sheet_shows_of_a_payload_is_read_as_that_payload(edition):
    made = blank_sheet.make(edition, [("a", choices.FULL), ("b", {"sources": ["other", "own"]})])
    sheet = openpyxl.load_workbook(io.BytesIO(made))[blank_sheet.SHEET]
    names = {cell.value: cell.column for cell in sheet[blank_sheet.PATH_ROW]}
    expected = {"level": "省级", "sources": "财政拨款、其他：社会捐赠", "rank": "副教授"}
    assert {name: sheet.cell(blank_sheet.FIRST_ROW, names[name]).value for name in expected} == expected
    items = list(read(io.BytesIO(made)))
    assert [item.errors for item in items] == [(), ()]
    assert [item.data for item in items] == [choices.FULL, {"sources": ["own", "other"]}]


def test_another_text_is_an_error_that_names_the_options(edition):
    made = openpyxl.load_workbook(io.BytesIO(blank_sheet.make(edition, [("a", {"level": "school"})])))
    sheet = made[blank_sheet.SHEET]
    column = next(cell.column for cell in sheet[blank_sheet.PATH_ROW] if cell.value == "level")
    sheet.cell(blank_sheet.FIRST_ROW, column, "市级")
    out = io.BytesIO()
    made.save(out)
    (item,) = read(io.BytesIO(out.getvalue()))
    (error,) = item.errors
    assert (error.pointer, error.code) == ("/level", "not_an_option")
    assert error.message.zh.endswith("应为下列各项之一：国家级、省级、校级。")


def test_a_list_too_long_for_a_rule_is_in_cells_of_the_guide(edition):
    options = [Option(f"o{number}", f"第{number}类，甲等") for number in range(60)]
    field = Choice("类别", *options)
    (leaf, *_) = [each for each in edition_columns(edition).leaves if each.name == "level"]
    long = type(leaf)(leaf.path, leaf.labels, field)
    assert guide.drop_down([leaf, long], field.column.choices) == f"'{guide.SHEET}'!$F$1:$F$60"
    book = openpyxl.Workbook()
    guide.add_guide(book, guide.SHEET, edition_columns(edition), [leaf, long], guide.GuideRows(3, 5))
    page = book[guide.SHEET]
    assert [page.cell(row, 6).value for row in (1, 60)] == ["第0类，甲等", "第59类，甲等"]
    assert page.column_dimensions["F"].hidden
