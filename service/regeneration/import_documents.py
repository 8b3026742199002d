"""Old filled documents into the archive: the files of a folder as items, and what is done with each.

`python -m service.regeneration.import_documents` is a worker process of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service import catalog, filled_form, pipeline
from service.archive import NO_TENANT, Archive, Entry, Pending, Record
from service.archive.object_store import stored_file
from service.batch.inputs.item import InputPlace, Item
from service.batch.jobs import item_errors, process_item
from service.batch.jobs.item_queue import Claim
from service.batch.jobs.job_store import Job, Options, open_job, sha256
from service.batch.jobs.job_tables import IMPORT
from service.batch.workers import worker_main
from service.batch.workers.child_processes import module_command
from service.config import Settings
from service.errors import Bilingual, FieldError, InvalidPayload, UnreadableDocument, UsageError
from service.filled_form import Examination
from service.submission import dump, validate

PROCESS = module_command("service.regeneration.import_documents")
SUFFIXES = (".docx", ".doc", ".odt", ".wps")
READING = "reading:"  # before the code of what was not certain when an invalid document was read
_TEMPORARY = ("~$", ".")  # Word's and LibreOffice's files beside a document that is open


@dataclass(frozen=True)
class FilePlace(InputPlace):
    """A file, by its path below the folder."""

    path: str = ""

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class FoundDocuments:
    """The documents of a folder, sorted by path, and the folder as given."""

    folder: Path
    paths: tuple[str, ...]

    def digest(self) -> str:
        """One hash of every path and content."""
        whole = hashlib.sha256(os.fsencode(self.folder.absolute()))
        for path in self.paths:
            whole.update(f"\0{path}\0{sha256(self.folder / path)}".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()


def find_documents(folder: Path) -> FoundDocuments:
    """The documents below a folder, by their suffix. Raises UsageError where there are none."""
    if not folder.is_dir():
        raise UsageError(f"“{folder}”不是目录，请检查路径。", f"'{folder}' is no folder: check the path.")
    files = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    shown = (path.relative_to(folder) for path in files if not path.name.startswith(_TEMPORARY))
    paths = tuple(sorted(path.as_posix() for path in shown))
    if not paths:
        kinds = "、".join(SUFFIXES)
        raise UsageError(
            f"“{folder}”中没有 {kinds} 文件，请检查路径。",
            f"No {', '.join(SUFFIXES)} file in '{folder}': check the path.",
        )
    return FoundDocuments(folder, paths)


def check_edition(year: int, form: str | None) -> None:
    """Raises UnknownForm, UnknownYear where nothing can be of that year and form."""
    forms = sorted({edition.form for edition in catalog.editions()})
    if form or not any(edition.year == year for edition in catalog.editions()):
        catalog.edition(form or forms[0], year)


def open_import(archive: Archive, found: FoundDocuments, year: int, form: str | None) -> Job:
    """The job of these files with these contents: a new one, or the one there is."""
    return open_job(archive, found.folder.name, found.digest(), Options((IMPORT,), form=form, year=year))


def documents(found: FoundDocuments, year: int, form: str | None) -> Iterator[Item]:
    """The files as items, each with the id that its path gives; files with the same id are faulty."""
    named: dict[str, list[str]] = defaultdict(list)
    for path in found.paths:
        named[path.rpartition(".")[0]].append(path)
    for number, path in enumerate(found.paths, 1):
        id = path.rpartition(".")[0]
        errors = (_twice(id, named[id]),) if len(named[id]) > 1 else ()
        if (shown := _printable(path)) != path:
            id, errors = _printable(id), (_bad_name(shown),)
        order = {"folder": str(found.folder.absolute()), "path": path}
        # Without a form: that each of the files is refused has been decided here.
        yield Item(FilePlace("item", number, path=shown), None if errors else form, year, id, order, errors)


def _printable(path: str) -> str:
    """The path with what is no UTF-8 in it escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _bad_name(shown: str) -> FieldError:
    text = Bilingual(
        f"文件名“{shown}”不是 UTF-8 编码，请改名。", f"The file's name '{shown}' is not UTF-8: rename it."
    )
    return FieldError("/id", "编号", "bad_id", text)


def _twice(id: str, paths: Sequence[str]) -> FieldError:
    zh, en = "、".join(paths), ", ".join(paths)
    text = Bilingual(
        f"编号“{id}”来自多个文件：{zh}。请只保留一个，或改名。",
        f"The id '{id}' comes of several files: {en}. Keep one, or rename.",
    )
    return FieldError("/id", "编号", "duplicate_id", text)


def import_document(claim: Claim, archive: Archive, settings: Settings) -> process_item.Outcome:
    """Reads a document, makes its documents anew and archives them with the original."""
    return process_item.outcome_of(claim, lambda: _work(claim, archive, settings))


def _work(claim: Claim, archive: Archive, settings: Settings) -> process_item.Outcome:
    order = json.loads(claim.payload)
    original = _read(Path(order["folder"]) / order["path"], settings.file_limit)
    if record := _already(claim, archive, original):
        return process_item.Reported(
            json.dumps({"state": "skipped", "form": record.form, "key": record.key}), record
        )
    read = filled_form.examine(original, claim.form or None, claim.year, settings)
    edition = read.extraction.edition
    try:
        submission = validate(edition, read.extraction.data)
    except InvalidPayload as error:
        return process_item.Refused([*item_errors.errors_of(error), *_uncertain(read)])
    made = pipeline.produce(submission, pipeline.FORMATS, settings, prove=True)
    warnings, layout = _warnings(read), _layout(read)
    entry = Entry(
        edition.form,
        edition.year,
        claim.submitter,
        edition.summary(),
        {"payload": dump(submission.payload), **made.documents, "original": original},
        datetime.fromtimestamp(claim.created, UTC),
        warnings=[*warnings, *layout, *(warning.as_dict() for warning in made.warnings)],
        original_name=order["path"],
    )
    pending = archive.store(entry)
    told = {"state": _state(pending), "form": edition.form, "warnings": warnings, "layout": layout}
    return process_item.Reported(json.dumps(told), pending)


def _state(pending: Pending) -> str:
    """Skipped where the newest version has the same data and documents, though of another original."""
    return "archived" if pending.manifest else "skipped"


def _read(path: Path, limit: int) -> bytes:
    """The bytes of a file. Raises UnreadableDocument."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise UnreadableDocument(
            f"文件无法打开（{error.strerror}）。请检查文件是否还在、有无读取权限。",
            f"The file cannot be opened ({error.strerror}): is it there, and may it be read?",
        ) from error
    if len(content) > limit:
        raise UnreadableDocument(
            f"文件超过 {limit} 字节，不予读取（KEXIE_FILE_LIMIT）。",
            f"The file is larger than {limit} bytes (KEXIE_FILE_LIMIT).",
        )
    return content


def _already(claim: Claim, archive: Archive, original: bytes) -> Record | None:
    """The newest record of this id and year that was made of the very same file."""
    same = stored_file(original)
    found = archive.records(form=claim.form or None, year=claim.year, id=claim.submitter, tenant=NO_TENANT)
    return next((each for each in found if each.files.get("original") == same), None)


def _warnings(read: Examination) -> list[Mapping[str, Any]]:
    return [{"kind": "reading", **warning.as_dict()} for warning in read.extraction.warnings]


def _layout(read: Examination) -> list[Mapping[str, Any]]:
    found = read.certificate.differences if read.certificate else ()
    return [{"kind": "layout", **difference.as_dict()} for difference in found]


def _uncertain(read: Examination) -> Iterator[FieldError]:
    """What was not certain, to be told with what is invalid: the one is often the reason of the other."""
    for each in read.extraction.warnings:
        text = Bilingual(f"{each.place.zh}：{each.message.zh}", f"{each.place.en}: {each.message.en}")
        yield FieldError(each.pointer, each.label, f"{READING}{each.code}", text)


if __name__ == "__main__":
    worker_main.main(import_document)
