"""Splits a template: parts without tags as python-docx saves them, parts with tags for docxtpl."""

import copy
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from lxml import etree

from service.errors import TemplateFault
from service.wordml import parse

# The properties whose text docxtpl renders.
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_SUFFIX = (".xml", ".rels")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_BODY = "<!--body-->"
_RELATIONSHIPS, _CORE = "_rels/.rels", "/metadata/core-properties"
_DRAWING = re.compile(r"<wp:docPr\b[^>]*?(?=/?>)")
_ID = re.compile(r'\sid="[^"]*"')
_FIRST_DRAWING_ID = 1001
_PREFIXES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}


@dataclass(frozen=True)
class TaggedSource:
    """A part with tags: its name in the zip and its XML, patched by docxtpl for Jinja.

    `head` and `tail` surround `xml` and hold no tags. `usual`: WordprocessingML uses its usual prefixes,
    so that elements can be recognised by their qualified names.
    """

    name: str
    xml: str
    head: str = _DECLARATION
    tail: str = ""
    usual: bool = True


@dataclass(frozen=True)
class CoreProperties:
    """The core properties part; in `xml` a `mark` replaces the text of each of PROPERTIES."""

    name: str
    xml: str
    texts: dict[str, str]

    @staticmethod
    def mark(key: str) -> str:
        """The placeholder for the property `key`."""
        return f"\ue000{key}\ue001"


@dataclass(frozen=True)
class OpenedTemplate:
    """A template split into parts; `others` are the names and bytes of the parts without tags."""

    body: TaggedSource
    stories: list[TaggedSource]
    notes: list[TaggedSource]
    properties: CoreProperties
    others: list[tuple[str, bytes]]


def open_package(file: Path, data: bytes) -> OpenedTemplate:
    """Splits the .docx `data`, read from `file`, into parts. Raises TemplateFault."""
    try:
        template = DocxTemplate(io.BytesIO(_with_usual_core(data)))
        template.init_docx()
        opened = _take_apart(template)
    except Exception as exc:
        raise _damage(file, data, exc) from exc
    for name, content in opened.others:
        _check(file, name, content)
    return opened


def _with_usual_core(data: bytes) -> bytes:
    """The package with one relationship to its core properties (ECMA-376 part 2, 11.1), of the usual type.

    LibreOffice 24.2 and later writes another type, beside which python-docx would make a part of its own.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = parse(package.read(_RELATIONSHIPS))
        core = [each for each in root if str(each.get("Type")).endswith(_CORE)]
        if [each.get("Type") for each in core] in ([], [RELATIONSHIP_TYPE.CORE_PROPERTIES]):
            return data
        core[0].set("Type", RELATIONSHIP_TYPE.CORE_PROPERTIES)
        for each in core[1:]:
            root.remove(each)
        changed = {_RELATIONSHIPS: etree.tostring(root, xml_declaration=True, encoding="UTF-8")}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as written:
            for name in package.namelist():
                written.writestr(name, changed.get(name) or package.read(name))
    return out.getvalue()


def _take_apart(template: DocxTemplate) -> OpenedTemplate:
    document: Document = template.docx
    body = _body(template, document)
    stories = list(_stories(template))
    notes = list(_notes(template, document))
    properties = _properties(document)
    saved = io.BytesIO()
    document.save(saved)
    tagged = {source.name for source in (body, *stories, *notes)} | {properties.name}
    with zipfile.ZipFile(saved) as package:
        others = [(name, package.read(name)) for name in package.namelist() if name not in tagged]
    return OpenedTemplate(body, stories, notes, properties, others)


def _body(template: DocxTemplate, document: Document) -> TaggedSource:
    root = document.element
    root.body.tail = None
    shell = copy.deepcopy(root)
    shell.replace(shell.body, etree.Comment("body"))
    head, _, tail = etree.tostring(shell, encoding="unicode").partition(_BODY)
    xml = _number_drawings(template.patch_xml(template.get_xml()))
    return TaggedSource(document.part.partname.membername, xml, _DECLARATION + head, tail, _is_usual(root))


def _number_drawings(xml: str) -> str:
    """Numbers the drawings in order, as docxtpl does after rendering."""
    numbers = iter(range(_FIRST_DRAWING_ID, 1 << 31))
    return _DRAWING.sub(lambda found: f'{_ID.sub("", found.group())} id="{next(numbers)}"', xml)


def _is_usual(root: etree._Element) -> bool:
    for element in root.iter(etree.Element):
        space = etree.QName(element).namespace
        named = element.prefix in _PREFIXES or space in _PREFIXES.values()
        if named and _PREFIXES.get(element.prefix or "") != space:
            return False
    return True


def _stories(template: DocxTemplate) -> Iterator[TaggedSource]:
    seen = set()
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            if part.partname not in seen:
                seen.add(part.partname)
                yield TaggedSource(part.partname.membername, template.patch_xml(template.get_part_xml(part)))


def _notes(template: DocxTemplate, document: Document) -> Iterator[TaggedSource]:
    for part in document.part.package.iter_parts():
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            xml = part.blob.decode("utf-8")
            etree.fromstring(part.blob)
            yield TaggedSource(part.partname.membername, template.patch_xml(xml), head="")


def _properties(document: Document) -> CoreProperties:
    package = document.part.package
    try:
        part = package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        # python-docx would add one with the current time, which differs in each rendering.
        document.core_properties.modified = datetime.datetime(1980, 1, 1)
        part = package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    core = document.core_properties
    texts = {key: getattr(core, key) for key in PROPERTIES}
    for key in PROPERTIES:
        setattr(core, key, CoreProperties.mark(key))
    return CoreProperties(part.partname.membername, part.blob.decode("utf-8"), texts)


def _damage(file: Path, data: bytes, exc: Exception) -> TemplateFault:
    """The fault of a package that cannot be opened: its first bad part, or the package itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                _check(file, name, package.read(name))
    except TemplateFault as fault:
        return fault
    except Exception as error:
        exc = error
    return TemplateFault(
        f"模板 {file} 不是完好的 Word 文件：{exc}", f"{file} is not a valid Word file: {exc}"
    )


def _check(file: Path, name: str, content: bytes) -> None:
    if name.endswith(_SUFFIX):
        try:
            etree.fromstring(content)
        except etree.XMLSyntaxError as exc:
            raise TemplateFault(
                f"模板 {file} 的 {name} 不是良构的 XML：{exc}", f"{file}, {name}: not well-formed XML: {exc}"
            ) from exc
