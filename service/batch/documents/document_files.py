"""Uploaded files as items: filled forms, data saved by the page, and zips of both."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any

from service import zip_directory
from service.batch.documents import zip_entries
from service.batch.documents.document_ids import document_id, is_temporary, same_id
from service.batch.documents.file_errors import PASSED_OVER, file_error, unreadable
from service.batch.documents.reading_budget import Budget, Content, Limits, Unusable
from service.batch.inputs import item_identity, json_items
from service.batch.inputs.item import FilePlace, Item
from service.errors import FieldError, NotJson
from service.payload_json import parse

#: The suffixes of files that are read: those of `extract`, data, and zips.
DOCUMENTS = (".docx", ".doc", ".wps", ".odt", ".rtf", ".pdf")
DATA, ZIP = ".json", ".zip"
SUFFIXES = (*DOCUMENTS, DATA, ZIP)
_SHEETS = (".xlsx", ".xlsm", ".csv", ".tsv")
_MAC = "__MACOSX/"  # where macOS puts what it knows of each file in a zip
_NAMED = 5  # of the files that are passed over


@dataclass(frozen=True)
class UploadedFile:
    """An uploaded file: its content, its name or "", and the id given for it; "" for that of its name."""

    file: IO[bytes]
    name: str
    id: str = ""


@dataclass(frozen=True)
class _Found:
    """A file with its path, id, what reads it, why it is not read, if it is not; and if the id was given."""

    path: str
    id: str
    content: Content
    error: FieldError | None = None
    id_given: bool = False


def suffix(name: str) -> str:
    """The suffix of a file's name, in lower case."""
    return PurePath(name).suffix.lower()


def items(
    files: Sequence[UploadedFile], form: str | None, year: int | None, limits: Limits
) -> Iterator[Item]:
    """Yields an item for each file, those of zips included; one that is not read has its error.

    Form and year of documents are recognised unless given. Raises UnreadableInput for a damaged zip.
    """
    budget = Budget(limits)
    found = [each for file in files for each in _found(file, budget)]
    passed = [each.path for each in found if _is_passed_over(each.path)]
    found = [each for each in found if not _is_passed_over(each.path)]
    if not found:
        raise unreadable("no_documents")
    by_id: dict[str, list[str]] = defaultdict(list)
    for each in found:
        if each.error is None:
            by_id[each.id].append(each.path)
    warnings = (_passed_over(passed),) if passed else ()
    for number, each in enumerate(found, 1):
        if len(by_id[each.id]) > 1 and each.error is None:
            each = replace(each, error=same_id(each.id, by_id[each.id]))
        item = _item(number, each, form, year)
        yield replace(item, warnings=warnings, id_given=each.id_given or item.id != each.id)
        warnings = ()


def _found(file: UploadedFile, budget: Budget) -> Iterator[_Found]:
    if suffix(file.name) != ZIP:
        found = _checked(file.name, file.id or document_id(file.name), lambda: _content(file, budget))
        yield replace(found, id_given=bool(file.id))
        return
    for path, content in zip_entries.entries(file.file, file.name, budget):
        if zip_directory.is_odd(path):
            yield _Found(path, "", content, file_error("odd_path"))
        else:
            yield _checked(path, document_id(path), content)


def _content(file: UploadedFile, budget: Budget) -> bytes:
    file.file.seek(0)
    return budget.read(file.file)


def _checked(path: str, id: str, content: Content) -> _Found:
    """A file, with the error of its kind or its id, if there is one."""
    kind = suffix(path)
    error = next(iter(item_identity.id_errors(id)), None)
    if kind == ZIP:
        error = file_error("packed_again")
    elif kind in _SHEETS:
        error = file_error("sheet_among_files")
    elif kind not in SUFFIXES:
        error = file_error("no_document", kinds="、".join(SUFFIXES[:-1]))
    return _Found(path, id, content, error)


def _is_passed_over(path: str) -> bool:
    return path.startswith(_MAC) or is_temporary(path.rpartition("/")[2])


def _passed_over(paths: Sequence[str]) -> FieldError:
    names = "、".join(paths[:_NAMED]) + "……" * (len(paths) > _NAMED)
    return file_error(PASSED_OVER, count=len(paths), names=names)


def _item(number: int, found: _Found, form: str | None, year: int | None) -> Item:
    place = FilePlace("item", number, path=found.path)
    if found.error is not None:
        # Without a form, so that each of several files with one id has its own error.
        return Item(place, None, year, found.id or None, None, (found.error,))
    try:
        content = found.content()
        if suffix(found.path) == DATA:
            return _data(place, parse(content), found.id, form, year)
    except Unusable as unusable:
        return Item(place, None, year, found.id, None, (unusable.error,))
    except NotJson:
        return Item(place, None, year, found.id, None, (file_error("not_saved_data"),))
    return Item(place, form, year, found.id, content, document=PurePath(found.path).name)


def _data(place: FilePlace, parsed: Any, id: str, form: str | None, year: int | None) -> Item:
    """The item of data that the page has saved; one that names its own id keeps that."""
    if not isinstance(parsed, dict):
        return Item(place, None, year, id, None, (file_error("not_saved_data"),))
    return json_items.item(place, parsed, form, year, id)
