"""Drafts on the server: opened by the secret of their link alone, until they expire or are deleted."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import pytest
import segno
from sqlalchemy import select, update

from service import create_app
from service.access import ApiKeys
from service.archive.database import reading, writing
from service.config import Settings
from service.drafts import draft_store
from service.drafts.draft_table import DRAFTS
from tests.helpers.pictures.form import publish

ROUTE = "/api/v1/forms/annex2/2021/drafts"
NAME, PERSON = "初稿", "沈砚青"
BODY = {
    "name": NAME,
    "values": {"/cover/contact_person": PERSON, "/cover/email": "不是邮箱"},
    "readings": [{"pointer": "/cover", "message": "请核对"}],
}


@pytest.fixture
def place(tmp_path):
    return {"KEXIE_ARCHIVE": str(tmp_path / "archive")}


@pytest.fixture
def app(place):
    made = create_app(place)
    yield made
    made.config["KEXIE_ARCHIVE_HANDLE"].close()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def draft(client):
    answer = client.post(ROUTE, json=BODY)
    assert answer.status_code == 201, answer.json
    return answer.json


def opened(client, draft, **changed):
    headers = {"X-Draft-Secret": draft["secret"], **changed}
    return client.get(f"{ROUTE}/{draft['id']}", headers=headers)


def saved_again(client, draft, match, **changed):
    headers = {"X-Draft-Secret": draft["secret"], **({"If-Match": match} if match else {})}
    return client.put(f"{ROUTE}/{draft['id']}", json={**BODY, **changed}, headers=headers)


def rows(app):
    with reading(app.config["KEXIE_DRAFT_STORE"]._database.engine()) as connection:
        return connection.execute(select(DRAFTS)).all()


def expire(app, days_ago=1):
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days_ago)
    with writing(app.config["KEXIE_DRAFT_STORE"]._database.engine()) as connection:
        connection.execute(update(DRAFTS).values(expires=then))


def test_a_draft_is_opened_by_its_link_with_all_that_was_filled_in(client, draft):
    assert draft["url"] == f"/forms/annex2/2021#draft={draft['id']}.{draft['secret']}"
    answer = opened(client, draft)
    assert (answer.status_code, answer.headers["ETag"], answer.headers["Cache-Control"]) == (
        200,
        '"1"',
        "no-store",
    )
    assert {key: answer.json[key] for key in BODY} == BODY
    kept = datetime.datetime.fromisoformat(draft["expires"]) - datetime.datetime.fromisoformat(draft["saved"])
    assert kept == datetime.timedelta(days=30)


def test_the_link_is_a_qr_code_of_the_address_that_the_browser_knows(client, monkeypatch):
    encoded, make = [], segno.make
    monkeypatch.setattr("segno.make", lambda text, **how: encoded.append(text) or make(text, **how))
    draft = client.post(ROUTE, json=BODY, headers={"Origin": "http://localhost:80"}).json
    assert ElementTree.fromstring(draft["qr"]).tag == "{http://www.w3.org/2000/svg}svg"
    assert encoded == [f"http://localhost:80{draft['url']}"]


def test_a_wrong_id_secret_or_form_is_answered_alike(client, draft):
    answers = [
        opened(client, {**draft, "id": "Zk3x0aQ1mB7uYt2c"}),
        opened(client, {**draft, "secret": draft["secret"][::-1]}),
        opened(client, {**draft, "secret": ""}),
        client.get(
            f"{ROUTE}/{draft['id']}".replace("annex2", "annex3"), headers={"X-Draft-Secret": draft["secret"]}
        ),
        saved_again(client, {**draft, "secret": "x"}, "*"),
        client.delete(f"{ROUTE}/{draft['id']}"),
    ]
    bodies = [{key: value for key, value in each.json.items() if key != "request_id"} for each in answers]
    assert all(each == bodies[0] for each in bodies)
    assert bodies[0]["code"] == "unknown_draft"
    assert opened(client, draft).status_code == 200


def test_two_people_at_one_draft_overwrite_nothing_in_silence(client, draft):
    mine = saved_again(client, draft, '"1"', values={"/cover/applicant": "甲"})
    assert (mine.status_code, mine.headers["ETag"], mine.json["version"]) == (200, '"2"', 2)
    other = saved_again(client, draft, '"1"', values={"/cover/applicant": "乙"})
    assert (other.status_code, other.json["code"]) == (412, "draft_changed")
    assert opened(client, draft).json["values"] == {"/cover/applicant": "甲"}
    assert saved_again(client, draft, "*", values={"/cover/applicant": "乙"}).status_code == 200
    assert opened(client, draft).json["values"] == {"/cover/applicant": "乙"}
    assert "If-Match" in saved_again(client, draft, "").json["detail"]


def test_a_draft_can_be_deleted(client, draft):
    headers = {"X-Draft-Secret": draft["secret"]}
    assert client.delete(f"{ROUTE}/{draft['id']}", headers=headers).status_code == 204
    assert opened(client, draft).status_code == 404


def test_an_expired_draft_says_so_and_its_content_goes_with_the_next_one(app, client, draft):
    expire(app)
    for answer in (opened(client, draft), saved_again(client, draft, "*")):
        assert (answer.status_code, answer.json["code"]) == (410, "draft_expired")
    assert opened(client, {**draft, "secret": "x"}).status_code == 404
    client.post(ROUTE, json=BODY)
    [old] = [row for row in rows(app) if row.id == draft["id"]]
    assert (old.content, old.size) == (None, 0)
    assert opened(client, draft).json["code"] == "draft_expired"
    expire(app, days_ago=91)
    client.post(ROUTE, json=BODY)
    assert opened(client, draft).json["code"] == "unknown_draft"


def test_the_database_holds_neither_the_secret_nor_what_was_filled_in(app, client, draft, tmp_path):
    assert opened(client, draft).json["name"] == NAME
    app.config["KEXIE_ARCHIVE_HANDLE"].close()
    files = [file.read_bytes() for file in (tmp_path / "archive").rglob("*") if file.is_file()]
    assert any(draft["id"].encode() in content for content in files)
    for text in (draft["secret"], NAME, PERSON, "contact_person"):
        for written in (text.encode(), text.encode("utf-16-le"), ascii(text)[1:-1].encode()):
            assert not any(written in content for content in files), text


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], [""]),
        ({}, ["/values"]),
        ({"values": {"/a": 1}}, ["/values"]),
        ({"name": "长" * 101, "values": {}, "readings": ["x"]}, ["/name", "/readings"]),
        ({"values": {}, "readings": [{"pointer": 1}], "more": 1}, ["/more", "/readings"]),
    ],
)
def test_what_is_no_draft_is_refused_with_all_errors(client, body, pointers):
    answer = client.post(ROUTE, json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == pointers


def test_a_tenant_has_drafts_up_to_a_number_and_a_size(client, monkeypatch):
    monkeypatch.setattr(draft_store, "DRAFTS_MAXIMUM", 2)
    first, *_ = [client.post(ROUTE, json=BODY).json for _ in range(2)]
    answer = client.post(ROUTE, json=BODY)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (
        429,
        "drafts_full",
        "3600",
    )
    assert saved_again(client, first, "*").status_code == 200
    monkeypatch.setattr(draft_store, "MEGABYTES_MAXIMUM", 0)
    assert saved_again(client, first, "*").json["code"] == "drafts_full"


def test_one_caller_makes_few_drafts_in_an_hour(client, monkeypatch):
    monkeypatch.setattr("service.web.api.drafts.NEW_DRAFTS", "1 per hour")
    assert [client.post(ROUTE, json=BODY).status_code for _ in range(2)] == [201, 429]


def test_a_service_may_keep_no_drafts(place, client):
    assert 'id="share"' in client.get("/forms/annex2/2021").text
    client = create_app({**place, "KEXIE_DRAFT_DAYS": "0"}).test_client()
    assert 'id="share"' not in client.get("/forms/annex2/2021").text
    for answer in (client.post(ROUTE, json=BODY), opened(client, {"id": "x", "secret": "y"})):
        assert (answer.status_code, answer.json["detail"]) == (404, "本服务不保存草稿。")


def test_an_embedded_form_offers_no_drafts(client):
    page, embedded = (client.get(f"/{place}/annex2/2021").text for place in ("forms", "embed"))
    for id in ("open-drafts", "share", "shared", "take-facts", "drafts-dialog", "facts-dialog"):
        assert (f'id="{id}"' in page, f'id="{id}"' in embedded) == (True, False)


def test_a_draft_takes_its_pictures_along(place, tmp_path, monkeypatch):
    publish(tmp_path, monkeypatch)
    client = create_app({**place, "KEXIE_BODY_LIMIT": "2000"}).test_client()
    text = "A" * 20_000
    route = "/api/v1/forms/badge/2031/drafts"
    made = client.post(route, json={"values": {"/photo": text}}).json
    answer = client.get(f"{route}/{made['id']}", headers={"X-Draft-Secret": made["secret"]})
    assert answer.json["values"] == {"/photo": text}
    assert client.post(ROUTE, json={"values": {"/a": text}}).status_code == 413


def test_a_draft_is_for_those_with_a_key_of_the_same_tenant(place):
    with ApiKeys.open(Settings.from_env(place), create=True) as keys:
        mine, colleague, stranger = (
            {"X-API-Key": keys.add(tenant, ["generate"])[1]} for tenant in ("云泽县", "云泽县", "泽阳市")
        )
    client = create_app(place).test_client()
    assert client.post(ROUTE, json=BODY).status_code == 401
    draft = client.post(ROUTE, json=BODY, headers=mine).json
    assert opened(client, draft).status_code == 401
    assert opened(client, draft, **colleague).status_code == 200
    assert opened(client, draft, **stranger).json["code"] == "unknown_draft"
