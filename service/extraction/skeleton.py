"""An edition's form with a mark for each field, rendered from its template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, groupby
from typing import Any

from marshmallow import Schema

from schemas import tree
from schemas.fields import Leaf
from schemas.fields.aspects import OWN_WORDS
from schemas.tree import ROW, Path
from service import template_context
from service.catalog import Edition
from service.extraction.characters import bare, is_number
from service.extraction.word_document import Cell, Document, Table, TableRow, load
from service.object_cache import object_cache
from service.submission import validate

_FIRST = 0xF0000  # plane 15, for private use
_FIRST_IN_ROWS = 0x100000  # plane 16, of fields in the rows of a table
_LAST = 0x10FFFD
#: The numbers of a table's row, from 0, and of a row within it.
RowNumbers = tuple[int, ...]
_MARK = re.compile(f"([{chr(_FIRST)}-{chr(_LAST)}])")
_MARK_IN_ROWS = re.compile(f"[{chr(_FIRST_IN_ROWS)}-{chr(_LAST)}]")


@dataclass(frozen=True)
class Slot:
    """A printed field: its path of keys ("*" for a row), the field, and the key of a box or part.

    `own`: whether it is where own words follow the boxes.
    """

    path: tuple[str, ...]
    field: Leaf
    option: str | None = None
    part: str | int | None = None
    own: bool = False

    @property
    def many(self) -> bool:
        """Whether the text may have several lines."""
        return self.field.shape == "lines"

    def at(self, rows: RowNumbers = ()) -> Path:
        """Its path in a row, the first one of each table if none is given."""
        if ROW not in self.path:
            return self.path
        numbers = iter(rows)
        return tuple(next(numbers, 0) if key == ROW else key for key in self.path)

    @property
    def of_boxes(self) -> str:
        """What of a field of boxes it is: the key of an option, or `OWN_WORDS`; "" for other fields."""
        return OWN_WORDS if self.own else self.option or ""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The form with marks, the blank form, and the slot of each mark."""

    edition: Edition
    document: Document
    blank: Document
    slots: dict[str, Slot]
    _fields: dict[str, tuple[Slot, ...]] = field(default_factory=dict, repr=False)
    _boxes: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def lines(self) -> frozenset[str]:
        """The normalised fixed text of each paragraph outside tables."""
        return frozenset(fixed(each.text) for each in self.document.paragraphs)

    @cached_property
    def printed(self) -> frozenset[str]:
        """The marks of the fields printed in the body."""
        document = self.document
        texts = [*(each.text for each in document.paragraphs), *(each.text for each in document.cells)]
        return frozenset(mark for text in texts for mark in marks(text))

    def boxes(self, path: tuple[str, ...]) -> frozenset[str]:
        """The parts of a field of boxes that are printed in the body."""
        if path not in self._boxes:
            slots = map(self.slots.__getitem__, self.printed)
            self._boxes[path] = frozenset(slot.of_boxes for slot in slots if slot.path == path)
        return self._boxes[path]

    def first(self, text: str) -> Slot | None:
        """The first slot of a text, if any."""
        found = self.fields(text)
        return found[0] if found else None

    def fields(self, text: str) -> tuple[Slot, ...]:
        """A slot of each field of a text of the form, in order."""
        if text not in self._fields:
            slots: dict[tuple[str, ...], Slot] = {}
            for mark in marks(text):
                slots.setdefault(self.slots[mark].path, self.slots[mark])
            self._fields[text] = tuple(slots.values())
        return self._fields[text]

    def repeats(self, row: TableRow) -> bool:
        """Whether a row of the form may repeat."""
        return bool(self.table(row))

    def table(self, row: TableRow) -> Path:
        """The path of the table whose rows a row of the form prints, the outer one's; empty if none."""
        paths = [slot.path for slot in self.fields(row.text) if ROW in slot.path]
        return paths[0][: paths[0].index(ROW)] if paths else ()

    def outer(self, row: TableRow) -> frozenset[Cell]:
        """The cells of a row of the form that are merged for all rows within one row of the table."""
        depths = {cell: slot.path.count(ROW) for cell in row.cells if (slot := self.first(cell.text))}
        return frozenset(cell for cell, depth in depths.items() if depth < max(depths.values()))

    def minimum(self, row: TableRow) -> int:
        """How many rows the form prints at least for one that may repeat; 0 for others."""
        field = dict(tree.walk(self.edition.schema)).get(self.table(row))
        return field.minimum if field is not None and field.repeats else 0

    @cached_property
    def blank_cells(self) -> dict[Cell, Cell]:
        """The cell on the blank form of each cell outside repeated rows."""
        return {
            one: other
            for table, blank in zip(self.document.tables, self.blank.tables, strict=True)
            for row, empty in self._blank_rows(table, blank)
            for one, other in zip(row.cells, empty.cells, strict=True)
        }

    def printed_rows(self, row: TableRow) -> tuple[TableRow, ...]:
        """The rows that the blank form has for a row of the form that repeats, in order."""
        table, blank = next(
            pair for pair in zip(self.document.tables, self.blank.tables, strict=True) if row in pair[0].rows
        )
        paired = dict(self._blank_rows(table, blank))
        at = table.rows.index(row)
        above = [paired[each] for each in table.rows[:at] if each in paired]
        below = [paired[each] for each in table.rows[at:] if each in paired]
        start = blank.rows.index(above[-1]) + 1 if above else 0
        return blank.rows[start : blank.rows.index(below[0]) if below else None]

    def _blank_rows(self, table: Table, blank: Table) -> list[tuple[TableRow, TableRow]]:
        """Pairs the rows; the blank form may have any number of rows for a repeated one."""
        found: list[tuple[TableRow, TableRow]] = []
        runs = [(again, [*run]) for again, run in groupby(table.rows, self.repeats)]
        at = 0
        for number, (again, run) in enumerate(runs):
            if again:
                continue
            if last := number and number == len(runs) - 1:
                at = len(blank.rows) - len(run)
            elif number:
                starts = (start for start in range(at, len(blank.rows)) if _is_blank(run, blank.rows[start:]))
                at = next(starts, at)
            found += zip(run, blank.rows[at : at + len(run)], strict=bool(last))
            at += len(run)
        return found


def _is_blank(rows: Sequence[TableRow], blank: Sequence[TableRow]) -> bool:
    """Whether these rows of the form are the first of some on the blank one: by their labels."""
    return all(
        len(row.cells) == len(empty.cells)
        and all(
            has_mark(one.text) or one.bare == other.bare
            for one, other in zip(row.cells, empty.cells, strict=True)
        )
        for row, empty in zip(rows, blank, strict=False)
    )


def is_mark(character: str) -> bool:
    """Whether a character is the mark of a field."""
    return _FIRST <= ord(character) <= _LAST


def has_mark(text: str) -> bool:
    """Whether `text` has a field."""
    return _MARK.search(text) is not None


def is_repeated(text: str) -> bool:
    """Whether `text` has a field of a table's rows."""
    return _MARK_IN_ROWS.search(text) is not None


def is_row_number(official: TableRow, cell: Cell) -> bool:
    """Whether a cell of a repeated row of the form holds the row's number."""
    return is_repeated(official.text) and is_number(cell.bare)


def marks(text: str) -> list[str]:
    """The marks in `text`, in order."""
    return _MARK.findall(text)


def cut(text: str) -> list[str]:
    """Splits `text` at its marks: fixed words, mark, fixed words, mark, … and final words."""
    return _MARK.split(text)


def fixed(text: str) -> str:
    """The normalised fixed text of `text`."""
    return bare(_MARK.sub("", text))


def skeleton(edition: Edition) -> Skeleton:
    """The skeleton of an edition, cached until its template changes. Raises TemplateFault."""
    return _made(edition, edition.template_path.stat().st_mtime_ns)


@object_cache
def _made(edition: Edition, modified: int) -> Skeleton:
    slots: dict[str, Slot] = {}
    marked = _marked(edition.schema, slots)
    blank = template_context.build(validate(edition, {}))
    template = edition.template
    return Skeleton(edition, load(template.render(marked)), load(template.render(blank)), slots)


def _marked(schema: Schema, slots: dict[str, Slot]) -> dict[str, Any]:
    numbers, in_rows = count(_FIRST), count(_FIRST_IN_ROWS)

    def mark(slot: Slot) -> str:
        character = chr(next(in_rows if ROW in slot.path else numbers))
        slots[character] = slot
        return character

    def show(path: Path, field: Leaf) -> Any:
        keys = tuple(map(str, path))
        if field.shape == "boxes":
            boxes = {option.key: mark(Slot(keys, field, option.key)) for option in field.options}
            return boxes | {OWN_WORDS: mark(Slot(keys, field, own=True))} if field.own else boxes
        if field.parts:
            texts = {part: mark(Slot(keys, field, part=part)) for part in field.parts}
            return list(texts.values()) if 0 in texts else texts
        one = Slot(keys, field)
        return [mark(one)] if one.many else mark(one)

    return tree.build(schema, show)
