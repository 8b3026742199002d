"""Opens a package under the part names that Word uses, whichever it has (ECMA-376 part 2, 6.2 and 6.5)."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from service.errors import UnreadableDocument
from service.wordml import parse

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAIN = "word/document.xml"
#: The document properties, and their title.
CORE, TITLE = "docProps/core.xml", "{http://purl.org/dc/elements/1.1/}title"
_FAULTS = (KeyError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
_USUAL = 10_000  # bytes of a list of relationships
_PACKAGE = ""  # the source of the package's own relationships
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# The names of the parts that are found by their kind.
_NAMES = {
    "officeDocument": MAIN,
    "core-properties": CORE,
    "extended-properties": "docProps/app.xml",
    "theme": "word/theme/theme1.xml",
    **{
        kind: f"word/{kind}.xml"
        for kind in ("styles", "settings", "numbering", "footnotes", "endnotes", "comments")
    },
}


class Relationship(NamedTuple):
    """A relationship: its id, its kind (the end of its type), and the part that it names."""

    id: str
    kind: str
    target: str


def unpack(docx: bytes) -> dict[str, bytes]:
    """The parts of a package by name, in order. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return {name: package.read(name) for name in package.namelist()}


def opened(docx: bytes) -> dict[str, bytes]:
    """The parts of a .docx under the names that Word uses. Raises UnreadableDocument."""
    try:
        return standard(unpack(docx))
    except _FAULTS as error:
        raise incomplete() from error


def part(parts: Mapping[str, bytes], name: str) -> etree._Element | None:
    """The root of the XML part `name`; None if missing. Raises UnreadableDocument."""
    try:
        return parse(parts[name]) if name in parts else None
    except etree.XMLSyntaxError as error:
        raise incomplete() from error


def shared_part(parts: Mapping[str, bytes], name: str) -> etree._Element | None:
    """As `part`, for a root that nobody changes: documents of one form have the same styles, parsed once."""
    content = parts.get(name)
    if content is None or len(content) > _USUAL:
        return part(parts, name)
    return _shared(content)


@lru_cache(maxsize=32)
def _shared(content: bytes) -> etree._Element | None:
    return part({MAIN: content}, MAIN)


def written(root: etree._Element) -> bytes:
    """The bytes of an XML part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def incomplete() -> UnreadableDocument:
    """The error of a package that lacks a part, or holds a broken one."""
    return UnreadableDocument(
        "文件不是完整的 Word 文档（.docx）。请用 Word 或 WPS 打开并另存为 .docx 后重试。",
        "The file is not a complete Word document (.docx). Open it in Word or WPS, save it as "
        ".docx, and try again.",
    )


def relationships(parts: Mapping[str, bytes], name: str) -> tuple[Relationship, ...]:
    """The relationships of a part, or of the package (name ""), without those to the outside."""
    listed = parts.get(list_of(name), b"")
    return _known(listed, name) if len(listed) <= _USUAL else _read(listed, name)


def _read(listed: bytes, name: str) -> tuple[Relationship, ...]:
    try:
        root = parse(listed)
    except etree.XMLSyntaxError:
        return ()
    inside = (each for each in root.iterchildren(_RELATIONSHIP) if each.get("TargetMode") != "External")
    return tuple(Relationship(*_type(each), _target(name, each.get("Target", ""))) for each in inside)


_known = lru_cache(maxsize=64)(_read)  # the same in many documents


def relations(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """The parts that the part `name` refers to by their ids; without those outside of the package."""
    return {each.id: each.target for each in relationships(parts, name)}


def main_part(parts: Mapping[str, bytes]) -> str:
    """The name of the document's main part."""
    found = (each.target for each in relationships(parts, _PACKAGE) if each.kind == "officeDocument")
    return next(found, MAIN)


def standard(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts under the names that Word uses: another part of a standard name gives way."""
    known = {name.lower(): name for name in parts} | {name: name for name in parts}
    main = _found(main_part(parts), known) or MAIN
    names = {
        name: _NAMES[each.kind]
        for each in (*relationships(parts, main), *relationships(parts, _PACKAGE))
        if each.kind in _NAMES and (name := _found(each.target, known))
    }
    if all(name == usual for name, usual in names.items()):
        return parts
    lists = {list_of(name): (list_of(usual), name) for name, usual in names.items()}
    taken = {*names.values(), *(usual for usual, _ in lists.values())}
    renamed = {name: part for name, part in parts.items() if name not in taken}
    for name, usual in names.items():
        renamed[usual] = parts[name]
    for name, (usual, source) in lists.items():
        if name in parts:
            renamed[usual] = _absolute(parts[name], source, names)
    return renamed


def _found(target: str, known: Mapping[str, str]) -> str | None:
    """The name of a part, which may be written in capitals elsewhere (6.2.2.3)."""
    return known.get(target) or known.get(target.lower())


def list_of(name: str) -> str:
    """The name of the part with the relationships of a part."""
    folder, stem = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{stem}.rels")


def _type(relationship: etree._Element) -> tuple[str, str]:
    return relationship.get("Id", ""), posixpath.basename(relationship.get("Type", ""))


def _target(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(f"/{posixpath.dirname(name)}", target)).lstrip("/")


def _absolute(listed: bytes, source: str, names: Mapping[str, str]) -> bytes:
    """The relationships of the part `source` with the new `names` of their targets."""
    try:
        root = parse(listed)
    except etree.XMLSyntaxError:
        return listed
    for each in root.iterchildren(_RELATIONSHIP):
        if each.get("TargetMode") != "External":
            target = _target(source, each.get("Target", ""))
            each.set("Target", f"/{names.get(target, target)}")
    return etree.tostring(root)
