"""What requests leave in the audit log: a row each, by whom, on what, with which result; nothing personal."""

from __future__ import annotations

import pytest

from service import create_app
from service.access import ApiKeys
from service.archive.database import reading
from service.audit import chain_proof
from service.audit.audit_search import Wanted, rows
from service.audit.event import ACTIONS, Actor
from service.catalog import edition
from service.web.http import audit_log
from tests.helpers.application import application, lines, without_pdf

RECORDS = "/api/v1/forms/annex3/2021/records"
PAYLOAD = edition("annex3", 2021).sample("minimal")
NAME = PAYLOAD["association_name"]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch, application(tmp_path_factory.mktemp("audit")) as app:
        without_pdf(patch)
        handle = app.config["KEXIE_ARCHIVE_HANDLE"]
        with ApiKeys(handle.archive().engine) as keys:
            for tenant, scopes in (
                ("云泽县", ("generate", "archive:read", "archive:write")),
                ("望川县", ("generate",)),
            ):
                key, secret = keys.add(tenant, scopes)
                app.config[tenant] = {"Authorization": f"Bearer {secret}"}, f"key:{key.id}"
            yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def new_rows(app):
    """The rows since the test began; asking for them waits for the queue."""
    handle = app.config["KEXIE_ARCHIVE_HANDLE"]

    def found():
        assert handle.event_queue.flush()
        with reading(handle.archive().engine) as connection:
            return [dict(row) for row in rows(connection, Wanted())]

    before = len(found())
    return lambda: found()[before:]


def acts(found):
    return [(row["action"], row["detail"], row["result"]) for row in found]


def test_each_act_on_a_record_is_a_row(app, client, new_rows):
    headers, who = app.config["云泽县"]
    made = client.post(f"{RECORDS}?id=a-1", json=PAYLOAD, headers=headers)
    assert made.status_code == 201
    key = made.json["key"]
    again = client.post(f"{RECORDS}?id=a-1", json=PAYLOAD, headers=headers)
    assert again.status_code == 200
    for path in ("", "/payload", "/pdf", "/verify"):
        assert client.get(f"/api/v1/records/{key}{path}", headers=headers).status_code == 200
    client.get(f"/api/v1/records?id={NAME}", headers=headers)
    client.get(f"/records/{key}", headers=headers)
    client.post(f"/records/{key}", headers=headers, data={"do": "docx"})
    found = new_rows()
    assert acts(found) == [
        ("archive", None, "ok"),
        ("archive", None, "same"),
        ("read", None, "ok"),
        ("download", "payload", "ok"),
        ("download", "pdf", "ok"),
        ("verify", None, "ok"),
        ("search", None, "ok"),
        ("read", None, "ok"),
        ("download", "docx", "ok"),
    ]
    of_record = [row for row in found if row["action"] != "search"]
    named = {
        (row["record"], row["manifest"], row["form"], row["year"], row["id"], row["version"])
        for row in of_record
    }
    assert named == {(key, made.json["manifest_sha256"], "annex3", 2021, "a-1", 1)}
    assert {(row["who"], row["tenant"], row["origin"]) for row in found} == {(who, "云泽县", "127.0.0.0/24")}
    assert NAME not in str(found)


def test_refusals_of_known_callers_are_rows_and_others_are_not(app, client, new_rows):
    headers, who = app.config["望川县"]
    assert client.get("/api/v1/records", headers=headers).status_code == 403
    assert client.post(RECORDS, json=PAYLOAD, headers=headers).status_code == 403
    client.post("/api/v1/forms/annex3/2021/documents?format=docx", json={"nobody": 1}, headers=headers)
    assert client.get("/api/v1/records").status_code == 401
    assert client.get("/records").status_code == 200
    assert client.get("/api/v1/forms").status_code == 200
    found = new_rows()
    assert acts(found) == [
        ("search", None, "forbidden"),
        ("archive", None, "forbidden"),
        ("generate", None, "invalid_payload"),
    ]
    assert {(row["who"], row["record"]) for row in found} == {(who, None)}


def test_a_strangers_text_is_kept_nowhere(app, client, new_rows):
    headers, _ = app.config["云泽县"]
    client.get("/api/v1/records/secret-text", headers=headers)
    client.get("/api/v1/records?form=secret-text&holding=secret-text", headers=headers)
    client.post("/api/v1/forms/secret-text/2021/documents", json=PAYLOAD, headers=headers)
    digits = "9" * 5000  # more than Python takes for a number
    assert client.post(f"/api/v1/forms/annex3/{digits}/documents", headers=headers).status_code == 404
    found = new_rows()
    assert [(row["action"], row["result"]) for row in found] == [
        ("read", "unknown_record"),
        ("search", "ok"),
        ("generate", "unknown_form"),
        ("generate", "unknown_year"),
    ]
    assert "secret" not in str(found)


def test_a_repeated_request_archives_once_and_is_read_once(app, client, new_rows):
    headers = {**app.config["云泽县"][0], "Idempotency-Key": "k-1"}
    one, two = (client.post(f"{RECORDS}?id=a-2", json=PAYLOAD, headers=headers) for _ in range(2))
    assert (one.status_code, two.headers["Idempotent-Replayed"]) == (201, "true")
    found = new_rows()
    assert acts(found) == [("archive", None, "ok"), ("read", "replayed", "ok")]
    assert {row["record"] for row in found} == {one.json["key"]}


def test_batches_and_drafts_are_rows(app, client, new_rows):
    headers, _ = app.config["云泽县"]
    sent = client.post(
        "/api/v1/batches", data=lines({"form": "none"}), headers=headers, content_type="application/x-ndjson"
    )
    id = sent.json["id"]
    client.get(f"/api/v1/batches/{id}/errors.ndjson", headers=headers)
    client.delete(f"/api/v1/batches/{id}", headers=headers)
    drafts = "/api/v1/forms/annex3/2021/drafts"
    draft = client.post(drafts, json={"values": {}}, headers=headers)
    found = new_rows()
    assert acts(found) == [
        ("batch", None, "ok"),
        ("download", "errors.ndjson", "ok"),
        ("batch_cancel", None, "ok"),
        ("draft_saved", draft.json["id"], "ok"),
    ]
    assert [row["batch"] for row in found] == [id, id, id, None]


def test_every_route_to_the_archive_declares_its_act(app):
    polled = {"kexie.batches.batches", "kexie.batches.batch", "kexie.batches.events"}  # progress of batches
    views, archive = app.view_functions, {"archive:read", "archive:write"}
    guarded = {name: vars(view) for name, view in views.items() if archive & {*vars(view).get("scopes", ())}}
    assert {name for name, declared in guarded.items() if "audit" not in declared} == polled
    declared = [vars(view)["audit"] for view in views.values() if "audit" in vars(view)]
    assert {each["action"] for each in declared} <= set(ACTIONS)


def test_the_keys_of_the_log_are_there_and_the_chain_is_whole(app):
    handle = app.config["KEXIE_ARCHIVE_HANDLE"]
    handle.event_queue.flush()
    with reading(handle.archive().engine) as connection:
        assert chain_proof.prove(connection).fault is None
        made = list(rows(connection, Wanted(action="key_made")))
    assert [(row["tenant"], row["who"].partition(":")[0]) for row in made] == [
        ("云泽县", "user"),
        ("望川县", "user"),
    ]
    assert f"key:{made[0]['detail'].split()[0]}" == app.config["云泽县"][1]


@pytest.mark.parametrize(
    ("chosen", "address", "kept"),
    [
        ("network", "10.1.2.3", "10.1.2.0/24"),
        ("network", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("full", "10.1.2.3", "10.1.2.3"),
        ("none", "10.1.2.3", "-"),
        ("network", "a socket", "-"),
    ],
)
def test_as_much_of_an_address_is_kept_as_the_setting_says(chosen, address, kept):
    app = create_app({"KEXIE_AUDIT_ADDRESS": chosen})
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert audit_log.actor() == Actor("anyone", kept)
