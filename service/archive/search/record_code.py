"""The code of a record on its cover sheet: its number, and the beginning of its manifest's SHA-256."""

import re

from sqlalchemy import Select, select

from service.archive.record import Record
from service.archive.record_tables import RECORDS
from service.database.columns import begins

_DIGITS = 16  # tell records apart
_HASH = re.compile(rf"[#＃]([0-9a-fA-F]{{{_DIGITS}}})(?![0-9a-fA-F])")


def code(record: Record) -> str:
    """The code of a record, as people and QR readers have it."""
    return f"{record.id} #{record.manifest[:_DIGITS]}"


def recognised(text: str) -> tuple[str, Select[tuple[str]]] | None:
    """What of a text is no hash of a code, and a query of the key that it names; None if it has none."""
    found = _HASH.search(text)
    if found is None:
        return None
    digits = found[1].lower()
    return text.replace(found[0], " "), select(RECORDS.c.key).where(begins(RECORDS.c.manifest, digits))
