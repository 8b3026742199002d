"""Renders a part with tags: context → the bytes of the part.

Jinja's text is the result if `repair_analysis` proved so and all printed values are plain, without line
breaks and tabs. Otherwise the part is repaired with lxml, as docxtpl does.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

from docx.opc.oxml import serialize_part_xml
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import nodes
from lxml import etree

from schemas.normal_pictures import NormalPicture
from service.rendering.compiled_tags import CompiledTags
from service.rendering.docx_package import CoreProperties, TaggedSource
from service.rendering.repair_analysis import body_needs_no_repair, story_needs_no_repair
from service.rendering.template_errors import TemplatePart

_BROKEN = (b"\t", b"\n", b"\a", b"\f")
_START = re.compile(r"<w:body\b[^>]*>")
_DECLARED = re.compile(r'\sxmlns:[^=]*="[^"]*"')
_LEFTOVER = re.compile("[\a\f]")


class RenderedPart(NamedTuple):
    """The name and bytes of a rendered part, and the pictures in it."""

    name: str
    content: bytes
    pictures: tuple[NormalPicture, ...] = ()


class TaggedPart(ABC):
    """A part of the package with tags."""

    def __init__(self, source: TaggedSource, file: str) -> None:
        """Compiles the tags of `source`. Raises TemplateFault."""
        self.name = source.name
        self.proved = False
        self._source = source
        self._part = TemplatePart(file, source.name)
        self._tags = CompiledTags(source.xml, self._part, self._shape)

    @property
    def static(self) -> bool:
        """Whether the part has no tags."""
        return self._tags.static

    def render(self, context: Mapping[str, object]) -> RenderedPart:
        """The part in UTF-8. Raises TemplateFault."""
        text, plain, pictures = self._tags.render(context)
        data = text.encode("utf-8")
        broken = any(mark in data for mark in _BROKEN)
        if plain and self.proved and not broken:
            return RenderedPart(self.name, data, pictures)
        try:
            return RenderedPart(self.name, self._repaired(self._resolved(text) if broken else text), pictures)
        except Exception as exc:
            raise self._part.fault(f"渲染后不成 XML：{exc}", f"no XML after rendering: {exc}") from exc

    def _resolved(self, text: str) -> str:
        text = DocxTemplate("").resolve_listing(text)
        if found := _LEFTOVER.search(text):
            raise ValueError(f"U+{ord(found.group()):04X} outside of the text of a paragraph")
        return text

    @abstractmethod
    def _shape(self, tree: nodes.Template) -> None:
        """Analyses the tags, and adds the text around them."""

    @abstractmethod
    def _repaired(self, text: str) -> bytes:
        """The rendered text after the repairs of docxtpl and python-docx."""


class NotesPart(TaggedPart):
    """The footnotes, which docxtpl does not repair."""

    def _shape(self, tree: nodes.Template) -> None:
        self.proved = True

    def _repaired(self, text: str) -> bytes:
        return text.encode("utf-8")


class StoryPart(TaggedPart):
    """A header or footer, from which python-docx drops blank text."""

    def _shape(self, tree: nodes.Template) -> None:
        self.proved = story_needs_no_repair(tree)
        _surround(tree, self._source.head, "")

    def _repaired(self, text: str) -> bytes:
        return bytes(serialize_part_xml(parse_xml(text.removeprefix(self._source.head))))


class BodyPart(TaggedPart):
    """The document's body, in which docxtpl repairs tables and numbers drawings."""

    def _shape(self, tree: nodes.Template) -> None:
        self.proved = self._source.usual and body_needs_no_repair(tree)
        start = _START.match(self._source.xml)
        self._start = start.group() if start else ""
        # The root declares these already.
        short = _DECLARED.sub(
            lambda found: "" if found.group() in self._source.head else found.group(), self._start
        )
        self._head = self._source.head + short
        first = next(tree.find_all(nodes.TemplateData))
        first.data = first.data.removeprefix(self._start)
        _surround(tree, self._head, self._source.tail)

    def _repaired(self, text: str) -> bytes:
        source = self._source
        body = self._start + text[len(self._head) : len(text) - len(source.tail)]
        docxtpl = DocxTemplate("")
        docxtpl.docx_ids_index = 1000
        tree = docxtpl.fix_tables(body)
        docxtpl.fix_docpr_ids(tree)
        return (source.head + etree.tostring(tree, encoding="unicode") + source.tail).encode("utf-8")


class CorePropertiesPart:
    """The core properties, escaped once (docxtpl escapes them twice)."""

    def __init__(self, properties: CoreProperties, file: str) -> None:
        """Compiles the tags of `properties`. Raises TemplateFault."""
        self.name = properties.name
        self._pieces: list[str | CompiledTags] = [properties.xml]
        for key, text in properties.texts.items():
            tags = CompiledTags(text, TemplatePart(file, f"{properties.name} ({key})"), xml=False)
            self._put(properties.mark(key), tags)

    def _put(self, mark: str, tags: CompiledTags) -> None:
        for at, piece in enumerate(self._pieces):
            if isinstance(piece, str) and mark in piece:
                before, _, after = piece.partition(mark)
                self._pieces[at : at + 1] = [before, tags, after]
                return

    @property
    def static(self) -> bool:
        """Whether no property has tags."""
        return all(isinstance(piece, str) or piece.static for piece in self._pieces)

    def render(self, context: Mapping[str, object]) -> RenderedPart:
        """The part in UTF-8. Raises TemplateFault."""
        pieces = (
            piece if isinstance(piece, str) else escape(piece.render(context).text, {"\r": "&#13;"})
            for piece in self._pieces
        )
        return RenderedPart(self.name, "".join(pieces).encode("utf-8"))


def _surround(tree: nodes.Template, head: str, tail: str) -> None:
    tree.body.insert(0, nodes.Output([nodes.TemplateData(head)]))
    tree.body.append(nodes.Output([nodes.TemplateData(tail)]))
