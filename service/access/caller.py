"""The caller of a request: its tenant and scopes."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from service.access.embed_token import EmbedToken
from service.archive.record import NO_TENANT, TENANT_MAXIMUM
from service.errors import Bilingual

#: The scopes and their names. Admin includes audit:read, and no other: it does not read the archive.
SCOPE_NAMES = {
    "generate": Bilingual("校验、生成和读取文书", "check, make and read documents"),
    "archive:read": Bilingual("查看档案和批次", "see the archive and batches"),
    "archive:write": Bilingual("归档和提交批次", "archive, and send batches"),
    "archive:destroy": Bilingual("冻结和销毁档案", "hold and destroy records"),
    "audit:read": Bilingual("查看审计日志和检测报告", "see the audit log and the report on the archive"),
    "admin": Bilingual("管理", "administration"),
}
SCOPES = tuple(SCOPE_NAMES)
_INCLUDED = {"admin": "audit:read"}

#: The prefix of the name of a caller with a token of the portal's issuer; its tenant follows.
BY_ISSUER = "jwt:"


@dataclass(frozen=True)
class Caller:
    """An authenticated caller.

    `name` is the public id of the key, `jwt:TENANT` for a token of the portal's issuer, and "" if no keys are
    configured. The `embedding` is the token of an embedded form, which restricts it to one edition.
    """

    tenant: str
    scopes: frozenset[str]
    name: str
    embedding: EmbedToken | None = None


#: Every caller, if no keys are configured: nobody known, who destroys nothing.
ANYONE = Caller(NO_TENANT, frozenset(SCOPES) - {"archive:destroy"}, "")


def granted(scopes: Iterable[str]) -> frozenset[str]:
    """The known ones of `scopes`, with those that they include."""
    known = frozenset(scopes) & frozenset(SCOPES)
    return known | {_INCLUDED[scope] for scope in known if scope in _INCLUDED}


def is_tenant(name: object) -> bool:
    """Whether `name` is a valid tenant name: 1 to 100 visible characters in NFC, no space at the ends."""
    if not isinstance(name, str) or not 0 < len(name) <= TENANT_MAXIMUM or name != name.strip():
        return False
    return unicodedata.is_normalized("NFC", name) and all(
        unicodedata.category(character)[0] not in "CZ" or character == " " for character in name
    )
