"""Tokens of a portal's own issuer: what is taken, and every way of forging one."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from service import create_app
from service.access.jwks import key_set
from service.config import Settings
from service.errors import AccessFault, UsageError

VALIDATE = "/api/v1/forms/annex3/2021/validate"
ISSUER, AUDIENCE = "https://portal.example", "kexie-forms"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
EC = ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"}, private=True)
SHARED = OctKey.import_key(b"a secret that stands in the public list", {"kid": "oct"})


def jwks(*keys):
    return json.dumps({"keys": [key.as_dict(private=key is SHARED) for key in keys]})


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims(**changed):
    now = int(time.time())
    told = {"iss": ISSUER, "aud": AUDIENCE, "exp": now + 60, "tenant": "云泽县", "scope": "openid generate"}
    told.update(changed)
    return {name: value for name, value in told.items() if value is not None}


def signed(told=None, key=RSA, alg="RS256", kid="rsa", **header):
    head = {"alg": alg, **({} if kid is None else {"kid": kid}), **header}
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    body = json.dumps(claims() if told is None else told).encode()
    return jws.serialize_compact(head, body, key, registry=registry)


def unsigned(head, told=None, signature=""):
    return f"{encoded(head)}.{encoded(claims() if told is None else told)}.{signature}"


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
def test_a_portals_token_stands_for_a_key(app, token):
    assert asked(app, token()).status_code == 200


def test_a_portals_token_has_the_scopes_it_names_and_no_other(app):
    got = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {signed()}"})
    assert (got.status_code, got.json["code"]) == (403, "forbidden")
    assert asked(app, signed(claims(scope="everything"))).status_code == 403


def signature(text, how):
    return f"{text}.{base64.urlsafe_b64encode(how(text.encode())).decode().rstrip('=')}"


def with_public_key_as_secret():
    secret = RSA.as_pem(private=False)
    text = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(claims())}"
    return signature(text, lambda body: hmac.digest(secret, body, "sha256"))


def by_hand(**head):
    """A token with any header, its signature right."""
    text = f"{encoded({'alg': 'RS256', 'kid': 'rsa', **head})}.{encoded(claims())}"
    return signature(text, lambda body: RSA.private_key.sign(body, padding.PKCS1v15(), hashes.SHA256()))


def test_a_token_signed_by_hand_is_as_good_as_any(app):
    assert asked(app, by_hand()).status_code == 200


def middle_changed(part):
    parts = signed().split(".")
    text = parts[part]
    at = len(text) // 2
    parts[part] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    return ".".join(parts)


def other_claims():
    head, _, signature = signed().split(".")
    return f"{head}.{encoded(claims(scope='admin generate'))}.{signature}"


FORGED = {
    "expired": lambda: signed(claims(exp=int(time.time()) - 31)),
    "not yet": lambda: signed(claims(nbf=int(time.time()) + 60)),
    "issued in the future": lambda: signed(claims(iat=int(time.time()) + 60)),
    "no end": lambda: signed(claims(exp=None)),
    "end as text": lambda: signed(claims(exp="9999999999")),
    "end as a list": lambda: signed(claims(exp=[9999999999])),
    "end true": lambda: signed(claims(exp=True)),
    "end NaN": lambda: signed(claims(exp=float("nan"))),
    "end Infinity": lambda: signed(claims(exp=float("inf"))),
    "none": lambda: unsigned({"alg": "none"}),
    "None": lambda: unsigned({"alg": "None", "kid": "rsa"}),
    "nOnE with a signature": lambda: unsigned({"alg": "nOnE", "kid": "rsa"}, signature="AAAA"),
    "no algorithm": lambda: by_hand(alg=None),
    "algorithm as a list": lambda: by_hand(alg=["RS256"]),
    "HS256 with the public key": with_public_key_as_secret,
    "HS256 with a key of the list": lambda: signed(key=SHARED, alg="HS256", kid="oct"),
    "another key of the same id": lambda: signed(key=STRANGER),
    "key of another kind": lambda: signed(key=EC, alg="ES256", kid="rsa"),
    "wrong audience": lambda: signed(claims(aud="other")),
    "no audience": lambda: signed(claims(aud=None)),
    "audience as an object": lambda: signed(claims(aud={AUDIENCE: 1})),
    "wrong issuer": lambda: signed(claims(iss="https://portal.example.evil")),
    "no issuer": lambda: signed(claims(iss=None)),
    "unknown key": lambda: signed(kid="nobody"),
    "no key id among several": lambda: signed(kid=None),
    "key id: path": lambda: signed(kid="../../../../dev/null"),
    "key id: file": lambda: signed(kid="file:///etc/passwd"),
    "key id: SQL": lambda: signed(kid="x' UNION SELECT 'a"),
    "key id: empty": lambda: signed(kid=""),
    "key id: a list": lambda: by_hand(kid=["rsa"]),
    "key in the header": lambda: signed(key=STRANGER, kid="own", jwk=STRANGER.as_dict(private=False)),
    "address of a key": lambda: signed(key=STRANGER, kid="own", jku="https://evil.example/jwks.json"),
    "certificate's address": lambda: signed(key=STRANGER, kid="own", x5u="https://evil.example/cert"),
    "critical header": lambda: by_hand(crit=["exp"], exp=1),
    "critical header unknown": lambda: by_hand(crit=["tenant"], tenant="a"),
    "critical header absent": lambda: by_hand(crit=["nonsense"]),
    "header changed": lambda: middle_changed(0),
    "claims changed": lambda: middle_changed(1),
    "signature changed": lambda: middle_changed(2),
    "other claims": other_claims,
    "no signature": lambda: signed().rpartition(".")[0] + ".",
    "cut off": lambda: signed()[:-20],
    "twice": lambda: f"{signed()}.{signed()}",
    "header no object": lambda: unsigned(["alg"], signature="AAAA"),
    "header text": lambda: unsigned("alg", signature="AAAA"),
    "header nested": lambda: f"{base64.urlsafe_b64encode(b'[' * 20000).decode()}.e30.AAAA",
    "claims no object": lambda: signed(["a"]),
    "claims no JSON": lambda: jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, b"{", RSA),
    "dots": lambda: "..",
    "not base64": lambda: "%%.%%.%%",
    "no tenant": lambda: signed(claims(tenant=None)),
    "tenant empty": lambda: signed(claims(tenant="")),
    "tenant a list": lambda: signed(claims(tenant=["a"])),
    "tenant with a line": lambda: signed(claims(tenant="a\nb")),
    "no scope": lambda: signed(claims(scope=None)),
    "scope a list": lambda: signed(claims(scope=["generate"])),
}


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
    aside = tmp_path / "new"
    aside.write_text(jwks(EC))
    aside.replace(file)
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 200
    assert asked(app, signed()).status_code == 401
    file.write_text('{"keys": [')
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 200
    file.unlink()
    assert asked(app, signed(key=EC, alg="ES256", kid="ec")).status_code == 200
    assert "the keys before stay" in caplog.text


@pytest.mark.parametrize(
    ("changed", "told"),
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
def test_settings_that_cannot_be_are_told_at_the_start(place, changed, told):
    with pytest.raises(UsageError, match=told):
        create_app({**place, **changed})


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"keys": 1}', '{"keys": []}', '{"keys": [1]}', "[" * 9999, jwks(SHARED)]
)
def test_a_file_without_public_keys_is_told_at_the_start(place, tmp_path, content):
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


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def fetched(place, portal):
    """The keys that the portal gives, and a time that the test tells."""
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


def test_keys_are_fetched_anew_each_hour_and_stay_while_the_portal_is_away(portal, fetched):
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
