"""Which route needs what: one row for each route, and each asked with and without its scopes."""

from __future__ import annotations

import re

import pytest

from service import create_app
from service.access import SCOPES, ApiKeys
from service.access.caller import granted
from service.config import Settings

OPEN: tuple[str, ...] = ()
GENERATE, ADMIN, AUDIT = ("generate",), ("admin",), ("audit:read",)
READ, BATCH = ("archive:read",), ("generate", "archive:write")
DESTROY = ("archive:destroy",)

# A route without a row fails the test below: say here who may call it.
NEEDS = {
    "GET /": OPEN,
    "DELETE /api/v1/batches/<id>": BATCH,
    "DELETE /api/v1/forms/<form>/<year>/drafts/<id>": GENERATE,
    "GET /api/v1/forms/<form>/<year>/drafts/<id>": GENERATE,
    "POST /api/v1/forms/<form>/<year>/drafts": GENERATE,
    "GET /api/v1/forms/<form>/<year>/facts": READ,
    "POST /api/v1/forms/<form>/<year>/facts": GENERATE,
    "PUT /api/v1/forms/<form>/<year>/drafts/<id>": GENERATE,
    "GET /api/v1/batches": READ,
    "GET /api/v1/batches/<id>": READ,
    "GET /api/v1/batches/<id>/documents.zip": READ,
    "GET /api/v1/batches/<id>/errors.ndjson": READ,
    "GET /api/v1/batches/<id>/errors.xlsx": READ,
    "GET /api/v1/batches/<id>/events": READ,
    "GET /api/v1/forms": OPEN,
    "GET /api/v1/forms/<form>/<year>": OPEN,
    "GET /api/v1/forms/<form>/<year>/blank": OPEN,
    "GET /api/v1/forms/<form>/<year>/sheet": OPEN,
    "GET /api/v1/records": READ,
    "GET /api/v1/records/<key>": READ,
    "GET /api/v1/records/<key>/comparison": READ,
    "GET /api/v1/records/<key>/docx": READ,
    "GET /api/v1/records/<key>/manifest": READ,
    "GET /api/v1/records/<key>/original": READ,
    "GET /api/v1/records/<key>/payload": READ,
    "GET /api/v1/records/<key>/pdf": READ,
    "GET /api/v1/records/<key>/cover": READ,
    "GET /api/v1/records/<key>/sealed": READ,
    "GET /api/v1/records/<key>/sealed/<number>": READ,
    "GET /api/v1/records/<key>/signed": READ,
    "GET /api/v1/records/<key>/verify": READ,
    "GET /api/v1/records/list": READ,
    "GET /api/v1/records/<key>/retention": READ,
    "PUT /api/v1/records/<key>/hold": DESTROY,
    "DELETE /api/v1/records/<key>/hold": DESTROY,
    "GET /api/v1/records/holds": READ,
    "GET /api/v1/records/retention/changes": READ,
    "GET /api/v1/records/periods": READ,
    "PUT /api/v1/records/periods": ADMIN,
    "GET /api/v1/records/due": READ,
    "GET /api/v1/records/destructions": READ,
    "POST /api/v1/records/destructions": DESTROY,
    "GET /api/v1/records/destructions/<list>": READ,
    "GET /api/v1/records/destructions/<list>/list": READ,
    "POST /api/v1/records/destructions/<list>": DESTROY,
    "DELETE /api/v1/records/destructions/<list>": DESTROY,
    "GET /api/v1/records/handover": READ,
    "POST /api/v1/records/handover": ("archive:read", "archive:write"),
    "POST /api/v1/records/handover/check": READ,
    "GET /api/v1/records/bag": READ,
    "GET /api/v1/records/properties": AUDIT,
    "GET /records/retention": OPEN,
    "POST /records/retention": OPEN,
    "GET /records/<key>/retention": OPEN,
    "POST /records/<key>/retention": OPEN,
    "GET /records/destructions/<list>": OPEN,
    "POST /records/destructions/<list>": OPEN,
    "GET /records/handover": OPEN,
    "POST /records/handover": OPEN,
    "GET /api/v1/audit": AUDIT,
    "GET /api/v1/audit/list": AUDIT,
    "GET /api/v1/audit/proof": AUDIT,
    "GET /audit": OPEN,
    "POST /audit": OPEN,
    "GET /batches": OPEN,
    "GET /batches/<id>": OPEN,
    "GET /docs": OPEN,
    "GET /embed/<form>/<year>": OPEN,
    "GET /forms/<form>/<year>": OPEN,
    "GET /forms/new": OPEN,
    "GET /healthz": OPEN,
    "GET /metrics": ADMIN,
    "GET /openapi.json": OPEN,
    "GET /readyz": OPEN,
    "GET /records": OPEN,
    "GET /records/<key>": OPEN,
    "GET /records/register": OPEN,
    "GET /records/identify": OPEN,
    "POST /records/identify": OPEN,
    "POST /api/v1/identify": READ,
    "GET /records/<key>/compare": OPEN,
    "GET /static/<path:filename>": OPEN,
    "POST /api/v1/batches": BATCH,
    "POST /embed/<form>/<year>": GENERATE,
    "POST /forms/<form>/<year>": GENERATE,
    "POST /forms/new": ADMIN,
    "POST /forms/new/try": ADMIN,
    "POST /forms/new/try/documents": ADMIN,
    "POST /forms/new/try/places": ADMIN,
    "POST /forms/new/try/validate": ADMIN,
    "POST /api/v1/embed-tokens": GENERATE,
    "POST /api/v1/extract": GENERATE,
    "POST /api/v1/forms/<form>/<year>/documents": GENERATE,
    "POST /api/v1/forms/<form>/<year>/pasted-text": GENERATE,
    "POST /api/v1/forms/<form>/<year>/places": GENERATE,
    "POST /api/v1/forms/<form>/<year>/records": BATCH,
    "POST /api/v1/forms/<form>/<year>/validate": GENERATE,
    "POST /api/v1/records/<key>/comparison": READ,
    "POST /api/v1/records/<key>/sealed": ("archive:write",),
    "POST /batches": BATCH,
    "POST /batches/<id>": OPEN,
    "POST /records": OPEN,
    "POST /records/<key>": OPEN,
    "POST /records/register": OPEN,
    "POST /records/<key>/compare": OPEN,
    "POST /records/<key>/sealed": ("archive:read", "archive:write"),
}
GUARDED = sorted(route for route, scopes in NEEDS.items() if scopes)
VALUES = {"form": "annex3", "year": "2021"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return {"KEXIE_ARCHIVE": str(tmp_path_factory.mktemp("keys") / "archive")}


@pytest.fixture(scope="module")
def key(place):
    """Makes a key with these scopes."""
    with ApiKeys.open(Settings.from_env(place), create=True) as keys:
        made = {}

        def of(*scopes):
            if scopes not in made:
                made[scopes] = keys.add("云泽县", scopes)[1]
            return made[scopes]

        of(*SCOPES)
        yield of


@pytest.fixture(scope="module")
def app(place, key):
    return create_app(place)


def test_every_route_has_its_row(app):
    rules = [(rule, method) for rule in app.url_map.iter_rules() for method in rule.methods]
    routes = {f"{method} {rule.rule}" for rule, method in rules if method not in ("HEAD", "OPTIONS")}
    routes = {route for route in routes if not route.endswith(" /<path:address>")}  # where there is nothing
    assert sorted(routes) == sorted(NEEDS)


def test_the_openapi_file_reports_what_each_route_needs(app):
    described = app.test_client().get("/openapi.json").json
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert described["components"]["securitySchemes"]["header"]["name"] == "X-API-Key"
    for route, scopes in NEEDS.items():
        method, _, rule = route.partition(" ")
        if rule.startswith("/static"):
            continue
        operation = described["paths"][re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)][method.lower()]
        needed = [{"key": list(scopes)}, {"header": list(scopes)}] if scopes else None
        assert operation.get("security") == needed, route
        if scopes or rule.startswith("/api/"):  # an open page may be asked with a wrong key or token
            assert ({"401", "403", "503"} <= set(operation["responses"])) == bool(scopes), route


def asked(app, route, token=None):
    method, _, rule = route.partition(" ")
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda named: VALUES.get(named[1], "none"), rule)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with app.test_client().open(path, method=method, headers=headers) as answer:
        return answer.status_code


@pytest.mark.parametrize("route", GUARDED)
def test_a_guarded_route_is_for_keys_with_its_scopes(app, key, route):
    scopes = NEEDS[route]
    assert asked(app, route) == 401
    assert asked(app, route, "kexie_" + "0" * 12 + "_" + "0" * 64) == 401
    for missing in scopes:
        others = [scope for scope in SCOPES if missing not in granted([scope])]
        assert asked(app, route, key(*others)) == 403
    assert asked(app, route, key(*scopes)) not in (401, 403)


@pytest.mark.parametrize("route", sorted(set(NEEDS) - set(GUARDED)))
def test_an_open_route_asks_nobody(app, route):
    assert asked(app, route) not in (401, 403)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"])
def test_another_method_is_no_way_around(app, method):
    assert asked(app, f"{method} /metrics") == {"HEAD": 401, "OPTIONS": 204}.get(method, 405)


def test_to_archive_a_document_takes_a_scope_of_its_own(app, key):
    path = "/api/v1/forms/annex3/2021/documents?archive=true&id=1"
    for scopes, status in ((("generate",), 403), (("generate", "archive:write"), 415)):
        answer = app.test_client().post(path, headers={"Authorization": f"Bearer {key(*scopes)}"})
        assert answer.status_code == status
