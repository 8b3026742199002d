"""API keys: created, listed, revoked, found by public id. Only the hash of a secret is stored."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from service.access.caller import SCOPES, Caller, granted, is_tenant
from service.access.key_table import KEYS
from service.archive import NO_TENANT
from service.archive.database import open_database, reading, writing
from service.archive.locations import locate
from service.archive.sqlite_database import sqlite_file
from service.audit import audit_chain
from service.audit.event import Event, process_actor
from service.config import Settings
from service.database.column_types import iso
from service.errors import UnknownKey, UsageError

_KEY = re.compile("kexie_([0-9a-f]{12})_([0-9a-f]{64})")
LOGGED = ("scopes", "expires", "secret")  # what the audit log has of a new key
_DAYS = 36500
_NAME_LIMIT = 200  # characters


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret. Times are UTC; `expires` and `revoked` may be None."""

    id: str
    tenant: str
    scopes: tuple[str, ...]
    name: str
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    sha256: str = field(repr=False)

    def caller(self) -> Caller:
        """The caller that this key authenticates."""
        return Caller(self.tenant, granted(self.scopes), self.id)

    def matches(self, secret: str) -> bool:
        """Whether `secret` is that of the key, compared in constant time."""
        return hmac.compare_digest(self.sha256, _hashed(secret))

    def state(self, now: datetime) -> str:
        """ "live", "expired" or "revoked"."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "live"


def parse_key(credential: str) -> tuple[str, str] | None:
    """Parses a credential into public id and secret; None if it is not a key."""
    match = _KEY.fullmatch(credential)
    return (match[1], match[2]) if match else None


class ApiKeys:
    """The keys in the archive's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, settings: Settings, *, create: bool) -> Self | None:
        """Opens the keys of the settings' archive; None without `create` if no archive exists.

        Raises ArchiveUnavailable or ArchiveFault.
        """
        url = locate(settings).database
        if not create and (file := sqlite_file(url)) is not None and not file.exists():
            return None
        try:
            return cls(open_database(url, create=create))
        except UsageError:
            if create:
                raise
            return None

    def close(self) -> None:
        """Closes the database's connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(
        self, tenant: str, scopes: Iterable[str], name: str = "", days: int | None = None
    ) -> tuple[ApiKey, str]:
        """Creates a key; returns it and its credential, which cannot be retrieved again. Raises UsageError.

        The tenant "" is that of the command line. Without `days` the key does not expire.
        """
        _check(tenant, wanted := tuple(scopes), name, days)
        secret, now = secrets.token_hex(32), datetime.now(UTC)
        key = ApiKey(
            id=secrets.token_hex(6),
            tenant=tenant,
            scopes=tuple(scope for scope in SCOPES if scope in wanted),
            name=name,
            created=now,
            expires=None if days is None else now + timedelta(days=days),
            revoked=None,
            sha256=_hashed(secret),
        )
        with writing(self._engine) as connection:
            connection.execute(insert(KEYS).values(**{**vars(key), "scopes": " ".join(key.scopes)}))
            detail = " ".join([key.id, *(f"{name}={value}" for name, value in logged(key).items())])
            audit_chain.note(connection, Event(process_actor(), "key_made", tenant, detail=detail))
        return key, f"kexie_{key.id}_{secret}"

    def all(self) -> list[ApiKey]:
        """All keys, oldest first."""
        with reading(self._engine) as connection:
            return all_keys(connection)

    def any(self) -> bool:
        """Whether any key was ever created."""
        with reading(self._engine) as connection:
            return connection.execute(select(KEYS.c.id).limit(1)).first() is not None

    def find(self, id: str) -> ApiKey | None:
        """The key with this public id, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(select(KEYS).where(KEYS.c.id == id)).mappings().first()
            return _key(row) if row else None

    def revoke(self, id: str) -> ApiKey:
        """Revokes a key; an earlier revocation keeps its time. Raises UnknownKey."""
        live = KEYS.c.id == id, KEYS.c.revoked.is_(None)
        with writing(self._engine) as connection:
            done = update(KEYS).where(*live).values(revoked=datetime.now(UTC)).returning(KEYS.c.tenant)
            if (tenant := connection.scalar(done)) is not None:
                audit_chain.note(connection, Event(process_actor(), "key_revoked", tenant, detail=id))
        if (found := self.find(id)) is None:
            raise UnknownKey(
                f"没有编号为“{id}”的密钥，请用 kexie-forms keys list 查看。",
                f"There is no key '{id}': see kexie-forms keys list.",
            )
        return found


def all_keys(connection: Connection) -> list[ApiKey]:
    """All keys, oldest first."""
    rows = connection.execute(select(KEYS).order_by(KEYS.c.created, KEYS.c.id)).mappings()
    return [_key(row) for row in rows]


def logged(key: ApiKey) -> dict[str, str]:
    """What the audit log says of a new key beside its tenant; of the secret, half of its hash."""
    expires = iso(key.expires) if key.expires else "never"
    return dict(zip(LOGGED, (",".join(key.scopes), expires, key.sha256[:32]), strict=True))


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"].split())})


def _hashed(secret: str) -> str:
    # 256 random bits cannot be guessed, so a slow hash is not needed.
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(tenant: str, scopes: tuple[str, ...], name: str, days: int | None) -> None:
    if tenant != NO_TENANT and not is_tenant(tenant):
        raise UsageError(
            "租户名应为 1 至 100 个可见字符（NFC），首尾无空格。",
            "A tenant's name has 1 to 100 visible characters in NFC, and no space at its ends.",
        )
    if not scopes or not set(scopes) <= set(SCOPES):
        raise UsageError(
            f"至少要有一项权限，可选：{'、'.join(SCOPES)}。",
            f"A key needs at least one scope of: {', '.join(SCOPES)}.",
        )
    if len(name) > _NAME_LIMIT or not name.isprintable():
        raise UsageError(
            f"备注最多 {_NAME_LIMIT} 个可见字符。", f"A name has at most {_NAME_LIMIT} visible characters."
        )
    if days is not None and not 1 <= days <= _DAYS:
        raise UsageError(f"有效天数应为 1 至 {_DAYS}。", f"A key lasts 1 to {_DAYS} days.")
