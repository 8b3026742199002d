"""Adds files to records, and reads them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from service.archive import index
from service.archive.additions import addition_table
from service.archive.additions.addition import ACTIONS, SIGNED, Addition, statement
from service.archive.archive import Archive
from service.archive.database import database_errors
from service.archive.object_store import stored_file
from service.archive.record import Record, StoredFile
from service.audit import audit_chain
from service.audit.event import Actor, Event, on_record
from service.errors import UnknownRecord


def additions(archive: Archive, record: Record, kind: str | None = None) -> list[Addition]:
    """The additions of a record, all or those of a kind, in the order of their numbers."""
    with archive.reading() as connection:
        return addition_table.of_record(connection, record.key, kind)


def add(
    archive: Archive,
    record: Record,
    kind: str,
    content: bytes,
    media_type: str,
    result: Mapping[str, Any],
    actor: Actor,
) -> tuple[Addition, bool]:
    """Adds a file to a record under the next number of its kind; returns it, and whether it is new.

    The same bytes again are the addition that they are already. Raises UnknownRecord if the record was
    destroyed, ArchiveFault, ArchiveUnavailable.
    """
    file = stored_file(content)
    archive.objects.put([(file, content)])
    made = Addition(record.key, kind, 0, file, media_type, datetime.now(UTC), actor.who, result)
    try:
        with archive.writing() as connection:
            added = record_addition(archive, connection, record, made, actor)
            if not archive.objects.has([file]):  # a destruction of equal bytes has deleted it
                archive.objects.put([(file, content)])
            return added
    except UnknownRecord:
        _forget(archive, file)
        raise


def _forget(archive: Archive, file: StoredFile) -> None:
    """Deletes a file that was stored in vain, unless a record has it."""
    with archive.writing() as connection:
        index.lock_all(connection)
        if not addition_table.is_named(connection, file.sha256):
            archive.objects.delete(file.sha256)


def record_addition(
    archive: Archive, connection: sa.Connection, record: Record, made: Addition, actor: Actor
) -> tuple[Addition, bool]:
    """As `add`, in the caller's transaction, for a stored file."""
    with database_errors():
        index.lock(connection, record.tenant, record.form, record.year, record.id)
        if not index.by_keys(connection, [record.key]):
            raise _gone(record)
        others = addition_table.of_record(connection, record.key, made.kind)
        if same := next((each for each in others if each.file == made.file), None):
            return same, False
        final = _numbered(archive, record, made, len(others) + 1)
        addition_table.insert(connection, final)
        detail = f"{final.kind}-{final.number} {final.file.sha256}"  # `logged` compares it
        audit_chain.note(connection, Event(actor, ACTIONS[made.kind], **on_record(record), detail=detail))
        return final, True


def _gone(record: Record) -> UnknownRecord:
    return UnknownRecord(f"“{record.id}”已销毁。", f"'{record.id}' was destroyed.")


def _numbered(archive: Archive, record: Record, made: Addition, number: int) -> Addition:
    """An addition with its number, whose statement is stored."""
    numbered = replace(made, number=number)
    described = statement(numbered, record)
    file = stored_file(described)
    archive.objects.put([(file, described)])
    return replace(numbered, statement=file.sha256)


def find(archive: Archive, record: Record, kind: str, number: int) -> Addition:
    """An addition of a record. Raises UnknownRecord."""
    for each in additions(archive, record, kind):
        if each.number == number:
            return each
    raise UnknownRecord(
        f"记录 {record.key} 没有第 {number} 份（{kind}）。",
        f"Record {record.key} has no {kind} number {number}.",
    )


def also_in(archive: Archive, addition: Addition) -> list[Record]:
    """The other records of the same tenant to which the same file was added."""
    with archive.reading() as connection:
        same = addition_table.by_files(connection, [addition.file.sha256])
        found = index.by_keys(connection, [each.record for each in same if each.kind == addition.kind])
    tenants = {each.tenant for each in found if each.key == addition.record}
    others = (each for each in found if each.key != addition.record and each.tenant in tenants)
    return sorted(others, key=lambda each: (each.id, each.version))


def read(archive: Archive, addition: Addition) -> bytes:
    """The file of an addition, its hash checked. Raises ArchiveFault, ArchiveUnavailable."""
    return archive.objects.get(addition.file)


def read_part(archive: Archive, record: Record, part: str) -> bytes:
    """A file of a record, its manifest, or the PDF that the service has signed. Raises as `Archive.read`."""
    return read(archive, find(archive, record, SIGNED, 1)) if part == SIGNED else archive.read(record, part)
