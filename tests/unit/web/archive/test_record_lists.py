"""Records found over HTTP and on the page, and their lists: .xlsx, .csv, and the register on paper."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import event

from service import create_app
from service.access import ApiKeys
from service.archive import Archive
from service.archive.additions import add_file
from service.archive.additions.addition import SEALED
from service.archive.search import search_fill
from service.audit.event import process_actor
from service.config import Settings
from service.handover import archival_codes
from service.web.api import record_list
from tests.helpers.archive import CREATED, entry
from tests.helpers.processes import awaited

NAMES = ("云泽县科学技术协会", "=1+1 临水县科协", "泽阳市科协")
RECORDS = "/api/v1/records"


@pytest.fixture
def place(tmp_path):
    """An archive with a record a day of each name, and one of another tenant."""
    values = {"KEXIE_ARCHIVE": str(tmp_path / "archive")}
    with Archive.open(Settings.from_env(values)) as archive:
        for day, name in enumerate(NAMES):
            payload = {"association_name": name, "case_name": f"案例{day}"}
            files = {"payload": json.dumps(payload).encode(), "docx": b"PK"}
            created = CREATED + timedelta(days=day)
            archive.add(entry(f"000{day}", "annex3", 2021, files=files, created=created))
        archive.add(entry("other", "annex3", 2021, files=files, tenant="某县"))
    return values


@pytest.fixture
def client(place):
    app = create_app(place)
    yield app.test_client()
    app.config["KEXIE_ARCHIVE_HANDLE"].close()


def test_a_key_of_a_tenant_without_records_is_shown_what_it_sees(place):
    with ApiKeys.open(Settings.from_env(place), create=True) as keys:
        secrets = {tenant: keys.add(tenant, ("archive:read",))[1] for tenant in ("default", "某县", "")}
    app = create_app(place)
    try:
        client = app.test_client()

        def page(tenant, query=""):
            return client.get(f"/records{query}", headers={"X-API-Key": secrets[tenant]}).text

        notice = "此密钥只看得到租户“default”的档案"
        assert notice in page("default")
        assert notice in page("default", "?sort=id")
        assert "没有符合条件的档案" in page("default", "?year=2021")
        assert "only those of the tenant “default”" in page("default", "?lang=en")
        assert "此密钥只看得到" not in page("某县") + page("")
    finally:
        app.config["KEXIE_ARCHIVE_HANDLE"].close()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("name=泽", ["0000", "0002"]),
        ("name=泽&sort=-created", ["0002", "0000"]),
        ("text=案例1", ["0001"]),
        ("from=2021-03-10&to=2021-03-10", ["0001"]),
        ("state=warned", []),
        ("year=2020", []),
    ],
)
def test_the_list_is_filtered_alike_as_json_as_a_file_and_on_the_page(client, query, ids):
    found = client.get(f"{RECORDS}?{query}").json["records"]
    assert [record["id"] for record in found] == ids
    assert [record["submitter"] for record in found] == [NAMES[int(id)] for id in ids]
    rows = list(csv.reader(io.StringIO(client.get(f"{RECORDS}/list?format=csv&{query}").text)))[1:]
    assert [row[1] for row in rows] == [f"'{id}" for id in ids]
    page = client.get(f"/records?{query}").text
    assert sorted(re.findall(r">(000\d)</a>", page)) == sorted(ids)


def test_the_page_of_a_record_names_its_submitter(client):
    (record,) = client.get(f"{RECORDS}?name=泽阳").json["records"]
    assert f'<b lang="zh-CN">{NAMES[2]}</b>' in client.get(f"/records/{record['key']}").text


@pytest.mark.parametrize(
    "query", ["from=2021-3-9", "from=yesterday", "to=9999-12-32", "state=odd", "sort=size", "name=%01"]
)
def test_what_is_no_filter_is_refused(client, query):
    for address in (RECORDS, f"{RECORDS}/list", "/records", "/records/register"):
        assert client.get(f"{address}?{query}").status_code == 400


def test_a_list_opens_in_a_spreadsheet_and_runs_nothing(client):
    answer = client.get(f"{RECORDS}/list")
    assert "records.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:7] == ("年度", "编号", "名称", "题名", "版本", "归档时间", "页数")
    assert [row[2] for row in rows] == list(NAMES)
    assert f"{rows[0][5]:%Y-%m-%d %H:%M}" == "2021-03-09 16:00"
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=4) for cell in row} == {"n", "s"}
    answer = client.get(f"{RECORDS}/list", headers={"Accept": "text/csv"})
    assert answer.data.startswith("\ufeff年度".encode())
    assert f"'{NAMES[1]}" in answer.text
    assert client.get(f"{RECORDS}/list", headers={"Accept": "image/png"}).status_code == 406


def test_a_list_that_is_too_long_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(record_list, "LISTED", 2)
    refused = client.get(f"{RECORDS}/list")
    assert (refused.status_code, refused.json["code"]) == (400, "usage")
    assert "年度" in refused.json["detail"]
    assert client.get(f"{RECORDS}/list?name=泽").status_code == 200


def test_the_page_names_each_record_counts_them_and_offers_lists_of_what_was_found(client):
    page = client.get("/records?name=泽&year=2021&sort=created").text
    assert "共 2 条" in page
    assert page.index(NAMES[0]) < page.index(NAMES[2])
    assert '<details class="advanced" open>' in page
    links = re.findall(r'href="([^"]*(?:/list|/register)[^"]*)"', page)
    assert sorted(re.findall(r"/register|format=\w+", " ".join(links))) == [
        "/register",
        "format=csv",
        "format=xlsx",
    ]
    for link in links:
        listed = client.get(link.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert "csv" not in link or listed.text.count("\n") == 3
    assert "没有符合条件的档案。" in client.get("/records?name=没有").text


@pytest.mark.parametrize(
    ("asked", "cause", "kept"),
    [
        ("from=下周&name=泽", "“归档日期（起）”应为日期", 'name="name" type="text" value="泽"'),
        ("id=%07&name=泽", "控制字符", 'name="name" type="text" value="泽"'),
        (f"name={'泽' * 201}", "最多 200 个字", f'value="{"泽" * 201}"'),
    ],
)
def test_a_wrong_filter_stays_in_the_form_with_what_is_wrong(client, asked, cause, kept):
    for accepted in ("text/html", "text/html, application/problem+json"):  # the page's own script
        page = client.get(f"/records?{asked}", headers={"Accept": accepted})
        assert (page.status_code, page.mimetype) == (400, "text/html")
        (fault,) = re.findall('role="alert">([^<]+)<', page.text)
        assert cause in fault
        assert kept in page.text
        assert "没有符合条件的档案" not in page.text


def test_the_register_has_a_row_for_each_record_in_order_of_number(client):
    page = client.get("/records/register?year=2021").text
    assert "2021年度归档登记表" in page
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    assert [re.findall("000[0-9]|other", row)[0] for row in rows] == ["0000", "0001", "0002"]
    manifest = client.get(RECORDS).json["records"][0]["manifest_sha256"]
    plain = [row.replace("<wbr>", "") for row in rows]
    assert all(text in plain[0] for text in (NAMES[0], "2021-03-09", manifest))


def test_the_page_says_what_is_not_indexed_yet_and_it_is_indexed_in_the_background(client):
    supervisor = client.application.config["KEXIE_SUPERVISOR"]
    search_fill.forget(client.application.config["KEXIE_ARCHIVE_HANDLE"].archive())
    assert "有 4 条以前归档的还在编入索引" in client.get("/records").text
    supervisor.wake()
    assert awaited(lambda: "还在编入索引" not in client.get("/records").text)
    supervisor.stop()
    assert [record["submitter"] for record in client.get(RECORDS).json["records"]] == list(NAMES)


def test_without_javascript_a_key_opens_the_page_the_register_and_the_lists(client, place):
    with ApiKeys.open(Settings.from_env(place), create=True) as keys:
        _, reader = keys.add("某县", ("archive:read",))
        _, writer = keys.add("某县", ("generate",))
    assert NAMES[2] not in client.get("/records").text + client.get("/records/register").text
    site = {"Sec-Fetch-Site": "same-origin"}
    for address, do in (("/records", "look"), ("/records", "csv"), ("/records/register", "look")):
        answer = client.post(f"{address}?name=泽", data={"key": reader, "do": do}, headers=site)
        assert answer.status_code == 200
        assert "other" in answer.text
        assert "0002" not in answer.text
        refused = client.post(address, data={"key": writer, "do": do}, headers=site)
        assert refused.status_code == 403


def test_records_with_and_without_a_sealed_copy_are_found_and_codes_are_in_lists(client):
    archive = client.application.config["KEXIE_ARCHIVE_HANDLE"].archive()
    record = next(archive.records(id="0001"))
    add_file.add(archive, record, SEALED, b"\x89PNG", "image/png", {}, process_actor())
    with archive.writing() as connection:
        archival_codes.give(connection, [record], {record.key: "0042-WS·2021-Y"})
    for state, ids in (("sealed", ["0001"]), ("unsealed", ["0000", "0002"])):
        found = client.get(f"{RECORDS}?year=2021&state={state}").json["records"]
        assert [each["id"] for each in found] == ids
        assert (
            re.findall(r">(000\d)</a>", client.get(f"/records?sort=id&year=2021&state={state}").text) == ids
        )
    assert client.get(f"{RECORDS}/{record.key}").json["archival_code"] == "0042-WS·2021-Y-0001"
    asked = []
    event.listen(
        archive.engine, "before_cursor_execute", lambda *of: asked.extend(re.findall("FROM archival", of[2]))
    )
    page = client.get(f"{RECORDS}?year=2021").json["records"]
    assert [each["archival_code"] for each in page] == [None, "0042-WS·2021-Y-0001", None]
    assert len(asked) == 1  # however many records
    rows = list(csv.DictReader(io.StringIO(client.get(f"{RECORDS}/list?format=csv").text.lstrip("\ufeff"))))
    assert {row["编号"].strip("'"): row["档号"] for row in rows}["0001"] == "0042-WS·2021-Y-0001"
