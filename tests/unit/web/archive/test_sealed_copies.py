"""Sealed copies over HTTP: added to a record, listed with what was found, downloaded."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, datetime

import pytest

from service.archive import Archive
from service.archive.database import reading
from service.audit.audit_search import Wanted, rows
from service.sealed_copies import add_copy
from service.signatures import verifier_process
from service.submission import time_in_china
from tests.helpers import signatures as made
from tests.helpers.application import application, of_tenant, problem
from tests.helpers.archive import entry
from tests.helpers.pictures import scanned

BLANK = made.blank_pdf("3201-0001")
SIGNED = made.signed(BLANK)
TODAY = datetime.now(UTC).replace(microsecond=0)
PNG = scanned()


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sealed")
    with application(folder, KEXIE_TRUST=str(made.trust(folder, made.authority()))) as opened:
        yield opened


@pytest.fixture(autouse=True)
def examined_here(tmp_path, monkeypatch):
    """PDFs are examined in this process, but where a test sets it otherwise."""
    monkeypatch.setattr(add_copy, "examine", made.examine_here(tmp_path))


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


@pytest.fixture
def record(app, request):
    """A record of its own for each test, whose PDF is BLANK."""
    files = {"payload": b"{}", "docx": request.node.name.encode(), "pdf": BLANK}
    with Archive.open(app.config["KEXIE_SETTINGS"]) as archive:
        return archive.add(entry(request.node.name, files=files))


def sealed(record):
    return f"/api/v1/records/{record.key}/sealed"


def send(client, url, content, **more):
    return client.post(url, data={"file": (io.BytesIO(content), "任意名.docx")} | more)


def test_a_copy_is_added_listed_and_downloaded(client, record, monkeypatch):
    monkeypatch.setattr(add_copy, "examine", verifier_process.examine)  # as the service does
    answer = send(client, sealed(record), SIGNED)
    assert answer.status_code == 201, answer.json
    copy = answer.json
    assert (copy["number"], copy["name"], copy["media_type"]) == (1, "盖章件-1.pdf", "application/pdf")
    assert (copy["verdict"], copy["verdict_name"], copy["match"]) == ("valid", "有效", "original")
    (signature,) = copy["signatures"]
    assert (signature["name"], signature["signer"]) == ("有效", "云泽县科协公章，云泽县科学技术协会")
    assert answer.headers["Location"] == copy["url"] == f"{sealed(record)}/1"
    assert client.get(sealed(record)).json == {"sealed": [copy]}
    english = client.get(sealed(record), headers={"Accept-Language": "en"}).json["sealed"][0]
    assert english["verdict_name"] == "Valid"
    file = client.get(copy["url"])
    assert (file.data, file.content_type) == (SIGNED, "application/pdf")
    assert "%E7%9B%96%E7%AB%A0%E4%BB%B6-1.pdf" in file.headers["Content-Disposition"]
    assert client.get(copy["url"], headers={"If-None-Match": file.headers["ETag"]}).status_code == 304
    again = send(client, sealed(record), SIGNED)
    assert (again.status_code, again.json) == (200, copy)
    assert client.get(f"/api/v1/records/{record.key}/verify").json["files"] == 6
    links = client.get(f"/api/v1/records/{record.key}").json["links"]
    assert links["sealed"] == sealed(record)


def test_a_file_that_another_record_has_is_kept_with_a_notice(app, client, record):
    other = app.config["KEXIE_ARCHIVE_HANDLE"].archive().add(entry("另一条"))
    twice = scanned(2)
    first = send(client, f"/api/v1/records/{other.key}/sealed", twice)
    assert (first.status_code, first.json["also_in"]) == (201, [])
    second = send(client, f"/api/v1/records/{record.key}/sealed", twice)
    notice = "同一个文件也存在档案“另一条”第 1 版中，请核对是否存错。"
    assert second.status_code == 201
    assert [(each["record"], each["message"]) for each in second.json["also_in"]] == [(other.key, notice)]
    page = client.get(f"/records/{record.key}").text
    assert f'<p class="notice">{notice} <a href="/records/{other.key}">' in page


def test_another_records_pdf_is_a_conflict_that_names_its_record(app, client, record):
    pdf = made.blank_pdf("3201-0002")
    files = {"payload": b"{}", "docx": b"", "pdf": pdf}
    app.config["KEXIE_ARCHIVE_HANDLE"].archive().add(entry("3201-0002", files=files))
    refused = send(client, sealed(record), made.signed(pdf))
    assert (refused.status_code, refused.json["code"]) == (409, "other_record")
    assert refused.json["detail"].startswith(f"这份 PDF 是编号“3201-0002”第 1 版的，不是编号“{record.id}”")
    assert client.get(sealed(record)).json == {"sealed": []}


def test_a_refusal_says_why_and_adds_nothing(client, record):
    refused = send(client, sealed(record), b"PK a Word document")
    assert problem(refused) | {"type": ""} == {
        "type": "",
        "title": "无法读取文书",
        "status": 422,
        "code": "unreadable_document",
        "detail": "盖章件须是 PDF，或 PNG、JPEG、TIFF 扫描图片，这个文件不是（按内容判断，不看文件名）。"
        "OFD 等其他格式请先导出为 PDF。",
    }
    assert send(client, sealed(record), BLANK).json["code"] == "not_sealed"
    assert client.post(sealed(record), data={}).status_code == 415
    assert send(client, f"/api/v1/records/{'0' * 8}-0000/sealed", SIGNED).json["code"] == "unknown_record"
    for missing in ("1", "0", "x"):
        assert client.get(f"{sealed(record)}/{missing}").status_code in (400, 404)
    assert client.get(f"/api/v1/records/{record.key}/signed").json["code"] == "unknown_record"
    assert client.get(sealed(record)).json == {"sealed": []}


def test_a_request_that_is_sent_again_gets_the_same_answer(client, record):
    headers = {"Idempotency-Key": record.key}
    data = {"file": (io.BytesIO(PNG), "scan.png")}
    first = client.post(sealed(record), data=data, headers=headers)
    data = {"file": (io.BytesIO(PNG), "scan.png")}
    second = client.post(sealed(record), data=data, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert len(client.get(sealed(record)).json["sealed"]) == 1


def test_another_tenant_neither_sees_nor_adds(app, client, record, monkeypatch):
    send(client, sealed(record), PNG)
    of_tenant(monkeypatch, app, "云湖县")
    asked = [
        client.get(f"/api/v1/records/{record.key}/{each}")
        for each in ("sealed", "sealed/1", "signed", "cover")
    ]
    for answer in (*asked, send(client, sealed(record), PNG)):
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_record")
    assert send(client, f"/records/{record.key}/sealed", PNG).status_code == 404


def page_text(answer):
    """The words of a page between its tags, without white space."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", "", answer.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", "", text)


def test_the_page_of_a_record_takes_a_copy_without_javascript(client, record):
    page = f"/records/{record.key}"
    assert "存入盖章件" in page_text(client.get(page))
    for content, status, text in (
        (BLANK, 422, "这就是归档的那份PDF"),
        (b"PK", 422, "须是PDF，或PNG"),
    ):
        refused = send(client, f"{page}/sealed", content)
        assert (refused.status_code, text in page_text(refused)) == (status, True)
    nothing = client.post(f"{page}/sealed", data={"file": (io.BytesIO(b""), "")})
    assert (nothing.status_code, "请先选择盖章后的文件。" in page_text(nothing)) == (400, True)
    added = send(client, f"{page}/sealed", made.changed(made.signed(SIGNED, field="Seal2", at=TODAY)))
    assert (added.status_code, added.headers["Location"]) == (303, f"{page}#sealed")
    text = page_text(client.get(f"{page}?verify=true"))
    assert "第1份签署后有改动" in text
    assert text.count("签署后有改动云泽县科协公章，云泽县科学技术协会") == 2
    assert "签署人自报时间" in text
    assert f"时间戳{time_in_china(TODAY):%Y-%m-%d%H:%M}" in text
    assert "6个文件" in text
    assert re.search("KB·存入[0-9 :-]+·存入人：未使用密钥的人", text)
    assert "Changed after signing" in client.get(f"{page}?lang=en").get_data(as_text=True)


def test_the_page_downloads_a_copy_for_a_posted_key(client, record):
    send(client, sealed(record), PNG)
    file = client.post(f"/records/{record.key}", data={"do": "sealed-1"})
    assert (file.data, file.content_type) == (PNG, "image/png")
    for missing in ("sealed-9", "signed"):
        assert client.post(f"/records/{record.key}", data={"do": missing}).status_code == 404
    assert client.post(f"/records/{record.key}", data={"do": "sealed-x"}).status_code == 400


def test_an_addition_without_signature_is_doubtful(client, record):
    copy = send(client, sealed(record), made.changed(BLANK)).json
    assert (copy["verdict"], copy["verdict_name"], copy["match_explanation"]) == (
        None,
        "没有电子签名",
        "归档的 PDF 之后加了内容，没有电子签名：页面上看到的可能已被改动，请与归档的 PDF 逐页核对。",
    )
    page = client.get(f"/records/{record.key}").get_data(as_text=True)
    assert '<span class="state doubtful">没有电子签名</span>' in page
    assert copy["match_explanation"] in page


def test_each_act_is_a_row_of_the_audit_log(app, client, record):
    handle = app.config["KEXIE_ARCHIVE_HANDLE"]
    page = f"/records/{record.key}/sealed"
    send(client, page, PNG)
    send(client, sealed(record), PNG)
    send(client, sealed(record), b"PK")
    client.get(f"{sealed(record)}/1")
    assert handle.event_queue.flush()
    with reading(handle.archive().engine) as connection:
        logged = [row for row in rows(connection, Wanted()) if row["record"] == record.key]
    assert [(row["action"], row["detail"], row["result"]) for row in logged] == [
        ("archive", None, "ok"),
        ("seal", f"sealed-1 {hashlib.sha256(PNG).hexdigest()}", "ok"),
        ("seal", "sealed-1", "same"),
        ("seal", None, "unreadable_document"),
        ("download", "sealed-1", "ok"),
    ]


def test_with_keys_the_page_shows_the_record_at_once(app, client, record, monkeypatch):
    """A browser without JavaScript would ask for the next page without the key."""
    of_tenant(monkeypatch, app, "")
    added = send(client, f"/records/{record.key}/sealed", PNG, key="posted")
    text = page_text(added)
    assert (added.status_code, "已存入。核验结果见下。" in text, "第1份没有电子签名" in text) == (
        200,
        True,
        True,
    )
    assert 'name="do" value="sealed-1"' in added.get_data(as_text=True)
