"""Who calls, and what for."""

from __future__ import annotations

from dataclasses import dataclass

from service.archive import NO_TENANT

SCOPES = ("generate", "archive:read", "archive:write", "admin")


@dataclass(frozen=True)
class Caller:
    """Who calls: a tenant, and what he may do."""

    tenant: str
    scopes: frozenset[str]
    name: str
    form: str | None = None
    year: int | None = None


#: Everyone, where no keys are configured.
ANYONE = Caller(NO_TENANT, frozenset(SCOPES), "")
