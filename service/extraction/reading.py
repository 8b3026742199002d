"""Reads every field of a form out of a document whose edition is known, and tells what is not certain."""

from __future__ import annotations

from typing import Any

from schemas.fields import Line as OneLine
from schemas.fields import Points, YesNo
from service.errors import Text
from service.extraction import values
from service.extraction.align import (
    Alignment,
    RowMatch,
    TableMatch,
    align,
    labels,
    merged_label,
    repeats_heads,
    says,
)
from service.extraction.cells import CellMatch, match_cells, match_columns
from service.extraction.characters import bare, unnumbered
from service.extraction.document import Cell, Document, Paragraph, Row
from service.extraction.findings import ReadingWarning
from service.extraction.lines import read_lines
from service.extraction.pattern import NoMatch, Written, take
from service.extraction.payload import assembled, joined
from service.extraction.places import in_paragraph, in_properties, in_table, warning, whole_table
from service.extraction.recognise import arabic, years
from service.extraction.skeleton import ROW, Skeleton, Slot, fixed, has_mark, is_mark


class Reading:
    """One document being read by one form's skeleton; `data` and `warnings` are the result."""

    def __init__(self, form: Skeleton, document: Document) -> None:
        self._form = form
        self._document = document
        self._flat: dict[tuple[str | int, ...], Any] = {}
        self._bare_scores = False
        self._maxima: list[tuple[Slot, Text, str]] = []
        self._own = {fixed(each.text) for each in form.document.paragraphs}
        self.warnings: list[ReadingWarning] = []
        matched = align(form.document, document)
        self._lines(matched)
        for match in matched.tables:
            self._table(match)
        self._title()
        self._scores()
        self.data = assembled(form.edition.schema, self._flat)

    def _warn(self, code: str, place: Text, text: str, slot: Slot | None = None, row: int = 0) -> None:
        made = warning(self._form.edition, code, place, text, slot, row)
        if made not in self.warnings:
            self.warnings.append(made)

    def _lines(self, matched: Alignment) -> None:
        lines, used = read_lines(self._form, self._document, matched.added)
        for line in lines:
            place = in_table(*line.cell) if line.cell else in_paragraph(line.paragraph or 0)
            if not line.written:
                self._warn(
                    "line_missing", Text("正文", "the text"), fixed(line.official), self._first(line.official)
                )
            self._written(line.written, place, line.text, 0)
        self._unread_paragraphs(used)
        read = {(line.cell[0], line.cell[1]) for line in lines if line.cell}
        for table in matched.added:
            for number, row in enumerate(table.rows, 1):
                text = " ".join(cell.text for cell in row.cells)
                if (table.number, number) not in read and text.strip():
                    self._warn("unread_text", in_table(table.number, number), text)

    def _unread_paragraphs(self, used: set[int]) -> None:
        own, unnumbered_own = self._own, {unnumbered(text) for text in self._own}
        year = str(self._form.edition.year)
        told = years(self._document, self._form.edition)
        for number, paragraph in enumerate(self._document.paragraphs, 1):
            text = arabic(paragraph.bare)
            if any(note.code == "numbering" for note in paragraph.notes) and text in unnumbered_own:
                continue
            self._notes(paragraph, in_paragraph(number), None)
            if not text or number in used or text in own:
                continue
            other = next((found for found in told if text.replace(str(found), year) in own), None)
            code = "unread_text" if other is None else "year_differs"
            self._warn(code, in_paragraph(number), paragraph.text)

    def _notes(self, paragraph: Paragraph, place: Text, slot: Slot | None, row: int = 0) -> None:
        for note in paragraph.notes:
            if note.code == "text_box" and all(bare(line) in self._own for line in note.text.split("\n")):
                continue  # LibreOffice makes one of a paragraph that stands at a place of its own
            self._warn(note.code, place, note.text, slot, row)

    def _table(self, match: TableMatch) -> None:
        if match.found is None:
            slot = self._first("".join(cell.text for row in match.official.rows for cell in row.cells))
            self._warn("table_missing", whole_table(match.official.number), "", slot)
            return
        again, heads = 0, None
        for row in match.rows:
            if heads and row.found and repeats_heads(row.found, heads[1]):
                continue
            self._row(match, row, again, heads)
            if row.found and row.official and self._repeats(row.official.cells):
                again += any(cell.bare for cell in row.found.cells)
            elif row.found and row.official and not any(has_mark(cell.text) for cell in row.official.cells):
                heads = row.official, row.found

    def _repeats(self, cells: tuple[Cell, ...]) -> bool:
        slots = [self._form.slots[c] for cell in cells for c in cell.text if is_mark(c)]
        return any(ROW in slot.path for slot in slots)

    def _row(self, match: TableMatch, row: RowMatch, again: int, heads: tuple[Row, Row] | None) -> None:
        assert match.found
        if row.official is None:
            assert row.found
            text = " ".join(cell.text for cell in row.found.cells)
            if text.strip():
                self._warn(
                    "row_added", in_table(match.found.number, match.found.rows.index(row.found) + 1), text
                )
            return
        if row.found is None:
            if not self._repeats(row.official.cells):
                self._missing(match, row)
            return
        number = match.found.rows.index(row.found) + 1
        columns = None
        if heads and self._repeats(row.official.cells):
            columns = match_columns(row.official, row.found, heads)
        for cell in columns or match_cells(row.official, row.found):
            self._cell(match, row, cell, number, again)

    def _missing(self, match: TableMatch, row: RowMatch) -> None:
        assert row.official and match.found
        words = "、".join(label for _, label in labels(row.official))
        slot = self._first("".join(cell.text for cell in row.official.cells))
        if slot:
            self._warn("row_missing", whole_table(match.found.number), words, slot)

    def _cell(self, match: TableMatch, row: RowMatch, cell: CellMatch, number: int, again: int) -> None:
        assert row.found and row.official and match.found
        text = "\n".join(each.text for each in cell.found)
        here = [each.element for each in cell.found]
        at = next(
            (i for i, each in enumerate(row.found.cells, 1) if each.element in here), len(row.found.cells)
        )
        place = in_table(match.found.number, number, at)
        slot = self._first(cell.official.text)
        for each in cell.found:
            for paragraph in each.paragraphs:
                self._notes(paragraph, place, slot, again)
        if not has_mark(cell.official.text) or cell.code == "unread_text":
            self._fixed(match, cell, place)
            return
        if cell.code:
            self._warn(cell.code, place, text, slot, again)
        if cell.code == "cells_unclear":
            return
        blank = self._blank(match, row.official, cell.official)
        try:
            written = take(cell.official.text, blank, text, self._form.slots)
        except NoMatch:
            for mark in filter(is_mark, cell.official.text):
                self._warn("unreadable", place, text, self._form.slots[mark], again)
            return
        self._written(written, place, text, again, blank)

    def _fixed(self, match: TableMatch, cell: CellMatch, place: Text) -> None:
        """A label that is another, or text where the form has none."""
        official, unread = cell.official, cell.code == "unread_text"
        is_label = not unread and bool(official.bare) and not official.continues
        for found in cell.found:
            same = not unread and says(found, merged_label(match.official, official))
            if found.bare and not found.continues and not same:
                self._warn("label_changed" if is_label else "unread_text", place, found.text)

    def _blank(self, match: TableMatch, row: Row, cell: Cell) -> str | None:
        """The text of an official cell on the blank form, where it has that row."""
        if self._repeats(row.cells):
            return None
        above = [each for each in match.official.rows if not self._repeats(each.cells)]
        table = self._form.blank.tables[match.official.number - 1]
        from_end = len(above) - above.index(row)
        before = match.official.rows.index(row)
        shifted = any(self._repeats(each.cells) for each in match.official.rows[:before])
        blank = table.rows[len(table.rows) - from_end if shifted else before]
        return blank.cells[row.cells.index(cell)].text

    def _first(self, text: str) -> Slot | None:
        return next((self._form.slots[character] for character in text if is_mark(character)), None)

    def _written(
        self, written: dict[str, Written], place: Text, text: str, row: int, blank: str | None = None
    ) -> None:
        for mark, each in written.items():
            slot = self._form.slots[mark]
            if each.code:
                self._warn(each.code, place, text, slot, row)
            elif isinstance(slot.field, YesNo):
                self._put(slot, row, each.answer)
            else:
                self._value(slot, each, place, row)
            if each.rest:
                self._warn("unread_text", place, each.rest, slot, row)
            if isinstance(slot.field, Points) and each.text is None and blank and text.strip():
                self._maxima.append((slot, place, text))

    def _value(self, slot: Slot, written: Written, place: Text, row: int) -> None:
        text = written.text
        if text is None:
            return
        if isinstance(slot.field, OneLine) and "\n" in text:
            lines = [line for line in map(str.strip, text.split("\n")) if line]
            if len(lines) > 1:
                self._warn("cells_joined", place, text, slot, row)
            text = joined(lines)
        try:
            self._put(slot, row, values.read(slot.field, text))
        except values.Unreadable:
            self._warn("unreadable", place, text, slot, row)
        if isinstance(slot.field, Points) and not written.exact:
            self._bare_scores = True

    def _put(self, slot: Slot, row: int, value: Any) -> None:
        if value is not None:
            self._flat.setdefault(tuple(row if key == ROW else key for key in slot.path), value)

    def _title(self) -> None:
        """A field that is printed nowhere but in the title among the document's properties."""
        form = self._form.document
        texts = [*(each.text for each in form.paragraphs), *(each.text for each in form.cells)]
        printed = {mark for text in texts for mark in text if is_mark(mark)}
        official = form.title
        if any(is_mark(mark) and mark not in printed for mark in official):
            try:
                written = take(official, self._form.blank.title, self._document.title, self._form.slots)
            except NoMatch:
                return
            if all(each.exact for each in written.values()):
                self._written(written, in_properties(), self._document.title, 0)

    def _scores(self) -> None:
        """Where points were written without their maximum, a maximum that stands alone may be points too."""
        if self._bare_scores:
            for slot, place, text in self._maxima:
                self._warn("unclear_score", place, text, slot)
