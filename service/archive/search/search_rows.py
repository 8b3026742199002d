"""The rows of the search table: one added with each record, its texts set once they are known."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from service.archive.record import Record
from service.archive.search.search_table import SEARCH
from service.archive.search.search_text import SearchText

_SUBMISSION = ("tenant", "form", "year", "id")
_COPIED = (*_SUBMISSION, "version", "created", "warnings")
_ADD = insert(SEARCH)
_OLDER = (
    update(SEARCH)
    .where(*(SEARCH.c[name] == bindparam(f"of_{name}") for name in _SUBMISSION))
    .values(newest=False)
)
_SET = update(SEARCH).where(SEARCH.c.record == bindparam("of_record"))
_BY_KEYS = select(SEARCH).where(SEARCH.c.record.in_(bindparam("keys", expanding=True)))
_AT_ONCE = 500  # keys


def add(connection: Connection, record: Record, texts: SearchText) -> None:
    """Inserts the row of a new record; earlier versions of its submission are the newest no longer."""
    if record.version > 1:
        connection.execute(_OLDER, {f"of_{name}": getattr(record, name) for name in _SUBMISSION})
    row = {"record": record.key, "newest": True, **copied(record), **texts.columns(record.id)}
    connection.execute(_ADD, row)


def copied(record: Record) -> dict[str, Any]:
    """The columns that repeat a record's row."""
    return {"imported": "original" in record.files, **{name: getattr(record, name) for name in _COPIED}}


def by_keys(connection: Connection, keys: Sequence[str]) -> dict[str, RowMapping]:
    """The rows of the records with these keys, by key; missing ones are left out."""
    pieces = [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]
    return {
        row["record"]: row
        for piece in pieces
        for row in connection.execute(_BY_KEYS, {"keys": piece}).mappings()
    }


def set_texts(connection: Connection, record: Record, texts: SearchText) -> None:
    """Sets what the record of an earlier version of the service is found by."""
    connection.execute(_SET, {"of_record": record.key, **texts.columns(record.id)})
