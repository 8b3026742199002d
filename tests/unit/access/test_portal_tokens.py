"""Tokens of a portal's own issuer: what is taken, and every way of forging one."""

from __future__ import annotations

import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service import create_app
from service.access.jwks import key_set
from service.config import Settings
from service.errors import AccessFault, UsageError
from tests.helpers.processes import Clock
from tests.helpers.tokens import (
    AUDIENCE,
    EC,
    ED,
    FORGED,
    ISSUER,
    RSA,
    SHARED,
    by_hand,
    claims,
    jwks,
    signed,
)

VALIDATE = "/api/v1/forms/annex3/2021/validate"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("issuer")
    (folder / "jwks.json").write_text(jwks(RSA, EC, ED, SHARED))
    return {
        "KEXIE_ARCHIVE": str(folder / "archive"),
        "KEXIE_JWT_ISSUER": ISSUER,
        "KEXIE_JWT_AUDIENCE": AUDIENCE,
        "KEXIE_JWT_KEYS": str(folder / "jwks.json"),
    }


@pytest.fixture(scope="module")
def app(place):
    return create_app(place)


def asked(app, token, route=VALIDATE):
    return app.test_client().post(route, json={}, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed(),
        lambda: signed(alg="PS384"),
        lambda: signed(key=EC, alg="ES256", kid="ec"),
        lambda: signed(key=ED, alg="Ed25519", kid="ed"),
        lambda: signed(claims(aud=["other", AUDIENCE])),
        lambda: signed(claims(exp=int(time.time()) - 10)),
        lambda: signed(claims(nbf=int(time.time()) + 10)),
        lambda: signed(typ="at+jwt", x5t="abc"),
    ],
    ids=["RS256", "PS384", "ES256", "Ed25519", "audiences", "late", "early", "further headers"],
)
def test_a_portals_token_is_accepted_in_place_of_a_key(app, token):
    assert asked(app, token()).status_code == 200


def test_a_portals_token_has_the_scopes_it_names_and_no_other(app):
    got = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {signed()}"})
    assert (got.status_code, got.json["code"]) == (403, "forbidden")
    assert asked(app, signed(claims(scope="everything"))).status_code == 403


def test_a_token_signed_by_hand_is_as_good_as_any(app):
    assert asked(app, by_hand()).status_code == 200


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_token_opens_nothing(app, forged, caplog):
    caplog.set_level("DEBUG")
    token = forged()
    answer = asked(app, token)
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert len(token) < 20 or token[-20:] not in caplog.text


def test_the_file_is_read_again_once_it_has_changed(tmp_path, place, caplog):
    file = tmp_path / "jwks.json"
    file.write_text(jwks(RSA))
    app = create_app({**place, "KEXIE_JWT_KEYS": str(file)})
    assert asked(app, signed(kid=None)).status_code == 200  # there is only one
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 401
    temporary = tmp_path / "new"
    temporary.write_text(jwks(EC))
    temporary.replace(file)
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 200
    assert asked(app, signed()).status_code == 401
    file.write_text('{"keys": [')
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 200
    file.unlink()
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 200
    assert "the earlier keys stay" in caplog.text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"KEXIE_JWT_AUDIENCE": ""}, "KEXIE_JWT_AUDIENCE"),
        ({"KEXIE_JWT_KEYS": ""}, "KEXIE_JWT_KEYS"),
        ({"KEXIE_JWT_KEYS": "/nowhere/jwks.json"}, "/nowhere/jwks.json"),
        ({"KEXIE_JWT_KEYS": "http://portal.example/jwks"}, "KEXIE_JWT_KEYS"),
        ({"KEXIE_JWT_KEYS": "ftp://portal.example/jwks"}, "KEXIE_JWT_KEYS"),
        ({"KEXIE_JWT_KEYS": "https://portal.example/jwks"}, "KEXIE_ALLOWED_HOSTS"),
        (
            {"KEXIE_JWT_KEYS": "https://a.example@evil.example/", "KEXIE_ALLOWED_HOSTS": "a.example"},
            "KEXIE_ALLOWED_HOSTS",
        ),
        ({"KEXIE_ALLOWED_HOSTS": "a b"}, "KEXIE_ALLOWED_HOSTS"),
    ],
)
def test_settings_that_cannot_be_are_reported_at_the_start(place, changed, message):
    with pytest.raises(UsageError, match=message):
        create_app({**place, **changed})


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"keys": 1}', '{"keys": []}', '{"keys": [1]}', "[" * 9999, jwks(SHARED)]
)
def test_a_file_without_public_keys_is_reported_at_the_start(place, tmp_path, content):
    (tmp_path / "jwks.json").write_text(content)
    with pytest.raises(UsageError, match="JWKS"):
        create_app({**place, "KEXIE_JWT_KEYS": str(tmp_path / "jwks.json")})


class Portal:
    """A portal's server with a certificate of its own; `answer` is what it says, `asked` how often."""

    def __init__(self, folder):
        self.asked = 0
        self.answer = (200, {}, b"")
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                portal.asked += 1
                status, headers, body = portal.answer
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_port}/jwks.json"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "portal.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def portal(tmp_path, monkeypatch):
    found = Portal(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "portal.pem"))
    yield found
    found.stop()


@pytest.fixture
def fetched(place, portal):
    """The portal's keys, and a clock of the test."""
    clock = Clock()
    values = {**place, "KEXIE_JWT_KEYS": portal.url, "KEXIE_ALLOWED_HOSTS": "other.example, LOCALHOST"}
    return key_set(Settings.from_env(values), clock), clock


def test_the_host_of_a_key_set_may_be_named_with_its_port(place, portal):
    portal.answer = (200, {}, jwks(RSA).encode())
    named = portal.url.removeprefix("https://").removesuffix("/jwks.json")
    values = {**place, "KEXIE_JWT_KEYS": portal.url, "KEXIE_ALLOWED_HOSTS": named}
    assert key_set(Settings.from_env(values)).find("rsa").kid == "rsa"
    with pytest.raises(UsageError, match="KEXIE_ALLOWED_HOSTS"):
        key_set(Settings.from_env({**values, "KEXIE_ALLOWED_HOSTS": "localhost:1"}))


def test_keys_are_fetched_once_and_again_for_an_unknown_one_once_a_minute(portal, fetched):
    keys, clock = fetched
    portal.answer = (200, {}, jwks(RSA).encode())
    assert [keys.find("rsa").kid for _ in range(5)] == ["rsa"] * 5
    portal.answer = (200, {}, jwks(EC).encode())
    assert [keys.find("ec") for _ in range(5)] == [None] * 5
    assert portal.asked == 1
    clock.now += 60
    assert (keys.find("ec").kid, keys.find("rsa"), portal.asked) == ("ec", None, 2)


def test_keys_are_fetched_again_each_hour_and_stay_while_the_portal_is_away(portal, fetched):
    keys, clock = fetched
    portal.answer = (200, {}, jwks(RSA).encode())
    assert keys.find("rsa").kid == "rsa"
    clock.now += 3600
    portal.answer = (500, {}, b"")
    assert (keys.find("rsa").kid, portal.asked) == ("rsa", 2)
    clock.now += 60
    portal.answer = (200, {}, jwks(EC).encode())
    assert (keys.find("rsa"), portal.asked) == (None, 3)


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b""),
        (302, {"Location": "/elsewhere"}, b""),
        (200, {}, b"<html>"),
        (200, {}, b'{"keys": []}'),
        (200, {}, b" " * (256 * 1024 + 1) + jwks(RSA).encode()),
    ],
    ids=["missing", "redirect", "no JSON", "no keys", "too large"],
)
def test_what_is_no_key_set_is_no_answer_to_callers(portal, fetched, answer):
    portal.answer = answer
    with pytest.raises(AccessFault):
        fetched[0].find("rsa")
    assert portal.asked == 1


def test_an_issuer_out_of_reach_is_no_fault_of_the_caller(place):
    values = {**place, "KEXIE_JWT_KEYS": "https://localhost:1/jwks", "KEXIE_ALLOWED_HOSTS": "localhost"}
    answer = asked(create_app(values), signed())
    assert (answer.status_code, answer.json["code"]) == (503, "access_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_certificate_of_nobody_is_not_believed(portal, fetched, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    portal.answer = (200, {}, jwks(RSA).encode())
    with pytest.raises(AccessFault):
        fetched[0].find("rsa")
