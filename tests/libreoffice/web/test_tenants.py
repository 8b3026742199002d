"""Two tenants of one service: what one has does not exist for the other."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest

from service import catalog
from service.access import ApiKeys
from service.archive import Entry
from tests.helpers.application import application, problem
from tests.helpers.processes import awaited
from tests.helpers.servers import free_port

SCOPES = ("generate", "archive:read", "archive:write")
FORM = "/api/v1/forms/annex3/2021"
BATCHES, RECORDS, TOKENS = "/api/v1/batches", "/api/v1/records", "/api/v1/embed-tokens"
DATA = catalog.edition("annex3", 2021).sample("minimal")
SHEET = "编号,cover.applicant,basic_info.townships\ngood,云泽县科协,3\nbad,云泽县科协,三个\n".encode()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEVER = {"record": "00000000-0000-5000-8000-000000000000", "batch": "0" * 32}

# Each route whose address names a thing of a tenant, and which: a route without a row fails a test below.
THINGS = {
    "GET /api/v1/batches/<id>": "batch",
    "GET /api/v1/batches/<id>/documents.zip": "batch",
    "GET /api/v1/batches/<id>/errors.ndjson": "batch",
    "GET /api/v1/batches/<id>/errors.xlsx": "batch",
    "GET /api/v1/batches/<id>/events": "batch",
    "DELETE /api/v1/batches/<id>": "batch",
    "GET /api/v1/records/<key>": "record",
    "GET /api/v1/records/<key>/docx": "record",
    "GET /api/v1/records/<key>/manifest": "record",
    "GET /api/v1/records/<key>/original": "record",
    "GET /api/v1/records/<key>/payload": "record",
    "GET /api/v1/records/<key>/pdf": "record",
    "GET /api/v1/records/<key>/verify": "record",
    "GET /api/v1/records/<key>/sealed": "record",
    "GET /api/v1/records/<key>/cover": "record",
    "GET /records/<key>/compare": "record",
    "POST /records/<key>/compare": "record",
    "GET /batches/<id>": "batch",
    "POST /batches/<id>": "batch",
    "GET /records/<key>": "record",
    "POST /records/<key>": "record",
}
# What other addresses name is the same for all: editions, files of pages.
COMMON = {"form", "year", "filename", "address"}
# A draft is named by its secret as well: tests/unit/web/test_drafts.py has another tenant ask for one.
BY_SECRET = "/drafts/<id>"
# What is added to a record: tests/unit/web/archive/test_sealed_copies.py has another tenant ask for it.
OF_RECORD = {
    "GET /api/v1/records/<key>/sealed/<number>",
    "GET /api/v1/records/<key>/signed",
    "POST /api/v1/records/<key>/sealed",
    "POST /records/<key>/sealed",
}

# A hold and a destruction take a scope of their own: tests/unit/web/archive/test_retention.py has another
# tenant ask.
KEEPING = {
    *(f"{method} /api/v1/records/destructions/<list>" for method in ("GET", "POST", "DELETE")),
    "GET /api/v1/records/destructions/<list>/list",
    "GET /records/destructions/<list>",
    "POST /records/destructions/<list>",
    "PUT /api/v1/records/<key>/hold",
    "DELETE /api/v1/records/<key>/hold",
    "GET /api/v1/records/<key>/retention",
    "GET /records/<key>/retention",
    "POST /records/<key>/retention",
}

# A record is compared with something else.
COMPARED = {"GET /api/v1/records/<key>/comparison", "POST /api/v1/records/<key>/comparison"}


class Tenant:
    """A tenant, his key, and what he asks with it."""

    def __init__(self, app, keys, name):
        self.name = name
        self._client = app.test_client()
        self._key = {"Authorization": f"Bearer {keys.add(name, SCOPES)[1]}"}

    def ask(self, method, address, headers=(), **more):
        return self._client.open(address, method=method, headers={**self._key, **dict(headers)}, **more)

    def get(self, address):
        return self.ask("GET", address)

    def post(self, address, headers=(), **more):
        return self.ask("POST", address, headers, **more)

    def batch(self, query=""):
        return self.post(
            f"{BATCHES}?form=annex2&year=2021&formats=docx{query}", data=SHEET, content_type="text/csv"
        )

    def archived(self):
        return self.post(f"{FORM}/documents?archive=true&id=3201-0001&format=docx", json=DATA)


@pytest.fixture(scope="module")
def hook():
    """The address of a webhook, where nobody listens."""
    return f"http://127.0.0.1:{free_port()}/hook"


@pytest.fixture(scope="module")
def app(tmp_path_factory, hook):
    with application(
        tmp_path_factory.mktemp("tenants"),
        KEXIE_BATCH_WORKERS="1",
        KEXIE_SECRET="a secret of thirty-two bytes or more",
        KEXIE_WEBHOOK_SECRET=SECRET,
        KEXIE_WEBHOOK_WAIT="3600",
        KEXIE_ALLOWED_HOSTS=hook.split("/")[2],
    ) as made:
        yield made


@pytest.fixture(scope="module")
def tenants(app):
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        return Tenant(app, keys, "云泽县"), Tenant(app, keys, "临水县")


@pytest.fixture(scope="module")
def owner(tenants):
    return tenants[0]


@pytest.fixture(scope="module")
def other(tenants):
    return tenants[1]


@pytest.fixture(scope="module")
def things(app, owner, hook):
    """The addresses' names of what the owner has: a record with every part, a batch of which a row failed."""
    answer = owner.batch(f"&webhook={hook}")
    assert answer.status_code == 202, answer.json
    batch = answer.json["id"]
    assert awaited(lambda: owner.get(f"{BATCHES}/{batch}").json["finished"])
    assert owner.archived().status_code == 201
    entry = Entry(
        form="annex3",
        year=2021,
        id="imported",
        edition=catalog.edition("annex3", 2021).summary(),
        files=dict.fromkeys(("payload", "docx", "pdf", "original"), b"{}"),
        created=datetime.now(UTC),
        tenant=owner.name,
    )
    return {"batch": batch, "record": app.config["KEXIE_ARCHIVE_HANDLE"].archive().add(entry).key}


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield f"{method} {rule.rule}", rule.arguments


def test_every_route_that_names_a_thing_has_its_row(app):
    named = {route for route, named in routes(app) if named - COMMON and BY_SECRET not in route}
    assert named == set(THINGS) | OF_RECORD | COMPARED | KEEPING


def addressed(route, id):
    method, _, rule = route.partition(" ")
    return method, re.sub("<[^>]+>", id, rule)


def said(answer, id):
    """A problem without its request's id; a page without the id that was asked for."""
    return problem(answer) if "json" in answer.mimetype else answer.text.replace(id, "…")


@pytest.mark.parametrize("route", THINGS)
def test_another_tenants_thing_is_what_never_was(owner, other, things, route):
    kind = THINGS[route]
    methods = ("GET", "HEAD") if route.startswith("GET") else (route.split()[0],)
    for method in methods:
        _, there = addressed(route, things[kind])
        _, nowhere = addressed(route, NEVER[kind])
        foreign, never = other.ask(method, there), other.ask(method, nowhere)
        assert foreign.status_code == never.status_code == 404
        assert sorted(foreign.headers.keys()) == sorted(never.headers.keys())
        if method != "HEAD":
            assert said(foreign, things[kind]) == said(never, NEVER[kind])
            assert things[kind] not in str(said(foreign, things[kind]))
    method, there = addressed(route, things[kind])
    answer = owner.ask(method, there)  # last: DELETE leaves a finished batch as it is
    assert (answer.status_code, bool(answer.data)) == (200, True), answer.data


def test_another_tenants_record_is_compared_with_nothing(owner, other, things):
    def asked(key):
        address = f"{RECORDS}/{key}/comparison"
        yield other.get(f"{address}?with={things['record']}")
        yield other.post(address, data={"file": (io.BytesIO(b"{}"), "a.json")})

    for foreign, never in zip(asked(things["record"]), asked(NEVER["record"]), strict=True):
        assert foreign.status_code == never.status_code == 404
        assert problem(foreign) == problem(never)


@pytest.mark.parametrize("kind", ["batch", "record"])
def test_lists_show_nothing_of_another_tenant(owner, other, things, kind):
    address = {"batch": BATCHES, "record": RECORDS}[kind]
    (rows,) = (value for value in owner.get(address).json.values() if isinstance(value, list))
    assert len(rows) >= 1
    assert things[kind] not in other.get(f"{address}?limit=500").text
    foreign, never = (other.get(f"{address}?after={id}") for id in (things[kind], NEVER[kind]))
    assert foreign.status_code == never.status_code == 404
    assert problem(foreign) == problem(never)


def test_lists_on_paper_and_of_a_batch_show_nothing_of_another_tenant(owner, other, things):
    for address, shown in ((f"{RECORDS}/list?format=csv", ",imported,"), ("/records/register", ">imported<")):
        assert shown in owner.get(address).text
        assert shown not in other.get(address).text
    assert things["record"] in owner.get("/records?id=imported").text
    assert things["record"] not in other.get("/records?id=imported").text
    address = f"{RECORDS}?batch="
    assert len(owner.get(address + things["batch"]).json["records"]) == 1
    foreign, never = (other.get(address + id) for id in (things["batch"], NEVER["batch"]))
    assert foreign.status_code == never.status_code == 404
    assert said(foreign, things["batch"]).keys() == said(never, NEVER["batch"]).keys()


def test_what_another_tenant_tries_changes_nothing(owner, other, things):
    before = owner.get(f"{BATCHES}/{things['batch']}").json
    assert other.ask("DELETE", f"{BATCHES}/{things['batch']}").status_code == 404
    assert owner.get(f"{BATCHES}/{things['batch']}").json == before


def test_the_same_submitters_id_is_a_record_of_each(owner, other, things):
    (mine,) = owner.get(f"{RECORDS}?id=3201-0001").json["records"]
    assert other.get(f"{RECORDS}?id=3201-0001").json == {"records": [], "next": None}
    answer = other.archived()
    assert answer.status_code == 201
    (theirs,) = other.get(f"{RECORDS}?id=3201-0001").json["records"]
    assert theirs["key"] != mine["key"]
    assert theirs["version"] == mine["version"] == 1
    assert owner.get(f"{RECORDS}?id=3201-0001").json["records"] == [mine]
    assert owner.get(answer.headers["Location"]).status_code == 404


def test_the_same_file_is_a_batch_of_each_and_a_webhook_of_one(owner, other, things, hook):
    answer = other.batch()
    assert answer.status_code == 202
    assert answer.json["id"] != things["batch"]
    assert owner.batch().json["id"] == things["batch"]
    assert [hooked["url"] for hooked in owner.get(f"{BATCHES}/{things['batch']}").json["webhooks"]] == [hook]
    assert other.get(answer.headers["Location"]).json["webhooks"] == []
    assert awaited(lambda: other.get(answer.headers["Location"]).json["finished"])
    (record,) = other.get(f"{RECORDS}?id=good").json["records"]
    assert owner.get(f"{RECORDS}?id=good").json["records"][0]["key"] != record["key"]


@pytest.mark.parametrize("body", [{"case_name": "甲"}, {"case_name": "乙"}])
def test_the_same_idempotency_key_is_one_of_each(owner, other, body):
    headers = {"Idempotency-Key": f"of-each-{body['case_name'] == '甲'}"}
    sent = [who.post(f"{FORM}/validate", headers, json={"case_name": "甲"}) for who in (owner, owner)]
    assert [answer.headers.get("Idempotent-Replayed") for answer in sent] == [None, "true"]
    answer = other.post(f"{FORM}/validate", headers, json=body)
    assert (answer.status_code, answer.headers.get("Idempotent-Replayed")) == (200, None)
    refused = owner.post(f"{FORM}/validate", headers, json={"case_name": "丙"})
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key_reused")


def token(who, **more):
    body = {"form": "annex3", "year": 2021, "origin": "https://portal.example", **more}
    return who.post(TOKENS, json=body)


def test_no_token_is_made_for_another_tenant_nor_does_one_open_his_archive(app, owner, other, things):
    theirs, nobodys = token(other, tenant=owner.name), token(other, tenant="没有这个县")
    assert theirs.status_code == nobodys.status_code == 403
    assert problem(theirs) == problem(nobodys)
    bearer = {"Authorization": f"Bearer {token(other).json['token']}"}
    client = app.test_client()
    assert client.post(f"{FORM}/validate", json={}, headers=bearer).status_code == 200
    for kind, address in (("record", RECORDS), ("batch", BATCHES)):
        foreign, never = (client.get(f"{address}/{id}", headers=bearer) for id in (things[kind], NEVER[kind]))
        assert foreign.status_code == never.status_code == 403
        assert problem(foreign) == problem(never)
