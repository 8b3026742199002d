"""Batches over HTTP, from the body that is sent to the zip that comes back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import openpyxl
import pytest

from service import catalog, generate
from service.batch.sheets import blank_sheet
from tests.helpers.application import application, lines, of_tenant, problem
from tests.helpers.batch import workbook
from tests.helpers.libreoffice import Gate
from tests.helpers.processes import awaited, gone

BATCHES = "/api/v1/batches"
NDJSON, JSON, CSV = "application/x-ndjson", "application/json", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA = catalog.edition("annex3", 2021).sample("minimal")


def item(id, **more):
    return {"form": "annex3", "year": 2021, "id": id, "data": {**DATA, **more}}


MIXED = lines(
    item("3201-0001"),
    item("a/b"),
    {**item("bad"), "data": {"association_name": "甲", "nothing": 1}},
    {**item("worse"), "form": "annex9"},
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("batches")


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    return Gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def app(place, gate):
    settings = {
        "KEXIE_BATCH_WORKERS": "1",
        "KEXIE_BATCH_LIMIT": str(1024 * 1024),
        **gate.environment,
    }
    with application(place, **settings) as made:
        yield made
    assert gone(str(place))


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


def send(client, body, kind=NDJSON, query=""):
    answer = client.post(f"{BATCHES}{query}", data=body, content_type=kind)
    assert answer.status_code == 202, answer.json
    return answer.headers["Location"]


def finished(client, address):
    assert awaited(lambda: client.get(address).json["finished"]), client.get(address).json
    return client.get(address).json


@pytest.fixture(scope="module")
def mixed(client):
    """A batch of which half failed, at its end."""
    address = send(client, MIXED)
    finished(client, address)
    return address


def test_a_batch_is_done_by_the_service_and_reports_each_error(client, mixed):
    report = client.get(mixed).json
    assert (report["state"], report["total"]) == ("finished", 4)
    assert report["counts"] == {"queued": 0, "running": 0, "done": 2, "failed": 2, "cancelled": 0}
    assert [(failure["place"], failure["id"], failure["submitter"]) for failure in report["errors"]] == [
        ("line 3", "bad", "甲"),
        ("line 4", "worse", ""),
    ]
    assert ("/nothing", "unknown_field") in [
        (error["pointer"], error["code"]) for error in report["errors"][0]["errors"]
    ]
    keys = [found["id"] for found in client.get("/api/v1/records?form=annex3").json["records"]]
    assert {"3201-0001", "a/b"} <= set(keys)


def test_errors_come_page_by_page(client, mixed):
    first = client.get(f"{mixed}?limit=1").json
    second = client.get(first["next"]).json
    assert [failure["id"] for failure in first["errors"] + second["errors"]] == ["bad", "worse"]
    assert second["next"] is None


@pytest.mark.parametrize(
    "query", ["id=x", "endpoint=x", "_method=PUT", "_external=1&_scheme=javascript", "_anchor=x", "a=1&b=%25"]
)
def test_a_parameter_that_the_list_lacks_is_refused(client, mixed, query):
    answer = client.get(f"{mixed}?limit=1&{query}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
    assert f"'{query.partition('=')[0]}'" in answer.json["detail"]
    assert answer.json["detail"].endswith("known here: limit, after.")


def test_the_errors_as_lines_are_those_of_the_batch(client, mixed):
    report = client.get(mixed).json
    found = client.get(report["links"]["errors"])
    assert found.mimetype == NDJSON
    assert [json.loads(line) for line in found.data.splitlines()] == report["errors"]


def test_the_zip_holds_every_record_a_table_and_the_errors(client, mixed):
    answer = client.get(client.get(mixed).json["links"]["documents"])
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        folders = {name.rpartition("/")[0] for name in names} - {""}
        name = DATA["association_name"]
        (odd,) = folders - {f"2021/annex3/3201-0001 {name}"}
        assert odd.startswith("2021/annex3/a_b~")
        assert {name.rpartition("/")[2] for name in names if name.startswith(odd)} == {
            "报文.json",
            "申报书.docx",
            "申报书.pdf",
            "manifest.json",
        }
        table = list(csv.reader(io.StringIO(packed.read("manifest.csv").decode("utf-8-sig"))))
        assert [row[4:6] for row in table[1:]] == [[name, "完成"]] * 2 + [["", "失败"]] * 2
        by_heading = dict(zip(table[0], table[1], strict=True))
        pdf = packed.read(f"{by_heading['目录']}/申报书.pdf")
        assert hashlib.sha256(pdf).hexdigest() == by_heading["申报书.pdf SHA-256"]
        assert len(packed.read("errors.ndjson").splitlines()) == 2


def test_the_same_again_is_the_same_batch_and_other_options_are_another(client, mixed):
    assert send(client, MIXED) == mixed
    assert send(client, MIXED, query="?formats=docx") != mixed
    assert client.get(mixed).json["state"] == "finished"


def test_a_json_array_and_a_form_s_file_are_taken_too(client):
    body = json.dumps([item("array")]).encode()
    assert finished(client, send(client, body, JSON))["counts"]["done"] == 1
    file = (io.BytesIO(lines(item("multipart"))), "县级　申报.ndjson")
    answer = client.post(BATCHES, data={"file": file}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["name"]) == (202, "县级　申报.ndjson")
    assert finished(client, answer.headers["Location"])["counts"]["done"] == 1


def test_a_sheet_comes_back_with_its_faulty_cells_marked(client):
    headings = "编号,cover.applicant,basic_info.townships,basic_info.villages,basic_info.village_associations"
    rows = f"{headings}\ngood,云泽县科协,3,8,9\nbad,,三个,8,9\n"
    address = send(client, rows.encode(), CSV, "?form=annex2&year=2021&formats=docx")
    report = finished(client, address)
    assert (report["form"], report["year"], report["formats"]) == ("annex2", 2021, ["docx"])
    assert (report["counts"]["done"], report["counts"]["failed"]) == (1, 1)
    answer = client.get(report["links"]["errors_sheet"])
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert answer.mimetype == XLSX
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["bad"]
    assert "应为不小于 0 的整数" in sheet["C2"].comment.text
    assert {cell.coordinate for cell in sheet[2] if cell.fill.fgColor.rgb.endswith("FFEB9C")} == {"B2", "E2"}
    assert "9 多于“行政村”的 8" in sheet["E2"].comment.text
    for remarked in report["remarks"]:
        assert [each["code"] for each in remarked["advice"]] == ["above"]
    assert [(each["id"], len(each["missing"])) for each in report["remarks"]] == [("good", 42), ("bad", 43)]
    page = client.get(address.replace("/api/v1", "")).get_data(as_text=True)
    assert page.count("9 多于“行政村”的 8，请核对这两项。") == 2
    assert "未填 42 项" in page
    address = send(client, rows.encode(), CSV, "?form=annex2&year=2021&formats=docx&complete=true")
    report = finished(client, address)
    assert (report["complete"], report["counts"]["failed"]) == (True, 2)
    assert [error["code"] for error in report["errors"][0]["errors"]] == ["missing"] * 42


def test_hidden_rows_are_named_by_the_batch_and_on_its_page(client):
    book = workbook([["编号", "县级科协名称"], ["shown", "甲县科协"], ["hidden", "乙县科协"]], hidden=[3])
    address = send(client, book, XLSX, "?form=annex3&year=2021&formats=docx")
    report = finished(client, address)
    (warned,) = report["warnings"]
    assert (report["counts"]["done"], warned["id"], warned["place"]) == (2, "hidden", "Sheet1!3")
    assert [each["code"] for each in warned["warnings"]] == ["hidden_row"]
    page = client.get(address.replace("/api/v1", "")).get_data(as_text=True)
    assert "第 3 行：这一行在表格中是隐藏的" in page


def test_a_workbook_is_taken(client):
    book = blank_sheet.make(catalog.edition("annex3", 2021))
    assert client.post(BATCHES, data=book, content_type=XLSX).status_code == 422


@pytest.mark.parametrize(
    ("body", "kind", "query", "status", "code"),
    [
        (b"", NDJSON, "", 422, "unreadable_input"),
        (b"\n \n", NDJSON, "", 422, "unreadable_input"),
        (b"[{", JSON, "", 422, "unreadable_input"),
        (b"7", JSON, "", 422, "unreadable_input"),
        (b"[" * 100_000, JSON, "", 422, "unreadable_input"),
        (b"[]", JSON, "", 422, "unreadable_input"),
        (b"PK no workbook", XLSX, "", 422, "unreadable_input"),
        (b"a,b\n1,2\n", CSV, "", 422, "unreadable_input"),
        (b"x" * (1024 * 1024 + 1), NDJSON, "", 413, "too_large"),
        (b"{}", "text/plain", "", 415, "unsupported_media_type"),
        (b"{}", NDJSON, "?formats=png", 400, "usage"),
        (b"{}", NDJSON, "?year=21", 400, "usage"),
        (b"{}", NDJSON, "?form=annex9", 404, "unknown_form"),
        (b"{}", NDJSON, "?form=annex3&year=1999", 404, "unknown_year"),
    ],
)
def test_what_cannot_be_read_is_refused_and_leaves_no_batch(client, body, kind, query, status, code):
    before = [batch["id"] for batch in client.get(BATCHES).json["batches"]]
    answer = client.post(f"{BATCHES}{query}", data=body, content_type=kind)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert [batch["id"] for batch in client.get(BATCHES).json["batches"]] == before


def test_a_chunked_body_that_is_too_large_is_refused(app):
    environ = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b" " * (1024 * 1024 + 1))}
    answer = app.test_client().post(BATCHES, content_type=NDJSON, environ_overrides=environ)
    assert answer.status_code == 413


def test_a_batch_of_which_nothing_can_be_done_is_at_its_end_at_once(client):
    report = client.get(send(client, b'{"form": "annex3"}\n')).json
    assert (report["state"], report["counts"]["failed"]) == ("finished", 1)
    assert report["finished"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (r'{"form": "annex3", "year": 2021, "id": "\ud800", "data": {}}', "bad_id"),
        (r'{"form": "annex3", "year": 2021, "id": "a\u0000b", "data": {}}', "bad_id"),
        (r'{"form": "\ud800\u0000", "year": 2021, "id": "1", "data": {}}', "unknown_form"),
        (r'{"form": "annex3", "year": 3000000000, "id": "1", "data": {}}', "bad_year"),
        (
            r'{"form": "annex3", "year": 2021, "id": "1", "data": {"case_name": "\ud800"}}',
            "forbidden_character",
        ),
        ('{"form": "annex3", "year": 2021, "id": "1", "data": ' + "[" * 100_000, "not_json"),
    ],
)
def test_what_no_database_can_hold_is_an_item_s_error(client, line, code):
    address = send(client, f"{line}\n".encode())
    assert client.get(address).json["errors"][0]["errors"][0]["code"] == code
    assert client.get(f"{address}/errors.ndjson").status_code == 200
    assert client.get(f"{address}/documents.zip").data.startswith(b"PK")


def test_the_list_is_read_page_by_page_the_latest_first(client, mixed):
    send(client, lines({"id": "list"}))
    whole = [batch["id"] for batch in client.get(f"{BATCHES}?limit=500").json["batches"]]
    pages, address = [], f"{BATCHES}?limit=2"
    while address:
        page = client.get(address).json
        pages += [batch["id"] for batch in page["batches"]]
        address = page["next"]
    assert pages == whole
    assert len(set(whole)) == len(whole) >= 3
    assert client.get(f"{BATCHES}?after=x").status_code == 404
    assert client.get(f"{BATCHES}/{whole[0]}?after=x").status_code == 400


def test_a_cancelled_batch_keeps_what_is_done_and_goes_on_when_it_is_sent_again(client, gate):
    gate.allow(1)
    body = lines(*(item(f"cancel-{number}") for number in range(30)))
    address = send(client, body)
    assert awaited(lambda: client.get(address).json["counts"]["done"] >= 1)
    assert client.delete(address).json["state"] == "cancelled"
    gate.open()
    report = finished(client, address)
    assert report["counts"]["cancelled"] > 0
    assert report["counts"]["done"] + report["counts"]["cancelled"] == 30
    assert client.delete(address).json["finished"] == report["finished"]
    assert send(client, body) == address
    report = finished(client, address)
    assert (report["state"], report["counts"]["done"]) == ("finished", 30)


def test_another_tenant_sees_nothing_of_it(app, client, mixed, monkeypatch):
    unknown = f"{BATCHES}/{'0' * 32}"
    of_tenant(monkeypatch, app, "other")
    assert client.get(BATCHES).json == {"batches": [], "next": None}
    for part in ("", "/events", "/documents.zip", "/errors.ndjson", "/errors.xlsx"):
        there, nowhere = client.get(mixed + part), client.get(unknown + part)
        assert there.status_code == nowhere.status_code == 404
        assert problem(there) == problem(nowhere)
    assert problem(client.delete(mixed)) == problem(client.delete(unknown))
    assert send(client, MIXED) != mixed


def events(answer):
    """The events of a stream, each as name, id and data."""
    found = []
    for block in answer.data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return found


def test_events_end_with_finished_and_a_client_that_saw_it_comes_back_no_more(client, mixed):
    answer = client.get(f"{mixed}/events")
    assert answer.mimetype == "text/event-stream"
    ((name, id, data),) = events(answer)
    assert (name, data["state"], data["counts"]["done"]) == ("finished", "finished", 2)
    again = client.get(f"{mixed}/events", headers={"Last-Event-ID": id})
    assert (again.status_code, again.data) == (204, b"")


def test_one_listener_too_many_is_reported_once_and_to_come_back_later(app, client, mixed):
    listeners = app.config["KEXIE_LISTENERS"]
    while listeners.acquire(blocking=False):
        pass
    try:
        answer = client.get(f"{mixed}/events")
        assert answer.data.startswith(b"retry: 5000\n")
        assert len(events(answer)) == 1
    finally:
        listeners.release(8)


def files_of(*sent):
    """A form's parts of files with their names and ids."""
    files = [(io.BytesIO(content), name) for name, content, _ in sent]
    return {"file": files, "id": [id for _, _, id in sent], "edition": "", "formats": "docx"}


def test_documents_and_saved_data_are_a_batch(client):
    case = generate("annex3", 2021, DATA, ("docx",))["docx"]
    saved = json.dumps({"form": "annex3", "year": 2021, "data": DATA}).encode()
    sent = files_of(("甲县.docx", case, ""), ("乙县.json", saved, "3201-7001"), ("通知.png", b"picture", ""))
    answer = client.post(f"{BATCHES}?formats=docx", data=sent)
    assert (answer.status_code, answer.json["name"]) == (202, "甲县.docx +2"), answer.json
    report = finished(client, answer.headers["Location"])
    assert [(each["place"], each["errors"][0]["code"]) for each in report["errors"]] == [
        ("通知.png", "no_document")
    ]
    ids = {found["id"] for found in client.get("/api/v1/records?form=annex3").json["records"]}
    assert {"甲县", "3201-7001"} <= ids
    page = client.get(answer.headers["Location"].replace("/api/v1", "")).get_data(as_text=True)
    assert "通知.png" in page
    assert "不是可以读取的文书" in page
    again = client.post(f"{BATCHES}?formats=docx", data=files_of(("丙.zip", b"PK", "")))
    assert (again.status_code, again.json["code"]) == (422, "unreadable_input")


def test_a_browser_without_scripts_sends_documents(client):
    saved = json.dumps({"form": "annex3", "year": 2021, "data": DATA}).encode()
    answer = client.post("/batches", data=files_of(("保存.json", saved, "3201-7002")))
    assert answer.status_code == 303
    assert finished(client, f"/api/v1{answer.headers['Location']}")["counts"]["done"] == 1
    refused = client.post(
        "/batches", data=files_of(("a.docx", b"", "x"), ("b.docx", b"", "x")) | {"id": ["x"]}
    )
    assert refused.status_code == 400
    assert "每个文件各写一个" in refused.get_data(as_text=True)


def test_the_empty_sheet_is_the_one_of_the_command_line(client):
    answer = client.get("/api/v1/forms/annex2/2021/sheet")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    there = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    ]
    made = blank_sheet.make(catalog.edition("annex2", 2021))
    assert there == [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    ]
    for address, code in (("annex9/2021", "unknown_form"), ("annex2/21", "unknown_year")):
        refused = client.get(f"/api/v1/forms/{address}/sheet")
        assert (refused.status_code, refused.json["code"]) == (404, code)
