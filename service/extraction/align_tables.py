"""Aligns the tables and rows of a document with those of the official form by labels and order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

from service.extraction.characters import heads_total, unnumbered
from service.extraction.skeleton import fixed, has_mark, is_repeated, is_row_number
from service.extraction.split_tables import rejoined, total_last
from service.extraction.word_document import Cell, Document, Paragraph, Table, TableRow
from service.object_cache import object_cache

_SAME_SHAPE = 10.0  # same cells with the same labels
_LABEL = 3.0
_REPEATED, _OTHER_SHAPE = 1.0, 0.2
_TOTAL = 2.0  # more than a repeated row, less than a row with the label
_HEADING = 5.0

Official = TypeVar("Official")
Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class RowMatch:
    """A row of the form and the matching row of the document; None if missing or added."""

    official: TableRow | None
    found: TableRow | None


@dataclass(frozen=True, eq=False)
class TableMatch:
    """A table of the form, the matching table of the document, and their rows in document order."""

    official: Table
    found: Table | None
    rows: tuple[RowMatch, ...]


@dataclass(frozen=True, eq=False)
class Alignment:
    """The form's tables in order, and the document's additional tables."""

    tables: tuple[TableMatch, ...]
    added: tuple[Table, ...]


def align(official: Document, found: Document) -> Alignment:
    """Matches the tables of `found` with those of `official`, a skeleton's document."""
    headings = _headings(official), _headings(found)
    paired = pairs(
        official.tables,
        found.tables,
        lambda one, other: _table_likeness(one, other, *headings),
        lambda _: False,
    )
    matched = {one: other for one, other in paired if one is not None and other is not None}
    if len(matched) < len(found.tables):
        matched = rejoined(found, matched, _belongs)
    used = {part for table in matched.values() for part in (table, *table.parts)}
    return Alignment(
        tuple(_table_match(table, matched.get(table)) for table in official.tables),
        tuple(table for table in found.tables if table not in used),
    )


def _belongs(official: Table, found: Table) -> bool:
    """Whether each row of a table may be of a form's table: by its labels, or as a repeated row."""
    rows = [row for row in found.rows if row.text.strip()]
    return bool(rows) and all(_may_be_of(official, row) for row in rows)


def _may_be_of(official: Table, found: TableRow) -> bool:
    for row in official.rows:
        if (labels(row) and same_shape(row, found)) or _is_total(row, found):
            return True
        if not labels(row) and _inside(row) and row_likeness(row, found):
            return True
    known = {text for row in official.rows for _, text in labels(row)}
    repeated = any(_is_repeated(row) and len(row.cells) == len(found.cells) for row in official.rows)
    return repeated and known.isdisjoint(found.bares)


def _is_total(official: TableRow, found: TableRow) -> bool:
    """Whether the row for a total says 合计 or the like in place of its label."""
    return _has_total(official) and any(map(heads_total, found.bares))


@object_cache
def _has_total(official: TableRow) -> bool:
    return any(heads_total(label) for _, label in labels(official))


@object_cache
def labels(row: TableRow) -> tuple[tuple[int, str], ...]:
    """The labels of an official row: cell index and normalised text."""
    return tuple(
        (index, cell.bare)
        for index, cell in enumerate(row.cells)
        if cell.bare and not cell.continues and not has_mark(cell.text) and not is_row_number(row, cell)
    )


@object_cache
def _inside(row: TableRow) -> tuple[str, ...]:
    """The normalised fixed text beside the fields in an official row's cells."""
    return tuple(text for cell in row.cells if has_mark(cell.text) and (text := fixed(cell.text)))


def matches_label(cell: Cell, label: str) -> bool:
    """Whether a cell holds exactly a label, with or without a colon behind it."""
    return cell.bare.rstrip(":") == label.rstrip(":")


def same_shape(official: TableRow, found: TableRow) -> bool:
    """Whether the rows have the same number of cells, and each label in the same cell."""
    return len(official.cells) == len(found.cells) and all(
        matches_label(found.cells[index], label) for index, label in labels(official)
    )


def merged_label(table: Table, official: Cell) -> str:
    """The text of an official cell, or of the cell above that it continues, normalised."""
    above = ""
    for row in table.rows if official.continues else ():
        for cell in row.cells:
            if cell is official:
                return above
            if cell.column == official.column and not cell.continues:
                above = cell.bare
    return official.bare


def _headings(document: Document) -> dict[int, str]:
    """The paragraph above each table, by table number."""
    above, headings = "", {}
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above = unnumbered(block.bare) or above
        else:
            headings[block.number] = above
            above = ""
    return headings


def _table_match(official: Table, found: Table | None) -> TableMatch:
    if found is None:
        return TableMatch(official, None, tuple(RowMatch(row, None) for row in official.rows))
    rows = total_last(found.rows, lambda row: _is_total(official.rows[-1], row))
    same = _same_from_above(official.rows, rows)
    above = zip(official.rows[:same], rows[:same], strict=True)
    below = pairs(official.rows[same:], rows[same:], row_likeness, _is_repeated)
    return TableMatch(official, found, tuple(RowMatch(*pair) for pair in (*above, *below)))


def _same_from_above(official: Sequence[TableRow], found: Sequence[TableRow]) -> int:
    """The number of leading rows with the same labels in the same cells, which need no weighing."""
    rows = zip(official, found, strict=False)
    return sum(1 for _ in takewhile(lambda pair: labels(pair[0]) and same_shape(*pair), rows))


def _table_likeness(
    official: Table, found: Table, official_headings: dict[int, str], headings: dict[int, str]
) -> float:
    heading = official_headings[official.number]
    same_heading = bool(heading) and heading == headings[found.number]
    known = [text for row in official.rows for _, text in labels(row)]
    same = sum(text in found.bares for text in known)
    alike = _LABEL * same + _HEADING * same_heading
    return alike + (len(official.rows) == len(found.rows)) if alike else _loose(official, found)


def _loose(official: Table, found: Table) -> float:
    """The likeness of tables without labels, such as a long text's, whose heading was changed."""
    bare = not any(labels(row) for row in official.rows)
    shape = [len(row.cells) for row in official.rows] == [len(row.cells) for row in found.rows]
    return _OTHER_SHAPE if bare and shape else 0.0


def row_likeness(official: TableRow, found: TableRow) -> float:
    """The confidence that a row of the document is this row of the form; 0 without evidence."""
    known, inside = labels(official), _inside(official)
    if not known and not inside:
        shape = len(official.cells) == len(found.cells)
        return _REPEATED if shape else _OTHER_SHAPE
    if known and same_shape(official, found):
        return _SAME_SHAPE + _LABEL * len(known)
    lines = "\n".join(("", *found.bares))  # normalised texts have no white space
    same = sum(f"\n{text}" in lines for _, text in known)
    if known and not same:
        return _TOTAL if _is_total(official, found) else 0.0
    return _LABEL * same + sum(any(_in_order(text, each) for each in found.bares) for text in inside)


def _in_order(text: str, other: str) -> bool:
    """Whether `other` contains all characters of `text` in order."""
    characters = iter(other)
    return all(character in characters for character in text)


def _is_repeated(row: TableRow) -> bool:
    """Whether a row of the form may repeat: each cell has a field of a table's rows, or its number."""
    cells = [cell for cell in row.cells if not cell.continues and not is_row_number(row, cell)]
    return len(cells) > 1 and all(is_repeated(cell.text) for cell in cells)


def pairs(
    official: Sequence[Official],
    found: Sequence[Found],
    likeness: Callable[[Official, Found], float],
    repeated: Callable[[Official], bool],
) -> list[tuple[Official | None, Found | None]]:
    """Aligns two lists in order with the greatest total likeness; a `repeated` item may match many."""
    best = [[0.0] * (len(found) + 1) for _ in range(len(official) + 1)]
    alike = [[likeness(one, other) for other in found] for one in official]
    again = [repeated(one) for one in official]
    for i in reversed(range(len(official))):
        for j in reversed(range(len(found))):
            taken = best[i][j + 1] if again[i] else best[i + 1][j + 1]
            matched = alike[i][j] + taken if alike[i][j] else 0.0
            best[i][j] = max(matched, best[i + 1][j], best[i][j + 1])
    return list(_walk(official, found, best, alike, again))


def _walk(
    official: Sequence[Official],
    found: Sequence[Found],
    best: list[list[float]],
    alike: list[list[float]],
    again: list[bool],
) -> list[tuple[Official | None, Found | None]]:
    pairs: list[tuple[Official | None, Found | None]] = []
    i = j = 0
    met = False  # whether this repeated item has been matched
    while i < len(official) and j < len(found):
        taken = best[i][j + 1] if again[i] else best[i + 1][j + 1]
        if alike[i][j] and best[i][j] == alike[i][j] + taken:
            pairs.append((official[i], found[j]))
            i, j, met = (i, j + 1, True) if again[i] else (i + 1, j + 1, False)
        elif best[i][j] == best[i + 1][j]:
            if not met:
                pairs.append((official[i], None))
            i, met = i + 1, False
        else:
            pairs.append((None, found[j]))
            j += 1
    pairs += [(one, None) for one in official[i + met :]]
    return pairs + [(None, other) for other in found[j:]]
