"""The rows of the search table: one added with each record, its texts set once they are known."""

from sqlalchemy import Connection, bindparam, insert, update

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


def add(connection: Connection, record: Record, texts: SearchText) -> None:
    """Inserts the row of a new record; earlier versions of its submission are the newest no longer."""
    if record.version > 1:
        connection.execute(_OLDER, {f"of_{name}": getattr(record, name) for name in _SUBMISSION})
    copied = {name: getattr(record, name) for name in _COPIED}
    imported = "original" in record.files
    row = {"record": record.key, "newest": True, "imported": imported, **copied, **texts.columns(record.id)}
    connection.execute(_ADD, row)


def set_texts(connection: Connection, record: Record, texts: SearchText) -> None:
    """Sets what the record of an earlier version of the service is found by."""
    connection.execute(_SET, {"of_record": record.key, **texts.columns(record.id)})
