"""Compares headers and footers: page number kept, nothing added."""

from collections.abc import Iterator

from lxml import etree

from service.extraction.extraction_result import shown
from service.extraction.headers_footers import NAMES, HeadersFooters
from service.extraction.paragraph_text import paragraph_text
from service.extraction.word_document import Document, Paragraph
from service.layout.certificate import LayoutFinding, Position
from service.layout.compare_characters import Change, layout_change
from service.layout.compare_text import Standard, passage, squash
from service.layout.formatting import Styles
from service.wordml import W
from service.wordml.document_styles import Formatting

_DRAWN = (W + "drawing", W + "pict", W + "object")


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
    documents = (official, HeadersFooters(official)), (document, HeadersFooters(document))
    for (kind, which), words in NAMES.items():
        place = Position("margins", words)
        stories = [
            [HeaderFooter(each.root(name), one.formatting) for name in each.names(kind, which)]
            for one, each in documents
        ]
        for change in _of_kind(stories[0], official_styles, stories[1], styles):
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
