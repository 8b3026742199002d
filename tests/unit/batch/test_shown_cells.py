"""A cell of a workbook is read as the sheet shows it, or is an error of its own row."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule, Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from service.batch.inputs.check_item import check
from service.batch.inputs.number_format import number_format
from service.batch.sheets import marked_sheet
from service.errors import InvalidPayload
from tests.helpers.batch import read_item, read_items, rewritten, workbook, workbook_bytes

SHEET = "xl/worksheets/sheet1.xml"


def book_of(*rows):
    """A workbook with a sheet of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def shown(heading, value, format):
    """The item of a sheet with one cell in a number format."""
    return read_item(workbook([["编号", heading], ["a-1", value]], formats={"B2": format}))


def leaf(item):
    value = item.data
    while isinstance(value, dict):
        value = next(iter(value.values()))
    return value


def codes(item):
    return [error.code for error in item.errors]


@pytest.mark.parametrize(
    ("heading", "value", "format", "wanted"),
    [
        ("办公电话", 5125550123, "00000000000", "05125550123"),
        ("办公电话", 51255501234, "0000-00000000", "0512-55501234"),
        ("办公电话", 51255501234, "0000!-00000000", "0512-55501234"),
        ("办公电话", 5550123, '"0512-"0000000', "0512-5550123"),
        ("办公电话", 5550123, "[<=9999999]###-####;(###) ###-####", "555-0123"),
        ("申报单位", 7, '"第"0"号"', "第7号"),
        ("申报单位", 7, 'General"号"', "7号"),
        ("申报单位", "云泽县", '@"科协"', "云泽县科协"),
        ("申报单位", "云泽县", '0;0;0;"江苏"@', "江苏云泽县"),
        ("申报单位", 123, "@", "123"),
        ("计划开支合计", 35000, "0!.0,", Decimal("3.5")),
        ("计划开支合计", 35000, '0!.0,"万"', Decimal("3.5")),
        ("计划开支合计", 35000, '0"."0,"万元"', Decimal("3.5")),
        ("计划开支合计", 12000, "0,", 12),
        ("计划开支合计", 12500, "#,##0.0,", Decimal("12.5")),
        ("计划开支合计", 12.5, "0.00", Decimal("12.5")),
        ("计划开支合计", 12.5, "General", Decimal("12.5")),
        ("计划开支合计", 12, "0.##", 12),
        ("计划开支合计", 0.5, "#.00", Decimal("0.5")),
        ("计划开支合计", 1234.5, "[$¥-804]#,##0.00", Decimal("1234.5")),
        ("计划开支合计", 0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0),
        ("计划开支合计", 8, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 8),
        ("编制数", 12, '0"人"', 12),
        ("编制数", 1234, "#,##0", 1234),
        ("编制数", 7, "000", 7),
        ("是否独立建制", 1, '[=1]"是";"否"', True),
        ("是否独立建制", 0, '"是";;"否"', False),
        ("最近一次换届日期", 20210309, "0000-00-00", "2021-03-09"),
        ("最近一次换届日期", 20210309, '0000"年"00"月"00"日"', "2021-03-09"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(heading, value, format, wanted):
    item = shown(heading, value, format)
    assert (item.errors, leaf(item)) == ((), wanted)


@pytest.mark.parametrize(
    ("value", "format", "id"), [(42, "000000", "000042"), (7, '"3209-"0000', "3209-0007"), (7, "0_ ", "7")]
)
def test_an_id_keeps_the_zeros_that_the_sheet_shows(value, format, id):
    item = read_item(workbook([["编号", "申报单位"], [value, "甲"]], formats={"A2": format}))
    assert (item.id, item.errors) == (id, ())


@pytest.mark.parametrize(
    ("heading", "value", "format", "code"),
    [
        ("计划开支合计", 12.345, "0.00", "rounded_cell"),
        ("计划开支合计", 12.3, "0", "rounded_cell"),
        ("计划开支合计", 35040, "0!.0,", "rounded_cell"),
        ("编制数", -5, "0;0", "rounded_cell"),
        ("计划开支合计", 0.125, "0.0%", "not_an_amount"),
        ("计划开支合计", 35000, '0.0,"千元"', "not_an_amount"),
        ("编制数", 12, "[DBNum1]0", "unclear_format"),
        ("编制数", 12, "[DBNum2][$-804]General", "unclear_format"),
        ("计划开支合计", 1.5, "# ?/?", "unclear_format"),
        ("办公电话", 5125550123, "0.00E+00", "unclear_format"),
        ("办公电话", 5125550123, "**0", "unclear_format"),
        ("编制数", 12, ";;;", "invisible_cell"),
        ("编制数", 0, "#", "invisible_cell"),
        ("申报单位", "甲", ";;;", "invisible_cell"),
        ("最近一次换届日期", 44256, 'yyyy"年"m"月"', "part_of_date"),
        ("最近一次换届日期", 44264, "m月d日", "part_of_date"),
        ("最近一次换届日期", 44256, "mmm-yy", "part_of_date"),
        ("申报单位", 44256, "mmm-yy", "part_of_date"),
        ("最近一次换届日期", 7264, "yy-m-d", "part_of_date"),
        ("申报单位", 0.5, "h:mm", "date_for_text"),
        ("编制数", 0.5, "h:mm", "not_a_count"),
    ],
)
def test_what_a_format_leaves_unclear_is_an_error_of_the_cell(heading, value, format, code):
    item = shown(heading, value, format)
    assert codes(item) == [code]
    assert f"第 2 行 B 列“{heading}”" in item.errors[0].message.zh
    with pytest.raises(InvalidPayload):
        check(item)


def test_the_error_of_a_rounded_number_names_both():
    (error,) = shown("计划开支合计", 12.345, "0.00").errors
    assert "12.35 ≠ 12.345" in error.message.zh


@pytest.mark.parametrize("format", ["mm-dd-yy", "m/d/yy h:mm"])
def test_the_formats_of_the_system_show_whole_years(format):
    item = shown("最近一次换届日期", 44264, format)
    assert (item.errors, leaf(item)) == ((), "2021-03-09")


@pytest.mark.parametrize("number", [27, 30, 36, 50, 57, 28, 51, 58])
def test_formats_of_chinese_excel_without_day_or_year_are_known_by_number(number):
    body = workbook([["编号", "最近一次换届日期"], ["1", 44256]], formats={"B2": "0.00"})
    body = rewritten(
        body, "xl/styles.xml", lambda xml: xml.replace(b'numFmtId="2"', b'numFmtId="%d"' % number)
    )
    assert codes(read_item(body)) == ["part_of_date"]


STRIKE = InlineFont(strike=True)


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("编制数", CellRichText(TextBlock(STRIKE, "3"), "8")),
        ("编制数", CellRichText("8", TextBlock(STRIKE, "3"))),
        ("申报单位", CellRichText("甲", TextBlock(InlineFont(strike=True, b=True), "旧名"), "科协")),
        ("申报单位", CellRichText(TextBlock(STRIKE, "甲科协"))),
    ],
)
def test_struck_parts_of_a_cell_are_an_error_of_it(heading, value):
    bad, good = read_items(workbook([["编号", heading], ["1", value], ["2", "9"]]))
    assert (codes(bad), codes(good)) == (["struck_cell"], [])


def test_runs_that_are_not_struck_and_struck_blanks_are_read():
    value = CellRichText("云泽", TextBlock(InlineFont(strike=False), "县"), TextBlock(STRIKE, " "), "科协")
    assert leaf(read_item(workbook([["编号", "申报单位"], ["1", value]]))) == "云泽县 科协"


@pytest.mark.parametrize(
    ("heading", "raised", "wanted", "found"),
    [
        ("编制数", "superscript", "35¹", ["not_a_count"]),
        ("编制数", "subscript", "35₁", ["not_a_count"]),
        ("申报单位", "superscript", "35¹", []),
    ],
)
def test_raised_digits_are_none_of_the_number(heading, raised, wanted, found):
    value = CellRichText("35", TextBlock(InlineFont(vertAlign=raised), "1"))
    item = read_item(workbook([["编号", heading], ["1", value]]))
    assert (leaf(item), codes(item)) == (wanted, found)


def test_zeros_that_a_sheet_does_not_show_are_errors():
    book = book_of(["编号", "编制数"], ["1", 0], ["2", 10])
    book.active.sheet_view.showZeros = False
    assert [codes(item) for item in read_items(workbook_bytes(book))] == [["invisible_cell"], []]


@pytest.mark.parametrize(
    "heading",
    [CellRichText(TextBlock(STRIKE, "编制数")), CellRichText(TextBlock(STRIKE, "编制数"), "实有人员数")],
)
def test_a_heading_that_is_struck_out_is_an_error_of_its_cells(heading):
    first, second = read_items(workbook([["编号", "申报单位", heading], ["1", "甲", 7], ["2", "乙", None]]))
    assert (codes(first), codes(second)) == (["unclear_heading"], [])
    assert "“编制数”" in first.errors[0].message.zh


def test_a_struck_cell_and_a_struck_row_are_errors():
    book = book_of(["编号", "申报单位", "编制数"], ["1", "甲", 7], ["2", "乙", 8], ["3", "丙", 9])
    for name in ("C2", "A3", "B3", "C3"):
        book.active[name].font = Font(strike=True)
    first, second, third = read_items(workbook_bytes(book))
    assert (codes(first), codes(second), codes(third)) == (["struck_cell"], ["struck_row"], [])
    assert "“7”" in first.errors[0].message.zh


def test_dates_and_times_as_iso_text():
    book = book_of(["编号", "最近一次换届日期"], ["1", datetime.date(2021, 3, 9)])
    book.active.append(["2", datetime.datetime(2021, 3, 9, 8, 30)])
    book.active.append(["3", datetime.time(13, 45, 30)])
    book.create_sheet("日程").append(["上午", datetime.time(9, 30)])
    book.iso_dates = True
    day, moment, time = read_items(workbook_bytes(book))
    assert (leaf(day), leaf(moment), codes(time)) == ("2021-03-09", "2021-03-09", ["not_a_day"])


@pytest.mark.parametrize("text", ["09:30", "T09:30:00", "PT1H", "2021-13-40", "morgen"])
def test_what_is_no_iso_date_concerns_its_row_alone(text):
    rows = [["编号", "最近一次换届日期"], ["1", 7], ["2", datetime.date(2021, 3, 9)]]
    cell = f'<c r="B2" t="d"><v>{text}</v></c>'.encode()
    change = re.compile(rb'<c r="B2".*?</c>').sub
    bad, good = read_items(rewritten(workbook(rows), SHEET, lambda xml: change(cell, xml)))
    assert (len(codes(bad)), good.errors) == (1, ())


STRICT = (
    (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def test_a_strict_workbook_is_read():
    book = book_of(["编号", "申报单位", "最近一次换届日期"], ["1", "甲", datetime.date(2021, 3, 9)])
    book.iso_dates = True
    body = workbook_bytes(book)
    parts = ["_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", SHEET, "xl/styles.xml"]

    def change(xml):
        for old, new in STRICT:
            xml = xml.replace(old, new)
        return xml

    for part in parts:
        body = rewritten(body, part, change)
    item = read_item(body)
    assert (item.errors, item.data["cover"]["applicant"]) == ((), "甲")
    assert item.data["basic_info"] == {"last_election_date": "2021-03-09"}


def test_hidden_rows_are_read_with_a_warning():
    book = book_of(["编号", "申报单位"], *([str(number), "甲"] for number in range(1, 5)))
    sheet = book.active
    sheet.auto_filter.ref = "A1:B5"
    sheet.row_dimensions[3].hidden = True
    low = rewritten(
        workbook_bytes(book),
        SHEET,
        lambda xml: xml.replace(b'<row r="4"', b'<row r="4" ht="0" customHeight="1"'),
    )
    found = read_items(low)
    assert [codes(item) for item in found] == [[], [], [], []]
    assert [[each.code for each in item.warnings] for item in found] == [
        [],
        ["hidden_row"],
        ["hidden_row"],
        [],
    ]
    assert "第 3 行" in found[1].warnings[0].message.zh
    assert "已照常读取" in found[1].warnings[0].message.zh


def test_collapsed_groups_and_hidden_columns_give_warnings():
    book = book_of(
        ["编号", "申报单位", "手机", "序号"], ["1", "甲", "13800002719", 1], ["2", "乙", "13800002720", 2]
    )
    book.active.row_dimensions.group(3, 3, outline_level=1, hidden=True)
    book.active.column_dimensions.group("C", "D", hidden=True)
    first, second = read_items(workbook_bytes(book))
    assert [each.code for each in first.warnings] == ["hidden_column"]
    assert "C 列“手机”" in first.warnings[0].message.zh
    assert [each.code for each in second.warnings] == ["hidden_row"]


def filled(colour):
    return PatternFill("solid", fgColor=colour)


@pytest.mark.parametrize(
    ("colour", "fill", "warned"),
    [
        ("FFFFFF", None, True),
        (Color(theme=0), None, True),
        (Color(indexed=9), filled(Color(indexed=65)), True),
        (Color(theme=4), filled(Color(theme=4)), True),
        (Color(theme=0, tint=-0.5), filled("808080"), True),
        ("FFFFFF", filled("4472C4"), False),
        ("FFFFFF", PatternFill("darkGrid"), False),
        (Color(theme=1), None, False),
        (Color(theme=0, tint=-0.5), None, False),
        (Color(theme=99), None, False),
        (None, filled("FFFF00"), False),
    ],
)
def test_a_cell_of_the_colour_behind_it_is_read_with_a_warning(colour, fill, warned):
    book = book_of(["编号", "申报单位", "编制数"], ["1", "甲", 7])
    for name in ("C1", "C2", "D2"):
        book.active[name].font = Font(color=colour)
        book.active[name].fill = fill or PatternFill()
    item = read_item(workbook_bytes(book))
    assert (item.errors, item.data["basic_info"]) == ((), {"staff_quota": 7})
    assert [each.code for each in item.warnings] == ["hidden_cell"] * warned
    assert all("第 2 行 C 列“编制数”" in each.message.zh for each in item.warnings)


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, 30],
        [None, "小 计", 30],
        [3, "总计（人）", 30],
        ["本页小计：", None, 30],
        ["Total", "", 30],
    ],
)
def test_a_total_below_the_rows_is_no_submission(row):
    first, total = read_items(workbook([["编号", "申报单位", "编制数"], ["1", "合计划科协", 30], row]))
    assert (first.errors, codes(total), total.data) == ((), ["total_row"], {})
    assert "第 3 行" in total.errors[0].message.zh


def test_a_total_among_the_items_of_a_budget_is_reported():
    headings = ["编号", "budget.items.1.name", "计划开支1·金额", "budget.items.2.name", "计划开支2·金额"]
    item = read_item(workbook([headings, ["1", "培训", 3, "合 计", 3]]))
    assert codes(item) == ["total_item"]


@pytest.mark.parametrize("text", ['="0007"', '= "甲"'])
def test_a_text_formula_that_is_text_is_an_error(text):
    book = book_of(["编号", "申报单位"], ["1", "甲"])
    book.active["B2"].value = text
    book.active["B2"].data_type = "s"
    assert codes(read_item(workbook_bytes(book))) == ["formula_as_text"]


@settings(max_examples=300)
@given(
    st.text('0#?.,%;[]"\\!_*@-()GeneralyYmdhE+/ 万=<>1$', max_size=25),
    st.decimals(-(10**14), 10**14, allow_nan=False, allow_infinity=False, places=4),
)
def test_no_format_makes_the_reader_fail(code, number):
    format = number_format(code)
    found = format.number(number)
    assert found is None or found.text == found.text.strip()
    assert isinstance(format.text("甲"), str)


def test_digits_of_other_kinds_and_two_numbers_are_no_number():
    for text in ("35²", "3①", "12 9"):
        assert codes(read_item(workbook([["编号", "编制数"], ["1", text]]))) == ["not_a_count"]


def test_the_marked_sheet_repeats_formatted_numbers_as_shown(tmp_path):
    source = tmp_path / "in.xlsx"
    source.write_bytes(
        workbook(
            [["编号", "办公电话", "编制数"], [42, 5125550123, "若干"]],
            formats={"A2": "000000", "B2": "00000000000"},
        )
    )
    (item,) = read_items(source.read_bytes())
    made = marked_sheet.make(source, {("Sheet1", 2): item.errors}, "annex2", 2021)
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert [cell.value for cell in sheet[2]][:2] == ["000042", "05125550123"]


WHITE = Font(color="FFFFFFFF")


def quota(change, value=9):
    """The item of a sheet with one count, changed by `change` on its cell C2."""
    book = book_of(["编号", "申报单位", "编制数"], ["1", "甲", value])
    change(book.active, book.active["C2"])
    return read_item(workbook_bytes(book))


def conditional(rule):
    return lambda sheet, cell: sheet.conditional_formatting.add("B2:C9 E2", rule)


HIDING = DifferentialStyle(numFmt=NumberFormat(numFmtId=164, formatCode=";;;"))


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        (CellIsRule(operator="greaterThan", formula=["5"], font=WHITE), True),
        (CellIsRule(operator="greaterThan", formula=["50"], font=WHITE), False),
        (CellIsRule(operator="equal", formula=["0"], font=WHITE), False),
        (CellIsRule(operator="between", formula=["5", "20"], font=WHITE), True),
        (FormulaRule(formula=["$A2=1"], font=Font(strike=True)), True),
        (
            FormulaRule(formula=["$A2"], font=Font(color="FFFF0000"), fill=PatternFill(bgColor="FFFF0000")),
            True,
        ),
        (FormulaRule(formula=["$A2=1"], font=Font(color="FFFF0000")), False),
        (FormulaRule(formula=["$A2=1"], fill=PatternFill(bgColor="FFFF0000")), False),
        (Rule(type="expression", formula=["TRUE"], dxf=HIDING), True),
        (Rule(type="containsErrors", formula=["TRUE"], dxf=HIDING), False),
        (DataBarRule(start_type="min", end_type="max", color="FF638EC6", showValue=False), True),
        (DataBarRule(start_type="min", end_type="max", color="FF638EC6"), False),
    ],
)
def test_a_conditional_format_that_may_hide_a_cell_is_reported(rule, warned):
    item = quota(conditional(rule))
    found = [each.code for each in item.warnings if each.pointer == "/basic_info/staff_quota"]
    assert (item.errors, found) == ((), ["conditional_cell"] * warned)


@pytest.mark.parametrize("format", ["[White]0", "[白色]0", "[Color 2]#,##0;-0", "[white]General"])
def test_a_number_that_its_format_shows_in_white_is_an_error(format):
    def change(sheet, cell):
        cell.number_format = format

    assert codes(quota(change)) == ["invisible_cell"]


def test_a_number_in_white_on_blue_is_read():
    def change(sheet, cell):
        cell.number_format, cell.fill = "[White]0", filled("4472C4")

    assert quota(change).errors == ()


@pytest.mark.parametrize(
    ("font", "code"),
    [
        (InlineFont(color="FFFFFFFF"), "invisible_cell"),
        (InlineFont(sz=1), "invisible_cell"),
        (InlineFont(strike=True), "struck_cell"),
        (InlineFont(color="FFFF0000"), None),
    ],
)
def test_a_part_of_a_text_that_is_not_shown_is_an_error(font, code):
    def change(sheet, cell):
        sheet["B2"] = CellRichText(TextBlock(font, "旧"), "云泽")

    assert codes(quota(change)) == [code] * (code is not None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda sheet, cell: setattr(cell, "font", Font(sz=1)), "hidden_cell"),
        (lambda sheet, cell: setattr(sheet.column_dimensions["C"], "width", 0.1), "hidden_column"),
        (lambda sheet, cell: setattr(sheet.row_dimensions[2], "height", 0.3), "hidden_row"),
        (lambda sheet, cell: setattr(cell, "comment", Comment("实为 8 人", "张三")), "noted_cell"),
        (lambda sheet, cell: setattr(cell, "comment", Comment("x", "kexie-forms")), None),
    ],
)
def test_a_cell_that_is_hardly_shown_or_has_a_note_is_read_with_a_warning(change, code):
    item = quota(change)
    assert (item.errors, [each.code for each in item.warnings]) == ((), [code] * (code is not None))
    assert code != "noted_cell" or "实为 8 人" in item.warnings[0].message.zh


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_with_records_is_reported_once(state):
    book = book_of(["编号", "申报单位"], ["1", "甲"], ["2", "乙"])
    for title, rows in (("旧", [["编号", "申报单位"], ["9", "旧"]]), ("表", [["是"], ["否"]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = state
    first, second = read_items(workbook_bytes(book))
    assert ([each.code for each in first.warnings], second.warnings) == (["hidden_sheet"], ())
    assert "“旧”" in first.warnings[0].message.zh
