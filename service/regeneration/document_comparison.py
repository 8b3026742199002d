"""Compares archived documents with regenerated ones: identical, or which part changed and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog import Edition
from service.conversion.pdf import pdf_differences
from service.conversion.pdf.pdf_differences import PdfDifferences
from service.errors import Bilingual, PayloadError
from service.layout.document_changes import WORDS, changes
from service.wordml.word_package import unpack

#: The parts that can change, in the order of a report.
PARTS = ("edition", "text", "layout", "fonts", "pages", "engine")
_TOOLS = {"service": "kexie-forms", "docxtpl": "docxtpl", "libreoffice": "LibreOffice"}
# The engine's hashes by their name in a manifest: the code of a change, and what they are of.
_HASHED = {
    "libreoffice": ("libreoffice_files_changed", Bilingual("LibreOffice 的程序文件", "LibreOffice's files")),
    "fonts": ("fonts_changed", Bilingual("本机字体", "the fonts of this machine")),
    "steps": ("steps_changed", Bilingual("本服务的转换步骤", "this service's steps of conversion")),
}
_OTHERS = Bilingual("与归档时不同", "are not those of the archiving")
_DOCUMENT = Bilingual("文书", "the document")
_PDF = Bilingual("PDF", "the PDF")


@dataclass(frozen=True)
class Change:
    """One change: its part, a stable code, its place and a message."""

    part: str
    code: str
    place: Bilingual
    message: Bilingual


@dataclass(frozen=True)
class Comparison:
    """Whether all bytes are identical, the changes, and the PDF pages that look different.

    With identical documents only `edition` and `engine` can have changed.
    """

    identical: bool
    changes: tuple[Change, ...]
    pages: tuple[int, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that changed, in the order of `PARTS`."""
        changed = {change.part for change in self.changes}
        return tuple(part for part in PARTS if part in changed)


def compare(
    edition: Edition,
    manifest: Mapping[str, Any],
    tools: Mapping[str, Any],
    before: Mapping[str, bytes],
    now: Mapping[str, bytes],
) -> Comparison:
    """Compares a record's documents, by format, with those made now by `tools` (`ToolVersions.of`).

    Raises ConversionFault if a PDF cannot be read.
    """
    changes = [*_edition(edition, manifest["edition"])]
    pages: tuple[int, ...] = ()
    if before.get("docx") != now.get("docx"):
        changes += _docx(edition, before["docx"], now["docx"])
    if before.get("pdf") != now.get("pdf"):
        differences = pdf_differences.compare(before["pdf"], now["pdf"])
        changes += _pdf(differences)
        pages = differences.pages
    identical = dict(before) == dict(now)
    versions = list(_engine(manifest["made_by"], tools))
    explained = identical or any(change.part != "edition" for change in changes)
    return Comparison(identical, (*changes, *versions, *([] if versions or explained else [_BYTES])), pages)


_BYTES = Change("engine", "bytes_differ", _DOCUMENT, Bilingual("只有字节不同", "only its bytes differ"))


def _edition(edition: Edition, before: Mapping[str, Any]) -> Iterator[Change]:
    if edition.edition_hash == before["edition_hash"]:
        return
    place = Bilingual(f"版次 {edition.form} {edition.year}", f"edition {edition.form} {edition.year}")
    if edition.template_hash != before.get("template_hash"):
        yield Change("edition", "template_changed", place, Bilingual("模板已改动", "its template changed"))
    else:
        message = Bilingual("填报要求已改动", "its schema or limits changed")
        yield Change("edition", "demands_changed", place, message)


def _docx(edition: Edition, before: bytes, now: bytes) -> list[Change]:
    try:
        found = [
            Change("text" if each.code in WORDS else "layout", each.code, each.place, each.message)
            for each in changes(before, now, edition)
        ]
    except PayloadError as error:
        found = [Change("layout", error.code, _DOCUMENT, error.text)]
    return found or list(_package(before, now))


def _package(before: bytes, now: bytes) -> Iterator[Change]:
    """Yields the parts of the package that differ, if no printed difference was found."""
    old, new = unpack(before), unpack(now)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            place = Bilingual(f"文书的部件 {name}", f"the document's part {name}")
            yield Change("layout", "part_changed", place, Bilingual("内容不同", "differs"))


def _pdf(found: PdfDifferences) -> Iterator[Change]:
    if found.fonts_gone:
        names = "、".join(found.fonts_gone), ", ".join(found.fonts_gone)
        yield Change(
            "fonts", "fonts_gone", _PDF, Bilingual(f"不再用字体 {names[0]}", f"no longer uses {names[1]}")
        )
    if found.fonts_new:
        names = "、".join(found.fonts_new), ", ".join(found.fonts_new)
        yield Change("fonts", "fonts_new", _PDF, Bilingual(f"新用字体 {names[0]}", f"newly uses {names[1]}"))
    if found.before != found.now:
        message = Bilingual(
            f"页数由 {found.before} 变为 {found.now}", f"has {found.now} pages, not {found.before}"
        )
        yield Change("pages", "page_count", _PDF, message)
    if found.pages:
        zh, en = "、".join(map(str, found.pages)), ", ".join(map(str, found.pages))
        place = Bilingual(f"PDF 第 {zh} 页", f"page {en} of the PDF")
        yield Change("pages", "pages_look_different", place, Bilingual("外观不同", "looks different"))


def _engine(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Yields the tools, fonts and steps that differ from those of the archiving."""
    for key, name in _TOOLS.items():
        if before.get(key) != now.get(key):
            message = Bilingual(
                f"由 {before.get(key)} 变为 {now.get(key)}",
                f"changed from {before.get(key)} to {now.get(key)}",
            )
            yield Change("engine", f"{key}_changed", Bilingual(name, name), message)
    for key in _differing_hashes(before, now):
        yield Change("engine", _HASHED[key][0], _HASHED[key][1], _OTHERS)


def _differing_hashes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of `_HASHED` whose hashes differ; LibreOffice's not where its version has said it.

    Records of earlier versions have a hash of the fonts only.
    """
    old, new = (made_by.get("engine") or {} for made_by in (before, now))
    if not old or not new:
        old, new = ({"fonts": (made_by.get("fonts") or {}).get("sha256")} for made_by in (before, now))
    for key in _HASHED:
        named = key == "libreoffice" and before.get(key) != now.get(key)
        if old.get(key) != new.get(key) and not named:
            yield key
