"""Regenerates one archived submission and compares its documents with the archived ones.

`main` is its worker process.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from service import catalog, pipeline
from service.archive import Archive, Entry, Record, manifest
from service.archive.folder_names import safe_name
from service.archive.tool_versions import current_tool_versions
from service.atomic_file import atomic_write
from service.batch.jobs import item_outcome
from service.batch.jobs.item_queue import ItemClaim
from service.batch.workers import worker_main
from service.catalog import Edition
from service.config import Settings
from service.conversion.pdf import attachments, pdf_differences
from service.errors import ArchiveUnavailable, KexieError, PayloadError
from service.payload_json import parse
from service.pipeline import Product
from service.processes import startup
from service.regeneration import document_comparison, inference
from service.regeneration.document_comparison import Comparison
from service.regeneration.regeneration_job import record_fields
from service.submission import validate

PROCESS = startup.command("service.regeneration.regenerate")
REASON = "regenerated"
PICTURES = "pictures"


def regenerate_record(claim: ItemClaim, queue: Archive, settings: Settings) -> item_outcome.Outcome:
    """Regenerates a record's documents, compares them, and archives changed ones unless in a dry run."""
    return item_outcome.outcome_of(claim, lambda: _work(claim, queue, settings), _transient)


def _transient(error: KexieError) -> bool:
    """Whether a retry may succeed; a damaged object stays damaged."""
    return error.status in (429, 503) or isinstance(error, ArchiveUnavailable)


def _work(claim: ItemClaim, queue: Archive, settings: Settings) -> item_outcome.Outcome:
    order = json.loads(claim.payload)
    archive = _source(settings, order["archive"]) if order["dry_run"] else queue
    of = order["record"]
    record = archive.latest(of["tenant"], of["form"], of["year"], of["id"]) or archive.get(of["key"])
    edition = catalog.edition(record.form, record.year)
    before = {part: archive.read(record, part) for part in record.files}
    described = archive.manifest(record)
    made, why = _produce(edition, before, described["made_by"], order["way"], settings)
    versions = current_tool_versions(settings).of(made.documents)
    old = {format: before[format] for format in made.documents}
    found = document_comparison.compare(edition, described, versions, old, made.documents)
    pictures = _draw(record, found, before, made.documents, order["pictures"])
    report = {**_report(record, found), **converted(made, why, order["way"]), "pictures": pictures}
    if found.identical or order["dry_run"]:
        return item_outcome.Done(None, json.dumps(report))
    if archive.latest(record.tenant, record.form, record.year, record.id) != record:
        return _work(claim, queue, settings)  # a newer submission arrived meanwhile, and must stay the newest
    pending = archive.store(_entry(claim, record, edition, described, before, made))
    return item_outcome.Done(pending, json.dumps({**report, "new_version": pending.version}))


def _produce(
    edition: Edition, before: Mapping[str, bytes], made_by: Mapping[str, Any], way: str, settings: Settings
) -> tuple[Product, str | None]:
    """The documents of an archived payload, in the archived formats, and why the PDF was converted.

    Its pages are set by the rules of then. The reason is None for a PDF that follows from its fingerprint: it
    is the archived one.
    """
    submission = validate(edition, parse(before["payload"]))
    formats = [format for format in pipeline.FORMATS if format in before]
    carries = _has_attachment(before.get("pdf"))
    if "pdf" in before and way not in inference.ALWAYS:
        docx = pipeline.docx(submission)
        engine = current_tool_versions(settings).engine
        why = inference.reason(way, made_by, engine, before, docx, carries_data=carries)
        if why is None:
            return Product({"docx": docx, "pdf": before["pdf"]}, ()), None
        way = why
    rules = manifest.rules(made_by)
    return pipeline.produce(submission, formats, settings, attach=carries, rules=rules), way


def converted(made: Product | None, why: str | None, way: str) -> dict[str, Any]:
    """How a record's PDF came about, and why it was converted, for a report."""
    sampled = way == inference.SAMPLED
    if made is None or "pdf" not in made.documents:
        return {"pdf": None, "reason": None, "sampled": sampled}
    return {"pdf": inference.CONVERTED if why else inference.INFERRED, "reason": why, "sampled": sampled}


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
        manifest.rules(described["made_by"]),
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


def main() -> None:
    """The worker process."""
    worker_main.main(regenerate_record)
