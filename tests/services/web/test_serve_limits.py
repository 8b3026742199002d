"""The real server: slow clients, forged headers, counts of all workers, an end in good order."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import threading

import httpx
import pytest

from service.config import Settings
from tests.helpers.libreoffice import Gate, worker_processes
from tests.helpers.processes import awaited, kill, running
from tests.helpers.serve import served
from tests.helpers.servers import answers as answers_at

VALIDATE = "/api/v1/forms/annex3/2021/validate"
DOCUMENTS = "/api/v1/forms/annex3/2021/documents"
PAYLOAD = {"case_name": "一号案例"}
HEAD = f"POST {VALIDATE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One worker of a few threads and short deadlines."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "temporary").mkdir()
    settings = Settings.from_env(
        {
            "KEXIE_TEMP_DIR": str(folder / "temporary"),
            "KEXIE_CONVERTERS": "1",
            "KEXIE_ARCHIVE": str(folder / "archive"),
            "KEXIE_THREADS": "6",
            "KEXIE_HEAD_DEADLINE": "2",
            "KEXIE_BODY_DEADLINE": "2",
        }
    )
    with served(settings, folder / "log", "--workers", "1") as running:
        yield running


SLOW = {
    "head": b"POST /api/v1/forms HTTP/1.1\r\nHo",
    "body": f'{HEAD}Content-Length: 100\r\n\r\n{{"case'.encode(),
    "chunk": f'{HEAD}Transfer-Encoding: chunked\r\n\r\n40\r\n{{"case'.encode(),
}


def test_slow_clients_do_not_keep_others_waiting_and_are_sent_away(service):
    slow = {name: service.connect(begin) for name, begin in SLOW.items()}
    assert service.get("/healthz").json() == {"status": "alive"}
    assert service.http.post(VALIDATE, json=PAYLOAD).status_code == 200
    answers = {}
    for name, connection in slow.items():
        with connection, connection.makefile("rb") as answer:
            answers[name] = answer.read()  # until the server closes
    for name in SLOW:
        head, _, body = answers[name].partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 "), answers
        assert json.loads(body)["code"] == "request_timeout"


def test_more_slow_clients_than_threads_are_gone_after_the_deadline(service):
    slow = [service.connect(SLOW["body"]) for _ in range(12)]
    assert service.get("/healthz").status_code == 200
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("framing", ["chunked", "length"])
def test_a_body_above_the_limit_is_refused(service, framing):
    large = b'{"case_name": "' + b"x" * 2_000_000 + b'"}'
    content = iter([large]) if framing == "chunked" else large
    headers = {"Content-Type": "application/json"}
    answer = service.http.post(VALIDATE, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl"},
        {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "203.0.113.9"},
        {"SCRIPT_NAME": "/evil", "Script-Name": "/evil", "X-Script-Name": "/evil"},
        {"PATH_INFO": "/docs", "X-Original-URL": "/docs", "X-Rewrite-URL": "/docs"},
        {"Forwarded": "for=203.0.113.9;host=evil.example;proto=https"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_forged_headers_do_nothing(service, forged):
    for address in ("/", "/openapi.json", "/docs", "/nowhere"):
        named = {"X-Request-ID": "portal-7"}
        plain, other = (service.get(address, headers=named | more) for more in ({}, forged))
        for answer in (plain, other):
            del answer.headers["Date"]
        assert (other.status_code, other.headers) == (plain.status_code, plain.headers)
        assert other.content == plain.content


def test_a_draft_leaves_neither_secret_nor_data_in_the_log(service):
    route = "/api/v1/forms/annex2/2021/drafts"
    body = {"name": "初稿", "values": {"/cover/contact_person": "沈砚青"}}
    made = service.http.post(route, json=body).json()
    sent = {"X-Draft-Secret": made["secret"], "X-Request-ID": "of-the-draft"}
    service.get(f"{route}/{made['id']}", headers=sent)
    service.http.put(f"{route}/{made['id']}", json=body, headers={**sent, "If-Match": "*"})
    service.http.delete(f"{route}/{made['id']}", headers=sent)
    service.get(f"{route}/{made['id']}", headers=sent)

    def lines():
        return [line for line in service.lines() if line["request_id"] == "of-the-draft"]

    assert awaited(lambda: [line["status"] for line in lines()] == [200, 200, 204, 404])
    assert {line["route"] for line in lines()} == {"/api/v1/forms/<form>/<year>/drafts/<id>"}
    written = service.log.read_text()
    assert not [text for text in (made["secret"], made["id"], "初稿", "沈砚青") if text in written]


def test_the_log_has_a_line_of_json_for_each_request(service):
    service.get("/nowhere?name=13800000000", headers={"X-Request-ID": "of-the-log"})
    assert awaited(lambda: [line for line in service.lines() if line["request_id"] == "of-the-log"])
    assert "13800000000" not in service.log.read_text()
    greeting = [line for line in service.log.read_text().splitlines() if not line.startswith("{")]
    assert len(greeting) == 2
    assert service.url in greeting[0]


def settings_of(settings, tmp_path, **more):
    return dataclasses.replace(settings, archive=tmp_path / "archive", converters=1, **more)


def test_requests_in_flight_end_and_nothing_is_left(settings, tmp_path):
    """Two workers count together; each request that had begun is answered after SIGTERM."""
    answers, gate = {}, Gate(tmp_path)
    gate.allow(0)
    with served(
        settings_of(settings, tmp_path, **gate.fields), tmp_path / "log", "--workers", "2"
    ) as service:
        for _ in range(40):
            assert service.get("/healthz").status_code == 200
        assert service.sample("kexie_http_requests_total", rule="/healthz", method="GET", status="200") == 40
        assert service.sample("kexie_http_request_seconds_count", rule="/healthz", method="GET") == 40

        def post(number):
            answers[number] = service.http.post(DOCUMENTS, json={"case_name": f"{number}号案例"})

        threads = [threading.Thread(target=post, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        assert awaited(lambda: service.sample("kexie_http_requests_in_flight") == 4)
        service.process.send_signal(signal.SIGTERM)
        assert awaited(lambda: not answers_at(service.port))  # while the requests are in progress
        gate.open()
        for thread in threads:
            thread.join(300)
        assert [answers[number].content[:5] for number in range(3)] == [b"%PDF-"] * 3
        assert service.process.wait(300) == 0, service.log.read_text()
    assert running(str(settings.temp_dir)) == []
    assert list(settings.temp_dir.iterdir()) == []


def test_a_request_killed_half_way_is_done_when_it_is_sent_again(settings, tmp_path):
    kept = settings_of(settings, tmp_path)
    headers = {"Idempotency-Key": "k-1"}

    def post(service):
        return service.http.post(DOCUMENTS, json=PAYLOAD, headers=headers)

    def lost(service):
        with pytest.raises(httpx.TransportError):
            post(service)

    with served(kept, tmp_path / "log", "--workers", "1") as service:
        assert service.http.post(DOCUMENTS, json={}).status_code == 200
        kill(*worker_processes(kept)["soffice"], how=signal.SIGSTOP)
        thread = threading.Thread(target=lost, args=(service,))
        thread.start()
        assert awaited(lambda: service.sample("kexie_pool_busy_workers") == 1)
        os.killpg(service.process.pid, signal.SIGKILL)
        thread.join(300)
        assert not thread.is_alive()
        kill(*worker_processes(kept)["soffice"], how=signal.SIGCONT)
    with served(kept, tmp_path / "log", "--workers", "1") as service:
        first, again = post(service), post(service)
        assert (first.status_code, first.content[:5]) == (200, b"%PDF-")
        assert "Idempotent-Replayed" not in first.headers
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.content == first.content
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(300) == 0
    assert awaited(lambda: not list(settings.temp_dir.glob("kexie-counts-*")))
