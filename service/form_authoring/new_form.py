"""Makes a form of a blank document: template, schema, official text, samples, table row, faces."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from schemas import edition_table
from schemas.fields.titled import key_words
from schemas.form_fault import FormFault
from service import lint
from service.blank_forms import blank_document, find_places
from service.blank_forms.blank_document import BlankDocument
from service.blank_forms.place import Place
from service.config import Settings
from service.conversion import file_kind, to_docx
from service.conversion.fonts.face_table import TABLE
from service.editions import atomic_folders
from service.errors import TemplateFault, UnreadableDocument, UsageError
from service.form_authoring import (
    cleared_document,
    form_plan,
    form_title,
    sample_values,
    schema_module,
    tags,
    typefaces,
)
from service.form_authoring.form_plan import FormPlan
from service.form_authoring.positions import Positions
from service.forms import form_folder, form_reader
from service.forms.form_folder import BUILT_IN, FormFolder
from service.lint.lint_report import LintReport
from service.wordml import W, package, paragraphs
from service.wordml.package import MAIN
from service.wordml.styles import Styles

_CORE, _TITLE = "docProps/core.xml", "{http://purl.org/dc/elements/1.1/}title"
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class BlankForm:
    """A blank form that was read: its parts, the root of its text, its blocks, its places and title."""

    parts: Mapping[str, bytes]
    root: etree._Element
    document: BlankDocument
    places: tuple[Place, ...]
    title: str


@dataclass(frozen=True)
class NewForm:
    """A form that was written: its title, its files, its fields, and what lint says of it."""

    title: str
    files: tuple[Path, ...]
    plan: FormPlan
    report: LintReport


def read(blank: bytes, settings: Settings) -> BlankForm:
    """Reads a blank form: .docx, .doc, .wps, .odt or .rtf.

    Raises UnreadableDocument, and for all but .docx as `to_docx` does.
    """
    kind = file_kind.kind(blank)
    if kind == file_kind.PDF:
        raise UnreadableDocument(
            "PDF 里没有可以填写的版式结构。请用 Word、WPS 的原文件（.docx、.doc、.wps、.odt）。",
            "A PDF has no structure to fill in: use the original Word or WPS file (.docx, .doc, .wps, .odt).",
        )
    given = package.opened(blank if kind == file_kind.DOCX else to_docx(blank, kind, settings))
    try:
        parts = cleared_document.cleared(given)
    except etree.XMLSyntaxError as error:
        raise package.incomplete() from error
    root = package.part(parts, MAIN)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise package.incomplete()
    document = blank_document.read(body)
    places = tuple(find_places.find(document))
    title = form_title.title(document, places, Styles(partial(package.part, parts)))
    return BlankForm(parts, root, document, places, title)


def make(
    form: str, year: int, blank: BlankForm, root: Path, plan: FormPlan | None = None, title: str = ""
) -> NewForm:
    """Writes the form into the folder of forms at `root`, all of its files or none, and lints it.

    Fields and title are by default those that are found. The tags are written into the blank, which makes
    one form only. Raises UsageError if it cannot be written, if the form and year exist, or the blank has no
    places.
    """
    folder = form_folder.outside(root)
    if not blank.places:
        raise UsageError(
            "空白表中没有找到要填写的位置。请检查文件是不是空白表。",
            "No place to fill in was found in the blank form. Check whether the file is one.",
        )
    check_free(folder, form, year)
    title, plan = title or blank.title or form, plan or planned(blank)
    files = _files(folder, form, year, blank, plan, title)
    write(files)
    return NewForm(title, tuple(files), plan, linted(folder, form, year))


def write(files: Mapping[Path, bytes]) -> None:
    """Writes all of these files or none. Raises UsageError."""
    try:
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
        atomic_folders.write({}, files)
    except OSError as error:
        raise UsageError(
            f"写不了，什么也没有改动：{error}。请检查表单目录的写入权限和磁盘空间。",
            f"Cannot write, and nothing was changed: {error}. Check the folder's rights and free space.",
        ) from error


def planned(blank: BlankForm) -> FormPlan:
    """The fields of a blank form, in the order of its text."""
    position = Positions(blank.root)
    found = form_plan.plan(blank.places, blank.title).headed
    return form_plan.arranged(sorted(found, key=lambda each: position(each[1].place)))


def _files(
    folder: FormFolder, form: str, year: int, blank: BlankForm, plan: FormPlan, title: str
) -> dict[Path, bytes]:
    """The contents of the form's files; the tags are written into the blank's root."""
    module = _module(folder, form, year)
    official = official_text(blank.root)
    minimal, full = sample_values.minimal(plan), sample_values.full(plan)
    tags.put(list(plan.fields()), blank.root)
    cleared_document.finish(blank.root)
    templates, samples = folder.templates(year), folder.samples(year)
    row = {
        "form": form,
        "year": year,
        "schema": f"{module}.{schema_module.class_of(form)}",
        "title": title,
        "gloss": key_words(form.replace("-", "_")),
        "provenance": "official",
    }
    files = {
        templates / f"{form}.docx": template(blank, title),
        templates / f"{form}.official.txt": official.encode(),
        folder.schemas / f"{module}.py": schema_module.text(plan, form, title, year).encode(),
        samples / f"{form}.minimal.json": _json(minimal),
        samples / f"{form}.full.json": _json(full),
        folder.table: edition_table.text([*table_rows(folder), row]).encode(),
    }
    if names := typefaces.unknown(blank.parts, folder.fonts):
        files[folder.fonts / TABLE] = typefaces.table(folder.fonts, names)
    return files


def check_free(folder: FormFolder, form: str, year: int) -> None:
    """Raises UsageError for a name that no form can have, or one that exists."""
    if not edition_table.is_name(form) or year not in edition_table.YEARS:
        raise UsageError(
            f"“{form}”或年度“{year}”不能用：名称以字母开头，只含字母、数字、- 和 _，至多 40 个；"
            "年度为四位数字。",
            f"'{form}' or the year '{year}' cannot be used: a name begins with a letter and has letters, "
            "digits, - and _, 40 at most; a year has four digits.",
        )
    paths = [folder.templates(year) / f"{form}.docx", folder.schemas / f"{_module(folder, form, year)}.py"]
    rows = [row for row in table_rows(folder) if isinstance(row, dict)]
    if any((row.get("form"), row.get("year")) == (form, year) for row in rows) or any(
        path.exists() for path in paths
    ):
        raise UsageError(
            f"{folder} 中已有 {form} {year}。请换一个名称，或先移走原有的文件。",
            f"{folder} has {form} {year} already: choose another name, or move its files away first.",
        )


def _module(folder: FormFolder, form: str, year: int) -> str:
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
    lines = (("\t" if _is_in_cell(each.element) else "") + each.text for each in paragraphs(root))
    return "\n".join(lines) + "\n"


def _is_in_cell(paragraph: etree._Element) -> bool:
    return next(paragraph.iterancestors(W + "tc"), None) is not None


def template(blank: BlankForm, title: str) -> bytes:
    """The .docx of a blank form whose root has the tags; its document properties have the title."""
    parts = {**blank.parts, MAIN: package.written(blank.root)}
    if (core := package.part(parts, _CORE)) is not None:
        named = core.find(_TITLE)
        named = etree.SubElement(core, _TITLE) if named is None else named
        named.text = title
        parts[_CORE] = package.written(core)
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


def linted(folder: FormFolder, form: str, year: int) -> LintReport:
    """What lint says of a form that was just written. Raises TemplateFault if it cannot be used at all."""
    editions, broken = form_reader.read((BUILT_IN, folder), thorough=False)
    found = next((each for each in editions if (each.form, each.year) == (form, year)), None)
    if found is None:
        reasons = [each.text for each in broken if each.name in (f"{form} {year}", str(folder))]
        zh, en = "；".join(each.zh for each in reasons), "; ".join(each.en for each in reasons)
        raise TemplateFault(
            f"新建的表单 {form} {year} 有误：{zh}", f"The new form {form} {year} is broken: {en}"
        )
    return lint.check(found)
