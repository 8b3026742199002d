"""Webhooks: whom the service may call, what it sends, and how long it tries."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess

import httpx
import pytest

from service import outbound_http
from service.batch.jobs import webhook_queue
from service.batch.jobs.job_tables import webhooks
from service.errors import UsageError
from service.outbound_http import Unreachable, is_public, target
from tests.helpers import ROOT
from tests.helpers.application import application, lines, of_tenant
from tests.helpers.documentation import blocks
from tests.helpers.libreoffice import Gate
from tests.helpers.processes import awaited
from tests.helpers.servers import Receiver

BATCHES = "/api/v1/batches"
NDJSON = "application/x-ndjson"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ALLOWED = ("hooks.example.cn", "10.0.0.5:8080", "[::1]:8080", "intranet:80", "secure:443")


@pytest.fixture(scope="module")
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    return Gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def client(receiver, gate, tmp_path_factory):
    settings = {
        **gate.environment,
        "KEXIE_ALLOWED_HOSTS": receiver.host,
        "KEXIE_WEBHOOK_SECRET": SECRET,
        "KEXIE_WEBHOOK_WAIT": "0.1",
        "KEXIE_BATCH_WORKERS": "1",
    }
    with application(tmp_path_factory.mktemp("webhooks"), **settings) as app:
        yield app.test_client()


def send(client, id, url):
    """A batch of which nothing can be done: it is at its end at once."""
    return client.post(BATCHES, query_string={"webhook": url}, data=lines({"id": id}), content_type=NDJSON)


def hook(client, address):
    (found,) = client.get(address).json["webhooks"]
    return found


def test_the_end_of_a_batch_is_reported_with_a_signature_that_the_secret_proves(client, receiver):
    answer = send(client, "finished", f"http://{receiver.host}/finished")
    address = answer.headers["Location"]
    assert answer.status_code == 202
    assert awaited(lambda: hook(client, address)["state"] == "delivered")
    ((headers, body),) = receiver.at("/finished")
    (block,) = blocks(ROOT / "docs" / "guide" / "portal.md", "python")
    found = {"headers": headers, "body": body}
    exec(block.text.replace("whsec_…", SECRET), found)
    event = found["message"]
    assert event["type"] == "batch.finished"
    assert event["data"]["state"] == "finished"
    assert event["data"]["counts"]["failed"] == 1
    assert event["data"]["url"] == address
    assert hook(client, address)["tries"] == 1


def test_it_is_tried_again_with_the_same_id_and_the_same_again_reports_it_once(client, receiver):
    receiver.statuses["/again"] = iter([500, 302])
    url = f"http://{receiver.host}/again"
    address = send(client, "again", url).headers["Location"]
    assert awaited(lambda: hook(client, address)["state"] == "delivered")
    assert send(client, "again", url).headers["Location"] == address
    assert hook(client, address)["tries"] == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.at("/again")}) == 1
    assert receiver.at("/elsewhere") == []


def test_a_receiver_that_is_gone_is_left_alone(client, receiver):
    receiver.statuses["/gone"] = iter([410])
    address = send(client, "gone", f"http://{receiver.host}/gone").headers["Location"]
    assert awaited(lambda: hook(client, address)["state"] == "failed")
    assert hook(client, address)["said"] == "status 410"


def test_a_cancelled_batch_is_reported_as_such(client, receiver, gate):
    gate.allow(0)
    data = {"association_name": "甲县科协"}
    body = lines(*({"form": "annex3", "year": 2021, "id": f"c{n}", "data": data} for n in range(4)))
    url = {"webhook": f"http://{receiver.host}/cancelled"}
    address = client.post(BATCHES, query_string=url, data=body, content_type=NDJSON).headers["Location"]
    assert client.delete(address).json["state"] == "cancelled"
    gate.open()
    assert awaited(lambda: receiver.at("/cancelled"))
    assert json.loads(receiver.at("/cancelled")[0][1])["type"] == "batch.cancelled"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.cn/",
        "https://hooks.example.cn:8443/",
        "https://hooks.example.cn@evil.cn/",
        "https://user:word@hooks.example.cn/",
        "https://hooks.example.cn#x",
        "https://hooks.example.cn.evil.cn/",
        "https://evil.cn/?hooks.example.cn",
        "http://10.0.0.5/",
        "http://10.0.0.5:8081/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://2130706433:8080/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.5]:8080/",
        "file:///etc/passwd",
        "gopher://10.0.0.5:8080/",
        "//hooks.example.cn/",
        "hooks.example.cn",
        "",
        "https://hooks.example.cn/\r\nHost: evil.cn",
        "https://hooks.example.cn/" + "x" * 2000,
        "https://[",
    ],
)
def test_an_address_that_the_settings_do_not_name_is_refused(client, url):
    with pytest.raises(UsageError):
        target(url, ALLOWED)
    answer = send(client, "refused", url)
    assert (answer.status_code, answer.json["code"]) == (400, "usage")


@pytest.mark.parametrize(
    ("url", "intranet"),
    [
        ("https://hooks.example.cn/a?b=c", False),
        ("https://HOOKS.example.cn:443/", False),
        ("http://10.0.0.5:8080/", True),
        ("https://10.0.0.5:8080/", True),
        ("http://[::1]:8080/", True),
        ("http://intranet/", True),
        ("https://secure/", True),
    ],
)
def test_an_address_that_the_settings_name_is_taken(url, intranet):
    assert target(url, ALLOWED).intranet is intranet


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address, expected):
    assert is_public(address) is expected


def test_a_public_host_that_turns_to_a_private_address_is_not_called(monkeypatch, receiver):
    port = receiver.server.server_port
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("1.1.1.1", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    before = len(receiver.got)
    with pytest.raises(Unreachable, match="address"):
        outbound_http.post(target("https://hooks.example.cn/", ALLOWED), b"{}", {})
    assert len(receiver.got) == before


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch, receiver):
    to = outbound_http.Target(
        httpx.URL(f"http://named.example:{receiver.server.server_port}/pinned"), intranet=True
    )
    looked = []
    real = socket.getaddrinfo

    def once(host, *more, **options):
        looked.append(host)
        return real("127.0.0.1" if host == "named.example" else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert outbound_http.post(to, b"{}", {}) == 204
    ((headers, _),) = receiver.at("/pinned")
    assert headers["Host"] == f"named.example:{receiver.server.server_port}"
    assert looked.count("named.example") == 1


@pytest.mark.parametrize("name", ["named.example", "other.example"])
def test_a_host_proves_its_name_and_not_its_address(monkeypatch, tmp_path, name):
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x"]
    made += ["-addext", "subjectAltName=DNS:named.example", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    there = Receiver(context)
    here = socket.getaddrinfo("127.0.0.1", there.server.server_port, type=socket.SOCK_STREAM)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    to = outbound_http.Target(httpx.URL(f"https://{name}:{there.server.server_port}/"), intranet=True)
    try:
        if name == "named.example":
            assert outbound_http.post(to, b"{}", {}) == 204
        else:
            with pytest.raises(Unreachable, match="connection"):
                outbound_http.post(to, b"{}", {})
    finally:
        there.server.shutdown()
        there.server.server_close()


def test_a_receiver_that_says_nothing_is_left_at_the_deadline(monkeypatch):
    monkeypatch.setattr(outbound_http, "DEADLINE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        to = outbound_http.Target(httpx.URL(f"http://127.0.0.1:{silent.getsockname()[1]}/"), intranet=True)
        with pytest.raises(Unreachable, match=r"timeout|connection"):
            outbound_http.post(to, b"{}", {})


def test_the_last_try_is_the_last(client, receiver):
    address = send(client, "last", f"http://{receiver.host}/last").headers["Location"]
    assert awaited(lambda: hook(client, address)["state"] == "delivered")
    archive = client.application.config["KEXIE_ARCHIVE_HANDLE"].archive()
    with archive.writing() as connection:
        row = connection.execute(webhooks.select().where(webhooks.c.url.endswith("/last"))).one()
        message = webhook_queue.WebhookMessage(
            row.id, row.url, row.message, row.body, webhook_queue.MOST_TRIES - 1
        )
        webhook_queue.mark(connection, message, "status 500", 0.0, 5.0, webhook_queue.PENDING)
        row = connection.execute(webhooks.select().where(webhooks.c.id == row.id)).one()
        assert (row.state, row.due) == ("failed", None)
    assert hook(client, address)["next_try"] is None


def test_without_a_secret_there_are_no_webhooks(tmp_path, monkeypatch):
    with application(tmp_path) as app:
        of_tenant(monkeypatch, app, "any")
        answer = send(app.test_client(), "none", "https://hooks.example.cn/")
        assert (answer.status_code, answer.json["code"]) == (400, "usage")
        assert app.test_client().get(BATCHES).json["batches"] == []
