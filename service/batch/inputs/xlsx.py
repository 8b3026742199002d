"""Reads an .xlsx as tables with streamed rows; safe for hostile files (ECMA-376 part 1, 18)."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from schemas.cells import UnreadableCell
from service import zip_directory
from service.batch.inputs.input_errors import unreadable
from service.batch.inputs.table_model import MergedArea, SheetRow, SheetTable
from service.batch.inputs.xlsx_cells import CellReader, CellText, column_of
from service.batch.inputs.xlsx_colours import OFFICE, theme_colours
from service.batch.inputs.xlsx_rows import sheet_rows
from service.batch.inputs.xlsx_styles import cell_styles
from service.batch.inputs.xml_stream import BadMarkup, XmlTag, tags

UNPACKED_MAXIMUM = 256 * 1024 * 1024  # bytes of XML
STRINGS_MAXIMUM = 1_000_000  # which are all in memory
FORM_NAME, YEAR_NAME = "KEXIE_FORM", "KEXIE_YEAR"
_OLD = b"\xd0\xcf\x11\xe0"
_MERGE = re.compile(b"mergeCell|m\0e\0r\0g\0e\0C\0e\0l\0l")  # in UTF-8 or UTF-16
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
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
        """Yields every visible worksheet."""
        for sheet in self._sheets:
            yield SheetTable(sheet.name, self._rows(sheet.part), sheet.form, sheet.year)

    def _rows(self, part: str) -> Iterator[SheetRow]:
        try:
            areas = self._areas(part)
            with self._zip.open(part) as file:
                yield from sheet_rows(tags(file), self._cells, areas)
        except _BROKEN as error:
            raise unreadable("not_a_workbook") from error

    def _tags(self, part: str) -> Iterator[XmlTag]:
        with self._zip.open(part) as file:
            yield from tags(file)

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts related to a part: kind and name, by id."""
        folder, name = posixpath.split(part)
        found = {}
        for tag in self._tags(posixpath.join(folder, "_rels", f"{name}.rels")):
            if tag.start and tag.name == "Relationship" and tag.attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, tag.attributes["Target"]))
                found[tag.attributes["Id"]] = (posixpath.basename(tag.attributes["Type"]), target.lstrip("/"))
        return found

    def _read_parts(self) -> None:
        main = next(part for kind, part in self._related("").values() if kind == "officeDocument")
        related = self._related(main)
        by_kind = dict(related.values())
        strings = list(_strings(self._tags(by_kind["sharedStrings"]))) if "sharedStrings" in by_kind else []
        theme = theme_colours(self._tags(by_kind["theme"])) if "theme" in by_kind else OFFICE
        styles = cell_styles(self._tags(by_kind["styles"]), theme) if "styles" in by_kind else []
        workbook = list(self._tags(main))
        since_1904 = any(
            tag.start and tag.name == "workbookPr" and tag.attributes.get("date1904") in ("1", "true")
            for tag in workbook
        )
        self._cells = CellReader(strings, styles, since_1904=since_1904)
        self._sheets = list(_sheets(workbook, related))

    def _areas(self, part: str) -> list[MergedArea]:
        """The merged cells of a sheet, by first row. They follow the rows in the XML, so it is read twice."""
        with self._zip.open(part) as file:
            before = b""
            while chunk := file.read(1 << 20):
                if _MERGE.search(before + chunk):
                    break
                before = chunk[-32:]
            else:
                return []
        found = [
            _area(tag.attributes["ref"]) for tag in self._tags(part) if tag.start and tag.name == "mergeCell"
        ]
        return sorted((area for area in found if area), key=lambda area: area.top)


def _area(reference: str) -> MergedArea | None:
    found = _AREA.fullmatch(reference)
    if not found:
        return None
    return MergedArea(reference, int(found[2]), int(found[4]), column_of(found[1]), column_of(found[3]))


def _strings(part: Iterator[XmlTag]) -> Iterator[str | UnreadableCell]:
    """Yields the shared strings (18.4.8)."""
    text, left = CellText(), STRINGS_MAXIMUM
    for tag in part:
        if tag.name != "si":
            text.take(tag)
        elif tag.start:
            text = CellText()
        elif left := left - 1:
            yield text.value
        else:
            raise BadMarkup("too many strings")


def _sheets(workbook: list[XmlTag], related: dict[str, tuple[str, str]]) -> Iterator[_Sheet]:
    """Yields the visible worksheets, with the form and year in their defined names."""
    found: list[_Sheet | None] = []
    names: dict[tuple[str, str | None], str] = {}
    name: tuple[str, str | None] = ("", None)
    for tag in workbook:
        if tag.start and tag.name == "sheet":
            id = next(value for key, value in tag.attributes.items() if key.rpartition(":")[2] == "id")
            kind, part = related.get(id, ("", ""))
            shown = kind == "worksheet" and tag.attributes.get("state", "visible") == "visible"
            found.append(_Sheet(tag.attributes["name"], part) if shown else None)
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
