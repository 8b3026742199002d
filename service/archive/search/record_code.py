"""What names a record by hash: the code on its cover sheet, or the SHA-256 of a file of it."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

from sqlalchemy import Connection, Select, select, union

from service.archive.additions.addition_table import ADDITIONS
from service.archive.record import Record
from service.archive.record_tables import FILES, RECORDS
from service.database.column_types import begins

_DIGITS = 16  # enough to be unique
_TRIED = 50  # codes without # in a text
_WHOLE = re.compile(r"(?<![0-9a-f])((?:[0-9a-f]{8}\s*){8})(?![0-9a-f])")  # cover sheets print groups
_MARKED = re.compile(rf"#\s*((?:[0-9a-f]\s*){{{_DIGITS}}})(?![0-9a-f])")
#: Without #, together or in groups of four; each place is tried, as other digits may come before.
_UNMARKED = re.compile(r"(?<![0-9a-z])(?=((?:[0-9a-f]{4}\s*){4})(?![0-9a-z]))")


def code(record: Record) -> str:
    """The code on a cover sheet: a record's number, and the beginning of its manifest's SHA-256."""
    return f"{record.id} #{record.manifest[:_DIGITS]}"


def recognised(connection: Connection, text: str) -> tuple[str, Select[tuple[str]]] | None:
    """What of a text is no hash, and a query of the keys that the hash names; None if it has none.

    Digits without # are a code only if it is a record's: they may be any number.
    """
    plain = _plain(text)
    if whole := _WHOLE.search(plain):
        return plain.replace(whole[0], " "), _owners(_joined(whole))
    if marked := _MARKED.search(plain):
        return plain.replace(marked[0], " "), _begun(_joined(marked))
    for found in itertools.islice(_UNMARKED.finditer(plain), _TRIED):
        keys = _begun(_joined(found))
        if connection.execute(keys.limit(1)).first():
            return plain.replace(found[1], " "), keys
    return None


def written(text: str) -> Iterator[str]:
    """Yields what of a text may be a hash or the beginning of one: its digits."""
    plain = _plain(text)
    yield from (_joined(found) for each in (_WHOLE, _MARKED, _UNMARKED) for found in each.finditer(plain))


def _plain(text: str) -> str:
    """A text without differences of width and case."""
    return unicodedata.normalize("NFKC", text).lower()


def _joined(found: re.Match[str]) -> str:
    return "".join(found[1].split())


def _begun(digits: str) -> Select[tuple[str]]:
    """A query of the keys of records whose manifest's SHA-256 begins so."""
    return select(RECORDS.c.key).where(begins(RECORDS.c.manifest, digits))


def _owners(digest: str) -> Select[tuple[str]]:
    """A query of the keys of records with a file, a manifest or an addition of that SHA-256."""
    names = (
        (FILES.c.record, FILES.c.sha256),
        (RECORDS.c.key, RECORDS.c.manifest),
        (ADDITIONS.c.record, ADDITIONS.c.sha256),
    )
    keys = union(*(select(key.label("key")).where(named == digest) for key, named in names)).subquery()
    return select(keys.c.key)
