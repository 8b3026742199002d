"""A form with identity numbers, months, periods, percentages and money through every room but the PDF."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from service import catalog, create_app, generate, lint, submission
from service.batch.sheets import blank_sheet
from service.extraction import extract
from service.submission import validate
from service.web.controls import form_data
from tests.helpers.batch import read_items, workbook_bytes
from tests.helpers.docx_edit import edit
from tests.helpers.docx_read import W
from tests.helpers.forms import amounts_and_dates as form
from tests.helpers.forms import own_catalogue
from tests.helpers.hand_made import Paper, put, retype, t
from tests.helpers.payloads import groups


@pytest.fixture(scope="module", autouse=True)
def edition(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEXIE_FORMS", str(form.write(tmp_path_factory.mktemp("forms"))))
        patch.setattr(submission, "_used", [])
        own_catalogue(patch)
        yield catalog.edition(form.NAME, form.YEAR)


def paper(**changes):
    return Paper(form.NAME, payload={**form.FULL, **changes})


def read(made):
    """What a document holds, and its warnings."""
    found = extract(made.docx())
    return found.data, [(warning.code, warning.pointer, warning.text) for warning in found.warnings]


def assert_goes_round(edition, payload):
    sent = validate(edition, payload)
    back = extract(generate(form.NAME, form.YEAR, payload, ("docx",))["docx"])
    assert back.warnings == ()
    assert validate(edition, back.data).data == sent.data


def test_the_full_sample_goes_round(edition):
    assert_goes_round(edition, form.FULL)


def test_any_payload_goes_round(edition):
    @hypothesis_settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(groups(edition.schema), st.integers(1, 10**13 - 1))
    def goes_round(payload, cents):
        assert_goes_round(edition, {**payload, "total": f"{cents // 100}.{cents % 100:02}"})

    goes_round()


def test_the_template_is_without_faults(edition):
    assert [fault.text.zh for fault in lint.check(edition).faults] == []


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("{{ id_number[4] }}", "", ["id_number[4]"]),
        ("{{ total.capitals }}", "", ["total.capitals"]),
        ("{{ total.digits }}", "{{ total }}", ["is printed in two places, each with its tag: "]),
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
    put(made.value("实施期限"), t("2021.3.1—2021年6月30日"))
    put(made.value("入职年月"), t("二〇二一年三月"))
    put(made.value("预算年度"), t("2021"))
    put(made.value("自筹比例"), t("１２．５ ％"))
    put(made.value("场地面积"), t("85.5"))
    retype(made.paragraph("申请金额"), t("申请金额：￥12,000元（大写：人民币壹万贰仟圆正）"))
    assert read(made) == (read(paper())[0], [])


def test_digits_of_an_identity_number_may_be_typed_into_other_cells():
    made = paper()
    cells = list(made.row("身份证号码").iter(W + "tc"))[1:]
    for number, cell in enumerate(cells):
        put(cell, t("11010519491231002X" if number == 0 else ""))
    data, warnings = read(made)
    assert (data["id_number"], warnings) == ("11010519491231002X", [])


def test_what_is_doubtful_is_reported():
    made = paper()
    put(made.value("入职年月"), t("21年3月"))
    put(made.value("自筹比例"), t("0.125"))
    put(made.value("实施期限"), t("2021年3月1日起"))
    retype(made.paragraph("申请金额"), t("申请金额：12000.00元（大写：壹万叁仟元整）"))
    data, warnings = read(made)
    assert {"joined", "own_share", "term", "total"}.isdisjoint(data)
    assert warnings == [
        ("unreadable", "/joined", "21年3月"),
        ("unreadable", "/term", "2021年3月1日起"),
        ("unreadable", "/own_share", "0.125"),
        ("capitals_differ", "/total", "12000.00 壹万叁仟元整"),
    ]


def test_a_filled_sheet_reads_back(edition):
    item = read_items(blank_sheet.make(edition, [("1", form.FULL)]), form=form.NAME)[0]
    assert item.errors == ()
    assert validate(edition, item.data).data == validate(edition, form.FULL).data


def in_sheet(edition, **cells):
    """The item of the edition's own sheet with other contents of cells, each with its number format."""
    book = openpyxl.load_workbook(io.BytesIO(blank_sheet.make(edition)))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[blank_sheet.PATH_ROW]}
    sheet.cell(blank_sheet.FIRST_ROW, 1, "a-1")
    for key, (value, format) in cells.items():
        cell = sheet.cell(blank_sheet.FIRST_ROW, columns[key], value)
        cell.number_format = format
    return read_items(workbook_bytes(book), form=form.NAME)[0]


def test_cells_are_read_as_the_sheet_shows_them(edition):
    item = in_sheet(
        edition,
        joined=(44256, 'yyyy"年"m"月"'),
        budget_year=(44197, "yyyy"),
        own_share=(0.125, "0.0%"),
        term=("2021.3.1-2021.6.30", "@"),
        second_id=("440524188001010014", "@"),
    )
    assert item.errors == ()
    expected = {"joined": "2021-03", "budget_year": 2021, "own_share": 12.5, "term": form.FULL["term"]}
    assert item.data == {**expected, "second_id": "440524188001010014"}


def test_a_cell_that_has_lost_something_is_an_error(edition):
    item = in_sheet(
        edition,
        joined=(2021.1, "General"),
        own_share=(0.125, "General"),
        second_id=(440524188001010014, "0"),
        term=(44256, "yyyy-mm-dd"),
    )
    assert {error.pointer: error.code for error in item.errors} == {
        "/second_id": "digits_lost",
        "/joined": "not_a_cell_of_month",
        "/term": "not_a_cell_of_date_range",
        "/own_share": "unclear_percentage",
    }


def test_a_posted_form_says_what_the_payload_says(edition):
    posted = MultiDict(form_data.texts(edition, form.FULL))
    assert posted["/term/from"] == "2021-03-01"
    assert validate(edition, form_data.payload(edition, posted)).data == validate(edition, form.FULL).data
    assert form_data.payload(edition, MultiDict({"/term/to": "2021-06-30", "/joined": " "})) == {
        "term": {"to": "2021-06-30"}
    }


def test_the_page_has_a_control_for_each_end_of_a_period():
    client = create_app({}).test_client()
    address = f"/forms/{form.NAME}/{form.YEAR}"
    page = client.get(address).get_data(as_text=True)
    assert 'id="f/term/from" name="/term/from" data-kind="date"' in page
    assert 'id="f/posts/*/period/to" name="/posts/*/period/to" data-kind="month"' in page
    assert 'type="month" min="1000-01" max="9999-12"' in page
    assert 'pattern="[1-9][0-9]{16}[0-9Xx]"' in page
    assert "自筹比例（%）" in page
    answer = client.post(address, data={"/term/from": "2021-03-01", "format": "docx"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="2021-03-01"' in page
    assert "起止时间只填了一个，请把开始和结束都填上，或都不填。" in page
