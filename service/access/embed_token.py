"""Tokens of embedded forms: signed here, short-lived, valid for one form of one year."""

import base64
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from service.config import Settings
from service.errors import AccessFault, NotJson, Unauthorized
from service.payload_json import parse
from service.portal_rules import PortalRules

LONGEST = 3600  # seconds
LIMIT = 6000  # characters of a token, which is sent in a URL
_HEADER = {"alg": "HS256", "typ": "kexie-embed+jwt"}


@dataclass(frozen=True)
class EmbedToken:
    """The claims of a token: form, tenant, origin of the embedding page, prefilled values, rules of fields.

    `maker` is the name of the caller that requested it, `expires` seconds since 1970 (UTC). With `archive`
    the form may be archived, under `id` if it is not "".
    """

    form: str
    year: int
    tenant: str
    origin: str
    data: dict[str, Any]
    maker: str
    expires: int
    readonly_fields: Sequence[str] = ()
    hidden_fields: Sequence[str] = ()
    required_fields: Sequence[str] = ()
    archive: bool = False
    id: str = ""

    @property
    def rules(self) -> PortalRules:
        """What it says of the form's fields."""
        return PortalRules(
            tuple(self.readonly_fields), tuple(self.hidden_fields), tuple(self.required_fields)
        )


def is_embed_token(credential: str) -> bool:
    """Whether a credential has the header of such a token; the signature is not checked."""
    return credential.startswith(_BEGINS)


def sign(token: EmbedToken, settings: Settings) -> str:
    """Signs a token, to be sent as Bearer or in a URL. Raises AccessFault without KEXIE_SECRET."""
    if (key := _key(settings)) is None:
        raise AccessFault(
            "本服务未设置 KEXIE_SECRET，不能签发嵌入令牌。请管理员设置至少 32 字节的随机值。",
            "KEXIE_SECRET is not set, so tokens of embedded forms cannot be signed: "
            "the administrator must set it to 32 random bytes or more.",
        )
    claims = {name: value for name, value in vars(token).items() if name != "expires"}
    text = _compact({**claims, "exp": token.expires})
    return jws.serialize_compact(_HEADER, text, key)


def read(token: str, settings: Settings) -> EmbedToken:
    """Verifies a token's signature and expiry; returns its claims. Raises Unauthorized."""
    key = _key(settings)
    if key is None or not is_embed_token(token) or not token.isascii():
        raise _refused()
    try:
        claims = parse(jws.deserialize_compact(token, key, algorithms=["HS256"]).payload)
        found = EmbedToken(expires=int(claims.pop("exp")), **claims)
    except (JoseError, ValueError, NotJson, KeyError, TypeError) as error:  # also of another version
        raise _refused() from error
    if found.expires <= time.time():
        raise Unauthorized(
            "嵌入令牌已过期，请重新打开页面。", "The token has expired: open the page again.", sent=True
        )
    return found


def _compact(value: Any) -> bytes:
    # A valid payload's numbers have few decimals, which floats keep exactly.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float).encode()


_BEGINS = base64.urlsafe_b64encode(_compact(_HEADER)).decode().rstrip("=") + "."


def _key(settings: Settings) -> OctKey | None:
    if settings.secret is None:
        return None
    # A separate key for this use, of full length for any length of the secret.
    return OctKey.import_key(hashlib.sha256(b"kexie-forms embed token\0" + settings.secret.encode()).digest())


def _refused() -> Unauthorized:
    return Unauthorized(
        "嵌入令牌无效，请重新打开页面。", "The token is not valid: open the page again.", sent=True
    )
