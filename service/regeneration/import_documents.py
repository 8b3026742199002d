"""Imports old filled documents into the archive: the files of a folder as items, and their processing.

`python -m service.regeneration.import_documents` is its worker process.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service import filled_form, pipeline
from service.archive import NO_TENANT, Archive, Entry, Record
from service.archive.object_store import stored_file
from service.batch.inputs.item import InputPlace, Item
from service.batch.jobs import item_errors, process_item
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_store import Job, Options, open_job
from service.batch.jobs.job_tables import IMPORT
from service.batch.workers import worker_main
from service.batch.workers.child_processes import module_command
from service.catalog import Edition
from service.config import Settings
from service.errors import Bilingual, FieldError, InvalidPayload, UnreadableDocument, system_errors
from service.filled_form import Examination
from service.payload_json import dump
from service.regeneration.document_folder import FoundDocuments, document_id, printable
from service.submission import validate

PROCESS = module_command("service.regeneration.import_documents")
READING = "reading:"  # prefix of the codes of reading warnings among errors


@dataclass(frozen=True)
class FilePlace(InputPlace):
    """The path of a file below the folder."""

    path: str = ""

    def __str__(self) -> str:
        return self.path


def open_import(archive: Archive, found: FoundDocuments, year: int, form: str | None) -> Job:
    """Finds or creates the job of these files."""
    return open_job(archive, found.folder.name, found.digest(), Options((IMPORT,), form=form, year=year))


def documents(found: FoundDocuments, year: int, form: str | None) -> Iterator[Item]:
    """Yields the files as items with ids made of their paths; files with the same id are refused."""
    named: dict[str, list[str]] = defaultdict(list)
    for path in found.paths:
        named[document_id(path)].append(path)
    for number, path in enumerate(found.paths, 1):
        id = document_id(path)
        errors = (_twice(id, named[id]),) if len(named[id]) > 1 else ()
        if (shown := printable(path)) != path:
            id, errors = printable(id), (_bad_name(shown),)
        order = {"folder": str(found.folder.absolute()), "path": path}
        # A refused file has no form, so that each of several is reported with its own error.
        yield Item(FilePlace("item", number, path=shown), None if errors else form, year, id, order, errors)


def _bad_name(shown: str) -> FieldError:
    text = Bilingual(
        f"文件名“{shown}”不是 UTF-8 编码，请改名。", f"The file's name '{shown}' is not UTF-8: rename it."
    )
    return FieldError("/id", "编号", "bad_id", text)


def _twice(id: str, paths: Sequence[str]) -> FieldError:
    zh, en = "、".join(paths), ", ".join(paths)
    text = Bilingual(
        f"编号“{id}”来自多个文件：{zh}。请只保留一个，或改名。",
        f"Several files give the id '{id}': {en}. Keep one, or rename.",
    )
    return FieldError("/id", "编号", "duplicate_id", text)


def import_document(claim: ItemClaim, archive: Archive, settings: Settings) -> process_item.Outcome:
    """Reads a document, regenerates its documents and archives them with the original."""
    return process_item.outcome_of(claim, lambda: _work(claim, archive, settings))


def _work(claim: ItemClaim, archive: Archive, settings: Settings) -> process_item.Outcome:
    order = json.loads(claim.payload)
    original = _read(Path(order["folder"]) / order["path"], settings.file_limit)
    if record := _already(claim, archive, original):
        known = {"state": "skipped", "form": record.form, "key": record.key}
        return process_item.Done(record, json.dumps(known))
    read = filled_form.examine(original, claim.form or None, claim.year, settings)
    edition = read.extraction.edition
    try:
        submission = validate(edition, read.extraction.data)
    except InvalidPayload as error:
        return process_item.Refused([*item_errors.errors_of(error), *_uncertain(read)])
    made = pipeline.produce(submission, pipeline.FORMATS, settings, prove=True)
    warnings = [{"kind": "reading", **warning.as_dict()} for warning in read.extraction.warnings]
    differences = read.certificate.differences if read.certificate else ()
    layout = [{"kind": "layout", **difference.as_dict()} for difference in differences]
    files = {"payload": dump(submission.payload), **made.documents, "original": original}
    of_pdf = [warning.as_dict() for warning in made.warnings]
    pending = archive.store(_entry(claim, edition, files, [*warnings, *layout, *of_pdf], order["path"]))
    # Without a manifest, the newest version has the same data and documents, from another original.
    state = "archived" if pending.manifest else "skipped"
    report = {"state": state, "form": edition.form, "warnings": warnings, "layout": layout}
    return process_item.Done(pending, json.dumps(report))


def _entry(
    claim: ItemClaim,
    edition: Edition,
    files: dict[str, bytes],
    warnings: list[dict[str, Any]],
    original_name: str,
) -> Entry:
    return Entry(
        edition.form,
        edition.year,
        claim.submitter,
        edition.summary(),
        files,
        datetime.fromtimestamp(claim.created, UTC),
        warnings=warnings,
        original_name=original_name,
    )


def _read(path: Path, limit: int) -> bytes:
    """Reads a file up to the limit. Raises UnreadableDocument."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        why = system_errors.reason(error)
        raise UnreadableDocument(
            f"文件无法打开（{why.zh}）。请检查文件是否还在、有无读取权限。",
            f"The file cannot be opened ({why.en}): check that it exists and is readable.",
        ) from error
    if len(content) > limit:
        raise UnreadableDocument(
            f"文件超过 {limit} 字节，不予读取（KEXIE_FILE_LIMIT）。",
            f"The file is larger than {limit} bytes (KEXIE_FILE_LIMIT).",
        )
    return content


def _already(claim: ItemClaim, archive: Archive, original: bytes) -> Record | None:
    """The newest record of this id and year with the same original."""
    same = stored_file(original)
    found = archive.records(form=claim.form or None, year=claim.year, id=claim.submitter, tenant=NO_TENANT)
    return next((each for each in found if each.files.get("original") == same), None)


def _uncertain(read: Examination) -> Iterator[FieldError]:
    """Yields the reading warnings as errors: they often explain why the data is invalid."""
    for each in read.extraction.warnings:
        text = Bilingual(f"{each.place.zh}：{each.message.zh}", f"{each.place.en}: {each.message.en}")
        yield FieldError(each.pointer, each.label, f"{READING}{each.code}", text)


if __name__ == "__main__":
    worker_main.main(import_document)
