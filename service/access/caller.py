"""Who calls: a tenant, and what he may do."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from service.archive import NO_TENANT
from service.errors import Bilingual

#: What a caller may do, and how people call it. None holds another: who administrates reads no archive.
SCOPE_NAMES = {
    "generate": Bilingual("校验、生成和读取文书", "check, make and read documents"),
    "archive:read": Bilingual("查看档案和批次", "see the archive and batches"),
    "archive:write": Bilingual("归档和提交批次", "archive, and send batches"),
    "admin": Bilingual("管理", "administration"),
}
SCOPES = tuple(SCOPE_NAMES)

#: What the name of a caller begins with who has a token of the portal's issuer; his tenant follows.
BY_ISSUER = "jwt:"

_TENANT_LIMIT = 100  # characters, as the archive's index holds them


@dataclass(frozen=True)
class Caller:
    """Who calls.

    `name` is the public id of the key, `jwt:TENANT` for a token of the portal's issuer, and "" where no keys
    are configured. `form` and `year` bind an embedded form to one edition; None where nothing is bound.
    """

    tenant: str
    scopes: frozenset[str]
    name: str
    form: str | None = None
    year: int | None = None


#: Everyone, where no keys are configured.
ANYONE = Caller(NO_TENANT, frozenset(SCOPES), "")


def is_tenant(name: object) -> bool:
    """Whether `name` can name a tenant: 1 to 100 characters in NFC, none invisible, no space at the ends."""
    if not isinstance(name, str) or not 0 < len(name) <= _TENANT_LIMIT or name != name.strip():
        return False
    return unicodedata.is_normalized("NFC", name) and all(
        unicodedata.category(character)[0] not in "CZ" or character == " " for character in name
    )
