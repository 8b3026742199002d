"""Edits a .docx as a user would in Word, and templates in a copy of the forms' folders."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from typing import cast

from lxml import etree

from tests.helpers import ROOT
from tests.helpers.docx_read import W

NAMES = {"w": W.strip("{}")}
DOCUMENT = "word/document.xml"


def edited(docx: bytes, change: Callable[[etree._Element], None], part: str = DOCUMENT) -> bytes:
    """The document with `change` made to the tree of one part."""
    parts = _parts(docx)
    root = etree.fromstring(parts[part])
    change(root)
    return _zipped(parts | {part: etree.tostring(root, xml_declaration=True, encoding="UTF-8")})


def with_part(docx: bytes, name: str, xml: str, kind: str) -> bytes:
    """The document with one more part, which its relationships name as `kind` under the id `rNew`."""
    root = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def relate(relations: etree._Element) -> None:
        etree.SubElement(relations, relations[0].tag, Id="rNew", Type=f"{root}/{kind}", Target=name)

    related = edited(docx, relate, "word/_rels/document.xml.rels")
    return _zipped(_parts(related) | {f"word/{name}": xml.encode()})


def _parts(docx: bytes) -> dict[str, bytes]:
    package = zipfile.ZipFile(io.BytesIO(docx))
    return {name: package.read(name) for name in package.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def found(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements that an XPath with the prefix `w` leads to."""
    return cast(list[etree._Element], root.xpath(path, namespaces=NAMES))


def table(root: etree._Element, number: int) -> etree._Element:
    """A table of the body, from 1."""
    return found(root, f"w:body/w:tbl[{number}]")[0]


def row(root: etree._Element, number: int, at: int) -> etree._Element:
    """A row, from 1."""
    return found(table(root, number), f"w:tr[{at}]")[0]


def cell(root: etree._Element, number: int, at: int, column: int) -> etree._Element:
    """A cell, from 1."""
    return found(row(root, number, at), f"w:tc[{column}]")[0]


def paragraph(root: etree._Element, text: str) -> etree._Element:
    """The first paragraph that holds `text`."""
    return next(each for each in root.iter(W + "p") if text in "".join(map(str, each.itertext(W + "t"))))


def reword(element: etree._Element, before: str, after: str) -> None:
    """Puts `after` for `before` in the text that holds it."""
    text = next(each for each in element.iter(W + "t") if before in (each.text or ""))
    text.text = text.text.replace(before, after)


def put(parent: etree._Element, xml: str, at: int = 0) -> etree._Element:
    """A new child of `parent`, from XML with the prefix `w`."""
    new = etree.fromstring(f'<x xmlns:w="{NAMES["w"]}">{xml}</x>')[0]
    parent.insert(at, new)
    return new


def properties(element: etree._Element, name: str) -> etree._Element:
    """The element's properties `w:name`, made where it has none."""
    here = element.find(W + name)
    return put(element, f"<w:{name}/>") if here is None else here


BODY = "word/document.xml"


def copy_forms(to, *, code=False):
    """A copy of templates and samples under `to`, with `code` of schemas and service as well."""
    for name in ("docx_templates", "samples", *(("schemas", "service") if code else ())):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def edit(path, *changes, part=BODY, added=None):
    """Replace the first `old` by `new` for each of `changes` in a part of the .docx at `path`; add parts."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[part].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    parts |= {part: text.encode(), **(added or {})}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    path.write_bytes(packed.getvalue())
