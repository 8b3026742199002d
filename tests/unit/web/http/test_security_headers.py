"""Security headers: who may read a response, who may frame a page, what a page may load."""

from __future__ import annotations

import pytest
from flask import Response

from service import create_app
from service.errors import UsageError
from service.web.http import security_headers

PORTAL, OTHER = "https://portal.example", "https://evil.example"
FORMS = "/api/v1/forms"
VALIDATE = f"{FORMS}/annex2/2021/validate"


@pytest.fixture(scope="module")
def app():
    return create_app({"KEXIE_CORS_ORIGINS": f"{PORTAL},http://localhost:3000"})


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.mark.parametrize(("address", "status"), [(FORMS, 200), ("/nowhere", 404), ("/docs", 200)])
def test_a_page_of_an_allowed_origin_reads_every_answer(client, address, status):
    answer = client.get(address, headers={"Origin": PORTAL})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    for name in ("ETag", "Location", "Content-Disposition", "X-Request-ID", "X-Warnings", "Retry-After"):
        assert name in answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.vary


@pytest.mark.parametrize(
    "origin", [OTHER, "null", "http://portal.example", f"{PORTAL}:444", f"{PORTAL}.evil.example", "*", ""]
)
def test_no_other_origin_does(client, origin):
    answer = client.get(FORMS, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.vary


def test_a_preflight_reports_methods_and_headers(client):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = client.options(VALIDATE, headers={"Origin": PORTAL, **asked})
    assert answer.status_code == 204
    assert answer.headers["Allow"] == answer.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )
    refused = client.options(VALIDATE, headers={"Origin": OTHER, **asked})
    assert not [name for name, _ in refused.headers if name.startswith("Access-Control-")]


def test_by_default_no_other_site_reads_anything():
    answer = create_app().test_client().get(FORMS, headers={"Origin": PORTAL})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("name", ["KEXIE_CORS_ORIGINS", "KEXIE_FRAME_ANCESTORS"])
@pytest.mark.parametrize(
    "value", ["*", "portal.example", "https://*.example", "https://-.example", f"{PORTAL}/", "null", "'self'"]
)
def test_only_exact_origins_can_be_set(name, value):
    with pytest.raises(UsageError, match=name):
        create_app({name: value})


@pytest.mark.parametrize(
    "address", ["/docs", "/static/docs.js", FORMS, "/healthz", "/nowhere", "/openapi.json"]
)
def test_every_answer_is_protected(client, address):
    with client.get(address) as answer:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        expected = "cross-origin" if address.startswith("/static/") else "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == expected
        assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("setting", "origin", "expected"),
    [
        ("", None, "'none'"),
        (f"{OTHER}, {PORTAL}", None, f"{OTHER} {PORTAL}"),
        (f"{OTHER}, {PORTAL}", PORTAL, PORTAL),
        (OTHER, PORTAL, "'none'"),
    ],
)
def test_only_a_page_that_is_to_be_embedded_names_its_frames(setting, origin, expected):
    app = create_app({"KEXIE_FRAME_ANCESTORS": setting})
    with app.test_request_context("/docs"):
        page = Response("", mimetype="text/html")
        security_headers.embeddable(origin)
        security_headers.protect(page)
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {expected}")
    assert "Cross-Origin-Opener-Policy" not in page.headers
    plain = app.test_client().get("/docs")
    assert plain.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert plain.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_proxy_does_not_hold_back_events(app):
    with app.test_request_context("/docs"):
        events = Response("", mimetype="text/event-stream")
        security_headers.protect(events)
    assert events.headers["X-Accel-Buffering"] == "no"
