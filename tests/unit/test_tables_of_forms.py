"""A form with rows fixed by name, printed blank and within rows, and two tables in a group, in every room."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import remarks
from schemas.fields import Group, Line, Rows
from schemas.form_schema import FieldGroup, FormSchema
from schemas.remarks import Declarations
from service import create_app, pipeline
from service.batch.sheets import blank_sheet
from service.errors import InvalidPayload
from service.extraction import extract
from service.layout import certify
from service.lint import check as lint
from service.roundtrip import prove
from service.submission import validate
from service.web.controls import form_data
from service.web.controls.posted_answers import Answers
from tests.helpers.batch import read_items
from tests.helpers.docx_edit import cell, edited, reword, row
from tests.helpers.docx_read import W
from tests.helpers.docx_read import tables as read_tables
from tests.helpers.forms import tables
from tests.helpers.forms.tables import FULL
from tests.helpers.payloads import groups


@pytest.fixture(scope="module", autouse=True)
def edition(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield tables.publish(tmp_path_factory.mktemp("forms"), patch)


def made(edition, payload):
    submission = validate(edition, payload)
    return submission, pipeline.documents(submission, ("docx",))["docx"]


def test_rows_of_every_kind_go_into_the_document_and_come_back(edition):
    submission, document = made(edition, FULL)
    prove(submission, document)
    found = extract(document)
    assert found.warnings == ()
    assert made(edition, found.data)[1] == document
    assert certify(document, edition).official


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_payload_goes_round(edition, data):
    submission, document = made(edition, data.draw(groups(edition.schema)))
    prove(submission, document)
    assert certify(document, edition).official


def test_a_blank_form_has_its_printed_rows(edition):
    _, document = made(edition, {})
    family, projects = read_tables(document)[1:]
    boxes = "是□否□"
    assert family == [
        ["称谓", "姓名", "工作单位"],
        ["父亲", "", ""],
        ["母亲", "", ""],
        *[["", "", ""]] * 2,
        ["年份", "国家", "事由"],
        *[["", "", ""]] * 3,
    ]
    assert projects[1:] == [*[["", "", "", boxes, ""]] * 2, ["金额合计", ""]]
    assert extract(document).data == {}
    assert extract(document).warnings == ()
    assert certify(document, edition).official
    assert lint(edition).faults == ()


def without(document, *rows):
    """The document without these rows, by table and row."""

    def drop(root):
        for each in [row(root, number, at) for number, at in rows]:
            each.getparent().remove(each)

    return edited(document, drop)


def test_fewer_rows_than_printed_are_a_change_of_the_layout(edition):
    _, document = made(edition, FULL)
    assert certify(without(document, (2, 4)), edition).official  # two others are left
    fewer = without(document, (2, 4), (2, 5), (2, 10))
    found = [(each.code, each.place.zh, each.message.zh) for each in certify(fewer, edition).differences]
    assert found == [
        ("rows_removed", "第2个表格第4行", "正式表单印有2行，现有1行"),
        ("rows_removed", "第2个表格第7行", "正式表单印有3行，现有2行"),
    ]
    back = extract(fewer)
    assert back.warnings == ()
    assert [each["relation"] for each in back.data["family"]["others"]] == ["女"]
    assert back.data["family"]["trips"] == FULL["family"]["trips"]


def test_a_row_whose_cells_are_not_merged_begins_a_row_of_its_own(edition):
    _, document = made(edition, FULL)

    def split(root):
        for column in (1, 5):
            (merge,) = cell(root, 3, 3, column).iter(f"{W}vMerge")
            merge.set(f"{W}val", "restart")

    projects = extract(edited(document, split)).data["projects"]
    assert [len(each.get("parts", ())) for each in projects] == [1, 2, 0, 1]
    assert "title" not in projects[1]


def test_a_doubtful_amount_is_named_by_its_row_in_the_payload(edition):
    parts = [{"name": "展品"}, {"amount": "1.20"}, {"name": "讲解", "amount": "0.50"}]
    _, document = made(edition, {"projects": [{"parts": parts}]})

    def doubt(root):
        reword(cell(root, 3, 2, 2), "展品", "")  # a blank row, but for its boxes
        reword(cell(root, 3, 3, 3), "1.20", "约1.2")
        reword(cell(root, 3, 4, 3), "0.50", "约0.5")

    found = extract(edited(document, doubt))
    assert [(each.code, each.pointer, each.label) for each in found.warnings] == [
        ("unreadable", "/projects/0/parts/0/amount", "金额"),
        ("unreadable", "/projects/0/parts/1/amount", "金额"),
    ]
    assert found.data["projects"] == [{"parts": [{}, {"name": "讲解"}]}]


def test_errors_and_what_is_missing_name_rows_within_rows(edition):
    parts = [{"name": "展品", "amount": "x"}, {"name": "讲解", "unit": "次"}]
    with pytest.raises(InvalidPayload) as caught:
        validate(edition, {"projects": [{}, {"parts": parts}, {"parts": [{}] * 16}], "total": "1"})
    assert [(each.pointer, each.label, each.code) for each in caught.value.errors] == [
        ("/projects/1/parts/0/amount", "金额", "not_a_number"),
        ("/projects/1/parts/1/unit", "分项", "unknown_field"),
        ("/projects/2/parts", "分项", "too_many_items"),
    ]
    with pytest.raises(InvalidPayload) as caught:
        validate(edition, FULL | {"total": "5.01"})
    assert [(each.pointer, each.code) for each in caught.value.errors] == [("/total", "total_mismatch")]
    expected = Declarations(edition.schema, ("family.parents", "projects.*.parts.*.amount"), ())
    assert [each.path for each in expected.missing(remarks.given(edition.schema, FULL))] == [
        ("family", "parents", "mother", "employer"),
        ("projects", 0, "parts", 2, "amount"),
    ]


def test_a_sheet_has_a_few_columns_for_rows_within_rows(edition):
    content = blank_sheet.make(edition, [("1", FULL)])
    keys = [each.value for each in openpyxl.load_workbook(io.BytesIO(content)).active[blank_sheet.PATH_ROW]]
    assert [key for key in keys if key.startswith("projects.2.")] == [
        "projects.2.title",
        *(f"projects.2.parts.{number}.{key}" for number in (1, 2, 3) for key in ("name", "amount", "done")),
        "projects.2.leader",
    ]
    assert len(keys) < 180
    assert_reads(edition, content, FULL)


def test_many_rows_within_a_row_are_one_column_of_a_sheet(edition):
    long = {
        "projects": [{"title": "甲"}, {"parts": [{"name": f"第{n}项", "amount": "1.25"} for n in range(14)]}]
    }
    content = blank_sheet.make(edition, [("1", FULL), ("2", long)])
    keys = [each.value for each in openpyxl.load_workbook(io.BytesIO(content)).active[blank_sheet.PATH_ROW]]
    assert [key for key in keys if key.startswith("projects.2.")] == [
        "projects.2.title",
        "projects.2.parts",
        "projects.2.leader",
    ]
    assert_reads(edition, content, FULL, long)


def assert_reads(edition, content, *payloads):
    items = read_items(content, form=tables.FORM, year=tables.YEAR)
    assert [item.errors for item in items] == [()] * len(payloads)
    assert [validate(edition, item.data).data for item in items] == [
        validate(edition, payload).data for payload in payloads
    ]


def test_a_posted_form_says_what_the_payload_says(edition):
    posted = form_data.texts(edition, FULL)
    assert posted["/projects/0/parts/1/name"] == "运输"
    assert validate(edition, form_data.payload(edition, posted)).data == validate(edition, FULL).data


class Posted(dict):
    """A posted form that counts how often its names are read through."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        return super().__iter__()


def test_the_names_of_a_posted_form_are_read_once_however_many_rows_it_has(edition):
    texts = {f"/projects/{row}/parts/{part}/amount": "x" for row in range(12) for part in range(15)}
    texts |= {f"/projects/{row}/parts/2/done": "true" for row in range(12)}
    posted = Posted(texts)
    payload = form_data.payload(edition, posted)
    assert [len(project["parts"]) for project in payload["projects"]] == [15] * 12
    assert posted.passes == 1
    answers = Answers(edition, posted, payload, None)
    assert [answers.rows(f"/projects/{row}/parts") for row in range(12)] == [list(range(15))] * 12
    assert {answers.at(name).lines for name in texts if name.endswith("amount")} == {("x",)}
    assert posted.passes == 2


def test_names_that_claim_more_rows_than_a_page_can_show_are_refused(edition):
    address, client = f"{tables.FORM}/{tables.YEAR}", create_app({}).test_client()
    claimed = {f"/projects/{row}/parts/999/name": "x" for row in range(20)}
    body = {"form": tables.FORM, "year": tables.YEAR, "values": claimed}
    for answer in (
        client.post(f"/forms/{address}", data={**claimed, "do": "edit"}),
        client.post(f"/forms/{address}", data={**claimed, "add": "/projects"}),
        client.post(f"/api/v1/forms/{address}/facts", json=body),
    ):
        assert answer.status_code == 400
        assert "最多 20000 行" in answer.text
    claimed.popitem()
    assert len(form_data.payload(edition, claimed)["projects"][18]["parts"]) == 1000


def test_the_page_shows_and_adds_rows_within_rows(edition):
    client, address = create_app({}).test_client(), f"/forms/{tables.FORM}/{tables.YEAR}"
    page = client.get(address).get_data(as_text=True)
    for pointer, minimum, maximum in (
        ("/family/others", 3, 6),
        ("/family/trips", 3, 4),
        ("/projects", 3, 12),
        ("/projects/2/parts", 2, 15),
        ("/projects/*/parts", 2, 15),
    ):
        assert f'data-rows="{pointer}" data-minimum="{minimum}" data-maximum="{maximum}"' in page
    assert 'id="f/family/parents/father/name"' in page
    assert 'name="/projects/*/parts/0/name"' in page
    assert 'id="f/family/trips/2/visit/country"' in page
    assert "出访 国家" in page
    titles = (f"<h3>{label}</h3>" for label in ("父母", "其他成员", "出国经历"))
    assert all(title in page for title in titles)
    assert '<p class="help">分项</p>' in page
    sent = {"/projects/1/title": "甲", "/projects/1/parts/1/amount": "x", "add": "/projects/1/parts"}
    page = client.post(address, data=sent).get_data(as_text=True)
    assert 'name="/projects/1/parts/2/name"' in page
    assert 'name="/projects/2/parts/2/name"' not in page
    sent = {"/projects/1/title": "甲", "/projects/1/parts/1/amount": "x", "format": "docx"}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert "第 2 行 第 2 行" in answer.get_data(as_text=True)


def test_the_json_schema_has_the_rows_within_rows(edition):
    described = edition.json_schema()["properties"]
    parts = described["projects"]["items"]["properties"]["parts"]
    assert (parts["title"], parts["maxItems"]) == ("分项", 15)
    assert parts["items"]["properties"]["amount"]["title"] == "金额"
    parents = described["family"]["properties"]["parents"]["properties"]
    assert [each["title"] for each in parents.values()] == ["父亲", "母亲"]


def test_a_table_prints_no_more_rows_than_it_may_have():
    with pytest.raises(ValueError, match="3 printed rows"):
        Rows("表", Group("表", {}), maximum=2, minimum=3)


def test_a_form_has_rows_within_rows_one_level_down_alone():
    inner = Rows("表", Group("行", type("Inner", (FieldGroup,), {"name": Line("名称")})))
    for _ in range(2):
        inner = Rows("表", Group("行", type("Outer", (FieldGroup,), {"inner": inner})))
    with pytest.raises(ValueError, match=r"within rows: inner\.\*\.inner\.\*\.inner\.\*\.name"):
        type("Deep", (FormSchema,), {"inner": inner})()
