"""Rows of the audit log, filtered."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, or_, select

from service.audit.audit_table import AUDIT
from service.audit.event import BY_SUDO, COMPARED_WITH, SUBMITTING, by_sudo
from service.database.column_types import iso
from service.errors import Bilingual

CHINA = timezone(timedelta(hours=8))
_SHORTEST, _LIST = 16, 12  # digits of a hash, and of the id of a destruction list
_AT_ONCE = 1000  # rows
#: What `read_sha256` takes, in words.
HASH_WORDS = Bilingual(
    f"校验值，或它的前 {_SHORTEST} 位以上（0 至 9、a 至 f），或销毁清册号",
    f"a hash, {_SHORTEST} or more of its first digits (0 to 9, a to f), or the id of a destruction list",
)
_HASH = re.compile(f"[0-9a-f]{{{_LIST}}}|[0-9a-f]{{{_SHORTEST},64}}")


@dataclass(frozen=True)
class Wanted:
    """Filters; None is any. `since` is inclusive, `until` is not; of several in `who` any.

    `sha256` is the beginning of a hash in lower case: of a manifest, or of a file or package in `detail`; or
    the id of a destruction list, which is in `detail` too.
    """

    tenant: str | None = None
    action: str | None = None
    who: str | tuple[str, ...] | None = None
    record: str | None = None
    form: str | None = None
    year: int | None = None
    id: str | None = None
    batch: str | None = None
    sha256: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as conditions on the table."""
        columns = AUDIT.c
        found = [columns[name] == value for name, value in self._equal().items()]
        found += [or_(*map(_by, self.who))] if isinstance(self.who, tuple) else []
        found += [_hashed(self.sha256)] if self.sha256 else []
        found += [columns.time >= iso(self.since)] if self.since else []
        return found + ([columns.time < iso(self.until)] if self.until else [])

    def _equal(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in vars(self).items()
            if name not in ("since", "until", "sha256") and value is not None and not isinstance(value, tuple)
        }


def _by(who: str) -> ColumnElement[bool]:
    """Whether somebody acted; a user also by sudo, as its caller or under that account."""
    exactly = AUDIT.c.who == who
    kind, _, name = who.partition(":")
    if kind != "user" or by_sudo(who)[1]:
        return exactly
    under_account = AUDIT.c.who.startswith(f"{who}{BY_SUDO}", autoescape=True)
    return or_(exactly, under_account, AUDIT.c.who.endswith(f"{BY_SUDO}{name}", autoescape=True))


def _hashed(digits: str) -> ColumnElement[bool]:
    """Whether a row names a hash that begins so, or a destruction list."""
    return or_(AUDIT.c.manifest.startswith(digits), AUDIT.c.detail.contains(digits))


def latest(connection: Connection, wanted: Wanted, before: int | None, limit: int) -> list[RowMapping]:
    """Up to `limit` rows, the newest first, before the row of that number."""
    found = select(AUDIT).where(*wanted.conditions()).order_by(AUDIT.c.seq.desc()).limit(limit)
    if before is not None:
        found = found.where(AUDIT.c.seq < before)
    return list(connection.execute(found).mappings())


def rows(connection: Connection, wanted: Wanted) -> Iterator[RowMapping]:
    """All rows in order."""
    after, conditions = 0, wanted.conditions()
    while True:
        found = select(AUDIT).where(AUDIT.c.seq > after, *conditions).order_by(AUDIT.c.seq).limit(_AT_ONCE)
        page = connection.execute(found).mappings().all()
        yield from page
        if len(page) < _AT_ONCE:
            return
        after = page[-1]["seq"]


def submitters(connection: Connection, batches: Iterable[str]) -> dict[str, str]:
    """Who submitted each batch first; those that the log does not name are left out."""
    submitting = AUDIT.c.batch.in_(set(batches)) & AUDIT.c.action.in_(SUBMITTING)
    wanted = select(AUDIT.c.batch, AUDIT.c.who).where(submitting).order_by(AUDIT.c.seq.desc())
    return {row.batch: row.who for row in connection.execute(wanted)}


def compared_with(connection: Connection, row: Mapping[Any, Any]) -> tuple[str, int] | None:
    """The id and version of the record that a row's was compared with, destroyed or not; None without one.

    None also for a record of another tenant, and for one that no other row of the log names.
    """
    detail = row["detail"] or ""
    if not detail.startswith(COMPARED_WITH):
        return None
    other = AUDIT.c.record == detail.removeprefix(COMPARED_WITH), AUDIT.c.tenant == row["tenant"]
    found = connection.execute(select(AUDIT.c.id, AUDIT.c.version).where(*other).limit(1)).one_or_none()
    return (found.id, found.version) if found else None


def hosted(submitter: str | None) -> bool:
    """Whether the batch of this submitter came to the service, which has a page of it; None: not known."""
    return submitter is not None and not submitter.startswith("user:")


def read_sha256(text: str) -> str:
    """A hash, its first digits, or the id of a destruction list, in lower case without spaces.

    Raises ValueError.
    """
    digits = "".join(text.split()).lower()
    if not _HASH.fullmatch(digits):
        raise ValueError(text)
    return digits


def read_since(text: str) -> datetime:
    """The beginning of a period: a day or a time (ISO 8601), in China without a zone. Raises ValueError."""
    return _in_utc(text, timedelta())


def read_until(text: str) -> datetime:
    """The end of a period, as `read_since`; a day is part of it. Raises ValueError."""
    return _in_utc(text, timedelta(days=len(text) <= len("2021-03-09")))


def _in_utc(text: str, later: timedelta) -> datetime:
    found = datetime.fromisoformat(text)
    try:
        return ((found if found.tzinfo else found.replace(tzinfo=CHINA)) + later).astimezone(UTC)
    except OverflowError as error:  # before the year 1 or after 9999
        raise ValueError(text) from error
