"""Reads the fields of a form's table row by row; warns of other text in it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from schemas.fields import Unreadable
from schemas.tree import Path
from service.errors import Bilingual
from service.extraction import characters
from service.extraction.align_tables import TableMatch, labels, matches_label, merged_label
from service.extraction.boxes.option_looks import with_looks
from service.extraction.cell_pictures import read_picture
from service.extraction.characters import ends_in_sum, is_number, is_part, is_total
from service.extraction.extraction_result import in_table, whole_table
from service.extraction.field_pattern import NoMatch, Written, take
from service.extraction.label_units import names_other_unit
from service.extraction.match_cells import CellMatch, match_cells, match_columns
from service.extraction.reading_results import ReadingResults, RepeatedRows
from service.extraction.skeleton import RowNumbers, Skeleton, has_mark, marks
from service.extraction.word_document import Document, Table, TableRow


def read_table(form: Skeleton, match: TableMatch, document: Document, results: ReadingResults) -> None:
    """Reads a table of the form; warns if the document lacks it."""
    if match.found is None:
        for slot in form.fields("".join(row.text for row in match.official.rows)) or [None]:
            results.warn("table_missing", whole_table(match.official.number), "", slot)
    else:
        _Table(form, match, match.found, document, results).read(match)


class _Table:
    """A table of the form and of the document, read from top to bottom."""

    def __init__(
        self, form: Skeleton, match: TableMatch, found: Table, document: Document, results: ReadingResults
    ) -> None:
        self._form, self._official, self._found = form, match.official, found
        self._document, self._results = document, results
        self._heads: tuple[TableRow, TableRow] | None = None  # the last header row, official and found
        self._lists: dict[Path, RepeatedRows] = {}  # by the path of their table in the form
        self._at: RowNumbers = ()  # the row that is read, if it is repeated
        self._head_cells: tuple[CellMatch, ...] = ()
        self._columns: dict[int, str] = {}  # normalised last heads by the official cells' columns

    def read(self, match: TableMatch) -> None:
        for row in match.rows:
            if row.found is None:
                if row.official is not None:
                    self._missing(row.official)
            elif self._heads and _repeats(self._heads[1], row.found):  # as on a second page
                self._notes(row.found)
                self._rename_columns(self._heads[1], row.found)
            elif row.official is None:
                self._notes(row.found)
                if text := row.found.text.strip():
                    place = in_table(*self._found.positions[row.found])
                    self._results.warn("row_added", place, text)
            else:
                self._row(row.official, row.found)

    def _notes(self, row: TableRow) -> None:
        """Warns of the notes of a row without fields."""
        place = in_table(*self._found.positions[row])
        for paragraph in (each for cell in row.cells for each in cell.paragraphs):
            self._results.notes(paragraph, place)

    def _missing(self, official: TableRow) -> None:
        if self._form.repeats(official):
            return
        words = "、".join(label for _, label in labels(official))
        for slot in self._form.fields(official.text):
            self._results.warn("row_missing", whole_table(self._found.number), words, slot)

    def _row(self, official: TableRow, found: TableRow) -> None:
        table, columns = self._form.table(official), None
        if table and self._heads:
            columns = match_columns(official, found, self._heads)
        cells = columns or match_cells(official, found)
        if table:
            self._repeated(self._lists.setdefault(table, RepeatedRows()), official, found, cells)
            return
        self._cells(found, cells)
        if not has_mark(official.text):
            self._heads = official, found
            self._head_cells = tuple(cells)
            self._columns = {cell.official.column: cell.bare for cell in cells}

    def _repeated(
        self, rows: RepeatedRows, official: TableRow, found: TableRow, cells: Sequence[CellMatch]
    ) -> None:
        """Reads a row of a table of the form, or a row within it, beside cells merged with those above."""
        if self._is_sum(cells):
            self._sum(rows, found, cells)
            return
        outer = self._form.outer(official)
        above = [cell for cell in cells if cell.official in outer]
        is_within = bool(above) and all(each.continues for cell in above for each in cell.found)
        seen, self._at = self._results.seen(), rows.begin(is_within)
        self._cells(found, [cell for cell in cells if not (is_within and cell in above)])
        self._at = ()
        rows.end(self._amount(cells), is_blank=self._results.seen() == seen)

    def _cells(self, found: TableRow, cells: Sequence[CellMatch]) -> None:
        label = ""
        for cell in cells:
            self._cell(found, cell, label)
            if cell.official.bare and not has_mark(cell.official.text):
                label = cell.bare

    def _rename_columns(self, heads: TableRow, found: TableRow) -> None:
        """Takes the texts of repeated heads, which may name another unit."""
        texts = dict(zip(heads.cells, found.bares, strict=True))
        for cell in self._head_cells:
            self._columns[cell.official.column] = "".join(texts[each] for each in cell.found)

    def _is_sum(self, cells: Sequence[CellMatch]) -> bool:
        """Whether a repeated row is a subtotal or total of amounts: its words are 小计 or the like."""
        slots = [(self._form.first(cell.official.text), cell) for cell in cells]
        words = [
            cell.text for slot, cell in slots if slot and slot.field.adds != "amounts" and cell.text.strip()
        ]
        has_amount = any(slot and slot.field.adds == "amounts" for slot, _ in slots)
        return has_amount and (any(map(is_total, words)) or (bool(words) and all(map(ends_in_sum, words))))

    def _sum(self, rows: RepeatedRows, row: TableRow, cells: Sequence[CellMatch]) -> None:
        """Warns of a row that sums up those above, and is no item."""
        self._notes(row)
        given = self._amount(cells)
        is_any = not given or any(is_part(cell.text) for cell in cells)
        is_right = is_any or rows.sums_up(given[0])
        place = in_table(*self._found.positions[row])
        self._results.warn("sum_row" if is_right else "sum_differs", place, row.text)

    def _amount(self, cells: Sequence[CellMatch]) -> list[Decimal]:
        """The amounts of a row that can be read."""
        amounts = []
        for cell in cells:
            slot = self._form.first(cell.official.text)
            if slot and slot.field.adds == "amounts":
                with suppress(Unreadable):
                    amounts.append(slot.field.printed(cell.text))
        return [Decimal(each) for each in amounts if each is not None]

    def _cell(self, row: TableRow, cell: CellMatch, label: str) -> None:
        """Reads a cell; `label` is the normalised label before it."""
        place, slot = self._place(row, cell), self._form.first(cell.official.text)
        self._cell_notes(cell, place)
        if slot is None or cell.code == "unread_text":
            self._fixed(cell, place)
            return
        if any(each.continues for each in cell.found):
            self._results.warn("cells_unclear", place, cell.text, slot, self._at)
            return
        if cell.code:
            self._results.warn(cell.code, place, cell.text, slot, self._at)
        if cell.code != "cells_unclear":
            self._fields(cell, place, label)

    def _cell_notes(self, cell: CellMatch, place: Bilingual) -> None:
        """Reads the picture of a field; warns of what else is no text, of a seal at the first field alone."""
        paragraphs = [paragraph for each in cell.found for paragraph in each.paragraphs]
        if not any(each.notes for each in paragraphs):
            self._results.noted.update([each.element for each in paragraphs])
            return
        slots = self._form.fields(cell.official.text)
        parts, read = self._document.parts, None
        if wanted := next((slot for slot in slots if slot.field.place), None):
            read = read_picture(cell, wanted, parts, place, self._results, self._at)
        for paragraph in paragraphs:
            if read in paragraph.notes:
                paragraph = replace(paragraph, notes=tuple(each for each in paragraph.notes if each != read))
            is_picture = all(note.code == "picture" for note in paragraph.notes)
            for slot in slots[: 1 if is_picture else None] or (None,):
                self._results.notes(paragraph, place, slot, self._at)

    def _place(self, row: TableRow, cell: CellMatch) -> Bilingual:
        elements = [each.element for each in cell.found]
        numbers = (number for number, each in enumerate(row.cells, 1) if each.element in elements)
        return in_table(*self._found.positions[row], next(numbers, len(row.cells)))

    def _fixed(self, cell: CellMatch, place: Bilingual) -> None:
        """Warns of a changed label, or of text where the form has none."""
        official, unread = cell.official, cell.code == "unread_text"
        is_label = not unread and bool(official.bare) and not official.continues
        for found in cell.found:
            same = not unread and matches_label(found, merged_label(self._official, official))
            same |= bool(self._at) and is_number(official.bare) and is_number(found.bare)
            if found.bare and not found.continues and not same:
                self._results.warn("label_changed" if is_label else "unread_text", place, found.text)

    def _fields(self, cell: CellMatch, place: Bilingual, label: str) -> None:
        official, blank = cell.official.text, self._form.blank_cells.get(cell.official)
        try:
            written = take(official, blank.text if blank else None, _certain(cell), self._form.slots)
        except NoMatch:
            for mark in marks(official):
                self._results.warn("unreadable", place, cell.text, self._form.slots[mark], self._at)
            return
        unit_labels = label, self._columns.get(cell.official.column, "")
        checked = {mark: self._in_unit(mark, each, unit_labels) for mark, each in written.items()}
        paragraphs = [paragraph for each in cell.found for paragraph in each.paragraphs]
        on_blank = (blank.paragraphs if blank else (), self._form.blank.formatting)
        looked = with_looks(
            checked, official, self._form.slots, (paragraphs, self._document.formatting), on_blank
        )
        self._results.fields(looked, place, cell.text, self._at)
        if blank and blank.text and cell.text.strip():
            self._maxima(written, place, cell.text)

    def _in_unit(self, mark: str, written: Written, unit_labels: tuple[str, str]) -> Written:
        """The content; uncertain if one of its labels names another unit."""
        field, is_blank = self._form.slots[mark].field, not (written.text and written.text.strip())
        if is_blank or not any(names_other_unit(field, label) for label in unit_labels):
            return written
        return replace(written, code="unit_differs")

    def _maxima(self, written: dict[str, Written], place: Bilingual, text: str) -> None:
        for mark, each in written.items():
            slot = self._form.slots[mark]
            if slot.field.adds == "points" and each.text is None:
                self._results.maximum(slot, place, text)


def _repeats(heads: TableRow, found: TableRow) -> bool:
    """Whether a row repeats the headings, ignoring their units."""
    if heads.cells[0].bare != found.cells[0].bare or len(heads.cells) != len(found.cells):
        return False
    names = zip(heads.cells, found.cells, strict=True)
    return all(characters.label(one.text) == characters.label(other.text) for one, other in names)


def _certain(cell: CellMatch) -> str:
    """The text of a cell. Raises NoMatch if a field draws content that is not in it."""
    notes = [note for each in cell.found for one in each.paragraphs for note in one.notes]
    if any(note.code == "field" for note in notes):
        raise NoMatch
    return cell.text
