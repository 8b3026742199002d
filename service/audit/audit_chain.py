"""The chain of the audit log: rows appended in order of commit, each with the hash of the one before.

The hash of a row is the SHA-256 of its canonical text: its fields but for the hash, as JSON without spaces.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, text

from service.audit.audit_table import AUDIT, FIELDS
from service.audit.event import Actor, ArchivedRecord, Event, on_record, process_actor

BEFORE_THE_FIRST = "0" * 64
_HASHED = FIELDS[:-1]
_NOTED = "kexie_audit"
_LOCK = 0x6B617564  # the same in every process
_LAST = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
_APPEND = insert(AUDIT)


def canonical(row: Mapping[Any, Any]) -> str:
    """The canonical text of a row, with which its line in an export begins."""
    fields = {name: row[name] for name in _HASHED}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=str)


def hashed(row: Mapping[Any, Any]) -> str:
    """The hash that belongs to a row."""
    return hashlib.sha256(canonical(row).encode()).hexdigest()


def line(row: Mapping[Any, Any]) -> str:
    """A row as JSON: its canonical text, with the hash as last field."""
    return f'{canonical(row)[:-1]},"hash":"{row["hash"]}"}}'


def note(connection: Connection, event: Event) -> None:
    """Has an event appended when the transaction is committed, if it is: `append_noted` is called then."""
    connection.info.setdefault(_NOTED, []).append(event)


def note_archived(connection: Connection, record: ArchivedRecord, actor: Actor | None, result: str) -> None:
    """Notes that `actor`, by default the user of this process, archived a record."""
    note(connection, Event(actor or process_actor(), "archive", **on_record(record), result=result))


def forget_noted(connection: Connection) -> None:
    """Forgets events of a transaction that was rolled back."""
    connection.info.pop(_NOTED, None)


def append_noted(connection: Connection) -> None:
    """Appends the noted events, as the last thing in a transaction: others wait for it from here on."""
    if noted := connection.info.pop(_NOTED, None):
        append(connection, noted)


def append(connection: Connection, events: Iterable[Event]) -> None:
    """Appends events in the caller's transaction, which shall end at once."""
    if connection.dialect.name == "postgresql":  # an SQLite transaction locks the whole file
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last, previous = connection.execute(_LAST).one_or_none() or (0, BEFORE_THE_FIRST)
    rows = []
    for number, event in enumerate(events, last + 1):
        row = {"seq": number, **event.fields(), "previous": previous}
        previous = row["hash"] = hashed(row)
        rows.append(row)
    if rows:
        connection.execute(_APPEND, rows)
