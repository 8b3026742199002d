"""Verification of an archive: rehashes every object, and compares rows, manifests and objects."""

import contextlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, select, union

from service.archive import index, sm3
from service.archive.additions import addition_table
from service.archive.additions.addition import Addition, agrees
from service.archive.additions.addition_table import OBJECT_NAMES
from service.archive.database import reading
from service.archive.local_files import TEMPORARY_PREFIX
from service.archive.manifest import FILE_NAME, NAMES, record_key
from service.archive.object_store import ListedObject, Objects, object_name
from service.archive.record import Record, StoredFile
from service.archive.search import search_rows
from service.archive.verification import logged, searched
from service.archive.verification.verification_faults import VerificationFault
from service.errors import ObjectMissing

_PREFIXES = [f"{number:02x}" for number in range(256)]
_NAMED = union(*(select(func.substr(column, 1, 2)) for column in OBJECT_NAMES))
_NAME = re.compile("[0-9a-f]{64}")
_YOUNG = timedelta(hours=1)
Further = Callable[[Connection], Iterator[VerificationFault]]  # takes a connection without an earlier query


class Verification:
    """One run over an archive: yields each fault, and counts what it has checked so far.

    Reads the objects in 256 folders, so that memory holds a 256th of the index. Records added meanwhile are
    no fault. Raises ArchiveUnavailable.
    """

    def __init__(
        self,
        engine: Engine,
        objects: Objects,
        on_progress: "Callable[[Verification], None]" = lambda seen: None,
        further: Further | None = None,
    ) -> None:
        """`on_progress` is called after each folder; `further` yields faults beside those of records."""
        self._engine = engine
        self._objects = objects
        self._on_progress = on_progress
        self._further = further
        self.records = self.files = self.size = self.faults = 0

    def __iter__(self) -> Iterator[VerificationFault]:
        prefixes, strays = self._objects.prefixes()
        yield from self._counted(map(_without_row, strays))
        for strange in sorted(set(prefixes) - set(_PREFIXES)):
            yield from self._counted(map(_without_row, self._objects.list(strange)))
        with reading(self._engine) as connection:
            named = {*connection.execute(_NAMED).scalars()}
        for prefix in _PREFIXES:
            if prefix in prefixes or prefix in named:
                yield from self._counted(self._folder(prefix, prefix in prefixes))
            self._on_progress(self)
        with reading(self._engine) as connection:
            yield from self._counted(logged.faults(connection))
        if self._further:
            with reading(self._engine) as connection:
                yield from self._counted(self._further(connection))

    def _counted(self, faults: Iterator[VerificationFault]) -> Iterator[VerificationFault]:
        for fault in faults:
            self.faults += 1
            yield fault

    def _folder(self, prefix: str, exists: bool) -> Iterator[VerificationFault]:
        # Objects are written before their rows: reading the rows last finds the object of every row.
        listed = {found.sha256: found for found in self._objects.list(prefix)} if exists else {}
        with reading(self._engine) as connection:
            named = index.records_by_object(connection, prefix)
            added = addition_table.by_object(connection, prefix)
            keys = sorted({each.record for additions in added.values() for each in additions})
            owners = {record.key: record for record in index.by_keys(connection, keys)}
            described = [each.key for of in named.values() for each, part in of if part == "manifest"]
            rows = search_rows.by_keys(connection, described)
        added = {digest: owned for digest, each in added.items() if (owned := _owned(each, owners))}
        wanted = list({**named, **added})
        for digest, found in zip(wanted, self._objects.digests(wanted), strict=True):
            self.size += found.size if found else 0
            for record, part in named.get(digest, ()):
                yield from self._file(record, part, rows.get(record.key), found)
            for addition in added.get(digest, ()):
                self.files += digest == addition.file.sha256
                yield from _addition(owners[addition.record], addition, digest, found)
        for digest in sorted(listed.keys() - set(wanted)):
            yield _without_row(listed[digest])

    def _file(
        self, record: Record, part: str, row: RowMapping | None, found: StoredFile | None
    ) -> Iterator[VerificationFault]:
        if part == "manifest":
            self.records += 1
            yield from _manifest(self._objects, record, row, found)
            return
        self.files += 1
        yield from _document(record, part, found)


def verify_record(engine: Engine, objects: Objects, record: Record) -> list[VerificationFault]:
    """Rehashes the files and the manifest of one record, and its additions; returns its faults.

    Raises ArchiveUnavailable.
    """
    with reading(engine) as connection:
        additions = addition_table.of_record(connection, record.key)
        of_log = list(logged.faults(connection, record.key))
        row = search_rows.by_keys(connection, [record.key]).get(record.key)
    parts = list(record.files)
    names = [*(record.files[part].sha256 for part in parts), record.manifest]
    *files, described = objects.digests(names)
    faults = [
        fault for part, found in zip(parts, files, strict=True) for fault in _document(record, part, found)
    ]
    added = [(each, digest) for each in additions for digest in (each.file.sha256, each.statement)]
    checked = zip(added, objects.digests(digest for _, digest in added), strict=True)
    of_additions = [
        fault for (each, digest), found in checked for fault in _addition(record, each, digest, found)
    ]
    return [*faults, *_manifest(objects, record, row, described), *of_additions, *of_log]


def _owned(additions: Iterable[Addition], owners: Collection[str]) -> list[Addition]:
    """The additions whose record has not lost its row."""
    return [each for each in additions if each.record in owners]


def _addition(
    record: Record, addition: Addition, digest: str, found: StoredFile | None
) -> Iterator[VerificationFault]:
    if digest == addition.file.sha256:
        yield from _content(record, addition.name, addition.file, found)
    elif found is None:
        yield VerificationFault("object_missing", object_name(digest), record, addition.statement_name)
    elif found.sha256 != digest:
        yield VerificationFault("manifest_changed", object_name(digest), record, addition.statement_name)
    elif not agrees(addition, record):
        yield VerificationFault("row_differs", object_name(digest), record, addition.statement_name)


def _document(record: Record, part: str, found: StoredFile | None) -> Iterator[VerificationFault]:
    return _content(record, NAMES[part], record.files[part], found)


def _content(
    record: Record, name: str, wanted: StoredFile, found: StoredFile | None
) -> Iterator[VerificationFault]:
    if found == wanted:
        return
    if found is None:
        code = "object_missing"
    else:
        code = "wrong_size" if found.size != wanted.size else "object_changed"
    yield VerificationFault(code, object_name(wanted.sha256), record, name)


def _manifest(
    objects: Objects, record: Record, row: RowMapping | None, found: StoredFile | None
) -> Iterator[VerificationFault]:
    fault, described = _described(objects, record, found)
    if fault:
        yield fault
    else:
        yield from searched.faults(objects, record, row)
    if described:
        yield from _sm3(objects, record, described)


def unlike_manifests(objects: Objects, records: Sequence[Record]) -> Iterator[VerificationFault]:
    """Yields a fault for each record whose manifest is gone, was edited, or says otherwise than its row.

    Raises ArchiveUnavailable.
    """
    digests = objects.digests(each.manifest for each in records)
    for record, found in zip(records, digests, strict=True):
        fault, _ = _described(objects, record, found)
        if fault:
            yield fault


def _described(
    objects: Objects, record: Record, found: StoredFile | None
) -> tuple[VerificationFault | None, Mapping[str, Any] | None]:
    """What is wrong with a record's manifest, and the manifest if it is whole."""
    place = object_name(record.manifest)
    if found is None:
        return VerificationFault("row_without_object", place, record, FILE_NAME), None
    if found.sha256 != record.manifest:
        return VerificationFault("manifest_changed", place, record, FILE_NAME), None
    described = json.loads(objects.get(found))
    if columns := differing(record, described):
        return VerificationFault("row_differs", place, record, FILE_NAME, columns), described
    return None, described


def _sm3(objects: Objects, record: Record, manifest: Mapping[str, Any]) -> Iterator[VerificationFault]:
    """Yields the files that differ from the SM3 in the manifest; missing ones are found by SHA-256."""
    for file in manifest["files"]:
        wanted, place = file.get("sm3"), object_name(file["sha256"])
        if wanted is None:
            continue
        if not sm3.available():
            yield VerificationFault("sm3_unchecked", place, record, file["name"])
            continue
        with contextlib.suppress(ObjectMissing):
            if sm3.sm3(objects.stream(file["sha256"])) != wanted:
                yield VerificationFault("sm3_differs", place, record, file["name"])


def _without_row(found: ListedObject) -> VerificationFault:
    if not _NAME.fullmatch(found.sha256) and not PurePosixPath(found.place).name.startswith(TEMPORARY_PREFIX):
        return VerificationFault("foreign_file", found.place)
    young = datetime.now(UTC) - found.written < _YOUNG
    return VerificationFault("young_object_without_row" if young else "object_without_row", found.place)


def differing(record: Record, manifest: Mapping[str, Any]) -> list[str]:
    """The columns of a record's row that are not as its manifest says."""
    files = {file["part"]: StoredFile(file["sha256"], file["size"]) for file in manifest["files"]}
    of = (manifest["tenant"], manifest["form"], manifest["year"], manifest["id"], manifest["version"])
    described = Record(
        record_key(*of),
        *of,
        manifest["edition"]["edition_hash"],
        datetime.fromisoformat(manifest["created"]),
        record.manifest,
        files,
        len(manifest["warnings"]),
    )
    names = [each.name for each in fields(Record) if each.compare]
    return [name for name in names if getattr(record, name) != getattr(described, name)]
