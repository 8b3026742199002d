"""Tokens of embedded forms and of a portal's own issuer: valid ones, and every way of forging one."""

from __future__ import annotations

import base64
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from service.access import embed_token

SECRET = "0123456789abcdef0123456789abcdef"


def signing(folder):
    """The settings, by name, of a service that signs tokens and has its archive in `folder`."""
    return {"KEXIE_ARCHIVE": str(folder / "archive"), "KEXIE_SECRET": SECRET}


def a_token(**changed):
    """A token of annex3 2021 that is good for a minute, but for what is `changed`."""
    fields = {
        "tenant": "云泽县",
        "origin": "https://portal.example",
        "data": {},
        "maker": "",
        "expires": int(time.time()) + 60,
    }
    return embed_token.EmbedToken(**{"form": "annex3", "year": 2021, **fields, **changed})


ISSUER, AUDIENCE = "https://portal.example", "kexie-forms"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
EC = ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"}, private=True)
SHARED = OctKey.import_key(b"a secret that is in the public list", {"kid": "oct"})


def jwks(*keys):
    return json.dumps({"keys": [key.as_dict(private=key is SHARED) for key in keys]})


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims(**changed):
    now = int(time.time())
    payload = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": now + 60,
        "tenant": "云泽县",
        "scope": "openid generate",
    }
    payload.update(changed)
    return {name: value for name, value in payload.items() if value is not None}


def signed(payload=None, key=RSA, alg="RS256", kid="rsa", **header):
    head = {"alg": alg, **({} if kid is None else {"kid": kid}), **header}
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    body = json.dumps(claims() if payload is None else payload).encode()
    return jws.serialize_compact(head, body, key, registry=registry)


def unsigned(head, payload=None, signature=""):
    return f"{encoded(head)}.{encoded(claims() if payload is None else payload)}.{signature}"


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
