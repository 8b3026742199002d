"""What names a record by hash: the code on its cover sheet, or the SHA-256 of a file of it."""

import re

from sqlalchemy import Select, select, union

from service.archive.additions.addition_table import ADDITIONS
from service.archive.record import Record
from service.archive.record_tables import FILES, RECORDS
from service.database.columns import begins

_DIGITS = 16  # enough to be unique
_WHOLE = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{8}\s*){8}(?![0-9a-fA-F])")  # cover sheets print groups
_HASH = re.compile(rf"[#＃]([0-9a-fA-F]{{{_DIGITS}}})(?![0-9a-fA-F])")


def code(record: Record) -> str:
    """The code on a cover sheet: a record's number, and the beginning of its manifest's SHA-256."""
    return f"{record.id} #{record.manifest[:_DIGITS]}"


def recognised(text: str) -> tuple[str, Select[tuple[str]]] | None:
    """What of a text is no hash, and a query of the keys that the hash names; None if it has none."""
    if whole := _WHOLE.search(text):
        return text.replace(whole[0], " "), _owners("".join(whole[0].split()).lower())
    found = _HASH.search(text)
    if found is None:
        return None
    digits = found[1].lower()
    return text.replace(found[0], " "), select(RECORDS.c.key).where(begins(RECORDS.c.manifest, digits))


def _owners(digest: str) -> Select[tuple[str]]:
    """A query of the keys of records with a file, a manifest or an addition of that SHA-256."""
    names = (
        (FILES.c.record, FILES.c.sha256),
        (RECORDS.c.key, RECORDS.c.manifest),
        (ADDITIONS.c.record, ADDITIONS.c.sha256),
    )
    keys = union(*(select(key.label("key")).where(named == digest) for key, named in names)).subquery()
    return select(keys.c.key)
