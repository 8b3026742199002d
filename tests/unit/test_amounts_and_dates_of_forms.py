"""Identity numbers, months, periods, percentages and money of a form, as people write them in each room."""

from __future__ import annotations

import io
import shutil

import openpyxl
import pytest
from werkzeug.datastructures import MultiDict

from service import create_app, lint
from service.batch.sheets import blank_sheet
from service.errors import InvalidPayload
from service.extraction import extract
from service.submission import validate
from service.web.controls import form_data
from tests.helpers.batch import read_items, workbook_bytes
from tests.helpers.docx_edit import edit
from tests.helpers.docx_read import W
from tests.helpers.forms import made_up
from tests.helpers.hand_made import Paper, put, t

DIGITS = '{{ budget.requested.digits or "                " }}'
CAPITALS = '{{ budget.requested.capitals or "                                " }}'


@pytest.fixture(scope="module", autouse=True)
def edition(tmp_path_factory):
    """The made-up form, in a folder of its own that a test may change."""
    folder = tmp_path_factory.mktemp("made-up") / "forms"
    shutil.copytree(made_up.FOLDER, folder)
    with pytest.MonkeyPatch.context() as patch:
        yield made_up.publish(patch, folder)


@pytest.fixture(scope="module")
def full(edition):
    return edition.sample("full")


def paper():
    return Paper(made_up.FORM, year=made_up.YEAR)


def read(made):
    """What a document holds, and its warnings."""
    found = extract(made.docx())
    return found.data, [(warning.code, warning.pointer, warning.text) for warning in found.warnings]


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("{{ person.id_number[4] }}", "", ["person.id_number[4]"]),
        (CAPITALS, "", ["budget.requested.capitals"]),
        (DIGITS, "{{ budget.requested }}", ["is printed in two places, each with its tag: "]),
    ],
)
def test_lint_asks_for_each_place_of_a_field(edition, old, new, messages):
    whole = edition.template_path.read_bytes()
    try:
        edit(edition.template_path, (old, new))
        found = " ".join(fault.text.en for fault in lint.check(edition).faults)
    finally:
        edition.template_path.write_bytes(whole)
    assert [message for message in messages if message not in found] == []


def test_what_people_type_is_read():
    made = paper()
    put(made.value("实施期限"), t("2024.4.1—2026年12月31日"))
    put(made.value("出生年月"), t("一九九〇年七月"))
    put(made.value("毕业年份"), t("2016"))
    put(made.value("自筹比例"), t("３７．５ ％"))
    put(made.value("试验场地面积"), t("1200.5"))
    put(made.value("申请资助金额"), t("￥132,000元（大写：人民币壹拾叁万贰仟圆正）"))
    assert read(made) == (read(paper())[0], [])


def test_digits_of_an_identity_number_may_be_typed_into_other_cells():
    made = paper()
    cells = list(made.row("身份证号码").iter(W + "tc"))[1:19]
    for number, cell in enumerate(cells):
        put(cell, t("11010519491231002X" if number == 0 else ""))
    data, warnings = read(made)
    assert (data["person"]["id_number"], warnings) == ("11010519491231002X", [])


def test_what_is_doubtful_is_reported():
    made = paper()
    put(made.value("出生年月"), t("90年7月"))
    put(made.value("自筹比例"), t("0.375"))
    put(made.value("实施期限"), t("2024年4月1日起"))
    put(made.value("申请资助金额"), t("￥132000.00元（大写：人民币壹拾万贰仟元整）"))
    data, warnings = read(made)
    assert {"born"}.isdisjoint(data["person"])
    assert {"own_share", "term"}.isdisjoint(data["project"])
    assert "requested" not in data["budget"]
    assert warnings == [
        ("unreadable", "/person/born", "90年7月"),
        ("unreadable", "/project/term", "2024年4月1日起"),
        ("unreadable", "/project/own_share", "0.375"),
        ("capitals_differ", "/budget/requested", "132000.00 壹拾万贰仟元整"),
    ]


def test_the_number_of_a_payment_in_place_of_an_amount_is_reported(edition):
    payment = "4200001988202411057316204958"
    made = paper()
    put(made.value("申请资助金额"), t(f"￥{payment}元（大写：）"))
    data, warnings = read(made)
    assert warnings == [("unreadable", "/budget/requested", f"￥{payment}元（大写：）")]
    assert data["person"] == read(paper())[0]["person"]
    csv = f"id,budget.requested,person.name\na,{payment},沈青\nb,132000,陆鸣\n".encode()
    wrong, right = read_items(csv, "input.csv", made_up.FORM, made_up.YEAR)
    assert [(error.pointer, error.code) for error in wrong.errors] == [("/budget/requested", "not_an_amount")]
    assert (right.errors, right.data["budget"]) == ((), {"requested": 132000})
    posted = form_data.payload(edition, MultiDict({"/budget/requested": payment}))
    with pytest.raises(InvalidPayload) as caught:
        validate(edition, posted)
    assert [(error.pointer, error.code) for error in caught.value.errors] == [
        ("/budget/requested", "not_a_number")
    ]


def in_sheet(edition, cells):
    """The item of the edition's own sheet with other contents of cells, each with its number format."""
    book = openpyxl.load_workbook(io.BytesIO(blank_sheet.make(edition)))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[blank_sheet.PATH_ROW]}
    sheet.cell(blank_sheet.FIRST_ROW, 1, "a-1")
    for key, (value, format) in cells.items():
        cell = sheet.cell(blank_sheet.FIRST_ROW, columns[key], value)
        cell.number_format = format
    return read_items(workbook_bytes(book), form=made_up.FORM, year=made_up.YEAR)[0]


def test_cells_are_read_as_the_sheet_shows_them(edition):
    cells = {
        "person.born": (44256, 'yyyy"年"m"月"'),
        "person.graduated": (44197, "yyyy"),
        "project.own_share": (0.125, "0.0%"),
        "project.term": ("2021.3.1-2021.6.30", "@"),
        "person.contact_id": ("440524188001010014", "@"),
    }
    item = in_sheet(edition, cells)
    assert item.errors == ()
    assert item.data == {
        "person": {"born": "2021-03", "graduated": 2021, "contact_id": "440524188001010014"},
        "project": {"own_share": 12.5, "term": {"from": "2021-03-01", "to": "2021-06-30"}},
    }


def test_a_cell_that_has_lost_something_is_an_error(edition):
    cells = {
        "person.born": (2021.1, "General"),
        "project.own_share": (0.125, "General"),
        "person.contact_id": (440524188001010014, "0"),
        "project.term": (44256, "yyyy-mm-dd"),
    }
    assert {error.pointer: error.code for error in in_sheet(edition, cells).errors} == {
        "/person/contact_id": "digits_lost",
        "/person/born": "not_a_cell_of_month",
        "/project/term": "not_a_cell_of_date_range",
        "/project/own_share": "unclear_percentage",
    }


def test_a_month_of_a_csv_that_may_have_lost_a_zero_is_an_error():
    csv = b"id,person.born\na,1987.1\nb,1987.10\nc,1987.11\nd,1987-01\n"
    lost, *others = read_items(csv, "input.csv", made_up.FORM, made_up.YEAR)
    assert [(error.pointer, error.code) for error in lost.errors] == [("/person/born", "not_a_cell_of_month")]
    assert "2021.1 分不清是 1 月还是 10 月" in lost.errors[0].message.zh
    assert [item.data["person"]["born"] for item in others] == ["1987-10", "1987-11", "1987-01"]


def test_a_posted_form_says_what_the_payload_says(edition, full):
    posted = MultiDict(form_data.texts(edition, full))
    assert posted["/project/term/from"] == "2024-04-01"
    assert validate(edition, form_data.payload(edition, posted)).data == validate(edition, full).data
    assert form_data.payload(edition, MultiDict({"/project/term/to": "2026-12-31", "/person/born": " "})) == {
        "project": {"term": {"to": "2026-12-31"}}
    }


def test_the_page_has_a_control_for_each_end_of_a_period():
    client = create_app({}).test_client()
    address = f"/forms/{made_up.FORM}/{made_up.YEAR}"
    page = client.get(address).get_data(as_text=True)
    assert 'id="f/project/term/from" name="/project/term/from" data-kind="date"' in page
    assert 'id="f/experience/*/period/to" name="/experience/*/period/to" data-kind="month"' in page
    assert 'type="month" min="1000-01" max="9999-12"' in page
    assert 'pattern="[1-9][0-9]{16}[0-9Xx]"' in page
    assert "自筹比例（%）" in page
    answer = client.post(address, data={"/project/term/from": "2021-03-01", "format": "docx"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="2021-03-01"' in page
    assert "起止时间只填了一个，请把开始和结束都填上，或都不填。" in page
