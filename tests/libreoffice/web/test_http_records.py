"""Documents that are archived as they are made, and the archive, over HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from urllib.parse import quote, unquote

import pytest
from PIL import Image
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from service import catalog
from tests.helpers.application import application, of_tenant, problem
from tests.helpers.archive import entry
from tests.helpers.pdf import words

ANNEX3 = "/api/v1/forms/annex3/2021/documents"
RECORDS = "/api/v1/records"
DATA = catalog.edition("annex3", 2021).sample("minimal")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with application(tmp_path_factory.mktemp("records")) as made:
        yield made


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def archived(client):
    """The answer to a submission that was archived first of all."""
    answer = client.post(f"{ANNEX3}?archive=true&id=3201-0001", json=DATA)
    assert answer.status_code == 201, answer.json
    return answer


@pytest.fixture(scope="module")
def record(client, archived):
    return client.get(archived.headers["Location"]).json


def test_an_archived_document_is_answered_with_its_address(archived, record):
    assert archived.data.startswith(b"%PDF")
    assert re.fullmatch(f"{RECORDS}/[0-9a-f-]{{36}}", archived.headers["Location"])
    assert (record["form"], record["year"], record["id"], record["version"]) == (
        "annex3",
        2021,
        "3201-0001",
        1,
    )
    assert set(record["files"]) == {"payload", "docx", "pdf"}
    assert archived.headers["ETag"] == f'"{record["files"]["pdf"]["sha256"]}"'


@pytest.mark.parametrize(
    ("part", "media_type", "name"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        ("pdf", "application/pdf", ".pdf"),
        ("payload", "application/json", ".json"),
        ("manifest", "application/json", ".manifest.json"),
    ],
)
def test_each_file_is_what_the_record_says(client, record, part, media_type, name):
    answer = client.get(record["links"][part])
    digest = hashlib.sha256(answer.data).hexdigest()
    expected = record["manifest_sha256"] if part == "manifest" else record["files"][part]["sha256"]
    assert (answer.status_code, answer.mimetype, digest) == (200, media_type, expected)
    assert answer.headers["ETag"] == f'"{digest}"'
    title = catalog.edition("annex3", 2021).title
    saved = unquote(re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])[1])
    assert saved == f"{title}（3201-0001）{name}"
    again = client.get(record["links"][part], headers={"If-None-Match": f'"{digest}"'})
    assert (again.status_code, again.data) == (304, b"")


def test_the_payload_comes_back_as_it_was_sent(client, record):
    assert client.get(record["links"]["payload"]).json == DATA
    assert DATA["case_name"] in words(client.get(record["links"]["pdf"]).data)


@pytest.mark.parametrize("format", ["docx", "pdf", "zip", "png"])
def test_the_same_again_is_the_same_record_anything_format_is_asked_for(client, archived, record, format):
    answer = client.post(f"{ANNEX3}?archive=true&id=3201-0001&format={format}", json=DATA)
    assert (answer.status_code, answer.headers["Location"]) == (200, archived.headers["Location"])
    if format in ("docx", "pdf"):
        assert hashlib.sha256(answer.data).hexdigest() == record["files"][format]["sha256"]
    elif format == "zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            hashes = {hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()}
        assert hashes >= {record["files"][part]["sha256"] for part in ("docx", "pdf")}
    else:
        assert answer.data.startswith(b"\x89PNG")


def test_other_data_under_the_same_id_is_a_further_version(client, archived):
    other = {**DATA, "case_name": "另一个案例"}
    first = client.post(f"{ANNEX3}?archive=true&id=versions", json=DATA)
    second = client.post(f"{ANNEX3}?archive=true&id=versions&format=docx", json=other)
    assert (first.status_code, second.status_code) == (201, 201)
    assert client.get(second.headers["Location"]).json["version"] == 2
    listed = client.get(f"{RECORDS}?id=versions").json["records"]
    assert [found["version"] for found in listed] == [2]
    listed = client.get(f"{RECORDS}?id=versions&all_versions=true").json["records"]
    assert [found["version"] for found in listed] == [1, 2]


@pytest.mark.parametrize(
    ("query", "data", "status", "expected"),
    [
        ("archive=true", DATA, 422, [("/id", "no_id")]),
        ("archive=true&id=%20", DATA, 422, [("/id", "no_id")]),
        ("archive=true&id=a%0Ab", DATA, 422, [("/id", "bad_id")]),
        (f"archive=true&id={'x' * 201}", DATA, 422, [("/id", "bad_id")]),
        ("archive=true", {"case_names": 1}, 422, [("/id", "no_id"), ("/case_names", "unknown_field")]),
        ("archive=yes&id=1", DATA, 400, "usage"),
        ("archive=true&id=1&attach=true", DATA, 400, "usage"),
        ("archive=true&id=wrong-page&format=png&page=99", DATA, 400, "usage"),
    ],
)
def test_what_cannot_be_archived_is_reported_at_once_and_leaves_nothing(
    client, query, data, status, expected
):
    before = client.get(RECORDS).json
    answer = client.post(f"{ANNEX3}?{query}", json=data)
    found = answer.json
    assert answer.status_code == status
    errors = [(error["pointer"], error["code"]) for error in found.get("errors", ())]
    assert (errors or found["code"]) == expected
    assert client.get(RECORDS).json == before


def test_the_list_is_read_page_by_page_and_by_form_year_and_id(client, archived):
    for number in range(3):
        client.post(f"{ANNEX3}?archive=true&id=page-{number}&format=docx", json=DATA)
    whole = [found["key"] for found in client.get(RECORDS).json["records"]]
    pages, address = [], f"{RECORDS}?limit=2&form=annex3&year=2021"
    while address:
        page = client.get(address).json
        assert len(page["records"]) <= 2
        pages += [found["key"] for found in page["records"]]
        address = page["next"]
    assert pages == whole
    assert len(whole) >= 4
    for nothing in ("form=annex1", "year=2020", "id=nobody"):
        assert client.get(f"{RECORDS}?{nothing}").json == {"records": [], "next": None}


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "year=21", "all_versions=1", "id=%00", "form=%0A"]
)
def test_a_list_that_is_asked_for_wrongly_is_refused(client, query):
    answer = client.get(f"{RECORDS}?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "usage")


def test_another_tenant_sees_nothing_of_it(app, client, record, monkeypatch):
    unknown = "00000000-0000-5000-8000-000000000000"
    of_tenant(monkeypatch, app, "other")
    assert client.get(RECORDS).json == {"records": [], "next": None}
    assert problem(client.get(f"{RECORDS}?after={record['key']}")) == problem(
        client.get(f"{RECORDS}?after={unknown}")
    )
    for part in ("", "/docx", "/pdf", "/pdf?format=png", "/payload", "/manifest", "/original", "/verify"):
        there, nowhere = (client.get(f"{RECORDS}/{key}{part}") for key in (record["key"], unknown))
        assert there.status_code == nowhere.status_code == 404
        assert problem(there) == problem(nowhere)
    mine = client.post(f"{ANNEX3}?archive=true&id=3201-0001&format=docx", json=DATA)
    assert mine.status_code == 201
    assert client.get(mine.headers["Location"]).json["version"] == 1


def test_addresses_carry_the_prefix_under_which_the_service_is_mounted(app, record):
    mounted = Client(DispatcherMiddleware(app, {"/forms": app}), Response)
    found = json.loads(mounted.get(f"/forms{RECORDS}/{record['key']}").data)
    assert found["links"]["self"] == f"/forms{RECORDS}/{record['key']}"
    assert mounted.get(found["links"]["docx"]).status_code == 200


@pytest.mark.parametrize(("name", "ending"), [("旧表.doc", ".doc"), ("../x.sh;y", "")])
def test_an_imported_original_keeps_its_own_ending(app, client, name, ending):
    files = {"payload": b"{}", "original": f"original {name}".encode()}
    made = entry(f"old{ending}", form="annex3", files=files, original_name=name)
    record = app.config["KEXIE_ARCHIVE_HANDLE"].archive().add(made)
    answer = client.get(f"{RECORDS}/{record.key}/original")
    assert (answer.data, answer.mimetype) == (files["original"], "application/octet-stream")
    saved = unquote(re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])[1])
    assert saved.endswith(f"（old{ending}）.original{ending}")
    assert client.get(f"{RECORDS}/{record.key}/docx").status_code == 404


def test_a_page_of_the_archived_pdf_is_shown_as_a_picture(client, record):
    answer = client.get(f"{record['links']['pdf']}?format=png&page=1")
    assert (answer.status_code, answer.mimetype, answer.headers["X-Page-Count"]) == (200, "image/png", "1")
    assert abs(Image.open(io.BytesIO(answer.data)).width - 1190) <= 1
    again = client.get(answer.request.path + "?format=png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for query, code in (("format=png&page=2", "usage"), ("format=docx", "usage"), ("page=1", "usage")):
        refused = client.get(f"{record['links']['pdf']}?{query}")
        assert (refused.status_code, refused.json["code"]) == (400, code)


def test_a_record_is_verified(app, client, archived):
    other = client.post(f"{ANNEX3}?archive=true&id=damaged", json={**DATA, "case_name": "将被改动"})
    address = other.headers["Location"]
    assert client.get(f"{address}/verify").json["faults"] == []
    record = client.get(address).json
    digest = record["files"]["docx"]["sha256"]
    [path] = app.config["KEXIE_SETTINGS"].archive.rglob(f"*{digest[4:]}*")
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content[:-1] + b"!")
    report = client.get(f"{address}/verify").json
    assert (report["key"], report["files"]) == (record["key"], 4)
    assert [(fault["code"], fault["file"], fault["id"]) for fault in report["faults"]] == [
        ("object_changed", "申报书.docx", "damaged")
    ]
    path.unlink()
    [fault] = client.get(f"{address}/verify", headers={"Accept-Language": "en"}).json["faults"]
    assert (fault["code"], fault["message"]) == (
        "object_missing",
        "The file is missing. Restore it from a backup.",
    )
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("text", "ids"), [("01-00", ["3201-0001"]), ("%", []), ("_", ["under_score"]), ("", None)]
)
def test_records_are_found_by_a_text_that_their_ids_hold(client, archived, text, ids):
    client.post(f"{ANNEX3}?archive=true&id=under_score&format=docx", json=DATA)
    found = [each["id"] for each in client.get(f"{RECORDS}?holding={quote(text)}").json["records"]]
    everything = [each["id"] for each in client.get(RECORDS).json["records"]]
    assert found == (everything if ids is None else ids)
