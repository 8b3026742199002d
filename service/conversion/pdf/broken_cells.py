"""The cells of a PDF whose text goes on over pages, read from its tags (ISO 32000-1, 14.7 and 14.8)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from service.conversion.pdf.pdf_reader import PlainPdf
from service.conversion.pdf.pdf_syntax import Irregular, entries

_CELL, _TABLE = re.compile(rb"/S\s*/T[DH]\b"), re.compile(rb"/S\s*/Table\b")
_PARENT = re.compile(rb"/P\s+(\d+) 0 R")
_PAGE = re.compile(rb"/Pg\s+(\d+) 0 R")
# In /K: content of another page than the tag's, another tag, content of the tag's page.
_CONTENT = re.compile(rb"/Pg\s+(\d+) 0 R\s*/MCID\s+(\d+)|\d+ 0 R|(\d+)")
_MARKED = re.compile(rb"<</MCID (\d+)>>BDC\n(.*?)\nEMC", re.DOTALL)
_BASELINE = re.compile(rb"[\d.-]+ ([\d.-]+) T[dm]\b")
_SLACK = 4.0  # points between baselines that are one line's
_USUAL_PITCH = 24.0  # points, where each page has one line

_Baselines = Mapping[int, set[float]]  # in points, by page


@dataclass(frozen=True)
class BrokenCell:
    """A cell that goes on over pages: its number among the document's cells, from 0, and its lines.

    `pages` are the numbers of lines on each page, `paragraphs` those of each paragraph; the pitch of the
    lines is in points.
    """

    number: int
    pages: tuple[int, ...]
    paragraphs: tuple[int, ...]
    pitch: float


class Cells(NamedTuple):
    """How many cells a document has, and those that go on over pages."""

    total: int = 0
    broken: tuple[BrokenCell, ...] = ()


def read(pdf: PlainPdf) -> Cells:
    """The cells of a PDF as LibreOffice writes it; none for tags of another shape.

    LibreOffice numbers pages in their order, and tags in that of the document. Tags are searched, not parsed:
    that would take 10 ms in place of 2.
    """
    with suppress(Irregular, KeyError, ValueError):
        return _Tags(pdf).cells()
    return Cells()


class _Tags:
    def __init__(self, pdf: PlainPdf) -> None:
        self._pdf = pdf
        tags = {number: text for number, text in pdf.objects.items() if b"/Type/StructElem" in text}
        self._tags = dict(sorted(tags.items()))
        self._paragraphs: dict[int, dict[int, list[int]]] = {}  # the tags of each, by cell
        self._marked: dict[int, dict[int, bytes]] = {}

    def cells(self) -> Cells:
        self._sort()
        broken = (self._broken(*each) for each in enumerate(self._paragraphs) if self._goes_on(each[1]))
        return Cells(len(self._paragraphs), tuple(cell for cell in broken if len(cell.pages) > 1))

    def _sort(self) -> None:
        """Sorts the tags by cell and paragraph; a table in a cell has cells of its own."""
        around: dict[int, tuple[int, int]] = {}
        for number, text in self._tags.items():
            parent = _PARENT.search(text)
            above = int(parent[1]) if parent else 0
            if _CELL.search(text):
                self._paragraphs[number] = {}
            elif above in self._paragraphs and not _TABLE.search(text):
                around[number] = above, number
            elif above in around:
                around[number] = around[above]
            if number in around:
                cell, paragraph = around[number]
                self._paragraphs[cell].setdefault(paragraph, []).append(number)

    def _goes_on(self, cell: int) -> bool:
        tags = (self._tags[tag] for paragraph in self._paragraphs[cell].values() for tag in paragraph)
        return len({page for text in tags for page in _PAGE.findall(text)}) > 1

    def _broken(self, at: int, cell: int) -> BrokenCell:
        paragraphs = [_merged(map(self._baselines, tags)) for tags in self._paragraphs[cell].values()]
        pages = [_lines(baselines) for _, baselines in sorted(_merged(paragraphs).items())]
        gaps = [upper - lower for lines in pages for lower, upper in pairwise(lines)]
        return BrokenCell(
            at,
            tuple(map(len, pages)),
            tuple(sum(len(_lines(each)) for each in paragraph.values()) for paragraph in paragraphs),
            median(gaps) if gaps else _USUAL_PITCH,
        )

    def _baselines(self, tag: int) -> _Baselines:
        """The baselines of a tag's own content."""
        found: dict[int, set[float]] = defaultdict(set)
        head, _, content = self._tags[tag].partition(b"/K")
        own = _PAGE.search(head)
        for other, mark, here in _CONTENT.findall(content):
            page = other or (own[1] if own and here else b"")
            if page and (text := self._of_page(int(page)).get(int(mark or here))):
                found[int(page)].update(map(float, _BASELINE.findall(text)))
        return found

    def _of_page(self, page: int) -> dict[int, bytes]:
        """The content of a page by its marks (14.6)."""
        if page not in self._marked:
            content = self._pdf.stream(entries(self._pdf.objects[page])[b"/Contents"]).plain
            self._marked[page] = {int(mark): text for mark, text in _MARKED.findall(content)}
        return self._marked[page]


def _merged(parts: Iterable[_Baselines]) -> _Baselines:
    found: dict[int, set[float]] = defaultdict(set)
    for part in parts:
        for page, baselines in part.items():
            found[page] |= baselines
    return {page: baselines for page, baselines in found.items() if baselines}


def _lines(baselines: set[float]) -> list[float]:
    """One baseline of each line, from the lowest: raised text has another one than its line."""
    found: list[float] = []
    for each in sorted(baselines):
        if not found or each - found[-1] > _SLACK:
            found.append(each)
    return found
