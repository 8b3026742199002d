"""Regenerates archived submissions and compares them: the records as items, and their processing.

`python -m service.regeneration.regenerate` is its worker process.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select

from service import catalog, pipeline
from service.archive import Archive, Entry, Record
from service.archive.folder_names import safe_name
from service.archive.tool_versions import current_tool_versions
from service.atomic_file import atomic_write
from service.batch.inputs.item import InputPlace, Item
from service.batch.jobs import item_outcome
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_store import Job, Options, open_job
from service.batch.jobs.job_tables import FINISHED, REGENERATE, items, jobs
from service.batch.workers import worker_main
from service.batch.workers.child_processes import module_command
from service.catalog import Edition
from service.config import Settings
from service.conversion.pdf import attachments, pdf_differences
from service.errors import ArchiveUnavailable, KexieError, PayloadError, UsageError
from service.payload_json import parse
from service.pipeline import Product
from service.regeneration import comparison
from service.regeneration.comparison import Comparison
from service.submission import validate

PROCESS = module_command("service.regeneration.regenerate")
REASON = "regenerated"
PICTURES = "pictures"


@dataclass(frozen=True)
class RegenerationRequest:
    """The selected records, the folder of pictures, and the folder of the archive (None: settings)."""

    form: str | None = None
    year: int | None = None
    pictures: Path | None = None
    archive: Path | None = None
    dry_run: bool = False

    def order(self, record: Record) -> dict[str, Any]:
        """The payload of a record's item."""
        return {
            "key": record.key,
            "pictures": str(self.pictures) if self.pictures else None,
            "archive": str(self.archive) if self.archive else None,
            "dry_run": self.dry_run,
        }


def open_regeneration(queue: Archive, wanted: RegenerationRequest) -> Job:
    """Finds the interrupted regeneration of this kind, or creates one.

    After it has finished, or after a change of an edition or a version, the next job is a new one.
    """
    options = Options((REGENERATE,), form=wanted.form, year=wanted.year)
    past = (jobs.c.formats == REGENERATE) & (jobs.c.state == FINISHED)
    with queue.writing() as connection:
        number = connection.scalar(select(func.count()).where(past))
        connection.execute(delete(items).where(items.c.job.in_(select(jobs.c.id).where(past))))
    hashes = [edition.edition_hash for edition in catalog.editions()]
    asked = [number, version("kexie-forms"), wanted.dry_run, str(wanted.pictures), hashes]
    return open_job(queue, REGENERATE, hashlib.sha256(json.dumps(asked).encode()).hexdigest(), options)


def records(archive: Archive, wanted: RegenerationRequest) -> Iterator[Item]:
    """Yields the newest version of each selected record as an item. Raises UsageError if there is none."""
    number = 0
    for number, record in enumerate(archive.records(form=wanted.form, year=wanted.year), 1):
        yield Item(InputPlace("item", number), record.form, record.year, record.key, wanted.order(record))
    if not number:
        raise UsageError(
            "没有符合条件的记录。执行 kexie-forms records 查看全部记录。",
            "No record matches this year and form. See kexie-forms records.",
        )


def regenerate_record(claim: ItemClaim, queue: Archive, settings: Settings) -> item_outcome.Outcome:
    """Regenerates a record's documents, compares them, and archives changed ones unless in a dry run."""
    return item_outcome.outcome_of(claim, lambda: _work(claim, queue, settings), _transient)


def _transient(error: KexieError) -> bool:
    """Whether a retry may succeed; a damaged object stays damaged."""
    return error.status in (429, 503) or isinstance(error, ArchiveUnavailable)


def _work(claim: ItemClaim, queue: Archive, settings: Settings) -> item_outcome.Outcome:
    order = json.loads(claim.payload)
    archive = _source(settings, order["archive"]) if order["dry_run"] else queue
    record = archive.get(order["key"])
    record = archive.latest(record.tenant, record.form, record.year, record.id) or record
    edition = catalog.edition(record.form, record.year)
    before = {part: archive.read(record, part) for part in record.files}
    made = _produce(edition, before, settings)
    described = archive.manifest(record)
    versions = current_tool_versions(settings).of(made.documents)
    old = {format: before[format] for format in made.documents}
    found = comparison.compare(edition, described, versions, old, made.documents)
    pictures = _draw(record, found, before, made.documents, order["pictures"])
    report = {**_report(record, found), "pictures": pictures}
    if found.identical or order["dry_run"]:
        return item_outcome.Done(None, json.dumps(report))
    if archive.latest(record.tenant, record.form, record.year, record.id) != record:
        return _work(claim, queue, settings)  # a newer submission arrived meanwhile, and must stay the newest
    pending = archive.store(_entry(claim, record, edition, described, before, made))
    return item_outcome.Done(pending, json.dumps({**report, "new_version": pending.version}))


def _produce(edition: Edition, before: Mapping[str, bytes], settings: Settings) -> Product:
    """The documents of an archived payload, in the archived formats."""
    submission = validate(edition, parse(before["payload"]))
    formats = [format for format in pipeline.FORMATS if format in before]
    return pipeline.produce(submission, formats, settings, attach=_has_attachment(before.get("pdf")))


def _entry(
    claim: ItemClaim,
    record: Record,
    edition: Edition,
    described: dict[str, Any],
    before: Mapping[str, bytes],
    made: Product,
) -> Entry:
    """The record's next version, with the warnings of its import: they belong to the data."""
    of_import = [warning for warning in described["warnings"] if "kind" in warning]
    return Entry(
        record.form,
        record.year,
        record.id,
        edition.summary(),
        {**before, **made.documents},
        datetime.fromtimestamp(claim.created, UTC),
        record.tenant,
        [*of_import, *(warning.as_dict() for warning in made.warnings)],
        described["original_name"],
        REASON,
    )


@cache
def _source(settings: Settings, folder: str | None) -> Archive:
    """The archive of a dry run, whose queue is elsewhere; stays open until the process ends."""
    return Archive.open(settings, Path(folder) if folder else None, create=False)


def _has_attachment(pdf: bytes | None) -> bool:
    """Whether the archived PDF has its payload attached."""
    if pdf is None or b"EmbeddedFile" not in pdf:
        return False
    with contextlib.suppress(PayloadError):
        return bool(attachments.attachments(pdf))
    return False


def record_fields(record: Record) -> dict[str, Any]:
    """The fields that identify a record in a report."""
    return {name: getattr(record, name) for name in ("key", "tenant", "form", "year", "id", "version")}


def _report(record: Record, found: Comparison) -> dict[str, Any]:
    return {
        "state": "identical" if found.identical else "changed",
        **record_fields(record),
        "parts": found.parts,
        "pages": found.pages,
        "changes": [asdict(change) for change in found.changes],
        "new_version": None,
    }


def _draw(
    record: Record,
    found: Comparison,
    before: Mapping[str, bytes],
    now: Mapping[str, bytes],
    folder: str | None,
) -> list[str]:
    """Draws each page that looks different; returns the names of the pictures."""
    names = []
    for number in found.pages if folder else ():
        name = f"{record.year}-{record.form}-{safe_name(record.id)}-{record.key[:8]}-{number:02}.png"
        with atomic_write(Path(str(folder)) / name) as file:
            file.write(pdf_differences.picture(before["pdf"], now["pdf"], number))
        names.append(name)
    return names


if __name__ == "__main__":
    worker_main.main(regenerate_record)
