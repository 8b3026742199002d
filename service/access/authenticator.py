"""What a caller sent, and who he is: a key is looked up in the database every two seconds at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from service.access import embed_token
from service.access.api_keys import ApiKey, ApiKeys, parse_key
from service.access.caller import ANYONE, BY_ISSUER, Caller
from service.access.jwt_issuer import JwtIssuer
from service.archive.database_handle import DatabaseHandle
from service.config import Settings
from service.errors import Unauthorized

REMEMBERED = 2.0  # seconds that a revoked key may still be taken by a process that has just seen it


@dataclass(frozen=True)
class _Seen:
    key: ApiKey
    at: float


class Authenticator:
    """Who calls, for one process; the database, by default one of its own, is opened at the first lookup.

    Raises UsageError for settings that cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        database: DatabaseHandle | None = None,
    ) -> None:
        self._database = database or DatabaseHandle(settings)
        self._settings = settings
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._issuer = JwtIssuer(settings, clock) if settings.jwt_issuer else None
        self._closed = self._issuer is not None
        self._looked: float | None = None

    def shut(self) -> None:
        """From now on nobody calls without a credential, even if there is no key at all."""
        self._closed = True

    def configured(self) -> bool:
        """Whether callers must tell who they are. Once they must, they must for good.

        Raises ArchiveUnavailable or ArchiveFault where that cannot be known.
        """
        now = self._clock()
        if not self._closed and (self._looked is None or now - self._looked >= REMEMBERED):
            keys = self._keys()
            if keys is not None and keys.any():
                self._closed = True
            self._looked = now
        return self._closed

    def caller(self, credential: str | None) -> Caller:
        """Who calls with this key or token.

        Raises Unauthorized, and ArchiveFault, ArchiveUnavailable or AccessFault where that cannot be known.
        """
        if credential and embed_token.is_embed_token(credential):
            return self._by_embed(embed_token.read(credential, self._settings))
        if not self.configured():
            return ANYONE
        if not credential:
            raise Unauthorized(
                "请在 Authorization: Bearer 或 X-API-Key 中提供密钥。",
                "Send a key in Authorization: Bearer, or in X-API-Key.",
            )
        if (key := parse_key(credential)) is not None:
            return self._by_key(*key)
        if self._issuer is not None and credential.count(".") == 2:
            return self._issuer.caller(credential)
        raise _refused()

    def _by_embed(self, token: embed_token.EmbedToken) -> Caller:
        """Who calls from an embedded form: no longer than the key lives that had its token made."""
        if self.configured() and not (self._issuer and token.maker.startswith(BY_ISSUER)):
            self._live(token.maker)
        return Caller(token.tenant, frozenset({"generate"}), token.maker, token.form, token.year)

    def _by_key(self, id: str, secret: str) -> Caller:
        key = self._found(id)
        if key is None or not key.opened_by(secret):
            raise _refused()
        return self._live(id).caller()

    def _live(self, id: str) -> ApiKey:
        if (key := self._found(id)) is None:
            raise _refused()
        match key.state(datetime.now(UTC)):
            case "revoked":
                raise _refused("密钥已撤销，请向管理员索取新的。", "The key is revoked: ask for a new one.")
            case "expired":
                raise _refused("密钥已过期，请向管理员索取新的。", "The key has expired: ask for a new one.")
        return key

    def _found(self, id: str) -> ApiKey | None:
        now = self._clock()
        seen = self._seen.get(id)
        if seen is not None and now - seen.at < REMEMBERED:
            return seen.key
        keys = self._keys()
        found = keys.find(id) if keys else None
        if found is None:
            self._seen.pop(id, None)
        else:
            self._seen[id] = _Seen(found, now)
        return found

    def _keys(self) -> ApiKeys | None:
        engine = self._database.existing()
        return ApiKeys(engine) if engine else None


def _refused(
    zh: str = "密钥无效，请核对后重新输入。", en: str = "This key is not valid: check it, and enter it again."
) -> Unauthorized:
    return Unauthorized(zh, en, sent=True)
