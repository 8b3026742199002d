"""The files of a form: what is in them, and writing them."""

import fcntl
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lxml import etree

from schemas import edition_table
from schemas.form_fault import FormFault
from service import catalog
from service.conversion.fonts.face_table import TABLE
from service.editions import atomic_folders
from service.errors import TemplateFault, UsageError
from service.form_authoring import (
    cleared_document,
    printed_braces,
    sample_values,
    schema_writer,
    tags,
    typefaces,
)
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.form_plan import FormPlan
from service.forms.form_folder import BUILT_IN, FormFolder
from service.wordml import cell_around, paragraphs, word_package
from service.wordml.word_package import CORE, MAIN, TITLE

_TIME = (1980, 1, 1, 0, 0, 0)


def contents(
    folder: FormFolder, form: str, year: int, blank: BlankForm, plan: FormPlan, title: str
) -> dict[Path, bytes]:
    """The contents of a form's files, the table of editions last; the tags are written into the blank's root.

    Raises UnreadableDocument for printed braces beside a place.
    """
    named = module(folder, form, year)
    official = official_text(blank.root)
    minimal, full = sample_values.minimal(plan), sample_values.full(plan)
    tags.put(list(plan.fields()), blank)
    cleared_document.finish(blank.root)
    printed_braces.check_tags(blank.root)
    templates, samples = folder.templates(year), folder.samples(year)
    row = {
        "form": form,
        "year": year,
        "schema": f"{named}.{schema_writer.class_of(form)}",
        "title": title,
        "provenance": "official",
    }
    files = {
        templates / f"{form}.docx": template(blank, title),
        templates / f"{form}.official.txt": official.encode(),
        folder.schemas / f"{named}.py": schema_writer.text(plan, form, title, year).encode(),
        samples / f"{form}.minimal.json": _json(minimal),
        samples / f"{form}.full.json": _json(full),
    }
    if names := typefaces.unknown(blank.parts, [folder.fonts]):
        files[folder.fonts / TABLE] = typefaces.table(folder.fonts, names)
    return {**files, folder.table: edition_table.text([*table_rows(folder), row]).encode()}


@contextmanager
def reserved(folder: FormFolder, form: str, year: int) -> Iterator[None]:
    """Keeps others from writing into a folder, which is made if it is missing, until the form is written.

    Raises UsageError for a name that no form can have, or one that exists in any folder of forms.
    """
    _check_free(folder, form, year)
    with _locked(folder):
        _check_free(folder, form, year)
        yield


def _check_free(folder: FormFolder, form: str, year: int) -> None:
    if not edition_table.is_name(form) or year not in edition_table.YEARS:
        raise UsageError(
            f"“{form}”或年度“{year}”不能用：名称以字母开头，只含字母、数字、- 和 _，至多 40 个；"
            "年度为四位数字。",
            f"'{form}' or the year '{year}' cannot be used: a name begins with a letter and has letters, "
            "digits, - and _, 40 at most; a year has four digits.",
        )
    if error := taken(folder, form, year):
        raise error


def taken(folder: FormFolder, form: str, year: int) -> UsageError | None:
    """The error that the form and year exist in a folder, this or another; None if they do not."""
    paths = [folder.templates(year) / f"{form}.docx", folder.schemas / f"{module(folder, form, year)}.py"]
    if any(path.exists() for path in paths) or _has_row(table_rows(folder), form, year):
        return _taken(folder, form, year)
    for other in catalog.folders():
        with suppress(TemplateFault):  # a broken table is named where its forms are used
            if _has_row(table_rows(other), form, year):
                return _taken(other, form, year)
    return None


def _has_row(rows: Iterable[Any], form: str, year: int) -> bool:
    named = (row for row in rows if isinstance(row, dict))
    return any((row.get("form"), row.get("year")) == (form, year) for row in named)


def _taken(folder: FormFolder, form: str, year: int) -> UsageError:
    zh, en = ("自带的表单", "The built-in forms") if folder is BUILT_IN else (f"{folder} ", str(folder))
    return UsageError(
        f"{zh}中已有 {form} {year}。请换一个名称或年度；已有的从不改动。",
        f"{en} have {form} {year} already: choose another name or year. What exists is never changed.",
    )


def module(folder: FormFolder, form: str, year: int) -> str:
    """The module of the schema; another year's has the plain name."""
    name = form.replace("-", "_")
    return f"{name}_{year}" if (folder.schemas / f"{name}.py").exists() else name


def table_rows(folder: FormFolder) -> list[Any]:
    """The rows of the folder's table of editions as they are written. Raises TemplateFault."""
    try:
        return [row for _, row in edition_table.rows(folder.table)] if folder.table.is_file() else []
    except FormFault as fault:
        raise TemplateFault(fault.text.zh, fault.text.en) from fault


def official_text(root: etree._Element) -> str:
    """The blank's text: a line a paragraph, one in a cell behind a tab."""
    lines = (("\t" if cell_around(each.element) is not None else "") + each.text for each in paragraphs(root))
    return "\n".join(lines) + "\n"


def template(blank: BlankForm, title: str) -> bytes:
    """The .docx of a blank form whose root has the tags; its document properties have the title."""
    parts = {**blank.parts, MAIN: word_package.written(blank.root)}
    if (core := word_package.part(parts, CORE)) is not None:
        named = core.find(TITLE)
        named = etree.SubElement(core, TITLE) if named is None else named
        named.text = title
        parts[CORE] = word_package.written(core)
    return packed(parts)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, the same bytes each time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in files.items():
            file.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _json(payload: Mapping[str, Any]) -> bytes:
    return (json.dumps(payload, ensure_ascii=False, indent=2) + "\n").encode()


@contextmanager
def _locked(folder: FormFolder) -> Iterator[None]:
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder.root, os.O_RDONLY)
    except OSError as error:
        raise atomic_folders.unwritable(error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(files: Mapping[Path, bytes]) -> None:
    """Writes all of these files or none. Raises UsageError."""
    try:
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
        atomic_folders.write({}, files)
    except OSError as error:
        raise atomic_folders.unwritable(error) from error
