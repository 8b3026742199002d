"""Every input of a batch is read as it was meant, or reported with the place of its error."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.fields import Group, Line, Year
from schemas.form_schema import FieldGroup, FormSchema
from service.batch.inputs.check_item import check
from service.batch.inputs.json_items import LINE_MAXIMUM
from service.batch.inputs.read_input import read
from service.batch.inputs.sheet_columns import EditionColumns, special
from service.errors import InvalidPayload, UnreadableInput
from tests.helpers.batch import read_item, read_items, rewritten, workbook, workbook_bytes
from tests.helpers.hostile import odd_xml

LINE = {"form": "annex2", "year": 2021, "id": "3201-0001", "data": {"cover": {"applicant": "云泽县科协"}}}


def lines(*texts):
    return read_items("\n".join(texts).encode(), "input.ndjson", None, None)


def codes(item):
    return [error.code for error in item.errors]


def test_a_line_is_an_item_and_keeps_its_digits():
    (item,) = lines(json.dumps({**LINE, "data": {"budget": {"total": 0}}}).replace("0}", "12.10}"))
    assert (str(item.place), item.form, item.year, item.id) == ("line 1", "annex2", 2021, "3201-0001")
    assert item.data == {"budget": {"total": Decimal("12.10")}}
    assert item.errors == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", ["not_json"]),
        ("[]", ["not_an_item"]),
        ('"text"', ["not_an_item"]),
        (json.dumps({**LINE, "extra": 1}), ["unknown_key"]),
        (json.dumps({**LINE, "id": " "}), ["no_id"]),
        (json.dumps({**LINE, "id": "a\nb"}), ["bad_id"]),
        (json.dumps({**LINE, "id": "a" * 201}), ["bad_id"]),
        (json.dumps({**LINE, "id": ["x"]}), ["bad_id"]),
        (json.dumps({**LINE, "form": "annex9"}), ["unknown_form"]),
        (json.dumps({**LINE, "form": ["x"]}), ["unknown_form"]),
        (json.dumps({**LINE, "year": 1999}), ["unknown_year"]),
        (json.dumps({**LINE, "year": "2021"}), ["bad_year"]),
        ('{"form":"annex2","year":2021,"id":"1"}', ["no_data"]),
        ('{"form":"annex2","year":2021,"id":"1","id":"2","data":{}}', ["duplicate_key"]),
        ("{}", ["no_id", "no_form", "no_data"]),
    ],
)
def test_a_bad_line_is_reported_and_stops_no_other(text, found):
    before, bad, after = lines(json.dumps(LINE), text, json.dumps(LINE))
    assert (before.errors, after.errors) == ((), ())
    assert (str(bad.place), str(after.place)) == ("line 2", "line 3")
    assert codes(bad) == found
    for error in bad.errors:
        assert error.message.zh.endswith("。")
        assert error.message.en.endswith(".")
    with pytest.raises(InvalidPayload):
        check(bad)


def test_a_line_that_is_not_utf8_and_a_line_without_end_are_reported():
    body = b"\xff\xfe\n" + b"x" * (2 * LINE_MAXIMUM + 1) + b"\n\n" + json.dumps(LINE).encode()
    bad, long, good = read_items(body, "input.ndjson")
    assert (codes(bad), codes(long), codes(good)) == (["not_utf8"], ["line_too_long"], [])
    assert str(good.place) == "line 4"


def test_a_json_array_is_items():
    first, second = read_items(json.dumps([LINE, 1]).encode(), "input.json")
    assert (str(first.place), first.data, str(second.place)) == ("item 1", LINE["data"], "item 2")
    assert codes(second) == ["not_an_item"]


@pytest.mark.parametrize(("body", "reason"), [(b"[1,\n2", "第 2 行"), (b"\xff", "UTF-8"), (b"12", "列表")])
def test_json_that_is_no_array_is_reported_as_a_whole(body, reason):
    with pytest.raises(UnreadableInput) as error:
        read_items(body, "input.json")
    assert reason in error.value.text.zh


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (json.dumps(LINE).encode(), "line 1"),
        (json.dumps([LINE]).encode(), "item 1"),
        (workbook([["编号", "申报单位"], ["1", "云泽县科协"]]), "Sheet1!2"),
    ],
)
def test_the_format_is_seen_without_a_name(body, place):
    (item,) = read(io.BytesIO(body), "annex2", 2021)
    assert str(item.place) == place


class Pipe(io.RawIOBase):
    """Standard input, which cannot seek."""

    def __init__(self, content):
        self._content = io.BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._content.readinto(buffer)


@pytest.mark.parametrize("name", ["x.ndjson", "x.json", None])
def test_a_pipe_is_read(name):
    (item,) = read(io.BufferedReader(Pipe(json.dumps(LINE).encode())), name=name)
    assert item.data == LINE["data"]


def test_what_is_no_input_is_reported():
    with pytest.raises(UnreadableInput):
        read_items(b"hello", "input.doc")


CSV = '编号,申报单位,基本情况·手机,总体思路\n1,云泽县科协,13800002719,"第一段\n第二段，含逗号,"\n\n2,,,思路\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_every_encoding_and_with_every_separator(encoding, separator):
    text = CSV if separator == "," else CSV.replace(",", separator)
    first, second = read_items(text.encode(encoding), "input.csv")
    assert first.data["cover"] == {"applicant": "云泽县科协"}
    assert first.data["basic_info"] == {"mobile": "13800002719"}
    assert first.data["overall_approach"].startswith("第一段\n第二段，")
    assert (first.errors, second.errors) == ((), ())
    assert (str(first.place), str(second.place), second.id) == ("row 2", "row 4", "2")


def test_a_damaged_byte_in_csv_is_reported_and_stops_no_other():
    body = CSV.encode() + b"3," + b"\xe4\xba" + "县科协,,\n".encode()
    first, second, third = read_items(body, "input.csv")
    assert (first.errors, second.errors) == ((), ())
    assert codes(third) == ["bad_characters"]
    assert "第 5 行 B 列“申报单位”" in third.errors[0].message.zh


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("手机", "1.38E+12", "digits_lost"),
        ("申报单位", "#REF!", "error_cell"),
        ("编号", "3.2E+15", "digits_lost"),
    ],
)
def test_what_excel_garbled_in_csv_is_reported(heading, cell, code):
    body = f"id,contact_person,{heading}\n1,某,{cell}\n" if heading != "编号" else f"编号,联系人\n{cell},某\n"
    assert code in codes(read_item(body.encode(), name="input.csv"))


def test_headings_are_paths_labels_or_their_unique_ends():
    headings = [
        "id",
        "cover.applicant",
        "基本情况·县级科协名称",
        "手机",
        "basic_info.four_heads.hospital_directors.county",
        "“四长”兼挂职情况·医院院长·乡镇（街道）科协人数",
        "四长兼挂职情况/医院院长/村(社区)科协人数",
        "计划开支1·金额",
        "budget.items.2.amount",
        "计划开支合计（万元）",
    ]
    item = read_item(workbook([headings, ["1", "甲", "乙", "138 0000 2719", 1, 2, 3, 4.5, "5", 9.5]]))
    assert item.errors == ()
    assert item.data == {
        "cover": {"applicant": "甲"},
        "basic_info": {
            "association_name": "乙",
            "mobile": "138 0000 2719",
            "four_heads": {"hospital_directors": {"county": 1, "township": 2, "village": 3}},
        },
        "budget": {"items": [{"amount": Decimal("4.5")}, {"amount": 5}], "total": Decimal("9.5")},
    }


@pytest.mark.parametrize(
    ("heading", "code", "reason"),
    [
        ("基本情况·手几", "unknown_heading", "手机"),
        ("basic_info.mobil", "unknown_heading", "basic_info.mobile"),
        ("县级科协人数", "ambiguous_heading", "医院院长·县级科协人数"),
        ("budget.items.101.name", "unknown_heading", "budget.items"),
        ("电话机型号与颜色", "unknown_heading", "电话机型号与颜色"),
    ],
)
def test_a_heading_that_is_unclear_is_reported_with_the_nearest(heading, code, reason):
    filled, blank = read_items(workbook([["编号", "申报单位", heading], ["1", "甲", "x"], ["2", "乙"]]))
    assert codes(filled) == [code]
    assert reason in filled.errors[0].message.zh
    assert "第 2 行 C 列" in filled.errors[0].message.zh
    assert blank.errors == ()


def test_two_columns_of_one_field_and_a_column_without_heading_are_reported():
    item = read_item(workbook([["编号", "手机", "basic_info.mobile", None], ["1", "13800002719", "1", "x"]]))
    assert codes(item) == ["duplicate_heading", "no_heading"]


def test_a_second_column_of_numbers_is_reported():
    item = read_item(workbook([["编号", "项目编号", "申报单位"], ["1", "2", "甲"]]))
    assert (item.id, codes(item)) == ("1", ["duplicate_heading"])
    assert "A 列" in item.errors[0].message.zh


def test_fields_labelled_as_a_column_of_every_sheet_have_headings_of_their_own():
    cover = type("Cover", (FieldGroup,), {"number": Line("编号"), "name": Line("申报人")})
    fields = {"cover": Group("封面", cover), "plan_year": Year("年度"), "number": Line("项目编号")}
    known = EditionColumns(SimpleNamespace(schema=type("Form", (FormSchema,), fields)()))
    headings = [known.heading(leaf) for leaf in known.leaves]
    assert headings == ["封面·编号", "申报人", "年度（plan_year）", "项目编号（number）"]
    assert [known.find(heading) for heading in headings] == [*known.leaves]
    assert [special(heading) for heading in headings] == [None] * 4


def test_indicators_have_dots_in_their_ids():
    row = ["1", 3.5, "４", "3分", 6.5]
    item = read_item(
        workbook([["id", "scores.1.1", "1.3", "服务科技工作者 第4项 得分", "bonus"], row]), form="annex1"
    )
    assert item.errors == ()
    assert item.data == {"scores": {"1.1": Decimal("3.5"), "1.3": 4, "1.4": 3}, "bonus": Decimal("6.5")}


def cell(heading, value, **keywords):
    """The item of a sheet with one filled field."""
    return read_item(workbook([["编号", heading], ["1", value]], **keywords))


def leaf(item):
    value = item.data
    while isinstance(value, (dict, list)):
        value = value[0] if isinstance(value, list) else next(iter(value.values()))
    return value


@pytest.mark.parametrize(
    ("heading", "value", "wanted"),
    [
        ("编制数", 12, 12),
        ("编制数", 12.0, 12),
        ("编制数", "12", 12),
        ("编制数", "１２", 12),
        ("编制数", "1,234", 1234),
        ("编制数", "1，234人", 1234),
        ("编制数", " 7 ", 7),
        ("计划开支合计", "1,234.50", Decimal("1234.5")),
        ("计划开支合计", "3.6万元", Decimal("3.6")),
        ("计划开支合计", "35000元", Decimal("3.5")),
        ("计划开支合计", 4.35, Decimal("4.35")),
        ("计划开支合计", 0.1 + 0.2, Decimal("0.3")),
        ("计划开支合计", -1, -1),
        ("手机", 13800002719, "13800002719"),
        ("手机", 13800002719.0, "13800002719"),
        ("编制数", 100000, 100000),
        ("申报单位", 4.5, "4.5"),
        ("申报单位", 1e14, "100000000000000"),
        ("申报单位", True, "TRUE"),
        ("申报单位", " 前后 ", "前后"),
        ("总体思路", "一\n二\t三", "一\n二\t三"),
        ("是否独立建制", "是", True),
        ("是否独立建制", "否", False),
        ("是否独立建制", " √ ", True),
        ("是否独立建制", "×", False),
        ("是否独立建制", True, True),
        ("是否独立建制", False, False),
        ("是否独立建制", 1, True),
        ("是否独立建制", 0, False),
        ("是否独立建制", "TRUE", True),
        ("是否独立建制", "false", False),
        ("是否独立建制", "是☑  否□", True),
        ("最近一次换届日期", datetime.date(2021, 3, 9), "2021-03-09"),
        ("最近一次换届日期", datetime.datetime(2021, 3, 9, 8, 30), "2021-03-09"),
        ("最近一次换届日期", "2021-03-09", "2021-03-09"),
        ("最近一次换届日期", "2021/3/9", "2021-03-09"),
        ("最近一次换届日期", "2021.3.9", "2021-03-09"),
        ("最近一次换届日期", "2021年3月9日", "2021-03-09"),
        ("最近一次换届日期", "二〇二一年三月九日", "2021-03-09"),
        ("最近一次换届日期", "2021-03-09 00:00:00", "2021-03-09"),
        ("最近一次换届日期", 20210309, "2021-03-09"),
        ("编制数", "\u202d1\u200b2\u202c", 12),
        ("编制数", "\ufeff12\u00a0个", 12),
        ("编制\u200b数\u00ad", 12, 12),
        ("计划开支合计", "3\u2060.6\u202f万元", Decimal("3.6")),
        ("是否独立建制", "是\u200b", True),
        ("是否独立建制", "✔\ufe0f", True),
        ("最近一次换届日期", "2021\u20113\u20119", "2021-03-09"),
        ("最近一次换届日期", "２０２１－０３－０９\u200e", "2021-03-09"),
        ("最近一次换届\ufeff日期", "2021\u22123\u22129", "2021-03-09"),
    ],
)
def test_a_cell_is_its_fields_value(heading, value, wanted):
    item = cell(heading, value)
    assert item.errors == ()
    assert leaf(item) == wanted
    assert type(leaf(item)) is type(wanted)


@pytest.mark.parametrize(
    ("heading", "value", "made_plain"),
    [
        ("编制数", "１２", ["U+FF11", "U+FF12"]),
        ("编制数", "1,234人", []),
        ("编制数", "1，234人", []),
        ("编制数", "\u202d1\u200b2\u202c", ["U+202D", "U+200B", "U+202C"]),
        ("计划开支合计", " 3．6万元", ["U+FF0E", "U+0020"]),
        ("最近一次换届日期", "2021\u201103\u201109", ["U+2011"]),
        ("最近一次换届日期", "2021年3月9日", []),
        ("是否独立建制", "是☑　否□", []),
        ("申报单位", "\ufeff前后\t", ["U+FEFF U+0009"]),
        ("申报单位", "\t", []),
        ("总体思路", "　一\n二\t", ["U+0009"]),
    ],
)
def test_what_is_made_plain_in_a_cell_is_a_warning(heading, value, made_plain):
    warnings = cell(heading, value).warnings
    assert [
        (each.label.endswith(heading), *re.findall("（(U.*?)）", each.message.zh)) for each in warnings
    ] == [(True, code) for code in made_plain]


@pytest.mark.parametrize(
    "format", ['yyyy"年"m"月"d"日"', "[$-804]yyyy年m月d日;@", "yyyy/m/d", "m/d/yy", "[DBNum1]yyyy年m月d日"]
)
def test_a_number_that_is_shown_as_a_date_is_one(format):
    assert leaf(cell("最近一次换届日期", 44264, formats={"B2": format})) == "2021-03-09"


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("是否独立建制", "可能", "not_yes_no"),
        ("是否独立建制", 2, "not_yes_no"),
        ("编制数", "若干", "not_a_count"),
        ("编制数", datetime.date(2021, 3, 9), "not_a_count"),
        ("编制数", True, "not_a_count"),
        ("编制数", 1.5, "not_an_integer"),
        ("编制数", -1, "negative"),
        ("计划开支合计", "12.345", "too_many_decimals"),
        ("计划开支合计", "十几万", "not_an_amount"),
        ("最近一次换届日期", 44264, "not_a_day"),
        ("最近一次换届日期", "2021-02-30", "not_a_day"),
        ("最近一次换届日期", "去年", "not_a_day"),
        ("申报单位", datetime.date(2021, 3, 9), "date_for_text"),
        ("申报单位", 123456789012345678, "digits_lost"),
        ("编制数", "=1+1", "formula_without_value"),
        ("budget.items", "[1", "rows_not_json"),
        ("budget.items", '{"name": 1}', "rows_not_json"),
    ],
)
def test_a_wrong_cell_is_reported_with_sheet_row_and_column(heading, value, code):
    item = read_item(workbook([["编号", heading, "联系人"], ["1", value, "某"]], title="申报表"))
    with pytest.raises(InvalidPayload) as found:
        check(item)
    (error,) = found.value.errors
    assert error.code == code
    assert error.message.zh.startswith(f"工作表“申报表”第 2 行 B 列“{heading}”：")
    assert error.message.en.startswith(f"Sheet '申报表', row 2, column B '{heading}': ")
    assert (item.place.column(error.pointer).letter, item.place.number) == ("B", 2)


def test_an_error_cell_is_reported():
    item = cell("手机", "#REF!", errors=["B2"])
    assert codes(item) == ["error_cell"]
    assert "#REF!" in item.errors[0].message.zh


def test_one_bad_amount_does_not_make_the_total_wrong():
    headings = ["编号", "计划开支1·金额", "计划开支2·金额", "计划开支合计"]
    with pytest.raises(InvalidPayload) as found:
        check(read_item(workbook([headings, ["1", 1, "很多", 3]])))
    assert [(error.pointer, error.code) for error in found.value.errors] == [
        ("/budget/items/1/amount", "not_an_amount")
    ]


def test_rows_as_json_text_and_not_twice():
    rows = '[{"name": "甲", "amount": 1.10}]'
    headings = ["编号", "budget.items", "计划开支1·金额"]
    once, twice = read_items(workbook([headings, ["1", rows], ["2", rows, 3]]))
    assert once.data == {"budget": {"items": [{"name": "甲", "amount": Decimal("1.10")}]}}
    assert (once.errors, codes(twice)) == ((), ["rows_twice"])


def test_titles_blank_rows_repeated_headings_and_notes_are_no_items():
    headings = ["序号", "编号", "申报单位"]
    rows = [["2021年申报汇总"], [], headings, ["no", "id", "cover.applicant"], [1, "a", "甲"], ["  ", " "]]
    rows += [[], headings, [2, "b", "乙"], ["注：以上由各县填报。"], ["2. 另附纸质件。"], [3, "c", "丙"]]
    found = read_items(workbook(rows, merge=["A1:C1"]))
    assert [(item.id, str(item.place), item.errors) for item in found] == [
        ("a", "Sheet1!5", ()),
        ("b", "Sheet1!9", ()),
        ("c", "Sheet1!12", ()),
    ]


def test_a_row_with_an_id_alone_is_no_blank_form():
    assert codes(read_item(workbook([["编号", "申报单位"], ["1", None]]))) == ["empty_row"]


def test_merged_rows_count_for_the_first_and_are_reported_for_the_others():
    rows = [["编号", "申报单位", "联系人"], ["1", "甲", "某"], ["2", None, "某"], ["3", "丙", "某"]]
    first, second, third = read_items(workbook(rows, merge=["B2:B3"]))
    assert (first.data["cover"]["applicant"], first.errors, third.errors) == ("甲", (), ())
    assert codes(second) == ["merged_rows"]
    assert "B2:B3" in second.errors[0].message.zh


def test_merged_columns_are_reported():
    item = read_item(workbook([["编号", "申报单位", "联系人"], ["1", "甲", None]], merge=["B2:C2"]))
    assert codes(item) == ["merged_columns"]


def test_form_and_year_stand_in_columns():
    rows = [
        ["编号", "表单", "年度", "县级科协名称", "案例名称", "手机"],
        ["1", "annex2", 2021, "甲", None, "13800002719"],
        ["2", "annex3", "2021年度", "乙", "案例", None],
        ["3", "annex3", 2021, "丙", None, "13800002719"],
        ["4", "annex7", 2021, "丁", None, None],
    ]
    first, second, third, fourth = read_items(workbook(rows), form=None, year=None)
    assert first.data == {"basic_info": {"association_name": "甲", "mobile": "13800002719"}}
    assert (second.form, second.year, second.data) == (
        "annex3",
        2021,
        {"association_name": "乙", "case_name": "案例"},
    )
    assert (codes(third), codes(fourth)) == (["unknown_heading"], ["unknown_form"])


def test_the_form_must_be_named():
    item = read_item(workbook([["编号", "申报单位"], ["1", "甲"]]), form=None, year=None)
    assert codes(item) == ["no_form"]


def test_numeric_ids_are_text():
    assert read_item(workbook([["编号", "申报单位"], [32010001, "甲"]])).id == "32010001"


def test_hidden_sheets_and_sheets_without_headings_are_passed_over():
    book = openpyxl.load_workbook(io.BytesIO(workbook([["编号", "申报单位"], ["1", "甲"]])))
    book.create_sheet("说明").append(["请仔细阅读"])
    hidden = book.create_sheet("旧")
    hidden.append(["编号", "申报单位"])
    hidden.append(["9", "旧"])
    hidden.sheet_state = "hidden"
    second = book.create_sheet("第二批")
    second.append(["编号", "申报单位"])
    second.append(["2", "乙"])
    assert [str(item.place) for item in read_items(workbook_bytes(book))] == ["Sheet1!2", "第二批!2"]


def test_a_sheet_without_headings_is_reported():
    with pytest.raises(UnreadableInput) as error:
        read_items(workbook([["hello", "world"], [1, 2]]))
    assert "列标题" in error.value.text.zh


@pytest.mark.parametrize(
    "body", [b"PK\x03\x04 broken", b"", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"no zip at all"], ids=range(4)
)
def test_what_is_no_workbook_is_reported(body):
    with pytest.raises(UnreadableInput) as error:
        read_items(body)
    assert ("密码" in error.value.text.zh) == body.startswith(b"\xd0")


SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook([["编号", "申报单位"], ["1", "甲"]])
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_document_type_is_refused(part):
    bomb = rewritten(GOOD, part, lambda xml: f"<!DOCTYPE x [{LAUGHS}]><x>&l9;</x>".encode())
    with pytest.raises(UnreadableInput):
        read_items(bomb)


def test_a_part_that_unpacks_too_large_is_refused_before_it_is_read():
    made = io.BytesIO(GOOD)
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("xl/media/blank", "w", force_zip64=True) as part,
    ):
        for _ in range(256):
            part.write(bytes(1024 * 1024))
    assert len(made.getvalue()) < 2 * 1024 * 1024
    with pytest.raises(UnreadableInput) as error:
        read_items(made.getvalue())
    assert "256 MB" in error.value.text.zh


def test_cells_at_the_far_corner_cost_nothing():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    first, last = read_items(rewritten(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", far)))
    assert (first.errors, last.place.number) == ((), 1_048_576)
    assert codes(last) == ["no_id", "no_heading"]


def _second_row(xml):
    """The XML of a sheet, cut at the end of its second row."""
    end = xml.index(b"</row>", xml.index(b'<row r="2"'))
    return xml[:end], xml[end:]


@pytest.mark.parametrize(
    "wrong",
    [
        b'<c r="B3" t="d"><v>9</v></c>',
        b'<c r="ZZZZ9"><v>1</v></c>',
        b'<c r="C2" t="s"><v>999</v></c>',
        b'<c r="C2" t="s"><v>-1</v></c>',
        b'<c r="C2"><v>much</v></c>',
        b'<c r="C2" s="x"><v>1</v></c>',
        b'<c r="1"><v>1</v></c>',
    ],
)
def test_a_cell_that_the_standard_does_not_know_concerns_its_row_alone(wrong):
    body = workbook([["编号", "申报单位", "编制数"], ["1", "甲"], ["2", "乙", 9]])
    bad, good = read_items(rewritten(body, SHEET, lambda xml: wrong.join(_second_row(xml))))
    assert codes(bad)[0] in ("unreadable_cell", "no_heading")
    assert (good.errors, good.data["basic_info"]) == ((), {"staff_quota": 9})


@pytest.mark.parametrize("digits", [b"1e999", b"1e308", b"-1e-300", b"nan"])
def test_numbers_beyond_all_use_are_reported_quickly(digits):
    body = rewritten(
        workbook([["编号", "编制数"], ["1", 7]]), SHEET, lambda xml: xml.replace(b"<v>7<", b"<v>%s<" % digits)
    )
    with pytest.raises((InvalidPayload, UnreadableInput)):
        check(read_item(body))


def test_tags_without_end_are_refused():
    with pytest.raises(UnreadableInput):
        read_items(rewritten(GOOD, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<a>" * 1_000_000)))


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_a_cut_workbook_is_reported(keep):
    with pytest.raises(UnreadableInput):
        read_items(GOOD[: int(len(GOOD) * keep)])


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*found):
    """The part that names other parts: the id, kind and name of each."""
    inner = "".join(
        f'<Relationship Id="{id}" Type="{KINDS}/{kind}" Target="{name}"/>' for id, kind, name in found
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


@pytest.fixture(scope="module")
def strange():
    """Shared strings with readings and runs, prefixes, absolute names, cells without references, escapes."""
    strings = (
        "<x:si><x:t>编号</x:t></x:si>"
        "<x:si><x:r><x:t>申报</x:t></x:r><x:r><x:t>单位</x:t></x:r>"
        '<x:rPh sb="0" eb="1"><x:t>shenbao</x:t></x:rPh></x:si>'
        "<x:si><x:t>换行_x000D_\n_x005F_x0041_</x:t></x:si>"
        "<x:si><x:t>总体思路</x:t></x:si>"
    )
    shared = '<x:c t="s"><x:v>{}</x:v></x:c>'.format
    cells = f"<x:row>{shared(0)}{shared(1)}{shared(3)}</x:row>"
    cells += '<x:row><x:c t="str"><x:f>A9</x:f><x:v>a-1</x:v></x:c>'
    cells += f'<x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>{shared(2)}</x:row>'
    sheets = '<x:sheets><x:sheet name="表" sheetId="1" r:id="s1"/></x:sheets>'
    parts = {
        "_rels/.rels": relations(("r", "officeDocument", "/xl/book.xml")),
        "xl/book.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{KINDS}">{sheets}</x:workbook>',
        "xl/_rels/book.xml.rels": relations(
            ("s1", "worksheet", "/xl/sheets/one.xml"), ("s2", "sharedStrings", "strings.xml")
        ),
        "xl/strings.xml": f'<x:sst xmlns:x="{MAIN}">{strings}</x:sst>',
        "xl/sheets/one.xml": f'<x:s xmlns:x="{MAIN}"><x:sheetData>{cells}</x:sheetData></x:s>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return made.getvalue()


def test_a_workbook_as_other_programs_write_it(strange):
    item = read_item(strange)
    assert (item.id, item.errors) == ("a-1", ())
    assert item.data == {"cover": {"applicant": "甲"}, "overall_approach": "换行\r\n_x0041_"}


@pytest.mark.parametrize(
    "number", [b"-1", b"99", b"1.5", b"\xc2\xb2"], ids=["negative", "too large", "a fraction", "no digit"]
)
def test_a_string_that_is_not_there_is_an_error_of_its_cell(strange, number):
    change = partial(re.sub, b"<x:v>2<", b"<x:v>" + number + b"<")
    assert codes(read_item(rewritten(strange, "xl/sheets/one.xml", change))) == ["unreadable_cell"]


def test_shared_strings_with_a_document_type_are_refused(strange):
    bomb = f"<!DOCTYPE x [{LAUGHS}]><x/>".encode()
    with pytest.raises(UnreadableInput):
        read_items(rewritten(strange, "xl/strings.xml", lambda _: bomb))


def test_dates_of_1904():
    body = workbook([["编号", "最近一次换届日期"], ["1", 44264 - 1462]], formats={"B2": "yyyy-mm-dd"})
    since_1904 = partial(re.sub, rb"<workbookPr(?=[ /])", b'<workbookPr date1904="1"')
    old = rewritten(body, "xl/workbook.xml", since_1904)
    assert leaf(read_item(old)) == "2021-03-09"


PARTS = zipfile.ZipFile(io.BytesIO(GOOD)).namelist()


@settings(max_examples=150)
@given(
    part=st.sampled_from(PARTS),
    at=st.floats(0, 1),
    length=st.integers(0, 40),
    new=st.one_of(st.binary(max_size=6), st.sampled_from([b"<c>", b'r="', b"</row>", b'"', b"0", b"&amp;"])),
)
def test_a_damaged_workbook_is_read_or_refused(part, at, length, new):
    def damage(xml):
        start = int(at * len(xml))
        return xml[:start] + new + xml[start + length :]

    try:
        found = read_items(rewritten(GOOD, part, damage))
    except UnreadableInput:
        return
    assert all(item.errors or item.data for item in found)


@settings(max_examples=150)
@given(body=st.binary(max_size=80), name=st.sampled_from(["a.ndjson", "a.json", "a.csv", "a.xlsx", None]))
def test_no_bytes_make_the_reader_fail(body, name):
    try:
        found = list(read(io.BytesIO(body), "annex2", 2021, name=name))
    except UnreadableInput:
        return
    assert all(item.errors or item.data is not None for item in found)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.ndjson", b""),
        ("x.ndjson", b"\n \n"),
        ("x.json", b"[]"),
        ("x.csv", b""),
        ("x.csv", "编号,申报单位\n".encode()),
        ("x.xlsx", b""),
        ("x", b""),
    ],
)
def test_an_input_without_a_record_is_reported(name, body):
    with pytest.raises(UnreadableInput) as raised:
        list(read(io.BytesIO(body), "annex2", 2021, name=name))
    assert raised.value.text.zh


@pytest.mark.parametrize(
    ("id", "zh", "en"),
    [
        (["x"], "应为文字", "must be text"),
        (" x", "首尾有空格", "spaces at its ends"),
        ("x" * 201, "有 201 个字符", "201 characters"),
        ('="0007"', "是公式", "is a formula"),
        ("a\u202eb", "U+202E 文字方向符", "U+202E direction mark"),
        ("3201\ufe0f", "U+FE0F 异体选择符（第 5 个字符）", "U+FE0F variation selector (character 5)"),
        ("32\u316401", "U+3164 空白填充符（第 3 个字符）", "U+3164 filler (character 3)"),
    ],
)
def test_what_is_wrong_with_an_id_is_reported(id, zh, en):
    (item,) = read(io.BytesIO(json.dumps({**LINE, "id": id}).encode()), name="x.ndjson")
    (error,) = item.errors
    assert (error.code, zh in error.message.zh, en in error.message.en) == ("bad_id", True, True)


@pytest.mark.parametrize("way", odd_xml.WAYS.values(), ids=odd_xml.WAYS)
def test_a_workbook_in_odd_xml_is_the_same_workbook(way):
    rows = [["编号", "县级科协名称", "background"], ["1", "云泽县科协", "甲<乙>&丙"], ["2", 3, None]]
    plain = workbook(rows, merge=("C2:C3",))
    assert read_items(odd_xml.each_part(plain, way), form="annex3") == read_items(plain, form="annex3")
    assert len(read_items(plain, form="annex3")) == 2
