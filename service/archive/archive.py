"""The archive's interface: add, find, read and verify records."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from service.archive import database, index, manifest, sm3
from service.archive.additions import signing_queue
from service.archive.locations import locate
from service.archive.object_store import Objects, stored_file
from service.archive.pending import Pending, equal, made, refuse_newer, stored_files, texts_of
from service.archive.record import Entry, Record, StoredFile, check
from service.archive.search import search_query
from service.archive.search.record_filters import Wanted
from service.archive.tool_versions import current_tool_versions
from service.archive.verification.verification_faults import VerificationFault
from service.archive.verification.verify import Further, Verification, verify_record
from service.audit import audit_chain
from service.audit.event import OK, SAME, Actor
from service.config import Settings
from service.errors import UnknownRecord

_PAGE, _KEYS = 500, 10_000  # records, and their keys, that are read at once


class Archive:
    """Records in an index, their files in an object store. One per process, usable from any thread."""

    def __init__(self, engine: Engine, objects: Objects, settings: Settings) -> None:
        """Raises UsageError for settings that this machine cannot meet."""
        if settings.sm3:
            sm3.require()
        self.engine = engine
        self.objects = objects
        self._settings = settings

    @classmethod
    def open(cls, settings: Settings, folder: Path | None = None, *, create: bool = True) -> "Archive":
        """Opens the archive in `folder`, or that of the settings, and creates what is missing.

        A read-only archive (on a DVD) can be read. Raises ArchiveFault, ArchiveUnavailable, and UsageError
        for settings that this machine cannot meet, or without `create` if no archive exists.
        """
        place = locate(settings, folder)
        engine = database.open_database(place.database, create=create)
        try:
            return cls(engine, Objects(place.objects), settings)
        except BaseException:
            engine.dispose()
            raise

    @classmethod
    def on(cls, engine: Engine, settings: Settings) -> "Archive":
        """The archive of the settings on an engine that others use too. Raises as `open`."""
        return cls(engine, Objects(locate(settings).objects), settings)

    def close(self) -> None:
        """Closes connections and ends threads."""
        self.engine.dispose()
        self.objects.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def reading(self) -> AbstractContextManager[Connection]:
        """A read-only connection; with SQLite it does not block writers."""
        return database.reading(self.engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction, for `record` and for the caller's own rows."""
        return database.writing(self.engine)

    def add(self, entry: Entry, after: str | None = None, actor: Actor | None = None) -> Record:
        """Archives an entry: `store`, then `record` in a transaction of its own. Raises as both do."""
        pending = self.store(entry, after)
        with self.writing() as connection:
            return self.record(pending, connection, actor)

    def add_numbered(self, entry: Entry, actor: Actor | None = None) -> Record:
        """Archives an entry under a new id: its own is the beginning, behind which comes a running number.

        Raises as `add`.
        """
        check(entry)
        files, texts = stored_files(entry), texts_of(entry)
        self.objects.put((file, entry.files[part]) for part, file in files.items())
        with self.writing() as connection:
            with database.database_errors():
                id = index.running_id(connection, entry.tenant, entry.form, entry.year, entry.id)
            return self.record(Pending(replace(entry, id=id), files, 1, None, texts), connection, actor)

    def store(self, entry: Entry, after: str | None = None) -> Pending:
        """Stores the entry's files and manifest; `record` creates the record. Safe to repeat.

        `after` is the key of the version that this one is made of, "" for none; by default any may be the
        newest. Raises NewerVersion, UsageError for an invalid entry, ArchiveFault, ArchiveUnavailable.
        """
        check(entry)  # before the database is asked for an id that it cannot hold
        return self._stored(self.latest(entry.tenant, entry.form, entry.year, entry.id), entry, after)

    def store_behind(self, newest: Record | None, entry: Entry) -> Pending:
        """As `store`, for a known newest version."""
        check(entry)
        return self._stored(newest, entry)

    def _stored(self, newest: Record | None, entry: Entry, after: str | None = None) -> Pending:
        files, texts = stored_files(entry), texts_of(entry)
        version = newest.version + 1 if newest else 1
        if newest and equal(newest.files, files):
            kept = [part for part in files if files[part] == newest.files.get(part)]
            self.objects.put((files[part], entry.files[part]) for part in kept)
            return Pending(entry, files, version, None, texts, after)
        refuse_newer(newest, after)
        described = self._described(entry, version, files)
        return Pending(entry, files, version, described, texts, after)

    def _described(self, entry: Entry, version: int, files: dict[str, StoredFile]) -> StoredFile:
        """Stores the entry's files and their manifest as `version`."""
        composed = manifest.compose(
            entry, version, files, current_tool_versions(self._settings), with_sm3=self._settings.sm3
        )
        described = stored_file(composed)
        contents = [(file, entry.files[part]) for part, file in files.items()]
        self.objects.put([*contents, (described, composed)])
        return described

    def record(self, pending: Pending, connection: Connection, actor: Actor | None = None) -> Record:
        """Inserts the record of stored files in the caller's transaction, which is one of `writing`.

        The audit log says in the same transaction that `actor` did it, by default the user of this process.
        Returns the newest version if it has the same payload, .docx and PDF.
        Raises NewerVersion, ArchiveFault, ArchiveUnavailable.
        """
        entry = pending.entry
        with database.database_errors():
            index.lock(connection, entry.tenant, entry.form, entry.year, entry.id)
            newest = index.latest(connection, entry.tenant, entry.form, entry.year, entry.id)
            if newest and equal(newest.files, pending.files):
                self._forget(pending, connection)
                audit_chain.note_archived(connection, newest, actor, SAME)
                return newest
            refuse_newer(newest, pending.after)
            version = newest.version + 1 if newest else 1
            described = pending.manifest
            if not (described and version == pending.version and self.objects.has(pending.objects)):
                described = self._described(entry, version, pending.files)
                if described != pending.manifest:
                    self._forget(pending, connection)
            new = made(pending, version, described)
            index.add(connection, new, pending.texts)
            signing_queue.note(connection, new, self._settings)
            audit_chain.note_archived(connection, new, actor, OK)
            return new

    def _forget(self, pending: Pending, connection: Connection) -> None:
        """Deletes the manifest of a version number that another entry has taken, unless a record names it."""
        if pending.manifest and not index.has_manifest(connection, pending.manifest.sha256):
            self.objects.delete(pending.manifest.sha256)

    def records(
        self,
        form: str | None = None,
        year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
        **filters: Any,
    ) -> Iterator[Record]:
        """Yields the records that `Wanted` describes, in its order, after the one with the key `after`."""
        wanted, left = Wanted(form, year, **filters), limit
        while left is None or left > 0:
            size = _KEYS if left is None else min(_KEYS, left)
            with self.reading() as connection:
                keys = search_query.page(connection, wanted, after, size)
            yield from self.each(keys)
            if len(keys) < size:
                return
            after = keys[-1]
            left = None if left is None else left - len(keys)

    def count(self) -> int:
        """The number of records, counting every version."""
        with self.reading() as connection:
            return index.count(connection)

    def get(self, key: str) -> Record:
        """The record of that key. Raises UnknownRecord."""
        found = self.named([key]).get(key)
        if found is None:
            raise UnknownRecord(
                f"档案中没有记录号或编号为“{key}”的记录。执行 kexie-forms records 查看全部记录。",
                f"The archive has no record '{key}'. See kexie-forms records.",
            )
        return found

    def named(self, keys: Sequence[str]) -> dict[str, Record]:
        """The records with these keys, by key; missing ones are left out."""
        with self.reading() as connection:
            return {record.key: record for record in index.by_keys(connection, keys)}

    def each(self, keys: Sequence[str]) -> Iterator[Record]:
        """Yields the records with these keys, in their order, some of them at once; without missing ones."""
        for start in range(0, len(keys), _PAGE):
            piece = keys[start : start + _PAGE]
            found = self.named(piece)
            yield from (found[key] for key in piece if key in found)

    def latest(self, tenant: str, form: str, year: int, id: str) -> Record | None:
        """The newest version of a submission, or None."""
        with self.reading() as connection:
            return index.latest(connection, tenant, form, year, id)

    def last_number(self, tenant: str, form: str, year: int, beginning: str) -> int:
        """The greatest running number behind the ids that begin so; 0 if there is none."""
        with self.reading() as connection:
            return max(index.running_numbers(connection, tenant, form, year, beginning), default=0)

    def versions(self, record: Record, limit: int) -> list[Record]:
        """Up to `limit` versions of a record's submission, newest first."""
        with self.reading() as connection:
            return index.versions(connection, record.tenant, record.form, record.year, record.id, limit)

    def read(self, record: Record, part: str) -> bytes:
        """Reads a file of a record, or its "manifest", and checks its hash.

        Raises UnknownRecord if the record has no such part, ArchiveFault, ArchiveUnavailable.
        """
        if part == "manifest":
            return self.objects.get(StoredFile(record.manifest, 0))
        if part not in record.files:
            available = "、".join(record.files)
            raise UnknownRecord(
                f"记录 {record.key} 没有 {part}，现有：{available}、manifest。",
                f"Record {record.key} has no {part}; available: {', '.join(record.files)}, manifest.",
            )
        return self.objects.get(record.files[part])

    def verify(
        self, on_progress: Callable[[Verification], None] = lambda seen: None, further: Further | None = None
    ) -> Verification:
        """Compares all objects, manifests and rows: iterating yields the faults, and calls `on_progress`."""
        return Verification(self.engine, self.objects, on_progress, further)

    def verify_record(self, record: Record) -> list[VerificationFault]:
        """Rehashes the files of one record and returns its faults. Raises ArchiveUnavailable."""
        return verify_record(self.engine, self.objects, record)

    def manifest(self, record: Record) -> dict[str, Any]:
        """The manifest of a record. Raises as `read`."""
        return dict(json.loads(self.read(record, "manifest")))
