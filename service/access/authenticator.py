"""Authenticates callers by key or token; caches a key for two seconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from service.access import embed_token
from service.access.api_keys import ApiKey, ApiKeys, parse_key
from service.access.caller import ANYONE, BY_ISSUER, Caller
from service.access.jwt_issuer import JwtIssuer
from service.archive.database_handle import DatabaseHandle
from service.config import Settings
from service.errors import Unauthorized

REMEMBERED = 2.0  # seconds that a process may accept a revoked key after its last lookup


class Authenticator:
    """Authenticates the callers of one process; opens the database at the first lookup.

    Raises UsageError for invalid settings.
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
        self._seen: dict[str, tuple[ApiKey, float]] = {}  # with the time of its lookup
        self._issuer = JwtIssuer(settings, clock) if settings.jwt_issuer else None
        self._required = self._issuer is not None
        self._looked: float | None = None

    def require_credentials(self) -> None:
        """Requires a credential from now on, even if no key exists."""
        self._required = True

    def configured(self, *, fresh: bool = False) -> bool:
        """Whether authentication is required. Once required, it stays required.

        With `fresh`, no earlier lookup counts.
        Raises ArchiveUnavailable or ArchiveFault if that cannot be determined.
        """
        now = self._clock()
        remembered = self._looked is not None and now - self._looked < REMEMBERED
        if not self._required and (fresh or not remembered):
            keys = self._keys()
            if keys is not None and keys.any():
                self._required = True
            self._looked = now
        return self._required

    def caller(self, credential: str | None) -> Caller:
        """The caller of this key or token.

        Raises Unauthorized; ArchiveFault, ArchiveUnavailable or AccessFault if that cannot be determined.
        """
        if credential and embed_token.is_embed_token(credential):
            return self._by_embed(embed_token.read(credential, self._settings))
        if not self.configured(fresh=bool(credential)):  # the first key may have been made just now
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
        """The caller of an embedded form, valid as long as the key that requested its token."""
        if self.configured() and not (self._issuer and token.maker.startswith(BY_ISSUER)):
            self._live(token.maker)
        scopes = {"generate", "archive:write"} if token.archive else {"generate"}
        return Caller(token.tenant, frozenset(scopes), token.maker, token)

    def _by_key(self, id: str, secret: str) -> Caller:
        key = self._found(id)
        if key is None or not key.matches(secret):
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
        if (seen := self._seen.get(id)) and now - seen[1] < REMEMBERED:
            return seen[0]
        keys = self._keys()
        found = keys.find(id) if keys else None
        if found is None:
            self._seen.pop(id, None)
        else:
            self._seen[id] = found, now
        return found

    def _keys(self) -> ApiKeys | None:
        engine = self._database.existing()
        return ApiKeys(engine) if engine else None


def _refused(
    zh: str = "密钥无效，请核对后重新输入。", en: str = "This key is not valid: check it, and enter it again."
) -> Unauthorized:
    return Unauthorized(zh, en, sent=True)
