"""Collects values and warnings and counts rows while a document is read, and assembles the payload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from lxml import etree
from marshmallow import Schema

from schemas import tree
from schemas.characters import EXACT, TEXT
from schemas.fields import Rows, Unreadable
from schemas.tree import Path
from service.errors import Bilingual
from service.extraction.boxes.option_answers import Ticks
from service.extraction.characters import bare
from service.extraction.extraction_result import Extraction, ReadingWarning, made_plain, warning
from service.extraction.field_pattern import Written
from service.extraction.own_notes import own_notes
from service.extraction.skeleton import RowNumbers, Skeleton, Slot
from service.extraction.word_document import Paragraph

_MOST = 200  # warnings listed individually


class ReadingResults:
    """The values and warnings of one document; `rows` are the numbers of a repeated row."""

    def __init__(self, form: Skeleton, parts: dict[str, bytes]) -> None:
        """Collect for `form` from a document with these parts."""
        self._form, self._document_parts = form, parts
        self._values: dict[Path, Any] = {}
        self._warnings: dict[ReadingWarning, None] = {}
        self._unlisted = 0
        self._ticks: dict[Path, _Ticked] = {}  # of fields of boxes of which not all are read yet
        self._doubtful: set[Path] = set()  # the fields of boxes that are reported
        self.noted: set[etree._Element] = set()  # the paragraphs whose notes were added
        self._bare_points = False  # whether points were written without their maximum
        self._parts: dict[tuple[Path, RowNumbers], dict[str | int, tuple[Slot, Bilingual, str]]] = {}
        self._maxima: list[tuple[Slot, Bilingual, str]] = []  # printed without points, with position and text

    def warn(
        self, code: str, place: Bilingual, text: str, slot: Slot | None = None, rows: RowNumbers = ()
    ) -> None:
        """Adds a warning once; with a slot, for its field."""
        self._add(warning(self._form.edition, code, place, text, slot, rows))

    def _add(self, one: ReadingWarning) -> None:
        if len(self._warnings) >= _MOST:
            self._unlisted += 1
        else:
            self._warnings[one] = None

    def notes(
        self, paragraph: Paragraph, place: Bilingual, slot: Slot | None = None, rows: RowNumbers = ()
    ) -> None:
        """Adds warnings for the notes of a paragraph that is read or reported."""
        self.noted.add(paragraph.element)
        for note in paragraph.notes:
            if not own_notes(self._form).has(note, self._document_parts):
                self.warn(note.code, place, note.text, slot, rows)

    def fields(
        self, written: Mapping[str, Written], place: Bilingual, text: str, rows: RowNumbers = ()
    ) -> None:
        """Adds the contents of slots, by marks, from a position with the text `text`."""
        for mark, each in written.items():
            slot = self._form.slots[mark]
            if each.code:
                self.warn(each.code, place, text, slot, rows)
                self._doubtful.add(slot.at(rows))
            elif each.ticks:
                self._tick(slot, each.ticks, place, text, rows)
            elif each.text is not None:
                self._value(slot, each.text, place, rows)
            if each.rest:
                self.warn("unread_text", place, each.rest, slot, rows)
            if slot.field.adds == "points" and each.text is not None and not each.exact:
                self._bare_points = True

    def maximum(self, slot: Slot, place: Bilingual, text: str) -> None:
        """Records that a position shows only the maximum of points."""
        self._maxima.append((slot, place, text))

    def seen(self) -> int:
        """How much was read or reported, which a blank row leaves as it is."""
        found = len(self._values) + len(self._warnings) + self._unlisted + len(self._ticks)
        return found + sum(map(len, self._parts.values()))

    def extraction(self) -> Extraction:
        """The payload of all values, and the warnings."""
        self._join_parts()
        for one in self._ticks.values():  # a part was not found
            if not any(each.pointer == self._pointer(one) for each in self._warnings):
                self.warn("unclear_box", one.place, one.text, one.slot, one.rows)
        if self._bare_points:  # then a lone maximum may be a score
            for slot, place, text in self._maxima:
                self.warn("unclear_score", place, text, slot)
        edition, listed = self._form.edition, list(self._warnings)
        if self._unlisted:
            document = Bilingual("整份文书", "the document as a whole")
            listed.append(warning(edition, "more", document, str(self._unlisted)))
        return Extraction(edition, assembled(edition.schema, self._values), tuple(listed))

    def _value(self, slot: Slot, text: str, place: Bilingual, rows: RowNumbers) -> None:
        text = self._plain(slot, text, place, rows)
        if slot.field.one_line and "\n" in text:
            lines = [line for line in map(str.strip, text.split("\n")) if line]
            if len(lines) > 1:
                self.warn("cells_joined", place, text, slot, rows)
            text = joined(lines)
        if slot.part is not None:
            if text.strip():
                self._parts.setdefault((slot.path, rows), {})[slot.part] = slot, place, text
            return
        try:
            self.put(slot, rows, slot.field.printed(text))
        except Unreadable as error:
            self.warn(error.code, place, text, slot, rows)

    def _plain(self, slot: Slot, text: str, place: Bilingual, rows: RowNumbers) -> str:
        """The text with plain characters, each kind reported; what is no text it leaves to its field.

        Of such values only an unclear order is reported.
        """
        plain, is_exact = TEXT.plain(text), slot.field.characters is EXACT
        if plain == text or not bare(text):
            return text
        found = TEXT.changes(text.strip())
        for change in [each for each in found if each.reorders] or ([] if is_exact else found):
            self._add(made_plain(self._form.edition, change, place, text, slot, rows))
        return text if is_exact else plain

    def _join_parts(self) -> None:
        """Adds the values of the fields that are printed in several places."""
        for (_, rows), found in self._parts.items():
            slot, place, _ = next(iter(found.values()))
            texts = {part: found[part][2] if part in found else "" for part in slot.field.parts}
            try:
                self.put(slot, rows, slot.field.joined(texts))
            except Unreadable as error:
                self.warn(error.code, place, " ".join(texts.values()), slot, rows)

    def _tick(self, slot: Slot, ticks: Ticks, place: Bilingual, text: str, rows: RowNumbers) -> None:
        """Adds the ticks of some parts of a field; when all of its parts are read, its value."""
        path = slot.at(rows)
        former = self._ticks.pop(path, None)
        ticks = former.ticks + ticks if former else ticks
        if path in self._doubtful:
            return
        if not ticks.seen >= self._form.boxes(slot.path):
            self._ticks[path] = former or _Ticked(slot, ticks, place, text, rows)
            self._ticks[path] = replace(self._ticks[path], ticks=ticks)
            return
        try:
            self.put(slot, rows, ticks.answer(slot.field))
        except Unreadable:
            self._doubtful.add(path)
            self.warn("unclear_box", place, text, slot, rows)

    def _pointer(self, one: "_Ticked") -> str:
        return warning(self._form.edition, "unclear_box", one.place, one.text, one.slot, one.rows).pointer

    def put(self, slot: Slot, rows: RowNumbers, value: Any) -> None:
        """Adds a JSON value, unless its field has one."""
        if value is not None:
            self._values.setdefault(slot.at(rows), value)


@dataclass(frozen=True)
class _Ticked:
    """The ticks of a field of boxes so far, with the first place that was read."""

    slot: Slot
    ticks: Ticks
    place: Bilingual
    text: str
    rows: RowNumbers


class RepeatedRows:
    """The rows read of one table of the form, those within them, and their amounts; blank ones apart."""

    def __init__(self) -> None:
        self._row = self._within = 0
        self._is_filled = self._is_filled_within = False
        self._amounts: list[Decimal] = []
        self._summed = 0  # how many of them are above the last subtotal

    def begin(self, is_within: bool) -> RowNumbers:
        """The numbers of the next row, a further one `is_within` the same row of the table."""
        if is_within:
            self._within += self._is_filled_within
        else:
            self._row += self._is_filled
            self._within, self._is_filled = 0, False
        self._is_filled_within = False
        return self._row, self._within

    def end(self, amounts: Sequence[Decimal], *, is_blank: bool) -> None:
        """Notes what the row had."""
        self._amounts += amounts
        if not is_blank:
            self._is_filled = self._is_filled_within = True

    def sums_up(self, amount: Decimal) -> bool:
        """Whether an amount is the sum of those since the last subtotal, or of all; a new one begins."""
        is_right = amount in (sum(self._amounts[self._summed :]), sum(self._amounts))
        self._summed = len(self._amounts)
        return is_right


def joined(lines: Sequence[str]) -> str:
    """Joins lines, with a space only between ASCII characters."""
    text = ""
    for line in lines:
        text += (" " if text and text[-1].isascii() and line[0].isascii() else "") + line
    return text


def assembled(schema: Schema, values: Mapping[Path, Any]) -> dict[str, Any]:
    """The payload of the values by path, in the form's order, without blank fields.

    A row above others of which nothing could be read is there, blank, for their numbers in warnings.
    """

    lengths: dict[Path, int] = {}
    for path in values:
        for depth, key in enumerate(path):
            if isinstance(key, int):
                lengths[path[:depth]] = max(lengths.get(path[:depth], 0), key + 1)

    def rows(path: Path, table: Rows) -> range:
        return range(lengths.get(path, 0))

    return tree.build(schema, lambda path, field: values.get(path), rows, blanks=False)
