"""The service under a prefix: mounted, as another application's blueprint, behind proxies."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

import service
from service import create_app
from service.errors import UsageError

FORGED = {
    "X-Forwarded-Prefix": "/forms",
    "X-Forwarded-Host": "forms.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9",
}


def host(**config):
    """Another application, with its own pages and errors, that takes the service in."""
    app = Flask("host")
    app.config.update(config)
    app.add_url_rule("/", "home", lambda: "the host's home")
    app.add_url_rule("/crash", "crash", lambda: 1 // 0)
    app.register_error_handler(404, lambda error: ("the host's own page", 404))
    app.register_error_handler(ZeroDivisionError, lambda error: ("the host's own apology", 500))
    app.register_blueprint(service.blueprint, url_prefix="/forms")
    return app


def mounted():
    return DispatcherMiddleware(Flask("host"), {"/forms": create_app()})


WAYS = {
    "mounted": (lambda: Client(mounted()), "/forms", {}),
    "blueprint": (lambda: Client(host()), "/forms", {}),
    "proxied": (
        lambda: Client(create_app({"KEXIE_PROXIES": "1", "KEXIE_HOST_NAMES": "forms.example"})),
        "",
        FORGED,
    ),
}


@pytest.fixture(scope="module", params=WAYS)
def way(request):
    """Gets what the service answers at an address below /forms."""
    make, prefix, headers = WAYS[request.param]
    client = make()

    def get(address, **options):
        return client.get(f"{prefix}{address}", headers={**headers, **options})

    return get


def test_every_link_carries_the_prefix(way):
    assert 'href="/forms/forms/annex2/2021"' in way("/").get_data(as_text=True)
    assert way("/openapi.json").json["servers"] == [{"url": "/forms"}]
    links = re.findall(r'(?:src|href|data-spec)="(/[^"]*)"', way("/docs").get_data(as_text=True))
    assert len(links) == 5
    for link in links:
        assert link.startswith("/forms/")
        with way(link.removeprefix("/forms")) as answer:
            assert answer.status_code == 200
            assert "X-Request-ID" in answer.headers
    assert way("/api/v1/forms/annex2/2021").json["form"] == "annex2"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/nowhere", 404, "not_found"),
        ("/api/v1/forms/annex9/2021", 404, "unknown_form"),
        ("/static/none.js", 404, "not_found"),
        ("/api/v1/forms/annex2/2021/validate", 405, "method_not_allowed"),
    ],
)
def test_every_error_below_the_prefix_is_ours(way, address, status, code):
    answer = way(address, **{"X-Request-ID": "portal-7"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["code"] == code
    assert answer.json["request_id"] == answer.headers["X-Request-ID"] == "portal-7"
    assert answer.headers.get("Allow") == ("OPTIONS, POST" if status == 405 else None)


def test_the_host_keeps_its_pages_errors_and_headers():
    client = host().test_client()
    for address, text in [("/", "home"), ("/nowhere", "own page"), ("/crash", "own apology")]:
        answer = client.get(address)
        assert answer.get_data(as_text=True) == f"the host's {text}"
        assert {"X-Request-ID", "Content-Security-Policy"}.isdisjoint(answer.headers)


def test_a_host_that_answers_first_is_left_alone():
    app = Flask("host")
    app.before_request(lambda: ("not today", 403))
    app.register_blueprint(service.blueprint, url_prefix="/forms")
    answer = app.test_client().get("/forms/healthz", headers={"X-Request-ID": "portal-7"})
    assert (answer.status_code, answer.get_data()) == (403, b"not today")
    assert answer.headers["X-Request-ID"] == "portal-7"


def test_a_hosts_configuration_holds_the_settings(monkeypatch):
    monkeypatch.setenv("KEXIE_BODY_LIMIT", "50")
    monkeypatch.setenv("KEXIE_QUEUE", "7")
    app = host(KEXIE_BODY_LIMIT=30, KEXIE_PREWARM=False)
    assert app.config["KEXIE_SETTINGS"].queue == 7
    answer = app.test_client().post(
        "/forms/api/v1/forms/annex3/2021/validate", json={"case_name": "案例" * 9}
    )
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    with pytest.raises(UsageError, match="KEXIE_NONE"):
        host(KEXIE_NONE="1")


def test_nothing_of_the_web_is_imported_until_it_is_asked_for():
    command = (
        "import service, sys; print('flask' in sys.modules); service.blueprint; print('flask' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=300)
    assert said.stdout.split() == ["False", "True"], said.stderr


def test_forged_forwarding_does_nothing_by_default():
    client = create_app().test_client()
    for address in ("/", "/docs", "/openapi.json", "/api/v1/forms"):
        plain, forged = client.get(address), client.get(address, headers=FORGED)
        assert (plain.status_code, plain.data) == (forged.status_code, forged.data)
        assert plain.headers.get("Location") == forged.headers.get("Location")


def test_settings_of_a_dictionary_take_the_place_of_those_of_the_environment_by_name(monkeypatch, tmp_path):
    monkeypatch.setenv("KEXIE_ARCHIVE", str(tmp_path / "kept"))
    monkeypatch.setenv("KEXIE_BODY_LIMIT", "50")
    settings = create_app({"KEXIE_BODY_LIMIT": "60"}).config["KEXIE_SETTINGS"]
    assert (settings.archive, settings.body_limit) == (tmp_path / "kept", 60)
