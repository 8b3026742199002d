"""Tokens of embedded forms that are not ours, or not ours any more, open nothing."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import time

import pytest
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from service import create_app
from service.access import ApiKeys, embed_token
from service.config import Settings
from service.errors import Unauthorized
from tests.helpers.tokens import SECRET, a_token, signing


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return signing(tmp_path_factory.mktemp("forged"))


@pytest.fixture(scope="module")
def settings(place):
    return Settings.from_env(place)


@pytest.fixture(scope="module")
def client(place, settings):
    with ApiKeys.open(settings, create=True) as keys:
        keys.add("云泽县", ["generate"])
    return create_app(place).test_client()


def changed(token, part, place):
    parts = token.split(".")
    text = parts[part]
    parts[part] = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    return ".".join(parts)


def by_another(head, key, settings):
    body = embed_token.sign(a_token(), settings).split(".")[1]
    return jws.serialize_compact(head, base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), key)


def unsigned(token, head):
    first = base64.urlsafe_b64encode(json.dumps(head, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"{first}.{token.split('.')[1]}."


HEAD = {"alg": "HS256", "typ": "kexie-embed+jwt"}
FORGED = {
    "expired": lambda s: embed_token.sign(a_token(expires=int(time.time())), s),
    "header changed": lambda s: changed(embed_token.sign(a_token(), s), 0, 5),
    "claims changed": lambda s: changed(embed_token.sign(a_token(), s), 1, 30),
    "signature changed": lambda s: changed(embed_token.sign(a_token(), s), 2, 20),
    "no signature": lambda s: embed_token.sign(a_token(), s).rpartition(".")[0] + ".",
    "none": lambda s: unsigned(embed_token.sign(a_token(), s), {**HEAD, "alg": "none"}),
    "the secret itself as key": lambda s: by_another(HEAD, OctKey.import_key(SECRET), s),
    "another service's secret": lambda s: embed_token.sign(
        a_token(), dataclasses.replace(s, secret="x" * 32)
    ),
    "another kind of token": lambda s: by_another(
        {"alg": "HS256", "typ": "JWT"},
        OctKey.import_key(hashlib.sha256(b"kexie-forms embed token\0" + SECRET.encode()).digest()),
        s,
    ),
    "RS256": lambda s: by_another({**HEAD, "alg": "RS256"}, RSAKey.generate_key(2048), s),
    "cut off": lambda s: embed_token.sign(a_token(), s)[:80],
    "text": lambda s: "token",
    "Chinese": lambda s: embed_token.sign(a_token(), s) + "字",
    "empty": lambda s: "",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_token_is_refused(client, settings, forged):
    token = forged(settings)
    with pytest.raises(Unauthorized):
        embed_token.read(token, settings)
    sent = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    assert client.post("/api/v1/forms/annex3/2021/validate", json={}, headers=sent).status_code == 401
