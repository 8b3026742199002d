"""Tokens of embedded forms: made for a portal's page, good for one form, gone within the hour."""

from __future__ import annotations

import dataclasses
import time

import pytest

from service import create_app
from service.access import ApiKeys, Authenticator, authenticator, embed_token
from service.config import Settings
from service.errors import Unauthorized
from tests.helpers.processes import Clock
from tests.helpers.tokens import SECRET, a_token, signing

ROUTE = "/api/v1/embed-tokens"
ORIGIN = "https://portal.example"
BODY = {"form": "annex3", "year": 2021, "origin": ORIGIN}
PREFILL = {"association_name": "云泽县科学技术协会", "case_name": "“科普大篷车”进村"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return signing(tmp_path_factory.mktemp("embed"))


@pytest.fixture(scope="module")
def settings(place):
    return Settings.from_env(place)


@pytest.fixture(scope="module")
def keys(settings):
    with ApiKeys.open(settings, create=True) as found:
        yield found


@pytest.fixture(scope="module")
def key(keys):
    return keys.add("云泽县", ["generate"])


@pytest.fixture(scope="module")
def client(place, key):
    return create_app(place).test_client()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def made(client, key, **changed):
    return client.post(ROUTE, json={**BODY, **changed}, headers=bearer(key))


def test_a_token_says_the_form_the_tenant_the_origin_and_the_values(client, key, settings):
    answer = made(client, key[1], data=PREFILL, seconds=60)
    assert answer.status_code == 201
    assert answer.json["url"] == f"/embed/annex3/2021?token={answer.json['token']}"
    token = embed_token.read(answer.json["token"], settings)
    assert dataclasses.asdict(token) == {
        "form": "annex3",
        "year": 2021,
        "tenant": "云泽县",
        "origin": ORIGIN,
        "data": PREFILL,
        "maker": key[0].id,
        "expires": token.expires,
        "readonly_fields": [],
        "hidden_fields": [],
        "required_fields": [],
        "archive": False,
        "id": "",
    }
    assert time.time() < token.expires <= time.time() + 60
    assert answer.json["expires"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(token.expires))


def test_money_keeps_its_digits(client, key, settings):
    budget = {"items": [{"name": "科普", "item": "场租", "amount": 1234567.89}], "total": "1234567.89"}
    answer = made(client, key[1], form="annex2", data={"budget": budget})
    budget = embed_token.read(answer.json["token"], settings).data["budget"]
    assert (str(budget["items"][0]["amount"]), budget["total"]) == ("1234567.89", "1234567.89")


def test_a_token_generates_its_own_form_and_nothing_else(client, key):
    token = made(client, key[1]).json["token"]
    asked = {
        "/api/v1/forms/annex3/2021/validate": 200,
        "/api/v1/forms/annex3/2021/documents?format=docx": 200,
        "/api/v1/forms/annex3/2020/validate": 403,
        "/api/v1/forms/annex2/2021/validate": 403,
        "/api/v1/extract": 403,
        ROUTE: 403,
    }
    answers = {path: client.post(path, json={}, headers=bearer(token)) for path in asked}
    assert {path: answer.status_code for path, answer in answers.items()} == asked
    assert client.get("/metrics", headers=bearer(token)).status_code == 403
    assert answers[ROUTE].json["code"] == "forbidden"


def test_the_address_of_the_page_keeps_the_prefix(place, key):
    client = create_app(place).test_client()
    answer = client.post(
        ROUTE, json=BODY, headers=bearer(key[1]), environ_overrides={"SCRIPT_NAME": "/kexie"}
    )
    assert answer.json["url"].startswith("/kexie/embed/annex3/2021?token=")


def test_only_an_administrator_makes_tokens_for_another_tenant(client, keys, key, settings):
    assert made(client, key[1], tenant="云泽县").status_code == 201
    refused = made(client, key[1], tenant="望川县")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    admin = keys.add("省科协", ["generate", "admin"])[1]
    token = made(client, admin, tenant="望川县").json["token"]
    assert embed_token.read(token, settings).tenant == "望川县"


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"year": "2021"}, {"/year": "invalid"}),
        ({"year": True}, {"/year": "invalid"}),
        (
            {"form": None, "year": None, "origin": None},
            dict.fromkeys(("/form", "/year", "/origin"), "required"),
        ),
        ({"origin": "https://portal.example/"}, {"/origin": "invalid"}),
        ({"origin": "https://Portal.example"}, {"/origin": "invalid"}),
        ({"origin": "https://*.example"}, {"/origin": "invalid"}),
        ({"origin": "*"}, {"/origin": "invalid"}),
        ({"origin": "null"}, {"/origin": "invalid"}),
        ({"origin": "javascript:alert(1)"}, {"/origin": "invalid"}),
        ({"origin": "https://a.example; script-src *"}, {"/origin": "invalid"}),
        ({"origin": "https://a.example\r\nX: y"}, {"/origin": "invalid"}),
        ({"origin": "https://a.example\n"}, {"/origin": "invalid"}),
        ({"origin": "https://user@a.example"}, {"/origin": "invalid"}),
        ({"seconds": 0}, {"/seconds": "invalid"}),
        ({"seconds": 3601}, {"/seconds": "invalid"}),
        ({"seconds": 60.5}, {"/seconds": "invalid"}),
        ({"seconds": True}, {"/seconds": "invalid"}),
        ({"data": []}, {"/data": "invalid"}),
        ({"data": {"case_nam": "x"}}, {"/data/case_nam": "unknown_field"}),
        ({"data": {"case_name": 5}}, {"/data/case_name": "not_text"}),
        ({"data": {"background": "字" * 1900}}, {"/data": "too_long"}),
        ({"tenant": ""}, {"/tenant": "invalid"}),
        ({"readonly_fields": "case_name"}, {"/readonly_fields": "invalid"}),
        ({"hidden_fields": [5]}, {"/hidden_fields": "invalid"}),
        (
            {"readonly_fields": ["case_name", "case_nam"], "hidden_fields": ["a.b"], "data": {"x": 1}},
            {
                "/readonly_fields/1": "unknown_field",
                "/hidden_fields/0": "unknown_field",
                "/data/x": "unknown_field",
            },
        ),
        (
            {"readonly_fields": ["case_name"], "required_fields": ["case_name"]},
            {"/required_fields": "required"},
        ),
        ({"archive": "true"}, {"/archive": "invalid"}),
        ({"id": "3201"}, {"/id": "invalid"}),
        ({"a/b~": 1, "exp": 9999999999}, {"/a~1b~0": "unknown_field", "/exp": "unknown_field"}),
    ],
)
def test_every_fault_of_the_body_is_reported(client, key, changed, faults):
    answer = made(client, key[1], **changed)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_payload")
    assert {fault["pointer"]: fault["code"] for fault in answer.json["errors"]} == faults


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**BODY, "form": "annex9"}, 404, "unknown_form"),
        ({**BODY, "year": 1999}, 404, "unknown_year"),
        ([BODY], 422, "invalid_payload"),
        ("annex3", 422, "invalid_payload"),
    ],
)
def test_what_is_no_edition_is_reported(client, key, body, status, code):
    answer = client.post(ROUTE, json=body, headers=bearer(key[1]))
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_an_embedded_form_posts_with_its_token_alone(client, key):
    address = made(client, key[1], data=PREFILL).json["url"]
    page = client.get(address).get_data(as_text=True)
    assert 'id="posted-key"' not in page
    answer = client.post(address, data={"/case_name": PREFILL["case_name"], "format": "docx"})
    assert (answer.status_code, answer.mimetype.rpartition(".")[2]) == (200, "document")
    longer = client.post(f"{address}&lang=en", data={"add": "/nothing", "/case_name": "第一行"})
    assert (longer.status_code, "Download Word" in longer.text, "第一行" in longer.text) == (200, True, True)
    faulty = client.post(address, data={"/background": "字" * 2001, "format": "docx"})
    assert (faulty.status_code, "超过 2000 字的限制" in faulty.text) == (422, True)
    for wrong, status in (
        (address.replace("annex3", "annex2"), 403),
        (address.partition("?")[0], 401),
        (f"{address}x", 401),
    ):
        answer = client.post(wrong, data={"format": "docx"})
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert "frame-ancestors" in answer.headers["Content-Security-Policy"]


def test_without_a_secret_no_token_is_made_or_believed(place, key):
    values = {name: value for name, value in place.items() if name != "KEXIE_SECRET"}
    client = create_app(values).test_client()
    answer = made(client, key[1])
    assert (answer.status_code, answer.json["code"]) == (503, "access_unavailable")
    assert "KEXIE_SECRET" in answer.json["detail"]
    token = embed_token.sign(a_token(maker=key[0].id), Settings.from_env(place))
    assert client.post(ROUTE, json=BODY, headers=bearer(token)).status_code == 401
    with pytest.raises(Unauthorized):
        embed_token.read(token, Settings.from_env(values))


def test_a_token_ends_with_the_key_that_had_it_made(keys, settings):
    clock = Clock()
    found = Authenticator(settings, clock)
    key, _ = keys.add("云泽县", ["generate"])
    token = embed_token.sign(a_token(maker=key.id), settings)
    assert found.caller(token).embedding.form == "annex3"
    keys.revoke(key.id)
    clock.now += authenticator.REMEMBERED
    with pytest.raises(Unauthorized):
        found.caller(token)


@pytest.mark.parametrize("maker", ["", "jwt:云泽县", "0123456789ab"])
def test_a_token_of_nobody_is_refused_where_there_are_keys(keys, key, settings, maker):
    with pytest.raises(Unauthorized):
        Authenticator(settings).caller(embed_token.sign(a_token(maker=maker), settings))


def test_without_keys_a_token_binds_its_form_all_the_same(tmp_path):
    client = create_app({"KEXIE_ARCHIVE": str(tmp_path), "KEXIE_SECRET": SECRET}).test_client()
    token = client.post(ROUTE, json=BODY).json["token"]
    assert (
        client.post("/api/v1/forms/annex3/2021/validate", json={}, headers=bearer(token)).status_code == 200
    )
    assert (
        client.post("/api/v1/forms/annex2/2021/validate", json={}, headers=bearer(token)).status_code == 403
    )
