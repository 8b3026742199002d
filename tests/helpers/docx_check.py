"""Is a .docx a package that Word opens? Lists what is wrong with it.

Checks: a readable zip without duplicate names, `[Content_Types].xml` first; every part well-formed and of
a known content type; every internal relationship's target present; WordprocessingML parts valid against
ECMA-376 transitional (ooxml-xsd/), after dropping what `mc:Ignorable` lets a reader drop; no tag left.
"""

from __future__ import annotations

import functools
import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BRACES = ("{{", "}}", "{%", "%}")


def problems(document: bytes | Path, *, braces_allowed: bool = False) -> list[str]:
    """What would keep Word from opening `document`; `braces_allowed` when the data itself may hold `{{`."""
    data = document.read_bytes() if isinstance(document, Path) else document
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        if damaged := package.testzip():
            return [f"{damaged}: wrong checksum"]
    except zipfile.BadZipFile as exc:
        return [f"not a zip: {exc}"]
    names = package.namelist()
    return [*_of_names(names), *_of_parts(package, names, braces_allowed)]


def _of_names(names: list[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name}: occurs {names.count(name)} times in the package"
    if names[:1] != ["[Content_Types].xml"]:
        yield "the first entry is not [Content_Types].xml"


def _of_parts(package: zipfile.ZipFile, names: list[str], braces_allowed: bool) -> Iterator[str]:
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        try:
            root = etree.fromstring(package.read(name))
        except etree.XMLSyntaxError as exc:
            yield f"{name}: not well-formed: {exc}"
            continue
        if name == "[Content_Types].xml":
            yield from _of_types(root, names)
        yield from _of_relationships(name, root, names)
        if root.tag.startswith(f"{{{_W}}}"):
            yield from _of_word(name, root, braces_allowed)


def _of_types(root: etree._Element, names: list[str]) -> Iterator[str]:
    overrides = {element.get("PartName", "") for element in root.iter(f"{_TYPES}Override")}
    defaults = {element.get("Extension", "").lower() for element in root.iter(f"{_TYPES}Default")}
    for name in names[1:]:
        if f"/{name}" not in overrides and name.rpartition(".")[2].lower() not in defaults:
            yield f"{name}: has no content type"
    for part in sorted(overrides - {f"/{name}" for name in names}):
        yield f"{part}: has a content type but is not in the package"


def _of_relationships(name: str, root: etree._Element, names: list[str]) -> Iterator[str]:
    base = posixpath.dirname(posixpath.dirname(name))
    for relationship in root.iter(_RELATIONSHIP):
        if relationship.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join(f"/{base}", relationship.get("Target", "")))
            if target.lstrip("/") not in names:
                yield f"{name}: {relationship.get('Id')} points to {target}, which is not there"


def _of_word(name: str, root: etree._Element, braces_allowed: bool) -> Iterator[str]:
    text = "".join(str(piece) for piece in root.itertext())
    if not braces_allowed:
        yield from (f"{name}: '{mark}' is left in the text" for mark in _BRACES if mark in text)
    schema = _schema()
    if not schema.validate(_without_ignorable(root)):
        yield from (f"{name}: {error.message[:220]}" for error in _errors(schema))


def _errors(schema: etree.XMLSchema) -> list[etree._LogEntry]:
    found: list[etree._LogEntry] = list(schema.error_log)  # type: ignore[call-overload]
    return found[:5]


@functools.cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).parent / "ooxml-xsd" / "wml.xsd")))


def _without_ignorable(root: etree._Element) -> etree._Element:
    prefixes = str(root.attrib.pop(f"{_MC}Ignorable", "") or "").split()
    ignorable = {root.nsmap.get(prefix) for prefix in prefixes} - {None}
    for element in list(root.iter(etree.Element)):
        for key in list(element.attrib):
            if etree.QName(key).namespace in ignorable:
                del element.attrib[key]
        parent = element.getparent()
        if parent is not None and etree.QName(element).namespace in ignorable:
            parent.remove(element)
    for alternative in list(root.iter(f"{_MC}AlternateContent")):
        _fall_back(alternative)
    return root


def _fall_back(alternative: etree._Element) -> None:
    fallback, parent = alternative.find(f"{_MC}Fallback"), alternative.getparent()
    at = parent.index(alternative)
    parent[at : at + 1] = list(fallback) if fallback is not None else []
