"""The index in the database: one row per record, with its files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, insert, select, text

from service.archive.record import PARTS, Record, StoredFile
from service.archive.record_tables import FILES, RECORDS
from service.archive.search import search_rows
from service.archive.search.search_table import SEARCH
from service.archive.search.search_text import SearchText
from service.database.column_types import begins

_SUBMISSION = ("tenant", "form", "year", "id")
# Built once: building a statement takes longer than SQLite takes to execute it.
_SELECTED = select(RECORDS, SEARCH.c.submitter, SEARCH.c.pages).outerjoin(SEARCH)
_VERSIONS = (
    _SELECTED.where(*(RECORDS.c[name] == bindparam(name) for name in _SUBMISSION))
    .order_by(RECORDS.c.version.desc())
    .limit(bindparam("limit"))
)
_BY_KEYS = _SELECTED.where(RECORDS.c.key.in_(bindparam("keys", expanding=True)))
_FILES_OF = select(FILES).where(FILES.c.record.in_(bindparam("keys", expanding=True)))
_RUNNING = re.compile(r"-([0-9]{3,9})")  # at the end of an id
_BEHIND_HYPHEN = "."  # sorts next
_ADD_RECORD, _ADD_FILES = insert(RECORDS), insert(FILES)
_EVERY_ID = 0x6B696473  # the lock that all who add versions share; the same in every process
_LOCK = text("SELECT pg_advisory_xact_lock_shared(:all), pg_advisory_xact_lock(hashtextextended(:name, 0))")
_NAMES = [column.name for column in RECORDS.columns]


def lock(connection: Connection, tenant: str, form: str, year: int, id: str) -> None:
    """Blocks other versions of this id until the transaction ends."""
    if connection.dialect.name == "postgresql":  # an SQLite transaction locks the whole file
        name = "\x1f".join((tenant, form, str(year), id))
        connection.execute(_LOCK, {"all": _EVERY_ID, "name": name})


def lock_all(connection: Connection) -> None:
    """Blocks new versions of every id until the transaction ends, by one lock: a server has few thousands."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:all)"), {"all": _EVERY_ID})


def latest(connection: Connection, tenant: str, form: str, year: int, id: str) -> Record | None:
    """The newest version."""
    return next(iter(versions(connection, tenant, form, year, id, 1)), None)


def versions(connection: Connection, tenant: str, form: str, year: int, id: str, limit: int) -> list[Record]:
    """Up to `limit` versions, newest first."""
    wanted = {"tenant": tenant, "form": form, "year": year, "id": id, "limit": limit}
    return _records(connection, _VERSIONS, wanted)


def running_id(connection: Connection, tenant: str, form: str, year: int, beginning: str) -> str:
    """A new id: `beginning` and the running number after the highest one. Blocks others until the end."""
    of = tenant, form, year
    lock(connection, *of, beginning)
    while True:
        highest = max(running_numbers(connection, *of, beginning), default=0)
        id = f"{beginning}-{highest + 1:03}"
        lock(connection, *of, id)  # somebody may be archiving under this very id
        if latest(connection, *of, id) is None:
            return id


def running_numbers(
    connection: Connection, tenant: str, form: str, year: int, beginning: str
) -> dict[int, str]:
    """The ids that begin so, by the running number behind."""
    columns = RECORDS.c
    wanted = select(columns.id).where(
        columns.tenant == tenant,
        columns.form == form,
        columns.year == year,
        columns.id > f"{beginning}-",
        columns.id < beginning + _BEHIND_HYPHEN,
    )
    found = (_RUNNING.fullmatch(id, len(beginning)) for id in connection.execute(wanted).scalars())
    return {int(match[1]): match.string for match in found if match}


def has_manifest(connection: Connection, digest: str) -> bool:
    """Whether a record names the manifest of that SHA-256."""
    return connection.execute(select(exists().where(RECORDS.c.manifest == digest))).scalar_one()


def count(connection: Connection) -> int:
    """The number of records."""
    return connection.execute(select(func.count()).select_from(RECORDS)).scalar_one()


def add(connection: Connection, record: Record, texts: SearchText) -> None:
    """Inserts a record's rows."""
    connection.execute(_ADD_RECORD, {name: getattr(record, name) for name in _NAMES})
    connection.execute(
        _ADD_FILES,
        [
            {"record": record.key, "part": part, "sha256": file.sha256, "size": file.size}
            for part, file in record.files.items()
        ],
    )
    search_rows.add(connection, record, texts)


def records_by_object(connection: Connection, prefix: str) -> dict[str, list[tuple[Record, str]]]:
    """The objects whose SHA-256 begins with `prefix`: with the records that name each, and as which part.

    Files whose record has lost its row are left out.
    """
    stored = select(FILES.c.record, FILES.c.part, FILES.c.sha256).where(begins(FILES.c.sha256, prefix))
    rows = connection.execute(stored).all()
    described = select(RECORDS.c.key, RECORDS.c.manifest).where(begins(RECORDS.c.manifest, prefix))
    manifests = connection.execute(described).all()
    names = [*rows, *((key, "manifest", digest) for key, digest in manifests)]
    records = {record.key: record for record in by_keys(connection, sorted({name[0] for name in names}))}
    found: dict[str, list[tuple[Record, str]]] = {}
    for key, part, digest in names:
        if key in records:
            found.setdefault(digest, []).append((records[key], part))
    return found


def by_keys(connection: Connection, keys: Sequence[str]) -> list[Record]:
    """The records with these keys, unordered."""
    pieces = [keys[start : start + 500] for start in range(0, len(keys), 500)]
    return [record for piece in pieces for record in _records(connection, _BY_KEYS, {"keys": piece})]


def _records(
    connection: Connection, wanted: Select[Any], values: Mapping[str, Any] | None = None
) -> list[Record]:
    rows = connection.execute(wanted, values).all()
    files = _files(connection, [row.key for row in rows])
    return [
        Record(**{**row._asdict(), "submitter": row.submitter or ""}, files=files[row.key]) for row in rows
    ]


def _files(connection: Connection, keys: Sequence[str]) -> dict[str, dict[str, StoredFile]]:
    found: dict[str, dict[str, StoredFile]] = {key: {} for key in keys}
    if keys:
        wanted: Iterable[Row[Any]] = connection.execute(_FILES_OF, {"keys": keys})
        for row in sorted(wanted, key=lambda row: PARTS.index(row.part)):
            found[row.record][row.part] = StoredFile(row.sha256, row.size)
    return found
