"""Compares headers and footers: page number kept, nothing added."""

from collections.abc import Iterator

from lxml import etree

from service.errors import Bilingual
from service.extraction.extraction_result import shown
from service.extraction.paragraph_text import paragraph_text
from service.extraction.word_document import Document, Paragraph, part
from service.layout.certificate import LayoutFinding, Position
from service.layout.compare_characters import Change, layout_change
from service.layout.compare_page_setup import sections
from service.layout.compare_text import Standard, passage, squash
from service.layout.formatting import Styles
from service.wordml import W, is_on
from service.wordml.formatting import Formatting

_RELATIONS, _SETTINGS = "word/_rels/document.xml.rels", "word/settings.xml"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWN = (W + "drawing", W + "pict", W + "object")
_NAMES = {"default": ("", ""), "first": ("首页", " of the first page"), "even": ("偶数页", " of even pages")}
_KINDS = {"header": ("页眉", "header"), "footer": ("页脚", "footer")}


class HeaderFooter:
    """A header or footer: text, page number, paragraphs; empty without a part."""

    def __init__(self, root: etree._Element | None, formatting: Formatting) -> None:
        elements = [] if root is None else list(root.iter(W + "p"))
        self.paragraphs = tuple(Paragraph(paragraph_text(each, formatting)[0], (), each) for each in elements)
        fields = [] if root is None else [*_instructions(root)]
        self.has_number = any(instruction.split()[:1] == ["PAGE"] for instruction in fields)
        self.is_drawn = root is not None and next(root.iter(*_DRAWN), None) is not None
        text = squash("".join(each.text for each in self.paragraphs))
        digits = "".join(character for character in text if not character.isdigit())
        self.text = digits if self.has_number else text


def _instructions(root: etree._Element) -> Iterator[str]:
    """The instructions of simple and complex fields."""
    yield from (field.get(W + "instr", "") for field in root.iter(W + "fldSimple"))
    for paragraph in root.iter(W + "p"):
        text = ""
        for element in paragraph.iter(W + "instrText", W + "fldChar"):
            if element.tag == W + "instrText":
                text += element.text or ""
            elif text:
                yield text
                text = ""


def findings(
    official: Document, official_styles: Styles, document: Document, styles: Styles
) -> Iterator[LayoutFinding]:
    """All differences of headers and footers."""
    one, other = _HeadersFooters(official), _HeadersFooters(document)
    for kind, (zh, en) in _KINDS.items():
        for which, (which_zh, which_en) in _NAMES.items():
            place = Position("margins", Bilingual(f"{which_zh}{zh}", f"the {en}{which_en}"))
            for change in _of_kind(one.all(kind, which), official_styles, other.all(kind, which), styles):
                yield LayoutFinding(change[0], place, change[1])


def _of_kind(
    official: list[HeaderFooter], official_styles: Styles, found: list[HeaderFooter], styles: Styles
) -> Iterator[Change]:
    for number, story in enumerate(found):
        like = official[min(number, len(official) - 1)]
        if like.has_number and not story.has_number:
            yield layout_change("page_number_missing", "缺少页码", "the page number is missing")
        elif like.text != story.text:
            text = shown(" ".join(each.text for each in story.paragraphs))
            yield layout_change(
                "margin_text_changed", f"文字与正式表单不同，现为“{text}”", f"the text differs: “{text}”"
            )
        else:
            yield from _formatting(like, official_styles, story, styles)
        if story.is_drawn and not like.is_drawn:
            yield layout_change(
                "picture_added", "多了图片、水印或文本框", "a picture, watermark or text box was added"
            )


def _formatting(
    official: HeaderFooter, official_styles: Styles, found: HeaderFooter, styles: Styles
) -> Iterator[Change]:
    one = passage(official.paragraphs, official_styles)
    other = passage(found.paragraphs, styles)
    if one.text == other.text:
        yield from Standard(one, None, {}).formatting(other)


class _HeadersFooters:
    """The effective headers and footers of a document by section."""

    def __init__(self, document: Document) -> None:
        self._parts, self._formatting = document.parts, document.formatting
        self._sections = sections(document)
        relations = part(document.parts, _RELATIONS)
        self._targets = {
            each.get("Id"): each.get("Target", "").lstrip("/").removeprefix("word/")
            for each in ([] if relations is None else relations)
        }
        settings = part(document.parts, _SETTINGS)
        self._even = settings is not None and is_on(settings.find(W + "evenAndOddHeaders"))

    def all(self, kind: str, which: str) -> list[HeaderFooter]:
        """Each section's header or footer (`kind`) for default, first or even pages (`which`)."""
        stories, last = [], None
        for section in self._sections:
            last = self._reference(section, kind, which) or last
            used = {"default": True, "first": is_on(section.find(W + "titlePg")), "even": self._even}[which]
            root = part(self._parts, f"word/{self._targets.get(last, '')}") if used and last else None
            stories.append(HeaderFooter(root, self._formatting))
        return stories or [HeaderFooter(None, self._formatting)]

    def _reference(self, section: etree._Element, kind: str, which: str) -> str | None:
        references = section.iterchildren(f"{W}{kind}Reference")
        return next((each.get(_R) for each in references if each.get(W + "type", "default") == which), None)
