"""Which record a file is of, over HTTP and on the page; the file is not kept."""

from __future__ import annotations

import copy
import io
import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import event

from service import catalog
from service.archive import Archive
from service.archive.object_store import sha256
from service.audit.audit_search import Wanted, rows
from service.conversion.conversion_errors import not_verified_in
from service.handover import archival_codes
from service.payload_json import dump
from service.sealed_copies import add_copy
from service.web.api import identification
from tests.helpers import signatures as made
from tests.helpers.application import application, of_tenant
from tests.helpers.archive import entry
from tests.helpers.pdf import carrying
from tests.helpers.pictures import face, saved

EDITION = catalog.edition("annex3", 2021)
BEFORE = EDITION.sample("full")
SAVED = dump({"form": "annex3", "year": 2021, "data": copy.deepcopy(BEFORE) | {"case_name": "另一个案例"}})
PDF = made.blank_pdf("archived")
SIGNED = made.signed(PDF)
OVERPAINTED, STORED = (
    made.signed(made.painted(PDF), made.identity("自制", by="自制根"), field, above=("自制根",))
    for field in ("New", "Stored")
)
ROUTE, PAGE = "/api/v1/identify", "/records/identify"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("identified")
    with application(folder) as opened:
        with Archive.open(opened.config["KEXIE_SETTINGS"]) as archive:
            archive.add(
                entry("甲县", "annex3", files={"payload": dump(BEFORE), "docx": b"PK one", "pdf": PDF})
            )
        yield opened


@pytest.fixture
def examined_here(tmp_path, monkeypatch):
    """PDFs are examined in this process."""
    monkeypatch.setattr(add_copy, "examine", made.examine_here(tmp_path))


@pytest.fixture
def client(app):
    return app.test_client()


def refusing(error):
    """A verifier that ends with this error."""

    def examine(*_):
        raise error

    return examine


def sent(content):
    return {"data": {"file": (io.BytesIO(content), "文件")}}


def text(answer):
    """What a page says, tags left out."""
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def test_the_route_names_the_record_and_what_differs(client):
    same = client.post(ROUTE, **sent(b"PK one")).json
    assert (same["result"], same["part"], same["record"]["id"]) == ("same_file", "docx", "甲县")
    assert (same["newest_version"], same["differences"], same["signatures"]) == (1, [], [])
    other = client.post(ROUTE, **sent(SAVED), headers={"Accept-Language": "en"}).json
    assert (other["result"], [each["after"] for each in other["differences"]]) == (
        "other_data",
        [["另一个案例"]],
    )
    assert other["explanation"] == (
        "Of the records of the same submitter, '甲县', version 1 is closest, with differences: 1."
    )
    unknown = client.post(ROUTE, **sent(b"\x89PNG scan")).json
    assert (unknown["result"], unknown["record"], unknown["part"]) == ("unknown", None, None)


def test_route_and_page_name_records_that_a_file_may_be_of(app, client):
    record = (
        app.config["KEXIE_ARCHIVE_HANDLE"].archive().add(entry("甲县-0009", "annex3", files={"docx": b"9"}))
    )
    file = lambda name: {"data": {"file": (io.BytesIO(b"\x89PNG scan"), name)}}  # noqa: E731
    (likely,) = client.post(ROUTE, **file("扫描（甲县-0009）.png"), headers={"Accept-Language": "en"}).json[
        "likely"
    ]
    assert likely == {
        "record": record.key,
        "id": "甲县-0009",
        "version": 1,
        "reason": "its id is in the name or text of the file",
    }
    page = client.post(PAGE, **file("扫描（甲县-0009）.png"))
    assert "也许是（请人工核对）编号 甲县-0009 · 第 1 版" in " ".join(text(page).split())
    assert f'href="/records/{record.key}"' in page.text
    assert "也许是" not in client.post(PAGE, **file("扫描.png")).text


def test_the_codes_of_all_records_with_a_file_are_asked_for_at_once(tmp_path):
    with application(tmp_path) as app:
        archive = app.config["KEXIE_ARCHIVE_HANDLE"].archive()
        records = [archive.add(entry(id, files={"docx": b"PK shared"})) for id in "abcd"]
        with archive.writing() as connection:
            archival_codes.give(connection, records[1:2], {records[1].key: "0042-WS·2021-Y"})
        asked = []
        event.listen(
            archive.engine,
            "before_cursor_execute",
            lambda *of: asked.extend(re.findall("FROM archival", of[2])),
        )
        found = app.test_client().post(ROUTE, **sent(b"PK shared")).json
    shown = {each["id"]: each["archival_code"] for each in (found["record"], *found["others"])}
    assert shown == {"a": None, "b": "0042-WS·2021-Y-0001", "c": None, "d": None}
    assert len(asked) == 2  # of the record, and of all others


def test_the_page_answers_in_words_and_logs_each_file(app, client):
    handle = app.config["KEXIE_ARCHIVE_HANDLE"]
    assert handle.event_queue.flush()
    with handle.archive().reading() as connection:
        before = list(rows(connection, Wanted()))[-1]["seq"]
    assert "文件不会留存" in text(client.get(PAGE))
    same = client.post(PAGE, **sent(b"PK one"))
    assert "是归档的那一份" in text(same)
    assert "与档案“甲县”第 1 版的“Word 文书”完全相同" in text(same)
    changed = text(client.post(PAGE, **sent(SAVED)))
    assert "有 1 处不同" in changed
    assert "另一个案例" in changed
    assert "最接近的档案编号 甲县 · 第 1 版" in " ".join(changed.split())
    assert "所属档案" not in changed
    assert "认不出是哪条档案的" in text(client.post(PAGE, **sent(b"{")))
    assert "Of no record that is known" in text(client.post(f"{PAGE}?lang=en", **sent(b"nothing")))
    nothing = client.post(PAGE, data={"file": (io.BytesIO(b""), "")})
    assert (nothing.status_code, "请先选择要核对的文件" in text(nothing)) == (400, True)
    assert handle.event_queue.flush()
    with handle.archive().reading() as connection:
        logged = [row for row in rows(connection, Wanted(action="identify")) if row["seq"] > before]
    assert [(row["id"], row["detail"]) for row in logged] == [
        ("甲县", f"same_file file=docx sha256={sha256(b'PK one')}"),
        ("甲县", f"other_data sha256={sha256(SAVED)}"),
        (None, f"unknown sha256={sha256(b'{')}"),
        (None, f"unknown sha256={sha256(b'nothing')}"),
    ]


@pytest.mark.parametrize(
    ("content", "state", "heading", "signature"),
    [
        (SIGNED, "good", "是归档的 PDF，其后加了有效的电子签名", "有效"),
        (made.changed(PDF), "doubtful", "归档的 PDF 之后加了内容；没有电子签名", None),
        (OVERPAINTED, "doubtful", "归档的 PDF 之后加了内容；签署人未知", "签署人未知"),
        (made.changed(SIGNED), "bad", "归档的 PDF 之后加了内容；签署后有改动", "签署后有改动"),
        (
            SIGNED.replace(b"(archived)", b"(Archived)"),
            "bad",
            "认不出是哪条档案的；签名无效：内容与签名不符",
            "签名无效：内容与签名不符",
        ),
        (made.signed(made.blank_pdf("another")), "", "认不出是哪条档案的", "有效"),
    ],
    ids=[
        "signed",
        "overdrawn",
        "overdrawn, self-signed",
        "signed, overdrawn",
        "signed, a byte changed",
        "signed, of nobody",
    ],
)
@pytest.mark.usefixtures("examined_here")
def test_only_a_file_that_its_signature_covers_is_shown_as_good(client, content, state, heading, signature):
    page = client.post(PAGE, **sent(content)).get_data(as_text=True)
    assert re.findall(r'<span class="state (\w*)">(.*?)</span></h2>', page) == [(state, heading)]
    assert re.findall(r'<li><p><b class="\w+">(.*?)</b>', page) == [signature][: signature is not None]


@pytest.mark.parametrize(
    ("content", "state", "said", "stored"),
    [
        (saved(face(120, 40), "png"), "", "", "没有电子签名。扫描件"),
        (made.signed(PDF, field="Stored"), "good", "；存入时签名有效", "有效。文件以本记录的 PDF 原样开头"),
        (
            made.changed(STORED),
            "bad",
            "；存入时签署后有改动",
            "签署后有改动。文件以本记录的 PDF 原样开头，后加的内容没有",
        ),
        (STORED, "doubtful", "；存入时签署人未知", "签署人未知。文件以本记录的 PDF 原样开头，后加的内容没有"),
    ],
    ids=["scan", "signed", "changed", "overdrawn, self-signed"],
)
@pytest.mark.usefixtures("examined_here")
def test_a_sealed_copy_is_shown_as_what_was_found_of_it(app, client, content, state, said, stored):
    with Archive.open(app.config["KEXIE_SETTINGS"]) as archive:
        key = next(archive.records()).key
    number = client.post(f"/api/v1/records/{key}/sealed", **sent(content)).json["number"]
    answer = client.post(PAGE, **sent(content))
    shown = re.findall(r'<span class="state (\w*)">(.*?)</span></h2>', answer.get_data(as_text=True))
    assert shown == [(state, f"与存入的盖章件 {number} 相同（不是归档的 PDF 本身）{said}")]
    assert f"存入时核验的结果：{stored}" in text(answer)
    assert client.post(ROUTE, **sent(content)).json["result"] == "same_file"


def test_a_verification_that_takes_too_long_blames_no_file(app, client, monkeypatch):
    hurried = replace(app.config["KEXIE_SETTINGS"], read_deadline=0.01)
    monkeypatch.setattr(identification, "settings", lambda: hurried)
    pdf = made.signed(PDF, field="Late")
    route = client.post(ROUTE, **sent(pdf))
    answer = route.json
    assert (route.status_code, answer["result"], answer["verdict"]) == (200, "continued", None)
    assert (answer["sha256"], answer["record"]["version"]) == (sha256(pdf), 1)
    assert "开头与归档的 PDF 相同；签名未核验完，请逐页核对" in answer["name"]
    assert "KEXIE_READ_DEADLINE 和 KEXIE_DEADLINE" in answer["explanation"]
    assert answer["unfinished"]
    page = client.post(PAGE, **sent(pdf))
    assert (page.status_code, "签名未核验完" in text(page), "已损坏" in text(page)) == (200, True, False)


@pytest.mark.parametrize(
    ("pdf", "result", "heading"),
    [
        (
            carrying(made.blank_pdf("saved again"), BEFORE),
            "same_data",
            "不是归档的那一份；附带的数据相同，页面没有比对",
        ),
        (made.blank_pdf("saved again"), "unknown", "认不出是哪条档案的"),
    ],
    ids=["with its data", "without"],
)
def test_what_is_known_is_said_of_a_pdf_made_elsewhere_too_whose_signatures_take_too_long(
    app, client, monkeypatch, pdf, result, heading
):
    hurried = replace(app.config["KEXIE_SETTINGS"], read_deadline=0.01)
    monkeypatch.setattr(identification, "settings", lambda: hurried)
    pdf = made.signed(pdf)
    file = lambda: {"data": {"file": (io.BytesIO(pdf), f"申报书（{BEFORE['association_name']}）.pdf")}}  # noqa: E731
    route = client.post(ROUTE, **file())
    answer = route.json
    assert (route.status_code, answer["result"], answer["name"]) == (200, result, heading)
    assert (answer["unfinished"], answer["verdict"], answer["signatures"]) == (True, None, [])
    assert "核验签名超过 0.01 秒仍未完成，已中止，没有得出结果；不表示文件有问题。" in answer["explanation"]
    named = [each["id"] for each in [answer["record"] or {}, *answer["likely"]] if each]
    assert named == ["甲县"]
    page = client.post(PAGE, **file())
    assert (page.status_code, heading in text(page)) == (200, True)
    assert "签名没有核验完 核验签名超过 0.01 秒仍未完成" in " ".join(text(page).split())


@pytest.mark.usefixtures("examined_here")
def test_an_answer_without_the_signatures_is_not_the_one_that_a_key_keeps(client, monkeypatch):
    pdf = made.signed(PDF, field="Again")
    ask = lambda: client.post(ROUTE, **sent(pdf), headers={"Idempotency-Key": "late"})  # noqa: E731
    with monkeypatch.context() as late:
        late.setattr(add_copy, "examine", refusing(not_verified_in(1)))
        assert (ask().json["unfinished"], ask().json["verdict"]) == (True, None)
    for replayed in (None, "true"):
        answer = ask()
        assert (answer.json["unfinished"], answer.json["verdict"]) == (False, "valid")
        assert answer.headers.get("Idempotent-Replayed") == replayed


def test_the_pages_of_the_archive_and_of_a_record_lead_there(app, client):
    with Archive.open(app.config["KEXIE_SETTINGS"]) as archive:
        key = next(archive.records()).key
    for page in ("/records", f"/records/{key}"):
        assert f'href="{PAGE}"' in client.get(page).get_data(as_text=True)


def test_with_keys_a_key_is_needed_and_taken_without_javascript(app, client, monkeypatch):
    of_tenant(monkeypatch, app, "云湖县")
    page = client.post(PAGE, data={"key": "posted", **sent(b"PK one")["data"]})
    assert (page.status_code, "认不出" in text(page)) == (200, True)
    monkeypatch.undo()
