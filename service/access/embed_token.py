"""Tokens of embedded forms: signed here, short-lived, good for one form in one year."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from service.config import Settings
from service.errors import AccessFault, NotJson, Unauthorized
from service.submission import parse

LONGEST = 3600  # seconds
LIMIT = 6000  # characters of a token, which travels in an address
_HEADER = {"alg": "HS256", "typ": "kexie-embed+jwt"}


@dataclass(frozen=True)
class EmbedToken:
    """What a token says: the form, for whom, the origin of the page around it, the values filled in before.

    `maker` is the name of the caller who had it made, `expires` seconds since 1970 (UTC).
    """

    form: str
    year: int
    tenant: str
    origin: str
    data: dict[str, Any]
    maker: str
    expires: int


def is_embed_token(credential: str) -> bool:
    """Whether this claims to be such a token; nothing is proved."""
    return credential.startswith(_BEGINS)


def sign(token: EmbedToken, settings: Settings) -> str:
    """The token as text, to be sent as Bearer or in an address. Raises AccessFault without KEXIE_SECRET."""
    if (key := _key(settings)) is None:
        raise AccessFault(
            "本服务未设置 KEXIE_SECRET，不能签发嵌入令牌。请管理员设置至少 32 字节的随机值。",
            "KEXIE_SECRET is not set, so no token of an embedded form can be signed: "
            "the administrator sets it to 32 random bytes or more.",
        )
    claims = {name: value for name, value in vars(token).items() if name != "expires"}
    text = _compact({**claims, "exp": token.expires})
    return jws.serialize_compact(_HEADER, text, key)


def read(token: str, settings: Settings) -> EmbedToken:
    """What a token says, proved to be ours and of now. Raises Unauthorized."""
    key = _key(settings)
    if key is None or not is_embed_token(token) or not token.isascii():
        raise _refused()
    try:
        claims = parse(jws.deserialize_compact(token, key, algorithms=["HS256"]).payload)
        found = EmbedToken(expires=int(claims.pop("exp")), **claims)
    except (JoseError, ValueError, NotJson, KeyError, TypeError) as error:  # the last two: of another version
        raise _refused() from error
    if found.expires <= time.time():
        raise Unauthorized(
            "嵌入令牌已过期，请重新打开页面。", "The token has expired: open the page again.", sent=True
        )
    return found


def _compact(value: Any) -> bytes:
    # The values of a valid payload have few decimals: as floats they keep them all.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float).encode()


_BEGINS = base64.urlsafe_b64encode(_compact(_HEADER)).decode().rstrip("=") + "."


def _key(settings: Settings) -> OctKey | None:
    if settings.secret is None:
        return None
    # A key of its own for this use, and of full length whatever the secret's.
    return OctKey.import_key(hashlib.sha256(b"kexie-forms embed token\0" + settings.secret.encode()).digest())


def _refused() -> Unauthorized:
    return Unauthorized(
        "嵌入令牌无效，请重新打开页面。", "The token is not valid: open the page again.", sent=True
    )
