"""Imports old filled documents into the archive: the files of a folder as items, and their processing.

`main` is its worker process.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from service import filled_form
from service.archive import Archive
from service.batch.documents.document_ids import document_id, printable, same_id
from service.batch.inputs.item import FilePlace, Item
from service.batch.jobs import item_errors, item_outcome, process_document
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_store import Job, Options, open_job
from service.batch.jobs.job_tables import IMPORT
from service.batch.jobs.process_document import ArchivedDocument, Original
from service.batch.workers import worker_main
from service.config import Settings
from service.errors import Bilingual, FieldError, InvalidPayload, UnreadableDocument, system_errors
from service.filled_form import Examination
from service.processes import startup
from service.regeneration.document_folder import FoundDocuments
from service.submission import validate

PROCESS = startup.command("service.regeneration.import_documents")
READING = "reading:"  # prefix of the codes of reading warnings among errors


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
        errors = (same_id(id, named[id]),) if len(named[id]) > 1 else ()
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


def import_document(claim: ItemClaim, archive: Archive, settings: Settings) -> item_outcome.Outcome:
    """Reads a document, regenerates its documents and archives them with the original."""
    return item_outcome.outcome_of(claim, lambda: _work(claim, archive, settings))


def _work(claim: ItemClaim, archive: Archive, settings: Settings) -> item_outcome.Outcome:
    order = json.loads(claim.payload)
    content = _read(Path(order["folder"]) / order["path"], settings.file_limit)
    original = Original(order["path"], content)
    if record := process_document.archived(claim, archive, original):
        known = {"state": "skipped", "form": record.form, "key": record.key}
        return item_outcome.Done(record, json.dumps(known))
    read = filled_form.examine(content, claim.form or None, claim.year, settings)
    edition = read.extraction.edition
    try:
        submission = validate(edition, read.extraction.data)
    except InvalidPayload as error:
        return item_outcome.Refused([*item_errors.errors_of(error), *_uncertain(read)])
    made = ArchivedDocument.of(claim, archive, settings, read, submission, original)
    # Without a manifest, the newest version has the same data and documents, from another original.
    state = "archived" if made.pending.manifest else "skipped"
    report = {"state": state, "form": edition.form, "warnings": made.reading, "layout": made.layout}
    return item_outcome.Done(made.pending, json.dumps(report))


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


def _uncertain(read: Examination) -> Iterator[FieldError]:
    """Yields the reading warnings as errors: they often explain why the data is invalid."""
    for each in read.extraction.warnings:
        text = Bilingual(f"{each.place.zh}：{each.message.zh}", f"{each.place.en}: {each.message.en}")
        yield FieldError(each.pointer, each.label, f"{READING}{each.code}", text)


def main() -> None:
    """The worker process."""
    worker_main.main(import_document)
