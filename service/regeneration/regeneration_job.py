"""The job of a regeneration: its request, its items, and those that are converted after all."""

import hashlib
import json
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from service import catalog
from service.archive import Archive, Record
from service.batch.inputs.item import InputPlace, Item
from service.batch.jobs.job_store import Job, Options, open_job
from service.batch.jobs.job_tables import DONE, FINISHED, QUEUED, REGENERATE, items, jobs
from service.errors import UsageError
from service.payload_json import dump
from service.regeneration import inference
from service.regeneration.sample import Sample
from service.version import VERSION

_FIELDS = ("key", "tenant", "form", "year", "id", "version")


def record_fields(record: Record) -> dict[str, Any]:
    """The fields that identify a record in a report."""
    return {name: getattr(record, name) for name in _FIELDS}


@dataclass(frozen=True)
class RegenerationRequest:
    """The selected records, the folder of pictures, and the folder of the archive (None: settings).

    With a `sample`, PDFs are inferred from their fingerprints and converted only as far as needed.
    """

    form: str | None = None
    year: int | None = None
    pictures: Path | None = None
    archive: Path | None = None
    dry_run: bool = False
    sample: Sample | None = None

    def order(self, record: Mapping[str, Any], way: str) -> dict[str, Any]:
        """The payload of the item of a record, given by `record_fields`."""
        return {
            "record": {name: record[name] for name in _FIELDS},
            "pictures": str(self.pictures) if self.pictures else None,
            "archive": str(self.archive) if self.archive else None,
            "dry_run": self.dry_run,
            "way": way,
        }

    def begun(self, job: Job) -> "RegenerationRequest":
        """The request with the seed of the job, which an earlier run may have drawn."""
        _, _, seed = job.name.partition(" ")
        return replace(self, sample=self.sample and replace(self.sample, seed=seed))


def open_regeneration(queue: Archive, wanted: RegenerationRequest, *, seeded: bool) -> Job:
    """Finds the interrupted regeneration of this kind, or creates one.

    After it has finished, or after a change of an edition or a version, the next job is a new one. Only
    `seeded` requests, whose seed was asked for, are of another kind by their seed.
    """
    options = Options((REGENERATE,), form=wanted.form, year=wanted.year)
    past = (jobs.c.formats == REGENERATE) & (jobs.c.state == FINISHED)
    with queue.writing() as connection:
        number = connection.scalar(select(func.count()).where(past))
        connection.execute(delete(items).where(items.c.job.in_(select(jobs.c.id).where(past))))
    hashes = [edition.edition_hash for edition in catalog.editions()]
    asked: list[Any] = [number, VERSION, wanted.dry_run, str(wanted.pictures), hashes]
    name = REGENERATE
    if wanted.sample:
        asked.append([wanted.sample.size, wanted.sample.seed if seeded else None])
        name = f"{REGENERATE} {wanted.sample.seed}"
    return open_job(queue, name, hashlib.sha256(json.dumps(asked).encode()).hexdigest(), options)


def records(archive: Archive, wanted: RegenerationRequest) -> Iterator[Item]:
    """Yields the newest version of each selected record as an item. Raises UsageError if there is none."""
    sampled, usual = _drawn(archive, wanted), inference.BY_FINGERPRINT if wanted.sample else inference.FULL
    number = 0
    for number, record in enumerate(_selected(archive, wanted), 1):
        order = wanted.order(record_fields(record), inference.SAMPLED if record.key in sampled else usual)
        yield Item(InputPlace("item", number), record.form, record.year, record.key, order)
    if not number:
        raise UsageError(
            "没有符合条件的记录。执行 kexie-forms records 查看全部记录。",
            "No record matches this year and form. See kexie-forms records.",
        )


def _selected(archive: Archive, wanted: RegenerationRequest) -> Iterator[Record]:
    return archive.records(form=wanted.form, year=wanted.year)


def _drawn(archive: Archive, wanted: RegenerationRequest) -> Collection[str]:
    """The keys of the sample."""
    if wanted.sample is None:
        return ()
    return wanted.sample.drawn([record.key for record in _selected(archive, wanted)])


def doubt(queue: Archive, job: Job, wanted: RegenerationRequest) -> bool:
    """Queues the inferred records of a job for conversion, if a sampled one differed; says whether it did."""
    with queue.writing() as connection:
        done = select(items.c.id, items.c.errors).where(items.c.job == job.id, items.c.state == DONE)
        reports = {row.id: json.loads(row.errors) for row in connection.execute(done)}
        if not any(map(inference.refuted, reports.values())):
            return False
        for item, report in reports.items():
            if report["pdf"] == inference.INFERRED:
                _requeue(connection, item, wanted.order(report, inference.DOUBTED))
    return True


def _requeue(connection: Connection, item: int, order: dict[str, Any]) -> None:
    values = {"state": QUEUED, "due": time.time(), "payload": dump(order), "errors": None}
    connection.execute(update(items).where(items.c.id == item).values(values))
