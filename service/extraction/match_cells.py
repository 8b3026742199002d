"""Matches the cells of a row with the official row by labels, also after splits and merges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

from service.extraction.align_tables import labels, matches_label, same_shape
from service.extraction.characters import bare, heads_total
from service.extraction.skeleton import has_mark
from service.extraction.word_document import Cell, TableRow

_MOST = 4  # candidate cells per label, since every combination is weighed


@dataclass(eq=False)
class CellMatch:
    """An official cell and its matching cells, none or several, with their text; `code` if uncertain."""

    official: Cell
    found: tuple[Cell, ...]
    code: str | None = None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = "\n".join([each.text for each in self.found])

    @property
    def bare(self) -> str:
        """Its normalised text."""
        return "".join([each.bare for each in self.found])


@dataclass(frozen=True)
class _Anchor:
    """A label of the official row with its index, and the cell that begins with it."""

    official: int
    found: int
    label: str


def match_cells(official: TableRow, found: TableRow) -> list[CellMatch]:
    """Matches the official row's cells with those of the document's row; every cell is matched."""
    if same_shape(official, found):
        return [CellMatch(one, (other,)) for one, other in zip(official.cells, found.cells, strict=True)]
    only_heads = not any(has_mark(cell.text) for cell in official.cells)
    if only_heads and (columns := match_columns(official, found, (official, found))):
        return columns
    end = _Anchor(len(official.cells), len(found.cells), "")
    anchors = _anchors(official, found)
    if len(anchors) < len(labels(official)):
        anchors = _in_any_order(official, found) or anchors
    cells, anchors = _split(list(found.cells), anchors, end)
    return list(_between(official.cells, cells, anchors))


def _between(
    official: Sequence[Cell], found: Sequence[Cell], anchors: Sequence[_Anchor]
) -> Iterator[CellMatch]:
    """Matches the labels, and the cells between them."""
    ends = [*(anchor.official for anchor in anchors), len(official)]
    stops = [*sorted(anchor.found for anchor in anchors), len(found)]
    yield from _segment(official[: ends[0]], found[: stops[0]])
    for anchor, end in zip(anchors, ends[1:], strict=True):
        stop = stops[stops.index(anchor.found) + 1]
        yield CellMatch(official[anchor.official], (found[anchor.found],))
        yield from _segment(official[anchor.official + 1 : end], found[anchor.found + 1 : stop])


def match_columns(
    official: TableRow, found: TableRow, heads: tuple[TableRow, TableRow]
) -> list[CellMatch] | None:
    """Matches the cells of a row by their column heads, in any order and with others between.

    `heads` is the official header row and the document's; None if they are not conclusive.
    """
    if (len(official.cells), len(found.cells)) != (len(heads[0].cells), len(heads[1].cells)):
        return None
    matches, left = [], list(found.cells)
    for cell, head in zip(official.cells, heads[0].cells, strict=True):
        below = [
            one
            for one, each in zip(found.cells, heads[1].cells, strict=True)
            if matches_label(each, head.bare)
        ]
        if len(below) != 1 or not head.bare:
            return None
        matches.append(CellMatch(cell, (below[0],)))
        left.remove(below[0])
    return matches + [CellMatch(cell, (cell,), "unread_text") for cell in left]


def _anchors(official: TableRow, found: TableRow) -> list[_Anchor]:
    """The labels found, in order; of several candidate cells the most likely."""
    choices: list[list[_Anchor | None]] = []
    for index, label in labels(official):
        begun = [j for j, cell in enumerate(found.cells) if cell.bare.startswith(label)]
        if not begun and heads_total(label):
            begun = [j for j, cell in enumerate(found.cells) if heads_total(cell.bare)]
        same = [j for j in begun if matches_label(found.cells[j], label)]
        choices.append([*(_Anchor(index, j, label) for j in (same or begun)[:_MOST]), None])
    best: list[_Anchor] = []
    least = float("-inf")
    for choice in product(*choices):
        anchors = [anchor for anchor in choice if anchor]
        if all(one.found < other.found for one, other in pairwise(anchors)):
            likely = _likely(anchors, len(official.cells), len(found.cells))
            if likely > least:
                best, least = anchors, likely
    return best


def _in_any_order(official: TableRow, found: TableRow) -> list[_Anchor]:
    """The cell of each label of the row; empty if a label is missing or occurs twice."""
    anchors = []
    for index, label in labels(official):
        matching = [j for j, cell in enumerate(found.cells) if matches_label(cell, label)]
        if len(matching) != 1:
            return []
        anchors.append(_Anchor(index, matching[0], label))
    return anchors


def _likely(anchors: Sequence[_Anchor], official: int, found: int) -> int:
    """Scores anchors: more labels first, then the same number of cells between them as on the form."""
    ends = [_Anchor(-1, -1, ""), *anchors, _Anchor(official, found, "")]
    gaps = pairwise(ends)
    wrong = sum(abs((b.official - a.official) - (b.found - a.found)) for a, b in gaps)
    return 100 * len(anchors) - wrong


def _split(cells: list[Cell], anchors: list[_Anchor], end: _Anchor) -> tuple[list[Cell], list[_Anchor]]:
    """Splits a label's cell that was merged with the cell after it."""
    moved, shift = [], 0
    for anchor, following in pairwise([*anchors, end]):
        at = anchor.found + shift
        moved.append(replace(anchor, found=at))
        short = 0 < following.found - anchor.found < following.official - anchor.official
        if short and not matches_label(cells[at], anchor.label):
            cells[at : at + 1] = _parted(cells[at], anchor.label)
            shift += 1
    return cells, moved


def _parted(cell: Cell, label: str) -> list[Cell]:
    """Splits a cell into the label at its beginning and the rest."""
    left = len(label)
    heads, rests = [], []
    for paragraph in cell.paragraphs:
        text, taken = paragraph.text, 0
        while left > 0 and taken < len(text):
            left -= len(bare(text[taken]))
            taken += 1
        rest = text[taken:].lstrip(" \t\u3000:：") if taken else text
        if taken:
            heads.append(replace(paragraph, text=text[:taken], notes=() if rest else paragraph.notes))
        if rest or not taken:
            rests.append(replace(paragraph, text=rest))
    return [replace(cell, paragraphs=tuple(heads)), replace(cell, paragraphs=tuple(rests))]


def _segment(official: Sequence[Cell], found: Sequence[Cell]) -> Iterator[CellMatch]:
    """Matches the cells between two labels."""
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
