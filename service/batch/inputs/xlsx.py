"""Reads an .xlsx as tables with streamed rows; safe for hostile files (ECMA-376 part 1, 18)."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from service import zip_directory
from service.batch.inputs.input_errors import unreadable
from service.batch.inputs.table_model import SheetRow, SheetTable
from service.batch.inputs.xlsx_annotations import SheetAnnotations
from service.batch.inputs.xlsx_cells import CellReader, CellText, SharedText
from service.batch.inputs.xlsx_colours import OFFICE, theme_colours
from service.batch.inputs.xlsx_rows import sheet_rows
from service.batch.inputs.xlsx_styles import WorkbookStyles, workbook_styles
from service.batch.inputs.xml_stream import BadMarkup, XmlTag, tags

UNPACKED_MAXIMUM = 256 * 1024 * 1024  # bytes of XML
STRINGS_MAXIMUM = 1_000_000  # which are all in memory
FORM_NAME, YEAR_NAME = "KEXIE_FORM", "KEXIE_YEAR"
_OLD = b"\xd0\xcf\x11\xe0"
# In UTF-8 or UTF-16.
_ANNOTATED = re.compile(
    b"mergeCell|m\0e\0r\0g\0e\0C\0e\0l\0l|conditionalF|c\0o\0n\0d\0i\0t\0i\0o\0n\0a\0l\0F"
)
_BROKEN = (
    BadMarkup,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,  # a compression that Python does not know
    OverflowError,
    RuntimeError,  # an encrypted member
    StopIteration,  # no workbook part
    ValueError,
)


@dataclass
class _Sheet:
    name: str
    part: str
    hidden: bool
    form: str | None = None
    year: int | None = None


class Workbook:
    """An open .xlsx. Raises UnreadableInput when opened and while read."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            if zip_directory.is_too_large(file):
                raise unreadable("too_many_parts")
            self._zip = zipfile.ZipFile(file)
            if sum(info.file_size for info in self._zip.infolist()) > UNPACKED_MAXIMUM:
                raise unreadable("too_large", maximum=UNPACKED_MAXIMUM // 1024 // 1024)
            self._read_parts()
        except _BROKEN as error:
            file.seek(0)
            code = "old_workbook" if file.read(4) == _OLD else "not_a_workbook"
            raise unreadable(code) from error

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def tables(self) -> Iterator[SheetTable]:
        """Yields every worksheet."""
        for sheet in self._sheets:
            yield SheetTable(sheet.name, self._rows(sheet.part), sheet.form, sheet.year, sheet.hidden)

    def _rows(self, part: str) -> Iterator[SheetRow]:
        try:
            annotations = self._annotations(part)
            with self._zip.open(part) as file:
                yield from sheet_rows(tags(file), self._cells, annotations)
        except _BROKEN as error:
            raise unreadable("not_a_workbook") from error

    def _tags(self, part: str) -> Iterator[XmlTag]:
        with self._zip.open(part) as file:
            yield from tags(file)

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts related to a part: kind and name, by id."""
        folder, found = posixpath.dirname(part), {}
        for tag in self._tags(_links(part)):
            if tag.start and tag.name == "Relationship" and tag.attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, tag.attributes["Target"]))
                found[tag.attributes["Id"]] = (posixpath.basename(tag.attributes["Type"]), target.lstrip("/"))
        return found

    def _read_parts(self) -> None:
        main = next(part for kind, part in self._related("").values() if kind == "officeDocument")
        related = self._related(main)
        by_kind = dict(related.values())
        theme = theme_colours(self._tags(by_kind["theme"])) if "theme" in by_kind else OFFICE
        shared = self._tags(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else iter(())
        strings = list(_strings(shared, theme))
        self._styles = WorkbookStyles(theme=theme)
        if "styles" in by_kind:
            self._styles = workbook_styles(self._tags(by_kind["styles"]), theme)
        workbook = list(self._tags(main))
        since_1904 = any(
            tag.start and tag.name == "workbookPr" and tag.attributes.get("date1904") in ("1", "true")
            for tag in workbook
        )
        self._cells = CellReader(strings, self._styles, since_1904=since_1904)
        self._sheets = list(_sheets(workbook, related))

    def _annotations(self, part: str) -> SheetAnnotations:
        """The annotations of a sheet. They follow the rows in the XML, so that is read twice."""
        found = SheetAnnotations(self._styles)
        if self._has_annotations(part):
            for tag in self._tags(part):
                found.take(tag)
        if _links(part) in self._zip.namelist():
            for kind, target in self._related(part).values():
                if kind == "comments" and target in self._zip.namelist():
                    found.add_notes(self._tags(target))
        return found

    def _has_annotations(self, part: str) -> bool:
        with self._zip.open(part) as file:
            before = b""
            while chunk := file.read(1 << 20):
                if _ANNOTATED.search(before + chunk):
                    return True
                before = chunk[-48:]
        return False


def _links(part: str) -> str:
    """The part with the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _strings(part: Iterator[XmlTag], theme: Sequence[str]) -> Iterator[SharedText]:
    """Yields the shared strings (18.4.8)."""
    text, left = CellText(theme), STRINGS_MAXIMUM
    for tag in part:
        if tag.name != "si":
            text.take(tag)
        elif tag.start:
            text = CellText(theme)
        elif left := left - 1:
            yield text.value
        else:
            raise BadMarkup("too many strings")


def _sheets(workbook: list[XmlTag], related: dict[str, tuple[str, str]]) -> Iterator[_Sheet]:
    """Yields the worksheets, with the form and year in their defined names."""
    found: list[_Sheet | None] = []
    names: dict[tuple[str, str | None], str] = {}
    name: tuple[str, str | None] = ("", None)
    for tag in workbook:
        if tag.start and tag.name == "sheet":
            id = next(value for key, value in tag.attributes.items() if key.rpartition(":")[2] == "id")
            kind, part = related.get(id, ("", ""))
            is_hidden = tag.attributes.get("state", "visible") != "visible"
            found.append(_Sheet(tag.attributes["name"], part, is_hidden) if kind == "worksheet" else None)
        elif tag.name == "definedName" and tag.start:
            name = (tag.attributes.get("name", ""), tag.attributes.get("localSheetId"))
        elif tag.name == "definedName":
            names[name] = tag.text.strip().strip('"')
    for number, sheet in enumerate(found):
        if sheet:
            form, year = (
                names.get((key, str(number))) or names.get((key, None)) for key in (FORM_NAME, YEAR_NAME)
            )
            sheet.form, sheet.year = form, int(year) if year and year.isdecimal() else None
            yield sheet
