"""Installs a form from the zip of its folder, as the page for new forms gives it (`kexie-forms form add`)."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from schemas import edition_table
from service import lint, zip_directory
from service.conversion import file_kind
from service.conversion.fonts.face_table import TABLE
from service.errors import UsageError
from service.form_authoring import form_files, trial, typefaces
from service.forms import form_folder
from service.forms.form_folder import FormFolder
from service.lint.lint_report import LintReport

_EDITIONS = PurePosixPath("schemas/editions.json")
_FACES = f"fonts/{TABLE}"
_NEVER_FILES = ("__MACOSX/",)  # what macOS adds


@dataclass(frozen=True)
class AddedForm:
    """A form that was installed: name, plan year, title, its files, and the report of lint."""

    form: str
    year: int
    title: str
    files: tuple[Path, ...]
    report: LintReport


def add(content: bytes, root: Path) -> AddedForm:
    """Writes the form of a zip into the folder of forms at `root`, all of its files or none.

    Only the files that a form has are taken, under the names that its row gives: no name in the zip is a path
    to write to. Raises UsageError if it is no such zip, if the form and year exist in any folder, or it
    cannot be written; UnreadableDocument for its template, TemplateFault if the form could not be used.
    """
    held = _unpacked(content)
    row = _row(held.pop(str(_EDITIONS)))
    form, year = row["form"], row["year"]
    expected = _expected(row)
    if wrong := sorted(held.keys() - expected):
        raise _no_form(f"其中有表单没有的文件：{wrong[0]}", f"it has a file that no form has: {wrong[0]}")
    if missing := sorted(expected - held.keys() - {_FACES}):
        raise _no_form(f"其中缺少 {missing[0]}", f"{missing[0]} is missing in it")
    file_kind.kind(held[f"docx_templates/{year}/{form}.docx"])
    folder = form_folder.outside(root)
    with form_files.reserved(folder, form, year):
        files = _files(held, row, folder)
        with trial.edition(files, folder, form, year) as tried:
            report = lint.check(tried)
        form_files.write(files)
    return AddedForm(form, year, row["title"], tuple(files), report)


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The files by their names below the folder that has the table. Raises UsageError."""
    if zip_directory.is_too_large(io.BytesIO(content)):
        raise _too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = [each for each in file.infolist() if _is_file(each)]
            if sum(each.file_size for each in parts) > file_kind.UNPACKED_LIMIT:
                raise _too_large()
            if len({each.filename for each in parts}) < len(parts):
                raise zipfile.BadZipFile("two files of one name")
            return dict(_below_root({each.filename: file.read(each) for each in parts}))
    except zip_directory.BROKEN as error:
        raise _no_form("它不是完好的 ZIP", "it is no sound zip") from error


def _is_file(part: zipfile.ZipInfo) -> bool:
    return not part.is_dir() and not part.filename.startswith(_NEVER_FILES)


def _below_root(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    tables = [name for name in files if PurePosixPath(name).parts[-2:] == _EDITIONS.parts]
    if len(tables) != 1:
        raise _no_form(f"其中应有一份 {_EDITIONS}", f"it must have one {_EDITIONS}")
    root = tables[0][: -len(str(_EDITIONS))]
    yield from ((name.removeprefix(root), content) for name, content in files.items())


def _row(table: bytes) -> dict[str, Any]:
    """The only row of the table, sound, with its schema in a module of the folder. Raises UsageError."""
    try:
        rows = json.loads(table)
    except ValueError:
        rows = None
    if not isinstance(rows, list) or len(rows) != 1 or not edition_table.is_sound(rows[0]):
        raise _no_form(f"{_EDITIONS} 应有完好的一行", f"{_EDITIONS} must have one sound row")
    row: dict[str, Any] = rows[0]
    if row["schema"].count(".") != 1:
        raise _no_form(
            f"{_EDITIONS} 的 schema 应为 模块.类", f"the schema in {_EDITIONS} must be module.Class"
        )
    return row


def _expected(row: Mapping[str, Any]) -> set[str]:
    """The files that the form of a row has beside the table."""
    form, year, module = row["form"], row["year"], row["schema"].partition(".")[0]
    return {
        f"docx_templates/{year}/{form}.docx",
        f"docx_templates/{year}/{form}.official.txt",
        f"samples/{year}/{form}.minimal.json",
        f"samples/{year}/{form}.full.json",
        f"schemas/{module}.py",
        _FACES,
    }


def _files(held: Mapping[str, bytes], row: Mapping[str, Any], folder: FormFolder) -> dict[Path, bytes]:
    """The contents of the form's files in a folder, its table of editions last."""
    old, _, name = row["schema"].partition(".")
    module = form_files.module(folder, row["form"], row["year"])
    files = {folder.root / each: content for each, content in held.items()}
    files[folder.schemas / f"{module}.py"] = files.pop(folder.schemas / f"{old}.py")
    if faces := held.get(_FACES):
        files[folder.fonts / TABLE] = _faces(folder, faces)
    rows = [*form_files.table_rows(folder), {**row, "schema": f"{module}.{name}"}]
    return {**files, folder.table: edition_table.text(rows).encode()}


def _faces(folder: FormFolder, faces: bytes) -> bytes:
    """The folder's table of faces with the rows of the zip's for fonts that it does not know."""
    try:
        rows = json.loads(faces)
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(each, dict) and "official" in each for each in rows):
        raise _no_form(f"{_FACES} 有误", f"{_FACES} is broken")
    return typefaces.merged(folder.fonts, rows)


def _no_form(zh: str, en: str) -> UsageError:
    return UsageError(
        f"这不是页面“由空白表新建表单”下载的 ZIP：{zh}。没有写任何文件。",
        f"This is no zip of a form, as the page for new forms gives it: {en}. Nothing was written.",
    )


def _too_large() -> UsageError:
    most = file_kind.UNPACKED_LIMIT // 1024**2
    return _no_form(f"展开后超过 {most} MiB", f"it unpacks to more than {most} MiB")
