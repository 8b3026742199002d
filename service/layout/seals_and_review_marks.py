"""Finds leftovers of editing: tracked changes, comments, notes, text boxes, pictures, text not read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from schemas.characters import RIGHT_TO_LEFT
from service.errors import Bilingual
from service.extraction.extraction_result import MESSAGES, shown
from service.extraction.paragraph_text import paragraph_text
from service.extraction.read_rest import outside_paragraphs
from service.extraction.word_document import Document
from service.layout.certificate import (
    DOCUMENT,
    LayoutFinding,
    Position,
    paragraph_place,
    row_place,
    table_place,
)
from service.layout.compare_characters import Change
from service.layout.compare_text import squash
from service.layout.grid import number
from service.layout.picture_places import PicturePlace
from service.wordml import W
from service.wordml.document_styles import Formatting

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_V = "{urn:schemas-microsoft-com:vml}"
#: The elements of tracked changes (ECMA-376 part 1, 17.13.5).
CHANGES = frozenset(
    W + name
    for name in (
        "ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "rPrChange", "pPrChange",
        "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblGridChange", "tblPrExChange",
        "numberingChange",
    )
)  # fmt: skip
#: The codes of what no form may have of its own.
REVIEW_MARKS = frozenset(["tracked_change", "comment"])
_DRAWN = [W + "drawing", W + "pict", W + "object"]
_SEAL = 60 * 36_000  # 60 mm in EMU; the largest round seals measure 50 mm
_NO_PLACES: Mapping[etree._Element, PicturePlace] = MappingProxyType({})
_TOO_LARGE = Bilingual("图片比表单上的位置大", "a picture is larger than its place on the form")
_CHANGED = Bilingual("修订尚未接受或拒绝", "a tracked change is still open")
_COMMENTED = Bilingual("批注尚未删除", "a comment was not removed")
_NOTED = Bilingual("多了脚注或尾注", "a footnote or endnote was added")
_UNREAD = {
    "alternative_text", "bound_text", "bound_unknown", "box_differs", "capitals", "formula", "hidden_text",
    "imported_part", "missed_text", "right_to_left", "struck_text", "symbol", "unclear_style",
}  # fmt: skip
_OF_TEXT = {"hidden_text", "struck_text"}
_REVERSING = re.compile(f"[{RIGHT_TO_LEFT}]")
_NOTES = [W + "footnoteReference", W + "endnoteReference"]


def findings(
    document: Document, framed: frozenset[str], pictures: Mapping[etree._Element, PicturePlace] = _NO_PLACES
) -> Iterator[LayoutFinding]:
    """Tracked changes, comments, drawings and text not read.

    Text boxes with `framed` texts are allowed, and pictures in the cells of `pictures`, in their size.
    """
    places = _positions(document)
    yield from _unread(document, places)
    for element in document.element.iter(*CHANGES, W + "commentReference", *_NOTES, *_DRAWN):
        above = (element, *element.iterancestors())
        room = next((pictures[each] for each in above if each in pictures), None) if pictures else None
        change = _change(element, document.formatting, framed, room)
        if change is not None:
            place = next((places[each] for each in above if each in places), DOCUMENT)
            yield LayoutFinding(change[0], place, change[1])


def added(
    document: Document,
    earlier: Iterable[LayoutFinding],
    framed: frozenset[str],
    pictures: Mapping[etree._Element, PicturePlace] = _NO_PLACES,
) -> Iterator[LayoutFinding]:
    """The findings of `document` that are not among those of an `earlier` one."""
    before = [(finding.code, finding.message) for finding in earlier]
    for finding in findings(document, framed, pictures):
        if (finding.code, finding.message) in before:
            before.remove((finding.code, finding.message))
        else:
            yield finding


def _unread(document: Document, places: dict[etree._Element, Position]) -> Iterator[LayoutFinding]:
    """The text in cells and paragraphs that is not read, or not as the page may show it."""
    cells = [(row.element, cell) for table in document.tables for row in table.rows for cell in row.cells]
    rows = [(row, paragraph) for row, cell in cells for paragraph in cell.paragraphs]
    for element, paragraph in [*((each.element, each) for each in document.paragraphs), *rows]:
        if _REVERSING.search(paragraph.text):
            yield LayoutFinding("right_to_left", places[element], _quoted("right_to_left", paragraph.text))
        for note in paragraph.notes:
            if note.code in _UNREAD and (note.text.strip() or note.code not in _OF_TEXT):
                yield LayoutFinding(note.code, places[element], _quoted(note.code, note.text))
    if text := outside_paragraphs(document):
        yield LayoutFinding("missed_text", DOCUMENT, _quoted("missed_text", text))


def _quoted(code: str, text: str) -> Bilingual:
    message, quoted = MESSAGES[code], shown(text)
    return Bilingual(f"{message.zh}“{quoted}”", f"{message.en} “{quoted}”") if quoted else message


def _change(
    element: etree._Element, formatting: Formatting, framed: frozenset[str], room: PicturePlace | None
) -> Change | None:
    if element.tag in CHANGES:
        return "tracked_change", _CHANGED
    if element.tag == W + "commentReference":
        return "comment", _COMMENTED
    if element.tag in _NOTES:
        return "footnote_added", _NOTED
    if next(element.iterancestors(W + "txbxContent"), None) is not None:
        return None
    return _drawn(element, formatting, framed, room)


def _drawn(
    element: etree._Element, formatting: Formatting, framed: frozenset[str], room: PicturePlace | None
) -> Change | None:
    """A text box, a shape, a picture in the text larger than its place, another larger than any seal."""
    if element.find(f".//{W}txbxContent") is not None:
        if (texts := boxed(element, formatting)) and texts <= framed:
            return None
        text = shown(" ".join(sorted(texts)))
        return "text_box_added", Bilingual(f"多了文本框“{text}”", f"a text box “{text}” was added")
    if element.find(f".//{_PIC}") is None and element.find(f".//{_V}imagedata") is None:
        return "shape_added", Bilingual("多了图形", "a shape was added")
    extent = element.find(f".//{_WP}extent")
    size = (0.0, 0.0) if extent is None else (number(extent.get("cx")), number(extent.get("cy")))
    if room is not None and element.find(f"{_WP}anchor") is None:
        return None if room.holds(*size) else ("picture_too_large", _TOO_LARGE)
    if max(size) > _SEAL:
        return "picture_added", Bilingual("多了比印章大的图片", "a picture larger than a seal was added")
    return None


def boxed(element: etree._Element, formatting: Formatting) -> set[str]:
    """The texts of the paragraphs in text boxes below `element`, without white space."""
    paragraphs = [each for box in element.iter(W + "txbxContent") for each in box.iter(W + "p")]
    return {text for each in paragraphs if (text := squash(paragraph_text(each, formatting)[0]))}


def _positions(document: Document) -> dict[etree._Element, Position]:
    """The positions of the body's tables, rows, and paragraphs outside tables."""
    places: dict[etree._Element, Position] = {}
    for table in document.tables:
        places[table.element] = table_place(table.number)
        for at, row in enumerate(table.rows, 1):
            places[row.element] = row_place(table.number, at)
    for paragraph in document.paragraphs:
        places[paragraph.element] = paragraph_place(paragraph.text, heading=False)
    return places
