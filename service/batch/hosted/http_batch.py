"""Batches over HTTP: submitted, found by their public name, listed."""

import itertools
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.archive import Archive, Record
from service.audit import record_rows
from service.audit.event import SAME, Actor, process_actor
from service.batch.documents import document_files
from service.batch.documents.document_files import UploadedFile
from service.batch.documents.document_ids import document_id
from service.batch.documents.reading_budget import Limits
from service.batch.inputs.item import Item
from service.batch.inputs.read_input import SHEETS, read
from service.batch.jobs import active_jobs, item_queue, job_store
from service.batch.jobs.counts import Counts
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import CANCELLED, FINISHED, LOADING, QUEUED, RUNNING, items, jobs, sheets
from service.errors import UnknownBatch, UnreadableInput

_PIECE = 1024 * 1024  # bytes


#: The format of documents, saved data and zips of them, beside `read_input.FORMATS`.
FILES = "files"


@dataclass(frozen=True)
class UploadedBatch:
    """An uploaded batch: its files, their format (of `read_input.FORMATS`, or FILES), name and SHA-256.

    There is one file, of FILES one or more.
    """

    files: tuple[UploadedFile, ...]
    format: str
    name: str
    sha256: str

    def items(self, options: Options, folder: Path, limits: Limits) -> Iterator[Item]:
        """Its items; `folder` is for temporary files. Raises UnreadableInput."""
        if self.format == FILES:
            return document_files.items(self.files, options.form, options.year, limits)
        (only,) = self.files
        only.file.seek(0)
        id, of_name = only.id, document_id(only.name) if self.format == "json" else ""
        found = read(
            only.file,
            options.form,
            options.year,
            name=f"batch.{self.format}",
            temporary=folder,
            id=id or of_name or None,
        )
        return (replace(item, id_given=bool(id) or item.id != of_name) for item in found)


@dataclass(frozen=True)
class HttpBatch:
    """A batch and its progress. Times are seconds since 1970; `ended` is None while items are open."""

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
    complete: bool

    @property
    def total(self) -> int:
        """The number of items."""
        return self.counts.open + self.counts.ended


def submit(
    archive: Archive,
    sent: UploadedBatch,
    options: Options,
    folder: Path,
    limits: Limits,
    actor: Actor | None = None,
) -> str:
    """Submits a batch and returns its public name; the same input and options are the same batch.

    Of a batch that was submitted before, the audit log says for each record that `actor`, by default the user
    of this process, sent it again and nothing new was archived.
    `limits` are those of documents. All items are in the database on return, so the batch survives this
    process. A cancelled batch resumes. Raises UnreadableInput when nothing of it can be read; then nothing of
    it is kept.
    """
    job = job_store.open_job(archive, sent.name, sent.sha256, options, sent.format)
    if not job.loaded:
        try:
            job_store.load(archive, job, sent.items(options, folder, limits))
        except UnreadableInput:
            with archive.writing() as connection:
                _forget(connection, job.id)
            raise
    with archive.writing() as connection:
        _keep(connection, job.id, sent)
        public = _publish(connection, job.id, sent, options)
        active_jobs.resume(connection, job.id, time.time())
        active_jobs.end(connection, job.id, time.time())  # the reader may have refused every item
    if job.loaded:
        by = replace(actor or process_actor(), batch=public)
        record_rows.append(archive.writing, _records(archive, job.id), by, "archive", result=SAME)
    return public


def _records(archive: Archive, job: int) -> Iterator[Record]:
    """The records of a job, in the order of its items."""
    done = (items.c.job == job) & items.c.record.is_not(None)
    with archive.reading() as connection:
        keys = connection.scalars(select(items.c.record).where(done).order_by(items.c.position)).all()
    return archive.each(keys)


def _keep(connection: Connection, job: int, sent: UploadedBatch) -> None:
    """Stores the uploaded sheet, also for a job that the command line started."""
    kept = select(sheets.c.number).where(sheets.c.job == job).limit(1)
    if sent.format not in SHEETS or connection.execute(kept).first():
        return
    (sheet,) = sent.files
    sheet.file.seek(0)
    for number, piece in enumerate(iter(lambda: sheet.file.read(_PIECE), b"")):
        connection.execute(insert(sheets).values(job=job, number=number, piece=piece))


def _forget(connection: Connection, job: int) -> None:
    loading = select(jobs.c.id).where(jobs.c.id == job, jobs.c.state == LOADING)
    if connection.scalar(loading) is not None:
        connection.execute(delete(items).where(items.c.job == job))
        connection.execute(delete(jobs).where(jobs.c.id == job))


def _publish(connection: Connection, job: int, sent: UploadedBatch, options: Options) -> str:
    """Assigns the public name of a job, also of one that the command line started."""
    new = {"public": uuid.uuid4().hex, "input": sent.format, "form": options.form, "year": options.year}
    unnamed = update(jobs).where(jobs.c.id == job, jobs.c.public.is_(None))
    connection.execute(unnamed.values(new))
    return str(connection.scalar(select(jobs.c.public).where(jobs.c.id == job)))


def sheet_pieces(archive: Archive, job: int) -> Iterator[bytes]:
    """The uploaded sheet of a batch in pieces; nothing for other inputs, or a job of the command line."""
    for number in itertools.count():
        wanted = select(sheets.c.piece).where(sheets.c.job == job, sheets.c.number == number)
        with archive.reading() as connection:
            piece = connection.scalar(wanted)
        if piece is None:
            return
        yield piece


def find(archive: Archive, tenant: str, public: str) -> HttpBatch:
    """The tenant's batch of this public name. Raises UnknownBatch, also for another tenant's batch."""
    wanted = select(jobs).where(*_of(tenant), jobs.c.public == public)
    with archive.reading() as connection:
        row = connection.execute(wanted).first() if public.isalnum() else None
        if row is None:
            raise unknown_batch()
        return _http_batch(row, item_queue.counts(connection, row.id))


def unknown_batch() -> UnknownBatch:
    """The error for a public name that no batch of the tenant has."""
    return UnknownBatch(
        "没有这个批次。请用 GET /api/v1/batches 查看全部批次。",
        "There is no such batch: see GET /api/v1/batches.",
    )


def page(archive: Archive, tenant: str, after: HttpBatch | None, limit: int) -> list[tuple[str, HttpBatch]]:
    """Up to `limit` batches of a tenant with their public names, latest first, after the given one."""
    wanted = select(jobs).where(*_of(tenant)).order_by(jobs.c.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(jobs.c.id < after.job)
    with archive.reading() as connection:
        rows = connection.execute(wanted).all()
        counted = item_queue.counts_of(connection, [row.id for row in rows])
        return [(row.public, _http_batch(row, counted[row.id])) for row in rows]


def _of(tenant: str) -> tuple[Any, ...]:
    return jobs.c.tenant == tenant, jobs.c.public.is_not(None), jobs.c.state != LOADING


def _http_batch(row: Row[Any], counts: Counts) -> HttpBatch:
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
        bool(row.complete),
    )


def _state(state: str, counts: Counts) -> str:
    if state in (FINISHED, CANCELLED):
        return state
    begun = counts.running or counts.done or not counts.queued
    return RUNNING if begun else QUEUED
