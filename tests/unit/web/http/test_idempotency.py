"""A request sent again with its Idempotency-Key gets the answer that it got before."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from service import create_app, pipeline
from service.access import ApiKeys
from service.archive.database import open_database, writing
from service.archive.database_handle import DatabaseHandle
from service.archive.locations import locate
from service.config import Settings
from service.web.http.idempotency_store import ANSWERS, IdempotencyStore, RequestClaim, StoredResponse
from tests.helpers.application import application, lines

DOCUMENTS = "/api/v1/forms/annex3/2021/documents?format=docx"
VALIDATE = "/api/v1/forms/annex3/2021/validate"
PAYLOAD, OTHER = {"case_name": "一号案例"}, {"case_name": "二号案例"}


@pytest.fixture
def config(tmp_path):
    return {"KEXIE_ARCHIVE": str(tmp_path / "archive")}


@pytest.fixture
def client(config):
    return create_app(config).test_client()


def keyed(key="k-1", **headers):
    return {"Idempotency-Key": key, **headers}


def form(boundary, name, content):
    """A form with one file, as a client of Flask's sends it."""
    head = b'Content-Disposition: form-data; name="file"; filename="%b"' % name.encode()
    body = b"--%b\r\n%b\r\n\r\n%b\r\n--%b--\r\n" % (boundary, head, content, boundary)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary.decode()}"}


def replayed(answer):
    return answer.headers.get("Idempotent-Replayed") == "true"


def same(one, other):
    ours = {"X-Request-ID", "Idempotent-Replayed"}
    kept = [{name: value for name, value in answer.headers if name not in ours} for answer in (one, other)]
    return (one.status_code, one.data, kept[0]) == (other.status_code, other.data, kept[1])


def test_the_same_request_gets_the_same_bytes_and_headers(client, config):
    first = client.post(DOCUMENTS, json=PAYLOAD, headers=keyed())
    assert first.status_code == 200
    assert not replayed(first)
    another_worker = create_app(config).test_client()
    for again in (client, another_worker):
        answer = again.post(DOCUMENTS, json=PAYLOAD, headers=keyed())
        assert replayed(answer)
        assert same(answer, first)
        assert {"ETag", "Content-Disposition"} <= set(answer.headers.keys())
    assert not replayed(client.post(DOCUMENTS, json=PAYLOAD, headers=keyed("k-2")))


@pytest.mark.parametrize(
    ("address", "payload", "accept"),
    [
        (DOCUMENTS, OTHER, "*/*"),
        (f"{DOCUMENTS}&prove=true", PAYLOAD, "*/*"),
        (VALIDATE, PAYLOAD, "*/*"),
        (DOCUMENTS, PAYLOAD, "application/zip"),
    ],
    ids=["body", "query", "path", "Accept"],
)
def test_another_request_with_the_key_is_refused(client, address, payload, accept):
    assert client.post(DOCUMENTS, json=PAYLOAD, headers=keyed(Accept="*/*")).status_code == 200
    answer = client.post(address, json=payload, headers=keyed(Accept=accept))
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert replayed(client.post(DOCUMENTS, json=PAYLOAD, headers=keyed(Accept="*/*")))


@pytest.mark.parametrize("key", ["", "a b", "k\t1", "键".encode().decode("latin-1"), "k" * 256])
def test_a_malformed_key_is_refused(client, key):
    answer = client.post(VALIDATE, json=PAYLOAD, headers=keyed(key))
    assert (answer.status_code, answer.json["code"]) == (400, "usage")
    assert "Idempotency-Key" in answer.json["detail"]


def test_a_refusal_is_kept_too(client):
    first = client.post(VALIDATE, json={"none": 1}, headers=keyed())
    assert first.status_code == 422
    again = client.post(VALIDATE, json={"none": 1}, headers=keyed())
    assert replayed(again)
    assert same(again, first)


def test_a_fault_of_the_service_is_not_kept(client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "produce", lambda *_, **__: 1 // 0)
        assert client.post(DOCUMENTS, json=PAYLOAD, headers=keyed()).status_code == 500
    answer = client.post(DOCUMENTS, json=PAYLOAD, headers=keyed())
    assert answer.status_code == 200
    assert not replayed(answer)


def test_a_file_sent_again_has_another_boundary(client):
    document = client.post(DOCUMENTS, json=PAYLOAD).data

    def sent(boundary, content):
        return client.post("/api/v1/extract", **form(boundary, "f.docx", content), headers=keyed())

    first, again = sent(b"one", document), sent(b"another", document)
    assert first.json["data"] == PAYLOAD
    assert replayed(again)
    assert same(first, again)
    assert sent(b"one", document + b" ").json["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("size", [10, 1_500_000], ids=["small", "on the disk"])
def test_a_batch_is_begun_once_however_it_is_sent(tmp_path, size):
    body = lines({"form": "annex9", "year": 2021, "id": "1", "data": {"name": "x" * size}})
    with application(tmp_path, KEXIE_BATCH_WORKERS="1") as app:
        client = app.test_client()

        def sent(content, key):
            kind = "application/x-ndjson"
            return client.post("/api/v1/batches", data=content, content_type=kind, headers=keyed(key))

        def sent_as_form():
            file = form(secrets.token_hex(8).encode(), "batch.ndjson", body)
            return client.post("/api/v1/batches", **file, headers=keyed("k-2"))

        for post in (lambda: sent(body, "k-1"), sent_as_form):
            first, again = post(), post()
            assert (first.status_code, replayed(first)) == (202, False), first.json
            assert replayed(again)
            assert same(first, again)
            assert again.headers["Location"].startswith("/api/v1/batches/")
        assert sent(body + body, "k-1").json["code"] == "idempotency_key_reused"


def test_a_key_is_of_its_tenant_alone(config):
    app = create_app(config)
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        bearers = [f"Bearer {keys.add(tenant, ['generate'])[1]}" for tenant in ("南京", "苏州")]
        bearers.append(f"Bearer {keys.add('南京', ['generate'])[1]}")
    answered = []
    for bearer, payload in zip(bearers, (PAYLOAD, OTHER, PAYLOAD), strict=True):
        headers = keyed(Authorization=bearer)
        answered.append(app.test_client().post(VALIDATE, json=payload, headers=headers))
    assert [answer.status_code for answer in answered] == [200, 200, 200]
    assert [replayed(answer) for answer in answered] == [False, False, True]
    assert app.test_client().post(VALIDATE, json=PAYLOAD, headers=keyed()).status_code == 401


def test_without_the_header_no_database_is_made(client, tmp_path):
    assert client.post(VALIDATE, json=PAYLOAD).status_code == 200
    assert not (tmp_path / "archive").exists()


def test_an_answer_is_kept_for_its_time(tmp_path):
    config = {"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_IDEMPOTENCY_HOURS": "0.000000001"}
    client = create_app(config).test_client()
    for payload in (PAYLOAD, OTHER):
        answer = client.post(VALIDATE, json=payload, headers=keyed())
        assert (answer.status_code, replayed(answer)) == (200, False)


@pytest.mark.parametrize("wait", ["600", "0.2"])
def test_a_second_request_waits_for_the_first_a_while(config, monkeypatch, wait):
    app = create_app({**config, "KEXIE_IDEMPOTENCY_WAIT": wait})
    produce, made = pipeline.produce, []
    began, go_on, looked = threading.Event(), threading.Event(), threading.Event()
    claim = IdempotencyStore.claim

    def slow(*args, **kwargs):
        made.append(args)
        began.set()
        assert go_on.wait(300)
        return produce(*args, **kwargs)

    def seen(*args):
        found = claim(*args)
        if found is None:
            looked.set()
        return found

    monkeypatch.setattr(pipeline, "produce", slow)
    monkeypatch.setattr(IdempotencyStore, "claim", seen)
    answers = {}

    def post(name):
        answers[name] = app.test_client().post(DOCUMENTS, json=PAYLOAD, headers=keyed())

    threads = [threading.Thread(target=post, args=(name,)) for name in ("first", "second")]
    threads[0].start()
    assert began.wait(300)
    threads[1].start()
    assert looked.wait(300)
    if wait == "0.2":
        threads[1].join(300)
    go_on.set()
    for thread in threads:
        thread.join(300)
    assert len(made) == 1
    assert answers["first"].status_code == 200
    if wait == "600":
        assert same(*answers.values())
    else:
        assert (answers["second"].status_code, answers["second"].json["code"]) == (
            409,
            "idempotency_conflict",
        )
        assert int(answers["second"].headers["Retry-After"]) > 0


KILLED = """
import os, signal, sys
from service.config import Settings
from service.archive.database_handle import DatabaseHandle
from service.web.http.idempotency_store import IdempotencyStore
settings = Settings.from_env({"KEXIE_ARCHIVE": sys.argv[1]})
IdempotencyStore(settings, DatabaseHandle(settings)).claim("南京", "k", "r")
os.kill(os.getpid(), signal.SIGKILL)
"""


def stored(settings):
    return IdempotencyStore(settings, DatabaseHandle(settings))


def test_what_a_killed_process_began_is_begun_again(config):
    command = [sys.executable, "-c", KILLED, config["KEXIE_ARCHIVE"]]
    assert subprocess.run(command, timeout=300).returncode == -signal.SIGKILL
    answers = stored(Settings.from_env(config))
    assert isinstance(answers.claim("南京", "k", "r"), RequestClaim)
    assert answers.claim("南京", "k", "r") is None


def test_the_claim_of_a_machine_that_went_silent_is_taken_over_in_time(config):
    settings = Settings.from_env(config)
    answers, late, prompt = (
        stored(settings),
        StoredResponse(200, [], b"late"),
        StoredResponse(200, [], b"prompt"),
    )
    first = answers.claim("南京", "k", "r")
    engine = open_database(locate(settings).database, create=False)
    with writing(engine) as connection:
        gone = {"lease": datetime.now(UTC) - timedelta(seconds=1), "holder": "elsewhere/b/1/1.1/2.2"}
        connection.execute(update(ANSWERS).values(**gone))
    engine.dispose()
    second = answers.claim("南京", "k", "r")
    assert isinstance(second, RequestClaim)
    answers.keep(first, late)
    answers.keep(second, prompt)
    answers.release(first)
    assert answers.claim("南京", "k", "r") == prompt


def test_a_stored_response_asks_for_the_scopes_of_its_request(config):
    app = create_app(config)
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        sent = {
            scopes: keys.add("南京", scopes.split())[1] for scopes in ("generate archive:write", "generate")
        }
    store = app.config["KEXIE_IDEMPOTENCY_STORE"]

    def post(address, scopes):
        headers = keyed("k-1", **{"X-API-Key": sent[scopes]})
        return app.test_client().post(address, json=PAYLOAD, headers=headers)

    stored = []
    claim = store.claim

    def remembered(tenant, key, request):
        found = claim(tenant, key, request)
        if isinstance(found, RequestClaim):  # as if the first request had been answered so
            store.keep(found, StoredResponse(201, [("Location", "/api/v1/records/1")], b"stored"))
            found = claim(tenant, key, request)
        stored.append(found)
        return found

    app.config["KEXIE_IDEMPOTENCY_STORE"].claim = remembered
    archiving = f"{DOCUMENTS}&archive=true&id=1"
    assert post(archiving, "generate archive:write").data == b"stored"
    refused = post(archiving, "generate")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert b"stored" not in refused.data
    assert len(stored) == 1
    assert post(archiving, "generate archive:write").data == b"stored"
