"""Drafts in the database: added, read, replaced and deleted by their links."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.archive.database import reading, writing
from service.archive.database_handle import DatabaseHandle
from service.config import Settings
from service.drafts import draft_errors
from service.drafts.draft_cipher import DraftLink
from service.drafts.draft_table import DRAFTS

DRAFTS_MAXIMUM = 2000  # of a tenant
MEGABYTES_MAXIMUM = 256  # of a tenant
_REMEMBERED = timedelta(days=90)  # that the link of an expired draft is known as such


@dataclass(frozen=True)
class SavedDraft:
    """A draft as it was last saved; `version` counts the savings."""

    link: DraftLink
    version: int
    saved: datetime
    expires: datetime
    content: dict[str, Any]


class DraftStore:
    """The drafts of an application. `about` is what a draft is of: it opens for the same only.

    Every call may raise ArchiveUnavailable or ArchiveFault, and UnknownDraft if the settings allow no drafts.
    """

    def __init__(self, settings: Settings, database: DatabaseHandle) -> None:
        self._database = database
        self._kept = timedelta(days=settings.draft_days)

    def add(self, tenant: str, about: str, content: dict[str, Any]) -> SavedDraft:
        """Saves a new draft. Raises DraftsFull."""
        self._check_allowed()
        draft = self._draft(DraftLink.new(), 1, content)
        values = {"id": draft.link.id, "tenant": tenant, "sha256": draft.link.sha256, **_row(draft, about)}
        with writing(self._database.engine()) as connection:
            _delete_expired(connection, draft.saved)
            _check_room(connection, tenant, values["size"], others=DRAFTS.c.tenant == tenant)
            connection.execute(insert(DRAFTS).values(**values))
        return draft

    def get(self, tenant: str, about: str, link: DraftLink) -> SavedDraft:
        """The draft of a link. Raises UnknownDraft or DraftExpired."""
        self._check_allowed()
        with reading(self._database.engine()) as connection:
            row = _found(connection, tenant, link)
        content = link.decrypt(row.content, about)
        if content is None:
            raise draft_errors.unknown_draft()
        return SavedDraft(link, row.version, row.saved, row.expires, json.loads(content))

    def replace(
        self, tenant: str, about: str, link: DraftLink, content: dict[str, Any], version: int | None
    ) -> SavedDraft:
        """Saves a draft again, for as long as a new one; `version` is the one that it replaces, None for any.

        Raises UnknownDraft, DraftExpired, DraftChanged or DraftsFull.
        """
        before = self.get(tenant, about, link)
        if version not in (None, before.version):
            raise draft_errors.changed()
        draft = self._draft(link, before.version + 1, content)
        values = _row(draft, about)
        mine = DRAFTS.c.id == link.id
        with writing(self._database.engine()) as connection:
            _delete_expired(connection, draft.saved)
            _check_room(connection, tenant, values["size"], others=(DRAFTS.c.tenant == tenant) & ~mine)
            same = mine & (DRAFTS.c.version == before.version)
            if connection.execute(update(DRAFTS).where(same).values(**values)).rowcount != 1:
                raise draft_errors.changed()
        return draft

    def delete(self, tenant: str, link: DraftLink) -> None:
        """Deletes a draft, also an expired one. Raises UnknownDraft."""
        self._check_allowed()
        with writing(self._database.engine()) as connection:
            _known(connection, tenant, link)
            connection.execute(delete(DRAFTS).where(DRAFTS.c.id == link.id))

    def _check_allowed(self) -> None:
        if not self._kept:
            raise draft_errors.drafts_off()

    def _draft(self, link: DraftLink, version: int, content: dict[str, Any]) -> SavedDraft:
        now = datetime.now(UTC)
        return SavedDraft(link, version, now, now + self._kept, content)


def _row(draft: SavedDraft, about: str) -> dict[str, Any]:
    stored = draft.link.encrypt(json.dumps(draft.content).encode(), about)
    return {
        "version": draft.version,
        "saved": draft.saved,
        "expires": draft.expires,
        "size": len(stored),
        "content": stored,
    }


def _known(connection: Connection, tenant: str, link: DraftLink) -> Row[Any]:
    row = connection.execute(select(DRAFTS).where(DRAFTS.c.id == link.id)).first()
    if row is None or row.tenant != tenant or not link.opens(row.sha256):
        raise draft_errors.unknown_draft()
    return row


def _found(connection: Connection, tenant: str, link: DraftLink) -> Row[Any]:
    row = _known(connection, tenant, link)
    if row.content is None or row.expires < datetime.now(UTC):
        raise draft_errors.expired(row.expires)
    return row


def _delete_expired(connection: Connection, now: datetime) -> None:
    """Deletes the content of expired drafts, and after a while the rows."""
    over = (DRAFTS.c.expires < now) & DRAFTS.c.content.is_not(None)
    connection.execute(update(DRAFTS).where(over).values(content=None, size=0))
    connection.execute(delete(DRAFTS).where(DRAFTS.c.expires < now - _REMEMBERED))


def _check_room(connection: Connection, tenant: str, size: int, others: Any) -> None:
    counted = select(func.count(), func.coalesce(func.sum(DRAFTS.c.size), 0)).where(
        others, DRAFTS.c.content.is_not(None)
    )
    count, total = connection.execute(counted).one()
    if count >= DRAFTS_MAXIMUM or total + size > MEGABYTES_MAXIMUM * 1_000_000:
        raise draft_errors.full(DRAFTS_MAXIMUM, MEGABYTES_MAXIMUM)
