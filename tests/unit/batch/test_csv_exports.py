"""A .csv as other programs export it is read as a spreadsheet shows it, or is an error of its row."""

import pytest

from service.batch.inputs.check_item import check
from service.errors import InvalidPayload
from tests.helpers.batch import read_item, read_items


def items(text, encoding="utf-8"):
    return read_items(text.encode(encoding), "export.csv")


def codes(item):
    return [error.code for error in item.errors]


def cell(text, heading="申报单位"):
    """The item of a table with one cell of this text, as the file has it."""
    return read_item(f"编号,{heading}\na-1,{text}\n".encode(), name="export.csv")


@pytest.mark.parametrize(
    "text",
    [
        '="甲科协"',
        '"=""甲科协"""',
        '= "甲科协"',
        '"""=""""甲科协"""""""',
        "甲科协\t",
        "\t甲科协",
        " \u3000甲科协\u3000",
        "\u00a0甲科协\u00a0\u00a0",
        "\u200b甲科协\u200b\u2060",
        '"甲科协\t"',
        '"甲科协"\t',
        ' "甲科协"',
        "'甲科协",
        "甲科协\ufeff",
        '="甲科协\t"\t',
    ],
)
def test_what_exports_put_around_a_value_is_none_of_it(text):
    item = cell(text)
    assert (item.errors, item.data) == ((), {"cover": {"applicant": "甲科协"}})


@pytest.mark.parametrize(
    ("heading", "text", "wanted"),
    [
        ("办公电话", '="05125550123"', {"basic_info": {"office_phone": "05125550123"}}),
        ("办公电话", "'05125550123", {"basic_info": {"office_phone": "05125550123"}}),
        ("编制数", '"=""12"""', {"basic_info": {"staff_quota": 12}}),
        ("编制数", "12\t", {"basic_info": {"staff_quota": 12}}),
        ("最近一次换届日期", "2021-03-09\u00a0", {"basic_info": {"last_election_date": "2021-03-09"}}),
        ("是否独立建制", "是\t", {"basic_info": {"independent": True}}),
    ],
)
def test_the_same_in_fields_of_other_types(heading, text, wanted):
    item = cell(text, heading)
    assert item.errors == ()
    assert list(item.data["basic_info"].values()) == list(wanted["basic_info"].values())


def test_ids_and_headings_of_text_formulas():
    first, second = items('="编号",="申报单位"\n="0007",="甲 ""乙"""\n"=""0008""",丙\n="编号",="申报单位"\n')
    assert [first.id, second.id] == ["0007", "0008"]
    assert (first.data["cover"]["applicant"], codes(first), codes(second)) == ('甲 "乙"', [], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("=A1&B1", "formula_as_text"),
        ('"=TEXT(7,""0000"")"', "formula_as_text"),
        ('="甲"&"乙"', "formula_as_text"),
        ('"=""甲"', "formula_as_text"),
        ('"""甲科协"""', "quoted_value"),
    ],
)
def test_a_formula_that_nothing_computed_and_extra_quotes_are_errors(text, code):
    item = cell(text)
    assert codes(item) == [code]
    assert "第 2 行 B 列“申报单位”" in item.errors[0].message.zh


@pytest.mark.parametrize("text", ["“甲”科协", "'甲'与'乙'", '"甲 ""一号"" 项目"', "===", "a=b"])
def test_quotes_and_signs_within_a_value_are_kept(text):
    shown = text.strip('"').replace('""', '"') if text.startswith('"') else text
    assert cell(text).data == {"cover": {"applicant": shown}}


@pytest.mark.parametrize("text", ['"甲"乙', '"甲"" 乙"丙"', '"完成"数字化"项目"'])
def test_words_beside_quotes_are_an_error_of_their_row_alone(text):
    first, second = items(f"编号,申报单位\na-1,{text}\na-2,丁\n")
    assert (codes(first), codes(second)) == (["bad_csv"], [])
    assert second.data["cover"]["applicant"] == "丁"


def test_a_quote_that_is_never_closed_hides_no_row_in_silence():
    (only,) = items('编号,申报单位\na-1,"甲\na-2,乙\na-3,丙\n')
    assert codes(only) == ["bad_csv"]
    assert "第 2 行" in only.errors[0].message.zh


def test_rows_that_are_quoted_twice_as_a_whole():
    (item,) = items('"""编号""","""申报单位""","""联系人"""\n"""0007""","""甲, 乙""",\n')
    assert (item.id, item.data, item.errors) == ("0007", {"cover": {"applicant": "甲, 乙"}}, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_joined_files_with_marks_declarations_and_blank_columns(encoding):
    text = "编号;申报单位;;\r\n1;甲\t;;\r\n;;;\r\n\ufeff编号;申报单位;;\r\n2;乙;;\r\n"
    for declaration in ("", "sep=;\r\n", '"sep=;"\r\n'):
        first, second = items(declaration + text, encoding)
        assert [(first.id, first.errors), (second.id, second.errors)] == [("1", ()), ("2", ())]
        assert first.data == {"cover": {"applicant": "甲"}}
        assert (first.place.number, second.place.number) == (2, 5)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\r\n"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_line_ends_and_separators(end, separator):
    lines = [
        f"编号{separator}申报单位{separator}总体思路",
        f'1{separator}甲{separator}"一\r\n二"',
        f"2{separator}乙",
    ]
    first, second = items(end.join(lines))
    assert (first.id, second.id, second.data) == ("1", "2", {"cover": {"applicant": "乙"}})
    assert first.data["overall_approach"].splitlines() == ["一", "二"]


def test_a_long_text_keeps_its_indentation_and_lines():
    item = read_item('编号,总体思路\n1,"　　第一段\n　　第二段\t"\t\n'.encode(), name="export.csv")
    assert item.data == {"overall_approach": "　　第一段\n　　第二段"}


@pytest.mark.parametrize("row", ["合计,,30", "小计：,,30", ",全县合计,30", "总计30人,,"])
def test_a_total_is_no_submission(row):
    first, total = items(f"编号,申报单位,编制数\n1,甲,30\n{row}\n")
    assert (first.errors, codes(total)) == ((), ["total_row"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", ["云\0泽", "\0云泽", "A\0"])
def test_a_nul_is_an_error_of_its_field_alone(encoding, name):
    first, second = items(f"编号,申报单位,编制数\n1,{name},30\n2,乙,\n", encoding)
    with pytest.raises(InvalidPayload) as caught:
        check(first)
    assert [(each.code, each.pointer) for each in caught.value.errors] == [
        ("forbidden_character", "/cover/applicant")
    ]
    assert (second.id, second.errors) == ("2", ())
