"""Jobs in the database: opened by the hash of their input, their items loaded once."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, exists, func, select, update, values

from service.archive import NO_TENANT, Archive
from service.batch.inputs.check_item import check
from service.batch.inputs.item import Item, SheetColumn
from service.batch.jobs import item_errors, item_remarks, webhook_queue
from service.batch.jobs.job_tables import FAILED, FINISHED, LOADING, QUEUED, RUNNING, items, jobs
from service.errors import FieldError, KexieError, Remarks, UsageError
from service.payload_json import dump, faithful
from service.pipeline import FORMATS

_AT_ONCE, _MOST_BYTES = 200, 8 * 1024 * 1024  # items and bytes of documents in one transaction
_YEARS = range(10_000)
_IDENTITY = ("form", "year", "submitter")


@dataclass(frozen=True)
class Options:
    """Options that distinguish two jobs of one input: tenant, formats, default form and year, `complete`.

    With `complete`, incomplete items are refused.
    """

    formats: tuple[str, ...]
    tenant: str = NO_TENANT
    form: str | None = None
    year: int | None = None
    complete: bool = False


@dataclass(frozen=True)
class Job:
    """A job in the database."""

    id: int
    key: str
    name: str
    tenant: str
    formats: tuple[str, ...]
    loaded: bool
    complete: bool = False


def formats_of(text: str) -> tuple[str, ...]:
    """Parses a list of formats such as "docx,pdf" into the pipeline's order. Raises UsageError."""
    named = {part.strip().lower() for part in text.split(",")}
    if unknown := sorted(named - set(FORMATS)):
        raise UsageError(
            f"没有 {'、'.join(unknown)} 格式，可选：{'、'.join(FORMATS)}。",
            f"No format {', '.join(unknown)}; available: {', '.join(FORMATS)}.",
        )
    return tuple(format for format in FORMATS if format in named)


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def open_job(archive: Archive, name: str, digest: str, options: Options, read_as: str = "") -> Job:
    """Finds or creates the job of the input whose SHA-256 is `digest`, with these options.

    `read_as` is the format of the input: the same bytes read in another one are other items.
    """
    asked = [digest, options.tenant, options.formats, options.form, options.year]
    # Without these, the key is as before there were these options.
    asked += [True] * options.complete
    asked += [read_as] * (read_as not in ("", "ndjson"))
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]
    with archive.writing() as connection:
        new = {
            "key": key,
            "sha256": digest,
            "name": _storable(name),
            "tenant": options.tenant,
            "formats": ",".join(options.formats),
            "state": LOADING,
            "created": time.time(),
            "complete": options.complete,
        }
        _insert(connection, jobs, [new])
        row = connection.execute(select(jobs).where(jobs.c.key == key)).one()
    formats = tuple(row.formats.split(","))
    loaded, complete = row.state != LOADING, bool(row.complete)
    return Job(row.id, row.key, row.name, row.tenant, formats, loaded, complete)


def _insert(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows that do not exist yet."""
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def load(
    archive: Archive, job: Job, found: Iterable[Item], loaded: Callable[[int], None] = lambda _: None
) -> None:
    """Loads the items of an input in constant memory; calls `loaded` with the number loaded so far.

    An interrupted load resumes where it ended; two processes may load the same input at once.
    """
    with archive.reading() as connection:
        position = connection.scalar(select(func.count()).where(items.c.job == job.id)) or 0
    columns: dict[str, Mapping[str, SheetColumn]] = {}  # by sheet, the same in each of its rows
    for chunk in _chunks(itertools.islice(_noting_columns(found, columns), position, None)):
        rows = [_row(job, position + number, item) for number, item in enumerate(chunk)]
        with archive.writing() as connection:
            _refuse_duplicates(connection, job, rows)
            _insert(connection, items, rows)
        position += len(rows)
        loaded(position)
    with archive.writing() as connection:
        finish_loading = update(jobs).where(jobs.c.id == job.id, jobs.c.state == LOADING)
        connection.execute(
            finish_loading.values(state=RUNNING, total=position, columns=_columns_json(columns))
        )


def _noting_columns(found: Iterable[Item], columns: dict[str, Mapping[str, SheetColumn]]) -> Iterator[Item]:
    for item in found:
        if item.place.in_sheet:
            columns.setdefault(item.place.sheet, item.place.columns)
        yield item


def _columns_json(columns: Mapping[str, Mapping[str, SheetColumn]]) -> str | None:
    by_sheet = {
        sheet: {pointer: [column.letter, column.heading] for pointer, column in known.items()}
        for sheet, known in columns.items()
    }
    return json.dumps(by_sheet) if by_sheet else None


def has_any(connection: Connection, job: int, column: str, value: str | int) -> bool:
    """Whether any item of the job has this value in this column."""
    found = exists().where(items.c.job == job, items.c[column] == value)
    return connection.execute(select(found)).scalar_one()


def finish(connection: Connection, job: int, *, finished: bool) -> None:
    """Marks the job finished or running; a finished job is ignored by sweepers, a cancelled one stays so."""
    loaded = update(jobs).where(jobs.c.id == job, jobs.c.state != LOADING)
    if not finished:
        connection.execute(loaded.values(state=RUNNING, ended=None))
        return
    connection.execute(loaded.where(jobs.c.state == RUNNING).values(state=FINISHED))
    now = time.time()
    if connection.execute(loaded.where(jobs.c.ended.is_(None)).values(ended=now)).rowcount:
        webhook_queue.batch_ended(connection, job, now)


def _chunks(found: Iterable[Item]) -> Iterator[list[Item]]:
    chunk, size = list[Item](), 0
    for item in found:
        chunk.append(item)
        size += len(item.data) if isinstance(item.data, bytes) else 0
        if len(chunk) == _AT_ONCE or size > _MOST_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _row(job: Job, position: int, item: Item) -> dict[str, Any]:
    payload, errors, remarks = _payload(item, complete=job.complete)
    return {
        "job": job.id,
        "position": position,
        "place": _storable(str(item.place)),
        "form": _storable(item.form),
        "year": item.year if item.year in _YEARS else None,
        "submitter": _storable(item.id),
        "payload": payload,
        "attempts": 0,
        "faults": 0,
        "warnings": item_errors.to_json(item.warnings) if item.warnings else None,
        "remarks": item_remarks.remarks_to_json(remarks, errors),
        "document": _storable(item.document),
        "id_given": item.id_given,
        **_state(errors),
    }


def _storable(text: str | None) -> str | None:
    """Text that every database accepts: lone surrogates and NUL escaped."""
    return text and text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def _state(errors: Sequence[FieldError]) -> dict[str, Any]:
    if errors:
        return {"state": FAILED, "due": None, "errors": item_errors.to_json(errors)}
    return {"state": QUEUED, "due": time.time(), "errors": None}


def _payload(item: Item, *, complete: bool) -> tuple[bytes | None, Sequence[FieldError], Remarks | None]:
    """The payload as JSON, or a document; or the errors of an item that is refused at once, and remarks."""
    if item.document is not None:
        return item.data, (), None
    if not item.errors and (text := faithful(item.data)):
        return text, (), None
    try:
        return dump(check(item, complete=complete).payload), (), None
    except KexieError as error:
        return None, item_errors.errors_of(error), error.remarks


def _refuse_duplicates(connection: Connection, job: Job, rows: Sequence[dict[str, Any]]) -> None:
    """Refuses each row with the form, year and id of an earlier row of the job, which is kept.

    As versions of one record, the order of two workers would decide which one is the newest.
    """
    named = [(row, tuple(row[name] for name in _IDENTITY)) for row in rows]
    named = [(row, identity) for row, identity in named if None not in identity]
    first = _first_places(connection, job, rows[0]["position"], {identity for _, identity in named})
    for row, identity in named:
        before = first.setdefault(identity, row["place"])
        if before != row["place"]:
            refused = _state([item_errors.duplicate_id(row["submitter"], row["place"], before)])
            row.update(refused, payload=None)


def _first_places(
    connection: Connection, job: Job, position: int, identities: Set[tuple[Any, ...]]
) -> dict[tuple[Any, ...], str]:
    """The place of the first row before a position, by form, year and id, of those that have one."""
    if not identities:
        return {}
    asked = values(*(column(name, items.c[name].type) for name in _IDENTITY), name="asked")
    asked_rows = asked.data(list(identities)).cte()
    same = (items.c[name] == asked_rows.c[name] for name in _IDENTITY)
    before = items.c.position + 0 < position  # a sum, so that the rows are found by identity, not by position
    rows = select(items.c.place).where(items.c.job == job.id, before, *same)
    first = rows.order_by(items.c.id).limit(1).scalar_subquery()
    found = connection.execute(select(asked_rows, first.label("place"))).all()
    return {tuple(identity): place for *identity, place in found if place is not None}
