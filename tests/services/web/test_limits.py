"""Limits of requests for each caller, and what the log says of a request."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from service import create_app, pipeline
from service.access import ApiKeys
from service.errors import UsageError
from service.web.http import json_log
from tests.helpers.servers import free_port

FORMS = "/api/v1/forms"
VALIDATE = "/api/v1/forms/annex3/2021/validate"


def test_too_many_requests_are_reported_when_to_come_again():
    client = create_app({"KEXIE_RATE": "2 per hour"}).test_client()
    assert [client.get(FORMS).status_code for _ in range(2)] == [200, 200]
    answer = client.get(FORMS)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.json["code"] == "rate_exceeded"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert client.get(FORMS, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200
    for address in ("/healthz", "/openapi.json", "/static/docs.js"):
        with client.get(address) as free:
            assert free.status_code == 200


def test_each_key_has_its_own_count_and_a_wrong_one_none(tmp_path):
    app = create_app({"KEXIE_RATE": "1 per hour", "KEXIE_ARCHIVE": str(tmp_path)})
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        sent = [keys.add("南京", ["generate"])[1] for _ in range(2)]

    def status(key):
        return app.test_client().post(VALIDATE, json={}, headers={"X-API-Key": key}).status_code

    assert [status(key) for key in (*sent, *sent)] == [200, 200, 429, 429]
    assert [status("wrong-1"), status("wrong-2")] == [401, 429]


def test_all_processes_count_together_in_redis(redis_server):
    config = {
        "KEXIE_RATE": "2 per hour",
        "KEXIE_RATE_STORAGE_URL": f"redis://127.0.0.1:{redis_server.port}/9",
    }
    clients = [create_app(config).test_client() for _ in range(3)]
    assert [client.get(FORMS).status_code for client in clients] == [200, 200, 429]


def test_without_its_store_a_request_is_answered_uncounted(caplog):
    store = f"redis://127.0.0.1:{free_port()}/0"
    client = create_app({"KEXIE_RATE": "1 per hour", "KEXIE_RATE_STORAGE_URL": store}).test_client()
    assert [client.get(FORMS).status_code for _ in range(2)] == [200, 200]
    assert "requests are not counted" in caplog.text


@pytest.mark.parametrize("value", ["600", "0 per minute", "many per minute", "600 per fortnight"])
def test_a_rate_that_cannot_be_read_is_reported(value):
    with pytest.raises(UsageError, match="KEXIE_RATE"):
        create_app({"KEXIE_RATE": value})


@pytest.fixture
def log():
    """The lines of the service's log while a test runs, as `serve` would write them."""
    root, output = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    json_log.configure("INFO")
    root.handlers[0].setStream(output)
    yield lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    root.handlers[:], root.level = before
    structlog.reset_defaults()


SECRETS = ("张三", "13800000000", "kexie_", "198.51.100.7", "secret")


def test_a_line_reports_the_route_and_nothing_that_was_sent(log, tmp_path):
    app = create_app({"KEXIE_ARCHIVE": str(tmp_path)})
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        key, sent = keys.add("南京", ["generate"])
    headers = {
        "X-API-Key": sent,
        "X-Request-ID": "portal-7",
        "User-Agent": "secret",
        "Idempotency-Key": "secret",
    }
    payload = {"case_name": "张三 13800000000"}
    environ = {"REMOTE_ADDR": "198.51.100.7"}
    for url in (VALIDATE, f"{VALIDATE}?phone=13800000000"):  # the second is refused
        app.test_client().post(url, json=payload, headers=headers, environ_base=environ)
    line, refused = log()
    assert refused["status"] == 400
    assert [secret for secret in SECRETS if secret in json.dumps(refused, ensure_ascii=False)] == []
    assert line.pop("ms") > 0
    assert line.pop("bytes_in") == len(json.dumps(payload))
    assert line.pop("bytes_out") > 100
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "kexie.web",
        "method": "POST",
        "route": "/api/v1/forms/<form>/<year>/validate",
        "status": 200,
        "request_id": "portal-7",
        "tenant": "南京",
        "key": key.id,
    }


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/张三?phone=13800000000", "GET", 404),
        ("/api/v1/forms/张三/13800000000", "GET", 404),
        ("/api/v1/forms", "张三".encode().decode("latin-1"), 405),
    ],
)
def test_nor_does_the_line_of_an_error(log, address, method, status):
    client = create_app().test_client()
    assert client.open(address, method=method, headers={"X-Request-ID": "张三".encode().decode("latin-1")})
    (line,) = log()
    assert line["status"] == status
    assert not [secret for secret in SECRETS if secret in json.dumps(line, ensure_ascii=False)]


def test_a_crash_leaves_its_place_in_the_log_and_no_data(log, monkeypatch):
    def crash(*_, **__):
        raise RuntimeError("张三 13800000000")

    monkeypatch.setattr(pipeline, "warnings", crash)
    answer = create_app().test_client().post(VALIDATE, json={"case_name": "张三"})
    error, line = log()
    assert line["status"] == answer.status_code == 500
    assert error["level"] == "error"
    assert "RuntimeError" in error["event"]
    assert f"{__file__}:" in error["event"]
    assert answer.json["request_id"] in error["event"]
    assert not [secret for secret in SECRETS if secret in json.dumps(error, ensure_ascii=False)]


def test_at_debug_libraries_log_neither_sql_nor_addresses(log, tmp_path):
    json_log.configure("DEBUG")
    logging.getLogger().handlers[0].setStream(output := io.StringIO())
    app = create_app({"KEXIE_ARCHIVE": str(tmp_path)})
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        sent = keys.add("张三", ["archive:read"])[1]
    address = "/api/v1/records/13800000000"
    assert app.test_client().get(address, headers={"X-API-Key": sent}).status_code == 404
    assert "/api/v1/records/<key>" in output.getvalue()
    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert {line["logger"] for line in lines} == {"kexie.web"}
    assert "13800000000" not in output.getvalue()


def test_what_the_server_says_of_a_broken_request_is_cut(log):
    server = logging.getLogger("gunicorn.test")
    server.warning("Invalid request from ip=198.51.100.7: GET /张三")
    try:
        raise RuntimeError("13800000000")
    except RuntimeError:
        server.exception("Error handling request %s", "/张三?phone=13800000000")
    broken, failed = log()
    assert broken["event"] == "Invalid request from"
    assert (failed["event"], failed["error"]) == ("Error handling request", "RuntimeError")
    assert "test_what_the_server_says" in failed["at"]
    assert not [secret for secret in SECRETS if secret in json.dumps([broken, failed], ensure_ascii=False)]
