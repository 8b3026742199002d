"""The rows of a sheet as items: its headings found, what is no submission skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from service.batch import cells, headings, naming
from service.batch.item import Column, Item, Place
from service.batch.layout import Head, Row, Table, letter
from service.batch.row import fill

SEARCHED = 5
_NOTE = re.compile(
    r"\s*(注|备注|说明|填表说明|填报说明|附注|notes?)\s*[0-9一二三四五]?\s*[:：.．、]", re.IGNORECASE
)


def find_head(rows: Iterator[Row]) -> tuple[Head | None, list[Row]]:
    """The heading row among the first rows, and the rows read below it."""
    first: list[Row] = []
    for row in rows:
        first.append(row)
        if len(first) == SEARCHED:
            break
    scores = [headings.recognised(_texts(row)) for row in first]
    if max(scores, default=0) < 2:
        return None, []
    best = scores.index(max(scores))
    texts = {column: cells.shown(value) for column, value in first[best].cells.items()}
    return Head(first[best].number, texts), first[best + 1 :]


def items(table: Table, form: str | None, year: int | None) -> Iterator[Item] | None:
    """The items of a table; None where it has no heading row. `form` and `year` where it tells none."""
    rows = iter(table.rows)
    head, read = find_head(rows)
    if not head:
        return None
    form, year = table.form or form, table.year or year
    return (_item(table.sheet, head, row, form, year) for row in _submissions(head, chain(read, rows)))


def _submissions(head: Head, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows without headings that stand again and without notes."""
    noted = False
    for row in rows:
        alone = len(row.cells) == 1 and isinstance(next(iter(row.cells.values())), str)
        if alone and (noted or _is_note(row)):
            noted = True
        elif not _is_heading(head, row):
            yield row


def _is_note(row: Row) -> bool:
    column, value = next(iter(row.cells.items()))
    wide = any(area.top == row.number and area.left <= column < area.right for area in row.areas)
    return wide or _NOTE.match(cells.shown(value)) is not None


def _is_heading(head: Head, row: Row) -> bool:
    """Whether the row names again what the headings name: below the labels `sheet` writes the JSON paths."""
    texts = _texts(row)
    return len(texts) > 1 and len(texts) == len(row.cells) and headings.recognised(texts) == len(texts)


def _texts(row: Row) -> list[str]:
    return [value for value in row.cells.values() if isinstance(value, str)]


def _item(sheet: str, head: Head, row: Row, form: str | None, year: int | None) -> Item:
    given = {kind: row.cells.get(column) for kind, column in head.special.items()}
    named = naming.of_cells(given, form, year)
    place = Place("row", row.number, sheet)
    where = {f"/{kind}": Column(letter(c), head.texts[c]) for kind, c in head.special.items()}
    errors = [place.located(error, where.get(error.pointer)) for error in named.errors]
    if not named.edition:
        return Item(place, named.form, named.year, named.id, {}, tuple(errors))
    meanings = head.meanings(named.edition.form, named.edition.year)
    place = Place("row", row.number, sheet, meanings.columns)
    filled = fill(place, head, meanings, row)
    return Item(place, named.form, named.year, named.id, filled.data, (*errors, *filled.errors))
