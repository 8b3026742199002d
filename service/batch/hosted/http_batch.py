"""Batches that came over HTTP: taken in, found by the name in their address, listed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from service.archive import Archive
from service.batch.inputs.input_errors import unreadable
from service.batch.inputs.read_input import SHEETS, read
from service.batch.jobs import active_jobs, item_queue, job_store
from service.batch.jobs.counts import Counts
from service.batch.jobs.job_store import Job, Options
from service.batch.jobs.job_tables import CANCELLED, FINISHED, LOADING, QUEUED, RUNNING, items, jobs, sheets
from service.errors import UnknownBatch, UnreadableInput

_PIECE = 1024 * 1024  # bytes


@dataclass(frozen=True)
class UploadedBatch:
    """A batch as it came: its content as a file, the format of it (of `inputs.FORMATS`), name and SHA-256."""

    file: IO[bytes]
    format: str
    name: str
    sha256: str


@dataclass(frozen=True)
class HttpBatch:
    """A batch, and how far it is. Times are seconds since 1970; `ended` is None until no item needs work."""

    job: int
    name: str
    state: str  # queued, running, finished or cancelled
    created: float
    ended: float | None
    formats: tuple[str, ...]
    input: str
    form: str | None
    year: int | None
    counts: Counts

    @property
    def total(self) -> int:
        """How many items there are."""
        return self.counts.open + self.counts.ended


def submit(archive: Archive, sent: UploadedBatch, options: Options, folder: Path) -> str:
    """Takes a batch in, and tells its name in addresses; the same input and options are the same batch.

    All its items are in the table when this returns: it goes on whatever ends this process. One that was
    cancelled goes on too. Raises UnreadableInput where nothing of it can be read; then nothing of it stays.
    """
    job = job_store.open_job(archive, sent.name, sent.sha256, options)
    if not job.loaded:
        try:
            _load(archive, job, sent, options, folder)
        except UnreadableInput:
            with archive.writing() as connection:
                _forget(connection, job.id)
            raise
    with archive.writing() as connection:
        _keep(connection, job.id, sent)
        public = _named(connection, job.id, sent, options)
        active_jobs.resume(connection, job.id, time.time())
        active_jobs.end(connection, job.id, time.time())  # where the reader has refused all of it
    return public


def _load(archive: Archive, job: Job, sent: UploadedBatch, options: Options, folder: Path) -> None:
    sent.file.seek(0)
    found = read(sent.file, options.form, options.year, name=f"batch.{sent.format}", temporary=folder)
    job_store.load(archive, job, _some(found))


def _some(found: Iterator[Any]) -> Iterator[Any]:
    first = next(found, None)
    if first is None:
        raise unreadable("no_items")
    yield first
    yield from found


def _keep(connection: Connection, job: int, sent: UploadedBatch) -> None:
    """Keeps a sheet, of a job that the command line began as well."""
    kept = select(sheets.c.number).where(sheets.c.job == job).limit(1)
    if sent.format not in SHEETS or connection.execute(kept).first():
        return
    sent.file.seek(0)
    for number, piece in enumerate(iter(lambda: sent.file.read(_PIECE), b"")):
        connection.execute(insert(sheets).values(job=job, number=number, piece=piece))


def _forget(connection: Connection, job: int) -> None:
    loading = select(jobs.c.id).where(jobs.c.id == job, jobs.c.state == LOADING)
    if connection.scalar(loading) is not None:
        connection.execute(delete(items).where(items.c.job == job))
        connection.execute(delete(jobs).where(jobs.c.id == job))


def _named(connection: Connection, job: int, sent: UploadedBatch, options: Options) -> str:
    """The name in addresses of a job, of one that the command line began as well."""
    new = {"public": uuid.uuid4().hex, "input": sent.format, "form": options.form, "year": options.year}
    unnamed = update(jobs).where(jobs.c.id == job, jobs.c.public.is_(None))
    connection.execute(unnamed.values(new))
    return str(connection.scalar(select(jobs.c.public).where(jobs.c.id == job)))


def sheet_pieces(archive: Archive, job: int) -> Iterator[bytes]:
    """The sheet that a batch came as, in pieces; none for what was no sheet, or began on the command line."""
    number = 0
    while True:
        wanted = select(sheets.c.piece).where(sheets.c.job == job, sheets.c.number == number)
        with archive.reading() as connection:
            piece = connection.scalar(wanted)
        if piece is None:
            return
        yield piece
        number += 1


def find(archive: Archive, tenant: str, public: str) -> HttpBatch:
    """The tenant's batch of that name. Raises UnknownBatch, for another tenant's as for none."""
    wanted = select(jobs).where(*_of(tenant), jobs.c.public == public)
    with archive.reading() as connection:
        row = connection.execute(wanted).first() if public.isalnum() else None
        if row is None:
            raise UnknownBatch(
                "没有这个批次。请用 GET /api/v1/batches 查看全部批次。",
                "There is no such batch: see GET /api/v1/batches.",
            )
        return _posted(row, item_queue.counts(connection, row.id))


def page(archive: Archive, tenant: str, after: HttpBatch | None, limit: int) -> list[tuple[str, HttpBatch]]:
    """At most `limit` batches of a tenant with their names, the latest first, behind the one given."""
    wanted = select(jobs).where(*_of(tenant)).order_by(jobs.c.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(jobs.c.id < after.job)
    with archive.reading() as connection:
        rows = connection.execute(wanted).all()
        counted = _counted(connection, [row.id for row in rows])
        return [(row.public, _posted(row, counted[row.id])) for row in rows]


def _of(tenant: str) -> tuple[Any, ...]:
    return jobs.c.tenant == tenant, jobs.c.public.is_not(None), jobs.c.state != LOADING


def _counted(connection: Connection, wanted: Sequence[int]) -> dict[int, Counts]:
    found = (
        select(items.c.job, items.c.state, func.count())
        .where(items.c.job.in_(wanted))
        .group_by(items.c.job, items.c.state)
    )
    by: dict[int, dict[str, int]] = {job: {} for job in wanted}
    for job, state, count in connection.execute(found):
        by[job][state] = count
    return {job: Counts(**states) for job, states in by.items()}


def _posted(row: Row[Any], counts: Counts) -> HttpBatch:
    return HttpBatch(
        row.id,
        row.name,
        _state(row.state, counts),
        row.created,
        row.ended,
        tuple(row.formats.split(",")),
        row.input,
        row.form,
        row.year,
        counts,
    )


def _state(state: str, counts: Counts) -> str:
    if state in (FINISHED, CANCELLED):
        return state
    begun = counts.running or counts.done or not counts.queued
    return RUNNING if begun else QUEUED
