"""Finds the tags of a template with their positions, and text beside them that would be lost."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from service.errors import Bilingual
from service.rendering.docx_package import OpenedTemplate
from service.template_tags.lint_fault import LintFault
from service.wordml import PlacedParagraph, W, paragraphs, parse

_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_DELIMITER = re.compile(r"{{|{%|{#|}}|%}|#}")
_ELEMENT = re.compile(r"^({[{%#])(tr|tc|p|r) ")  # docxtpl's: the element around the tag goes
_CELL_TAG = re.compile(r"^{%\s*(?:colspan|cellbg)\s+(.*?)\s*%}$", re.DOTALL)
_MERGE_TAG = re.compile(r"^{%\s*(?:vm|hm)\s*%}$")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_AROUND = {"p": "p", "tr": "tr", "tc": "tc"}
_PROPERTIES = {"author": "作者", "comments": "备注", "identifier": "标识", "language": "语言"}
_PROPERTIES |= {"subject": "主题", "title": "标题"}

_BESIDE = Bilingual(
    "同一段（行、格）里的其他内容不会印出，请移到别处",
    "other content of its paragraph (row, cell) is not printed: move it elsewhere",
)
_UNCLOSED = Bilingual(
    "标签没有写完整，应在同一段内", "incomplete tag; it must open and close in one paragraph"
)
_NOT_HERE = Bilingual("此处的标签不会被填写", "tags are not rendered here")


@dataclass(frozen=True)
class Tag:
    """A tag as written, as Jinja reads it, and its position."""

    written: str
    jinja: str
    place: Bilingual


def stretches(opened: OpenedTemplate, parts: Mapping[str, bytes]) -> Iterator[tuple[Tag, ...] | LintFault]:
    """The tags of each rendered part and document property, and faults of the text around tags."""
    rendered = [opened.body.name, *(source.name for source in (*opened.stories, *opened.notes))]
    for name in rendered:
        found: list[Tag] = []
        for paragraph in paragraphs(parse(parts[name]), name):
            yield from _paragraph(paragraph, found)
        yield tuple(found)
    for key, text in opened.properties.texts.items():
        place = Bilingual(f"文档属性“{_PROPERTIES[key]}”", f"document property {key}")
        found = []
        yield from _text(text, place, found)
        yield tuple(found)
    yield from _elsewhere(parts, {*rendered, opened.properties.name})


def _paragraph(paragraph: PlacedParagraph, found: list[Tag]) -> Iterator[LintFault]:
    for element in paragraph.element.iter(etree.Element):
        for value in element.attrib.values():
            yield from _text(str(value), paragraph.place, found)
    before = len(found)
    yield from _text(paragraph.text, paragraph.place, found)
    for tag in found[before:]:
        if (kind := _ELEMENT.match(tag.written)) and kind[2] in _AROUND:
            around = _around(paragraph.element, kind[2])
            if around.replace(tag.written, "", 1).strip():
                yield LintFault("text_beside_tag", tag.place, tag.written, _BESIDE)


def _around(element: etree._Element, kind: str) -> str:
    """The text of the paragraph, row or cell that is removed with a tag."""
    holder = element if kind == "p" else next(element.iterancestors(W + kind), element)
    return "".join(text.text or "" for text in holder.iter(W + "t"))


def _text(text: str, place: Bilingual, found: list[Tag]) -> Iterator[LintFault]:
    for written in _TAG.findall(text):
        found.append(Tag(written, _as_jinja(written), place))
    rest = _TAG.sub("", text)
    if _DELIMITER.search(rest):
        yield LintFault("incomplete_tag", place, rest.strip()[:80], _UNCLOSED)


def _as_jinja(written: str) -> str:
    """A tag as docxtpl passes it to Jinja, in one line."""
    tag = " ".join(_ELEMENT.sub(r"\1 ", written).translate(_QUOTES).split())
    if _MERGE_TAG.match(tag):
        return ""
    return _CELL_TAG.sub(r"{{ \1 }}", tag)


def _elsewhere(parts: Mapping[str, bytes], rendered: set[str]) -> Iterator[LintFault]:
    for name, content in parts.items():
        if name in rendered or not name.endswith(".xml"):
            continue
        for element in parse(content).iter(etree.Element):
            for tag in _TAG.findall(element.text or ""):
                yield LintFault("tag_not_rendered", Bilingual(name, name), tag, _NOT_HERE)
