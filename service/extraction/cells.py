"""Which cells of a row hold what the official row has there: label by label, also after splits and merges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from service.extraction.align import labels, same_shape
from service.extraction.characters import bare
from service.extraction.document import Cell, Row
from service.extraction.skeleton import has_mark


@dataclass(frozen=True, eq=False)
class CellMatch:
    """An official cell and what stands there: none, one or several cells; `code` where it is not certain."""

    official: Cell
    found: tuple[Cell, ...]
    code: str | None = None


@dataclass(frozen=True)
class _Anchor:
    """A label of the official row, by its index, and the cell that begins with it."""

    official: int
    found: int
    label: str


def match_cells(official: Row, found: Row) -> list[CellMatch]:
    """The official row's cells beside those of the document's row; each cell of it stands somewhere."""
    if same_shape(official, found):
        return [CellMatch(one, (other,)) for one, other in zip(official.cells, found.cells, strict=True)]
    anchors = _anchors(official, found)
    cells, anchors = _split(list(found.cells), anchors)
    matches: list[CellMatch] = []
    i = j = 0
    for anchor in [*anchors, _Anchor(len(official.cells), len(cells), "")]:
        matches += _segment(official.cells[i : anchor.official], cells[j : anchor.found])
        if anchor.label:
            matches.append(CellMatch(official.cells[anchor.official], (cells[anchor.found],)))
        i, j = anchor.official + 1, anchor.found + 1
    return matches


def _anchors(official: Row, found: Row) -> list[_Anchor]:
    """The labels that are there, in their order; where one could be two cells, the more likely one."""
    choices: list[list[_Anchor | None]] = []
    for index, label in labels(official):
        begun = [j for j, cell in enumerate(found.cells) if cell.bare.startswith(label)]
        same = [j for j in begun if found.cells[j].bare == label]
        choices.append([*(_Anchor(index, j, label) for j in same or begun), None])
    best: list[_Anchor] = []
    least = float("-inf")
    for choice in product(*choices):
        anchors = [anchor for anchor in choice if anchor]
        if all(one.found < other.found for one, other in pairwise(anchors)):
            likely = _likely(anchors, len(official.cells), len(found.cells))
            if likely > least:
                best, least = anchors, likely
    return best


def _likely(anchors: Sequence[_Anchor], official: int, found: int) -> int:
    """More labels are better, and then as many cells between them as the form has."""
    ends = [_Anchor(-1, -1, ""), *anchors, _Anchor(official, found, "")]
    gaps = pairwise(ends)
    wrong = sum(abs((b.official - a.official) - (b.found - a.found)) for a, b in gaps)
    return 100 * len(anchors) - wrong


def _split(cells: list[Cell], anchors: list[_Anchor]) -> tuple[list[Cell], list[_Anchor]]:
    """A cell that holds its label and more becomes two: the label, and the rest."""
    moved, shift = [], 0
    for anchor in anchors:
        at = anchor.found + shift
        cell = cells[at]
        moved.append(replace(anchor, found=at))
        if cell.bare != anchor.label:
            cells[at : at + 1] = [cell, _after(cell, anchor.label)]
            shift += 1
    return cells, moved


def _after(cell: Cell, label: str) -> Cell:
    """The cell without the label at its beginning."""
    left = len(label)
    paragraphs = []
    for paragraph in cell.paragraphs:
        text, taken = paragraph.text, 0
        while left > 0 and taken < len(text):
            left -= len(bare(text[taken]))
            taken += 1
        rest = text[taken:].lstrip(" \t\u3000:：") if taken else text
        if not taken or rest:
            paragraphs.append(replace(paragraph, text=rest))
    return replace(cell, paragraphs=tuple(paragraphs))


def _segment(official: Sequence[Cell], found: Sequence[Cell]) -> Iterator[CellMatch]:
    """The cells between two labels."""
    slots = [cell for cell in official if has_mark(cell.text)]
    if len(official) == len(found):
        for one, other in zip(official, found, strict=True):
            yield CellMatch(one, (other,))
        return
    written = [cell for cell in found if not cell.continues]
    filled = [cell for cell in written if cell.bare]
    if len(slots) == 1:
        yield CellMatch(slots[0], tuple(filled or written), "cells_joined" if len(filled) > 1 else None)
    elif len(slots) == len(written):
        for one, other in zip(slots, written, strict=True):
            yield CellMatch(one, (other,))
    else:
        yield from (CellMatch(slot, (), "cells_unclear") for slot in slots)
        yield from (CellMatch(cell, (cell,), "unread_text") for cell in filled)
        return
    yield from (CellMatch(cell, ()) for cell in official if cell not in slots)
