"""The sheet that `sheet` writes can be filled in, read, corrected and read again, and loses nothing."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.tree import walk
from service import catalog, generate
from service.batch.inputs import sheet_columns as headings
from service.batch.inputs.check_item import check
from service.batch.inputs.read_input import read
from service.batch.jobs import item_errors
from service.batch.sheets import blank_sheet, guide, marked_sheet, payload_row
from service.cli import main
from service.errors import InvalidPayload, UnreadableInput
from service.submission import validate
from tests.helpers.batch import read_items, workbook, workbook_bytes
from tests.helpers.payloads import PAYLOADS


def blank(form):
    """The sheet that the command writes, opened."""
    answer = CliRunner().invoke(main, ["sheet", form, "--year", "2021", "-o", "-"])
    assert answer.exit_code == 0
    return openpyxl.load_workbook(io.BytesIO(answer.stdout_bytes))


def columns(sheet, row):
    """The column of each text of a row."""
    return {cell.value: cell.column for cell in sheet[row] if cell.value}


def test_the_same_sheet_has_the_same_bytes(edition):
    assert blank_sheet.make(edition) == blank_sheet.make(edition)


def test_an_empty_sheet_says_that_it_has_no_record(edition):
    with pytest.raises(UnreadableInput, match="文件中没有记录"):
        list(read(io.BytesIO(blank_sheet.make(edition))))


def test_every_leaf_has_a_column_that_its_heading_and_its_path_find(edition):
    known = headings.edition_columns(edition)
    sheet = blank(edition.form)[blank_sheet.SHEET]
    for row in (blank_sheet.HEADING_ROW, blank_sheet.PATH_ROW):
        texts = [cell.value for cell in sheet[row]][1:]
        assert [known.find(text) for text in texts] == list(payload_row.shown_columns(known))
        assert len(set(texts)) == len(texts)
    inside = {path for path, field in walk(edition.schema) if not field.inside}
    assert {
        tuple("*" if isinstance(key, int) else key for key in leaf.path)
        for leaf in payload_row.shown_columns(known)
    } == inside


def test_every_full_label_finds_its_column(edition):
    known = headings.edition_columns(edition)
    for leaf in known.leaves:
        assert known.find("·".join(leaf.labels)) == leaf
        assert known.find(leaf.name) == leaf


def rules(sheet):
    """The rule of each column, by its JSON path."""
    names = {cell.column_letter: cell.value for cell in sheet[blank_sheet.PATH_ROW]}
    return {names[str(rule.sqref).split("5")[0]]: rule for rule in sheet.data_validations.dataValidation}


def test_the_sheet_has_drop_downs_rules_limits_and_notes():
    sheet = blank("annex2")[blank_sheet.SHEET]
    found = rules(sheet)
    assert (found["basic_info.is_independent"].type, found["basic_info.is_independent"].formula1) == (
        "list",
        '"是,否"',
    )
    assert (found["basic_info.staff_quota"].type, found["basic_info.staff_quota"].formula2) == (
        "whole",
        "9999999",
    )
    assert found["basic_info.last_election_date"].type == "date"
    assert "ROUND" in found["budget.items.10.amount"].formula1
    assert "2000 字" in found["overall_approach"].prompt
    assert sheet.freeze_panes == "B5"
    notes = [cell.comment.text for cell in sheet[blank_sheet.HEADING_ROW]]
    assert all("\n" in note for note in notes)
    points = rules(blank("annex1")[blank_sheet.SHEET])["scores.5.3"]
    assert "<=8" in points.formula1
    assert "0 至 8 分" in points.prompt


def test_the_guide_names_every_column(edition):
    book = blank(edition.form)
    sheet, guide = book[blank_sheet.SHEET], book.worksheets[1]
    listed = {cell.value for cell in guide["B"]}
    assert set(columns(sheet, blank_sheet.PATH_ROW)) - {"id"} <= listed


def test_the_command_refuses_another_format(tmp_path):
    answer = CliRunner().invoke(main, ["sheet", "annex2", "--year", "2021", "-o", str(tmp_path / "a.xls")])
    assert answer.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def leaves(payload, path=()):
    """Each value of a payload with the JSON path of its column."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            yield from leaves(value, (*path, key))
    elif isinstance(payload, list):
        for number, value in enumerate(payload, 1):
            yield from leaves(value, (*path, str(number)))
    else:
        yield ".".join(path), payload


def typed(value):
    """What a person types for a value."""
    if isinstance(value, bool):
        return "是" if value else "否"
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


@pytest.mark.parametrize("name", ["full", "minimal"])
def test_a_sheet_that_is_filled_in_gives_the_documents_of_the_json(edition, name):
    book = blank(edition.form)
    sheet = book[blank_sheet.SHEET]
    where = columns(sheet, blank_sheet.PATH_ROW)
    sheet.cell(5, 1, "3201-0001")
    for path, value in leaves(edition.sample(name)):
        sheet.cell(5, where[path], typed(value))
    (item,) = read(io.BytesIO(workbook_bytes(book)))
    assert (item.form, item.year, item.id, str(item.place)) == (edition.form, 2021, "3201-0001", "申报数据!5")
    documents = [generate(edition.form, 2021, data, ("docx",)) for data in (item.data, edition.sample(name))]
    assert documents[0] == documents[1]


def blank_payload(value):
    """Whether nothing of a payload is to be written."""
    return all(inner is None or (isinstance(inner, str) and not inner.strip()) for _, inner in leaves(value))


def without_ends(value):
    """The data without the blanks around its texts, which a sheet does not keep."""
    if isinstance(value, dict):
        return {key: without_ends(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_ends(inner) for inner in value]
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize("form", PAYLOADS)
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_payload_survives_the_sheet(form, data):
    payloads = data.draw(
        st.lists(PAYLOADS[form].filter(lambda payload: not blank_payload(payload)), min_size=1, max_size=3)
    )
    edition = catalog.edition(form, 2021)
    try:
        wanted = [validate(edition, payload).data for payload in payloads]
    except InvalidPayload:
        assume(False)
    content = blank_sheet.make(edition, [(f"n-{number}", payload) for number, payload in enumerate(payloads)])
    found = list(read(io.BytesIO(content)))
    assert [item.id for item in found] == [f"n-{number}" for number in range(len(payloads))]
    assert [without_ends(check(item).data) for item in found] == [without_ends(data) for data in wanted]


ROWS = [
    ["汇总表"],
    ["编号", "申报单位", "手机", "是否独立建制", "编制数", "最近一次换届日期"],
    ["1", "甲县科协", "13800002719", "是", 7, datetime.date(2021, 3, 9)],
    ["2", "乙县科协", "电话", "可能", 7, datetime.date(2021, 3, 9)],
    [None, "丙县科协", "13800002719", "否", -1, "去年"],
]


HEADINGS = {"A2", "B2", "C2", "D2", "E2", "F2"}  # each has the note of its column


def failures(content, name="input.xlsx"):
    """The errors of each failed row, as a batch would have them."""
    failed = {}
    for item in read_items(content, name):
        try:
            check(item)
        except InvalidPayload as error:
            failed[item.place.sheet, item.place.number] = error.errors
    return failed


def marked(sheet):
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}


@pytest.fixture(params=["xlsx", "csv"])
def source(request, tmp_path):
    path = tmp_path / f"input.{request.param}"
    if request.param == "xlsx":
        path.write_bytes(workbook(ROWS, title="申报表"))
    else:
        lines = [",".join("" if value is None else str(value) for value in row) for row in ROWS]
        path.write_text("\n".join(lines), encoding="gb18030")
    return path


def test_failed_rows_are_marked_cell_by_cell(source):
    failed = failures(source.read_bytes(), source.name)
    book = openpyxl.load_workbook(io.BytesIO(marked_sheet.make(source, failed, "annex2", 2021)))
    sheet, page = book.worksheets
    assert page.title == guide.SHEET
    assert [row[1].value for row in sheet.iter_rows()] == [None, "申报单位", "乙县科协", "丙县科协"]
    assert marked(sheet) - HEADINGS == {"C3", "D3", "A4", "E4", "F4"}
    assert sheet["C3"].fill.fgColor.rgb.endswith("FFC7CE")
    assert "应为“是”或“否”" in sheet["D3"].comment.text
    assert sheet["G2"].value == "错误"
    lines = sheet["G3"].value.splitlines()
    assert [line.partition("：")[0] for line in lines] == ["C 列“手机”", "D 列“是否独立建制”"]
    assert "第 4 行" not in sheet["G3"].value + sheet["C3"].comment.text


def test_good_rows_stay_when_asked(source):
    failed = failures(source.read_bytes(), source.name)
    content = marked_sheet.make(source, failed, "annex2", 2021, good_rows=True)
    sheet, _ = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [row[1].value for row in sheet.iter_rows()][2:] == ["甲县科协", "乙县科协", "丙县科协"]
    assert marked(sheet) - HEADINGS == {"C4", "D4", "A5", "E5", "F5"}


def test_the_marked_sheet_is_mended_and_read_without_naming_the_form(source):
    failed = failures(source.read_bytes(), source.name)
    book = openpyxl.load_workbook(io.BytesIO(marked_sheet.make(source, failed, "annex2", 2021)))
    sheet, _ = book.worksheets
    for name, value in (("C3", 13800002719), ("D3", "否"), ("A4", 3), ("E4", 1), ("F4", "2021年3月9日")):
        sheet[name] = value
    second, third = (check(item) for item in read(io.BytesIO(workbook_bytes(book))))
    assert second.data["basic_info"]["mobile"] == "13800002719"
    assert third.data["basic_info"]["last_election_date"] == datetime.date(2021, 3, 9)


def test_the_marked_sheet_keeps_drop_downs_notes_and_guide(source):
    failed = failures(source.read_bytes(), source.name)
    book = openpyxl.load_workbook(io.BytesIO(marked_sheet.make(source, failed, "annex2", 2021)))
    sheet, page = book.worksheets
    found = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert found["D3:D5000"].formula1 == '"是,否"'
    assert found["A3:A5000"].formula1 == "COUNTIF($A$3:$A$5000,A3)=1"
    assert found["F3:F5000"].type == "date"
    assert sheet["D2"].comment.text.startswith("选“是”或“否”。")
    texts = [cell.value for cell in page["A"] if cell.value]
    assert any("从第 3 行填起" in text for text in texts)
    assert "是否独立建制" in texts


def test_the_marked_sheet_names_no_row_of_another_file(tmp_path):
    rows = [["编号", "申报单位", "联系人"], ["1", "甲", "乙"], ["1", "甲", "乙"], ["2", "丙", "丁"]]
    source = tmp_path / "input.xlsx"
    source.write_bytes(workbook(rows, merge=["B3:C3", "C4:C5"]))
    failed = failures(source.read_bytes())
    failed["Sheet1", 3] = (*failed["Sheet1", 3], item_errors.duplicate_id("1", "Sheet1!3", "Sheet1!2"))
    book = openpyxl.load_workbook(io.BytesIO(marked_sheet.make(source, failed, "annex2", 2021)))
    texts = [
        *(cell.value for cell in book["Sheet1"]["D"][1:]),
        *(cell.comment.text for row in book["Sheet1"].iter_rows(2) for cell in row if cell.comment),
    ]
    assert "编号与原表中前面的一行相同" in texts[0]
    assert not [text for text in texts if re.search("第 ?[0-9]+ ?行|row [0-9]|[A-Z][0-9]", text)]


def test_errors_of_a_row_are_in_the_order_of_its_columns():
    head = ["最近一次换届日期", "编号", "手机", "没有这一列", "申报单位"]
    rows = [head, ["去年", None, "电话", "多余", "甲" * 300]]
    (item,) = read_items(workbook(rows))
    with pytest.raises(InvalidPayload) as caught:
        check(item)
    ordered = item.place.in_columns_order(caught.value.errors)
    assert [item.place.column_of(error).letter for error in ordered] == ["A", "B", "C", "D", "E"]
    assert item.place.without_place(ordered[3]).zh.startswith("表单中没有“没有这一列”这一列")
    assert item.place.without_place(ordered[3]).en.startswith("The form has no column '没有这一列'")


def test_what_cannot_be_read_is_still_an_error_in_the_marked_sheet(tmp_path):
    source = tmp_path / "input.xlsx"
    source.write_bytes(workbook([["编号", "申报单位", "联系人"], ["1", "#REF!", "=1+1"]], errors=["B2"]))
    failed = failures(source.read_bytes())
    again = marked_sheet.make(source, failed, "annex2", 2021)
    assert [error.code for error in failures(again)["Sheet1", 2]] == ["error_cell", "error_cell"]


def test_money_keeps_its_digits():
    edition = catalog.edition("annex2", 2021)
    payload = {"budget": {"items": [{"amount": "1234567.89"}, {}, {"amount": 0.1}], "total": None}}
    (item,) = read(io.BytesIO(blank_sheet.make(edition, [("1", payload)])))
    assert check(item).data["budget"]["total"] == Decimal("1234567.99")
