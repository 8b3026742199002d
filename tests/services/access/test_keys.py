"""Keys as an administrator makes them and a portal uses them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from service import create_app
from service.access import ApiKeys, Authenticator, authenticator
from service.cli import main
from service.config import Settings
from service.errors import ArchiveUnavailable, Unauthorized
from tests.helpers.processes import Clock

VALIDATE = "/api/v1/forms/annex3/2021/validate"
CASE = {"case_name": "案例"}


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def place(tmp_path):
    return {"KEXIE_ARCHIVE": str(tmp_path / "archive")}


@pytest.fixture
def kexie(place):
    """`kexie-forms` with an archive of its own; its standard output."""

    def run(*arguments, code=0):
        done = CliRunner(env=place).invoke(main, arguments)
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.stderr

    return run


@pytest.fixture
def key(kexie):
    return json.loads(kexie("keys", "add", "--tenant", "云泽县", "--scope", "generate", "--json"))


def test_a_key_is_shown_once_and_kept_as_a_hash(kexie, place, tmp_path):
    shown = kexie(
        "keys", "add", "--tenant", "云泽县", "--scope", "archive:read", "--scope", "generate"
    ).strip()
    id, secret = re.fullmatch(r"kexie_([0-9a-f]{12})_([0-9a-f]{64})", shown).groups()
    with sqlite3.connect(tmp_path / "archive" / "index.sqlite") as database:
        rows = database.execute("SELECT id, tenant, scopes, sha256 FROM keys").fetchall()
    database.close()
    assert rows == [(id, "云泽县", "generate archive:read", hashlib.sha256(secret.encode()).hexdigest())]
    assert secret.encode() not in b"".join(file.read_bytes() for file in (tmp_path / "archive").iterdir())
    assert secret not in kexie("keys", "list")


def test_keys_are_listed_with_what_became_of_them(kexie, place):
    kexie("keys", "add", "--tenant", "云泽县", "--scope", "generate", "--name", "门户", "--days", "30")
    kexie("keys", "add", "--tenant", "", "--scope", "admin", "--scope", "archive:write")
    first, second = json.loads(kexie("keys", "list", "--json"))
    assert (first["tenant"], first["name"], first["state"]) == ("云泽县", "门户", "live")
    lasts = datetime.fromisoformat(first["expires"]) - datetime.fromisoformat(first["created"])
    assert lasts == timedelta(days=30)
    assert (second["tenant"], second["scopes"], second["expires"]) == ("", ["archive:write", "admin"], None)
    assert kexie("keys", "revoke", second["id"]) == f"已撤销 / revoked: {second['id']}\n"
    again = json.loads(kexie("keys", "revoke", second["id"], "--json"))
    assert again["state"] == "revoked"
    lines = [line.split("\t") for line in kexie("keys", "list").splitlines()]
    assert [line[:4] for line in lines] == [
        [first["id"], "live", "云泽县", "generate"],
        [second["id"], "revoked", "-", "archive:write,admin"],
    ]
    assert json.loads(kexie("keys", "list", "--json"))[1]["revoked"] == again["revoked"]


def test_listing_makes_no_archive(kexie, tmp_path):
    assert json.loads(kexie("keys", "list", "--json")) == []
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "--tenant", "a", "--scope", "everything"], "'everything' is not one of"),
        (["add", "--tenant", "a"], "Missing option '--scope'"),
        (["add", "--tenant", "a", "--scope", "generate", "--days", "0"], "0 is not in the range"),
        (["add", "--tenant", " a", "--scope", "generate"], "visible characters in NFC"),
        (["add", "--tenant", "a\nb", "--scope", "generate"], "visible characters in NFC"),
        (["add", "--tenant", "a" * 101, "--scope", "generate"], "visible characters in NFC"),
        (["add", "--tenant", "e\u0301", "--scope", "generate"], "visible characters in NFC"),
        (["add", "--tenant", "a", "--scope", "generate", "--name", "a\x1b[2J"], "at most 200 visible"),
        (["revoke", "0123456789ab"], "There is no key '0123456789ab'"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(kexie, arguments, message):
    assert message in kexie("keys", *arguments, code=2)


def test_without_keys_all_is_open_and_no_archive_is_made(place, tmp_path):
    client = create_app(place).test_client()
    assert client.post(VALIDATE, json=CASE).status_code == 200
    assert client.get("/metrics").status_code == 200
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    "headers",
    [
        lambda key: bearer(key),
        lambda key: {"Authorization": f"bEARER  {key} "},
        lambda key: {"X-API-Key": key},
        lambda key: {"X-API-Key": key, "Authorization": "Basic cHJveHk6cHJveHk="},
    ],
    ids=["Bearer", "any case", "X-API-Key", "X-API-Key behind a proxy's own"],
)
def test_a_key_opens_what_its_scopes_name(place, key, headers):
    client = create_app(place).test_client()
    sent = headers(key["key"])
    assert client.post(VALIDATE, json=CASE, headers=sent).status_code == 200
    refused = client.get("/metrics", headers=sent)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert "admin" in refused.json["detail"]
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="admin"'


def wrong(text, place, letter):
    return text[:place] + letter + text[place + 1 :]


@pytest.mark.parametrize(
    "sent",
    [
        lambda key: {},
        lambda key: bearer(""),
        lambda key: bearer(wrong(key, -1, "0" if key[-1] != "0" else "1")),
        lambda key: bearer(wrong(key, 6, "0" if key[6] != "0" else "1")),
        lambda key: bearer(key.upper()),
        lambda key: bearer(key + "0"),
        lambda key: bearer(f"kexie_{'0' * 12}_{'0' * 64}"),
        lambda key: bearer(key.removeprefix("kexie_")),
        lambda key: bearer("' OR '1'='1"),
        lambda key: bearer("kexie_../../../etc_" + "0" * 64),
        lambda key: {"Authorization": f"Basic {key}"},
        lambda key: {"Authorization": key},
        lambda key: {"X-API-Key": key[:-1]},
        lambda key: {"X-API-Key": key, "Authorization": "Bearer other"},
        lambda key: {"Cookie": f"key={key}"},
        lambda key: bearer("\xe4\xba\x91"),
    ],
)
def test_what_is_no_key_opens_nothing(place, key, sent, caplog):
    caplog.set_level("DEBUG")
    headers = sent(key["key"])
    answer = create_app(place).test_client().post(VALIDATE, json=CASE, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
    assert answer.mimetype == "application/problem+json"
    none = headers.get("Authorization", "").removeprefix("Bearer ") == "" and "X-API-Key" not in headers
    other = headers.get("Authorization", "Bearer").partition(" ")[0] != "Bearer"
    assert answer.headers["WWW-Authenticate"] == (
        "Bearer" if none or other else 'Bearer error="invalid_token"'
    )
    assert key["key"][-32:] not in caplog.text


def test_a_key_in_the_address_is_none(place, key):
    client, query = create_app(place).test_client(), f"key={key['key']}"
    assert client.post(f"{VALIDATE}?{query}", json=CASE).json["code"] == "usage"
    assert client.post(f"/forms/annex3/2021?{query}", data={}).status_code == 401


@pytest.fixture
def asked(place, key):
    """An authenticator with a clock of the test, and how often it asks the database."""
    clock = Clock()
    found = Authenticator(Settings.from_env(place), clock)
    counted = []
    real = ApiKeys.find
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ApiKeys, "find", lambda self, id: counted.append(id) or real(self, id))
        yield found, clock, counted


def test_a_revoked_key_is_refused_within_five_seconds_and_looked_up_seldom(kexie, key, asked):
    found, clock, counted = asked
    for _ in range(50):
        assert found.caller(key["key"]).tenant == "云泽县"
    assert counted == [key["id"]]
    kexie("keys", "revoke", key["id"])
    counted.clear()
    assert authenticator.REMEMBERED < 5
    clock.now += authenticator.REMEMBERED
    with pytest.raises(Unauthorized, match="已撤销"):
        found.caller(key["key"])
    assert counted == [key["id"]]


def test_revoking_the_last_key_does_not_open_the_service(kexie, key, place):
    kexie("keys", "revoke", key["id"])
    client = create_app(place).test_client()
    assert client.post(VALIDATE, json=CASE).status_code == 401
    refused = client.post(VALIDATE, json=CASE, headers={**bearer(key["key"]), "Accept-Language": "en"})
    assert (refused.status_code, "revoked" in refused.json["detail"]) == (401, True)


def test_an_expired_key_says_so(place, key, tmp_path):
    past = (datetime.now(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    database = sqlite3.connect(tmp_path / "archive" / "index.sqlite")
    with database:
        database.execute("UPDATE keys SET expires = ?", [past])
    database.close()
    refused = create_app(place).test_client().post(VALIDATE, json=CASE, headers=bearer(key["key"]))
    assert (refused.status_code, refused.json["detail"]) == (401, "密钥已过期，请向管理员索取新的。")


def test_the_first_key_closes_a_running_service(place, kexie):
    clock = Clock()
    found = Authenticator(Settings.from_env(place), clock)
    assert found.caller(None).scopes == {
        "generate",
        "archive:read",
        "archive:write",
        "audit:read",
        "admin",
    }
    kexie("keys", "add", "--tenant", "a", "--scope", "generate")
    clock.now += authenticator.REMEMBERED
    with pytest.raises(Unauthorized):
        found.caller(None)


def test_the_first_key_counts_at_once_for_who_sends_it(place, kexie):
    found = Authenticator(Settings.from_env(place), Clock())
    assert found.caller(None).tenant != "云泽县"
    made = json.loads(kexie("keys", "add", "--tenant", "云泽县", "--scope", "generate", "--json"))
    assert found.caller(made["key"]).tenant == "云泽县"


def test_a_shut_service_without_its_database_stays_closed(place):
    found = Authenticator(Settings.from_env(place))
    found.require_credentials()
    with pytest.raises(Unauthorized):
        found.caller(None)


def test_without_its_database_the_service_refuses_and_never_opens(key, request):
    app = create_app({"KEXIE_DATABASE_URL": "postgresql://kexie:geheim-4711@127.0.0.1:1/kexie"})
    request.addfinalizer(app.config["KEXIE_SUPERVISOR"].stop)
    client = app.test_client()
    for headers in ({}, bearer(key["key"])):
        answer = client.post(VALIDATE, json=CASE, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (503, "archive_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert "geheim" not in answer.get_data(as_text=True)
    assert client.get("/api/v1/forms").status_code == 200


def test_a_database_that_goes_away_is_missed_within_seconds(place, key, asked, monkeypatch):
    found, clock, _ = asked
    assert found.caller(key["key"]).name == key["id"]

    def gone(*_):
        raise ArchiveUnavailable("没有", "gone")

    monkeypatch.setattr(ApiKeys, "find", gone)
    assert found.caller(key["key"]).name == key["id"]
    clock.now += authenticator.REMEMBERED
    with pytest.raises(ArchiveUnavailable):
        found.caller(key["key"])


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_keys_are_the_same_on_both_databases(request, where, place):
    url = "" if where == "sqlite" else request.getfixturevalue("postgresql").database()
    settings = dataclasses.replace(Settings.from_env(place), database_url=url or None)
    assert Authenticator(settings).configured() is False
    with ApiKeys.open(settings, create=True) as keys:
        made, secret = keys.add("云泽县", ["admin"], "备注", 1)
        assert keys.all() == [made]
        assert Authenticator(settings).caller(secret).name == made.id
        assert keys.revoke(made.id).revoked is not None
        with pytest.raises(Unauthorized):
            Authenticator(settings).caller(secret)
