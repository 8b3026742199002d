"""What destruction lists say of a record: proposed, or destroyed, with its hashes; they stay for good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from service.access.actors import Actors
from service.archive import Archive
from service.errors import RecordDestroyed, UsageError
from service.retention import holds, list_entries
from service.retention.destruction_list import DestructionList
from service.retention.retention_tables import DESTROYED, LISTED, LISTS
from service.submission import time_in_china


@dataclass(frozen=True)
class ListedRecord:
    """A record in a destruction list, which is here without its other records.

    `files` has SHA-256 and size (bytes) of each file by name; `due` is a day in ISO 8601.
    """

    list: DestructionList
    key: str
    tenant: str
    form: str
    year: int
    id: str
    version: int
    manifest: str
    created: datetime
    title: str
    due: str | None
    files: Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class DestroyedRecord(ListedRecord):
    """A record of a list that was carried out: when, and by whom."""

    ended: datetime
    ended_by: str

    def file(self, sha256: str) -> str:
        """The name of its file with that hash, as the list has it; "manifest" for its manifest."""
        return next((name for name, (digest, _) in self.files.items() if digest == sha256), "manifest")


def of_record(connection: Connection, key: str) -> list[ListedRecord]:
    """The lists that name the record of that key, the oldest first."""
    return list(_listed(connection, LISTED.c.record == key))


def destroyed(connection: Connection, key: str, tenant: str | None = None) -> DestroyedRecord | None:
    """The destroyed record of that key, of a tenant if one is given."""
    found = destroyed_where(connection, LISTED.c.record == key)
    return next((each for each in found if tenant in (None, each.tenant)), None)


def with_file(connection: Connection, sha256: str, tenant: str | None = None) -> DestroyedRecord | None:
    """The newest destroyed record, of a tenant if one is given, that had a file of that hash."""
    had = or_(LISTED.c.manifest == sha256, LISTED.c.files.contains(sha256))
    found = (each for each in destroyed_where(connection, had) if tenant in (None, each.tenant))
    return max(found, key=lambda each: (each.version, each.created), default=None)


def gone(archive: Archive, found: DestroyedRecord) -> RecordDestroyed:
    """The error for a destroyed record: when, by which list, by whom."""
    by, when = Actors.of(archive).words(found.ended_by), f"{time_in_china(found.ended):%Y-%m-%d %H:%M}"
    return RecordDestroyed(
        f"编号“{found.id}”（{found.form} {found.year}）第 {found.version} 版"
        f"已于 {when}（北京时间）按销毁清册 {found.list.id} 销毁，"
        f"执行：{by.zh}。清册留有各文件的校验值。",
        f"'{found.id}' ({found.form} {found.year}), version {found.version}, was destroyed at {when} (China) "
        f"by destruction list {found.list.id}, carried out by {by.en}. "
        "The list keeps the hashes of its files.",
    )


def destroyed_versions(connection: Connection, id: str) -> list[DestroyedRecord]:
    """The destroyed records of that id, the newest version first."""
    found = destroyed_where(connection, LISTED.c.id == id)
    return sorted(found, key=lambda each: each.version, reverse=True)


def named(archive: Archive, name: str) -> list[DestroyedRecord]:
    """The destroyed record of that key, or the versions of the submission of that id, the newest first.

    Raises UsageError for an id of several submissions.
    """
    with archive.reading() as connection:
        found = destroyed(connection, name)
        versions = [found] if found else destroyed_versions(connection, name)
    _refuse_several(name, versions)
    return versions


def _refuse_several(named: str, versions: Sequence[DestroyedRecord]) -> None:
    of = {holds.submission(each): each.key for each in versions}
    if len(of) > 1:
        forms = [f"{form} {year} {key}" for (_, form, year, _), key in of.items()]
        raise UsageError(
            f"编号“{named}”有 {len(of)} 条已销毁的档案，请改用记录号：{'、'.join(forms)}。",
            f"{len(of)} destroyed records had the id '{named}': name one by its key: {', '.join(forms)}.",
        )


def destroyed_where(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[DestroyedRecord]:
    """Yields the destroyed records whose entries in their lists meet conditions."""
    for each in _listed(connection, *wanted):
        of = each.list
        if of.state == DESTROYED and of.ended and of.ended_by:
            yield DestroyedRecord(**vars(each), ended=of.ended, ended_by=of.ended_by)


def _listed(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[ListedRecord]:
    entries = [*map(list_entries.read, connection.execute(select(LISTED).where(*wanted)).mappings())]
    named = LISTS.c.id.in_({entry["list"] for entry in entries})
    for row in connection.execute(select(LISTS).where(named).order_by(LISTS.c.proposed)):
        of = DestructionList(**row._asdict())
        for entry in entries:
            if entry["list"] == of.id:
                values = {name: value for name, value in entry.items() if name != "record"}
                yield ListedRecord(**{**values, "list": of}, key=entry["record"])
