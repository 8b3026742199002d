"""What a page of another site can have a visitor's browser do: nothing that changes or reads anything."""

from __future__ import annotations

import io
import re
import socket

import pytest

from service import create_app
from service.access import ApiKeys
from service.errors import ArchiveUnavailable, UsageError

PORTAL, OTHER = "https://portal.example", "https://evil.example"
VALIDATE = "/api/v1/forms/annex3/2021/validate"
UNSAFE = ("DELETE", "PATCH", "POST", "PUT")


@pytest.fixture
def app(tmp_path):
    return create_app({"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_CORS_ORIGINS": PORTAL})


@pytest.fixture
def client(app):
    return app.test_client()


def unsafe_routes(app):
    values = {"form": "annex3", "year": "2021"}
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "x"), rule.rule)
        yield from ((address, method) for method in UNSAFE if method in rule.methods)


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": OTHER},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://a.portal.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "Same-Origin"},
        {"Origin": OTHER},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://[::1"},
        {"Origin": ""},
    ],
    ids=str,
)
def test_no_route_that_changes_anything_takes_what_another_site_sends(app, client, sent):
    routes = list(unsafe_routes(app))
    assert {("/batches", "POST"), ("/api/v1/batches/x", "DELETE"), (VALIDATE, "POST")} <= set(routes)
    for address, method in routes:
        file = {"file": (io.BytesIO(b"{}"), "a.ndjson"), "do": "cancel"}
        answer = client.open(address, method=method, data=file, headers=sent)
        assert answer.status_code == 403, (address, method)
        assert "请在本站的页面上提交。" in answer.text
    assert not app.config["KEXIE_SETTINGS"].archive.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Origin": "https://localhost:443"},  # a proxy speaks TLS
        {"Origin": PORTAL, "Sec-Fetch-Site": "cross-site"},
        {"Origin": PORTAL},
        {"Origin": OTHER, "Sec-Fetch-Site": "cross-site", "X-API-Key": "kexie_x"},  # no page can send it
        {"Origin": OTHER, "Authorization": "Bearer x"},
    ],
    ids=str,
)
def test_own_pages_portals_and_programs_are_served(client, sent):
    assert client.post(VALIDATE, json={}, headers=sent).status_code == 200


def test_a_proxy_gives_the_host_with_which_a_page_is_compared():
    config = {"KEXIE_PROXIES": "1", "KEXIE_HOST_NAMES": "forms.example"}
    client = create_app(config).test_client()
    sent = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "forms.example", "X-Forwarded-Proto": "https"}
    for origin, status in (("https://forms.example", 200), (OTHER, 403), ("http://127.0.0.1:8000", 403)):
        assert client.post(VALIDATE, json={}, headers={**sent, "Origin": origin}).status_code == status


def test_other_sites_may_link_here_and_read_nothing(client):
    answer = client.get("/records", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


OWN = ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1", "127.0.0.1:8000", "127.8.9.1", "[::1]:8000"]
NAMES = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
]
NAMES += ["forms.example.evil.example", "[::1", "127.1", "2130706433", "127.0.0.1@evil.example", "a_b", "-"]
ADDRESSES = ["192.168.1.5:8000", "0.0.0.0", "[fd00::5]:8000", "[::ffff:192.168.1.5]"]


@pytest.mark.parametrize("host", [*OWN, "forms.example", "Forms.Example:8443", "10.9.8.7"])
def test_without_keys_the_own_names_are_served(host):
    client = create_app({"KEXIE_HOST_NAMES": "forms.example, 10.9.8.7"}).test_client()
    assert client.get("/api/v1/forms", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", [*NAMES, *ADDRESSES])
@pytest.mark.parametrize("address", ["/", "/records", "/api/v1/records", "/healthz", "/static/docs.js", "/x"])
def test_without_keys_no_other_name_reads_anything(client, host, address):
    answer = client.get(address, headers={"Host": host, "Accept-Language": "en"})
    assert answer.status_code == 403
    assert "KEXIE_HOST_NAMES" in answer.text
    if address.startswith("/api"):
        assert answer.json["code"] == "wrong_host"
    assert host.partition("@")[0] in answer.text


def test_where_other_machines_are_served_addresses_and_the_machines_name_are_own():
    client = create_app({"KEXIE_OPEN": "1"}).test_client()
    for host in (*OWN, *ADDRESSES, socket.gethostname()):
        assert client.get("/", headers={"Host": host}).status_code == 200, host
    for host in NAMES:
        assert client.get("/", headers={"Host": host}).status_code == 403, host


def test_with_keys_the_service_has_any_name(app, client):
    assert client.get("/", headers={"Host": "forms.example"}).status_code == 403
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        keys.add("南京", ["generate"])
    app.config["KEXIE_AUTHENTICATOR"].require_credentials()
    assert client.get("/", headers={"Host": "forms.example"}).status_code == 200


def test_a_database_that_is_gone_makes_no_name_a_foreign_one(app, client, monkeypatch):
    def gone(**_):
        raise ArchiveUnavailable("不可用", "gone")

    monkeypatch.setattr(app.config["KEXIE_AUTHENTICATOR"], "configured", gone)
    assert client.get("/healthz", headers={"Host": "forms.example"}).status_code == 200
    assert client.get("/api/v1/records", headers={"Host": "forms.example"}).status_code == 503


@pytest.mark.parametrize("value", ["forms.example:8000", "*.example", "https://forms.example", "a b"])
def test_names_that_cannot_be_read_are_reported(value):
    with pytest.raises(UsageError, match="KEXIE_HOST_NAMES"):
        create_app({"KEXIE_HOST_NAMES": value})
