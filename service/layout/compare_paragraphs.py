"""Compares the paragraphs outside tables: changed, missing, added or moved."""

from collections.abc import Iterator
from functools import lru_cache

from service.errors import Bilingual
from service.extraction.align_tables import Alignment, pairs
from service.extraction.characters import bare, unnumbered
from service.extraction.extraction_result import shown
from service.extraction.word_document import Document, Paragraph, Table
from service.layout.certificate import LayoutFinding, Position, paragraph_place
from service.layout.compare_text import Passage, passage
from service.layout.formatting import Styles
from service.layout.official_form import Official, OfficialParagraph
from service.layout.pagination import starts_of_pages
from service.layout.seals_and_review_marks import boxed

_FITS, _EMPTY, _ALIKE = 20.0, 2.0, 10.0
_OF_TEXT = 0.5  # of these, for a paragraph of a long text, which fits everything
_LEAST = 0.5  # share of common character pairs for a reworded paragraph

_AUTOMATIC = Bilingual("编号改成了自动编号", "its number became automatic")

Found = tuple[Paragraph, Passage]
Pair = tuple[OfficialParagraph | None, Found | None]


def findings(
    official: Official, document: Document, styles: Styles, alignment: Alignment
) -> Iterator[LayoutFinding]:
    """All differences of the paragraphs outside tables."""
    found = [(each, passage((each,), styles)) for each in document.paragraphs]
    above = _tables_above(document, alignment)
    kept = [match.official.number for match in alignment.tables if match.found is not None]
    breaks = starts_of_pages(document, styles)
    texts = boxed(document.element, document.formatting)
    last = "文首", "the beginning"
    for one, other in _paired(list(official.body), found):
        if one is None and other is not None:
            if other[1].text or not boxed(other[0].element, document.formatting):
                yield _added(other, last)
        elif one is not None and other is None:
            if one.standard.passage.text not in official.framed & texts:
                yield _missing(one, last)
        elif one is not None and other is not None:
            yield from _of_pair(one, other)
            yield from _page_break(one, other[0] in breaks)
            if one.text and above[other[0]] != sum(number <= one.tables_above for number in kept):
                place = paragraph_place(one.text, heading=one.is_heading)
                yield LayoutFinding(
                    "paragraph_moved", place, Bilingual("不在原来的位置", "is not where it was")
                )
        if other is not None and other[1].text:
            last = (f"“{shown(other[0].text)}”",) * 2


def _paired(official: list[OfficialParagraph], found: list[Found]) -> list[Pair]:
    """Aligns the two lists; matching items at both ends need no search."""
    head: list[Pair] = []
    tail: list[Pair] = []
    while official and found and _fits(official[0], found[0]):
        head.append((official.pop(0), found.pop(0)))
    while official and found and _fits(official[-1], found[-1]):
        tail.append((official.pop(), found.pop()))
    return [*head, *pairs(official, found, _likeness, lambda each: each.is_text), *reversed(tail)]


def _fits(official: OfficialParagraph, found: Found) -> bool:
    return not official.is_text and official.standard.fits(found[1].text)


def _likeness(official: OfficialParagraph, found: Found) -> float:
    if official.standard.fits(found[1].text):
        fits = _FITS if found[1].text else _EMPTY
        return fits * _OF_TEXT if official.is_text else fits
    one, other = _couples(official.standard.label), _couples(found[1].text)
    most = len(one) if official.standard.has_fields else max(len(one), len(other))
    alike = len(one & other) / most if most else 0.0
    return _ALIKE * alike if alike >= _LEAST else 0.0


@lru_cache(maxsize=1024)
def _couples(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset(text)


def _tables_above(document: Document, alignment: Alignment) -> dict[Paragraph, int]:
    """The number of the form's tables above each paragraph."""
    official = {match.found for match in alignment.tables if match.found is not None}
    above, count = {}, 0
    for block in document.blocks:
        if isinstance(block, Table):
            count += block in official
        else:
            above[block] = count
    return above


def _of_pair(official: OfficialParagraph, found: Found) -> Iterator[LayoutFinding]:
    place = paragraph_place(official.text, heading=official.is_heading)
    kind = "heading" if official.is_heading else "text"
    standard, other = official.standard, found[1]
    is_numbered = any(note.code == "numbering" for note in found[0].notes)
    if standard.fits(other.text):
        yield from (LayoutFinding(code, place, message) for code, message in standard.formatting(other))
    elif boxes := list(standard.boxes(other.text)):
        yield from (LayoutFinding(code, place, message) for code, message in boxes)
    elif is_numbered and unnumbered(bare(official.text)) == found[0].bare:
        yield LayoutFinding("numbering_changed", place, _AUTOMATIC)
    else:
        now = shown(found[0].text)
        yield LayoutFinding(
            f"{kind}_changed", place, Bilingual(f"被改动，现为“{now}”", f"was changed to “{now}”")
        )


def _page_break(official: OfficialParagraph, found: bool) -> Iterator[LayoutFinding]:
    place = paragraph_place(official.text, heading=official.is_heading)
    if official.text and official.starts_a_page and not found:
        yield LayoutFinding(
            "page_break_missing", place, Bilingual("前面缺少分页", "no longer starts a new page")
        )
    elif official.text and found and not official.starts_a_page:
        yield LayoutFinding("page_break_added", place, Bilingual("前面多了分页", "starts a new page"))


def _missing(official: OfficialParagraph, last: tuple[str, str]) -> LayoutFinding:
    if not official.standard.passage.text:
        return LayoutFinding(
            "empty_paragraph_missing", _after(last), Bilingual("少了一个空段落", "an empty paragraph is gone")
        )
    kind = "heading" if official.is_heading else "text"
    place = paragraph_place(official.text, heading=official.is_heading)
    return LayoutFinding(f"{kind}_missing", place, Bilingual("缺失", "is missing"))


def _added(found: Found, last: tuple[str, str]) -> LayoutFinding:
    text = shown(found[0].text)
    if not found[1].text:
        return LayoutFinding(
            "empty_paragraph_added", _after(last), Bilingual("多了一个空段落", "an empty paragraph was added")
        )
    return LayoutFinding(
        "text_added", _after(last), Bilingual(f"多了一段“{text}”", f"the paragraph “{text}” was added")
    )


def _after(last: tuple[str, str]) -> Position:
    return Position("body", Bilingual(f"{last[0]}之后", f"after {last[1]}"))
