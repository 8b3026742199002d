"""Collects the values and warnings while a document is read, and assembles the payload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree
from marshmallow import Schema

from schemas import tree
from schemas.fields import Rows, Unreadable
from schemas.tree import ROW, Path
from service.errors import Bilingual
from service.extraction.boxes.answers import Ticks
from service.extraction.characters import bare
from service.extraction.extraction_result import Extraction, ReadingWarning, warning
from service.extraction.field_pattern import Written
from service.extraction.skeleton import Skeleton, Slot
from service.extraction.word_document import Paragraph

_MOST = 200  # warnings listed individually


class ReadingResults:
    """The values and warnings of one document; `row` counts from 0 within a repeated group."""

    def __init__(self, form: Skeleton) -> None:
        self._form = form
        self._values: dict[Path, Any] = {}
        self._warnings: dict[ReadingWarning, None] = {}
        self._unlisted = 0
        self._ticks: dict[Path, _Ticked] = {}  # of fields of boxes of which not all are read yet
        self._doubtful: set[Path] = set()  # the fields of boxes that are reported
        self.noted: set[etree._Element] = set()  # the paragraphs whose notes were added
        self._bare_points = False  # whether points were written without their maximum
        self._parts: dict[tuple[Any, int], dict[str | int, tuple[Slot, Bilingual, str]]] = {}
        self._maxima: list[tuple[Slot, Bilingual, str]] = []  # printed without points, with position and text

    def warn(self, code: str, place: Bilingual, text: str, slot: Slot | None = None, row: int = 0) -> None:
        """Adds a warning once; with a slot, for its field."""
        if len(self._warnings) >= _MOST:
            self._unlisted += 1
        else:
            self._warnings[warning(self._form.edition, code, place, text, slot, row)] = None

    def notes(self, paragraph: Paragraph, place: Bilingual, slot: Slot | None = None, row: int = 0) -> None:
        """Adds warnings for the notes of a paragraph that is read or reported."""
        self.noted.add(paragraph.element)
        for note in paragraph.notes:
            # LibreOffice converts a positioned paragraph into a text box.
            is_framed = note.code == "text_box" and all(
                bare(line) in self._form.lines for line in note.text.split("\n")
            )
            if not is_framed:
                self.warn(note.code, place, note.text, slot, row)

    def fields(self, written: Mapping[str, Written], place: Bilingual, text: str, row: int = 0) -> None:
        """Adds the contents of slots, by marks, from a position with the text `text`."""
        for mark, each in written.items():
            slot = self._form.slots[mark]
            if each.code:
                self.warn(each.code, place, text, slot, row)
                self._doubtful.add(_at(slot, row))
            elif each.ticks:
                self._tick(slot, each.ticks, place, text, row)
            elif each.text is not None:
                self._value(slot, each.text, place, row)
            if each.rest:
                self.warn("unread_text", place, each.rest, slot, row)
            if slot.field.adds == "points" and each.text is not None and not each.exact:
                self._bare_points = True

    def maximum(self, slot: Slot, place: Bilingual, text: str) -> None:
        """Records that a position shows only the maximum of points."""
        self._maxima.append((slot, place, text))

    def extraction(self) -> Extraction:
        """The payload of all values, and the warnings."""
        self._join_parts()
        for one in self._ticks.values():  # a part was not found
            if not any(each.pointer == self._pointer(one) for each in self._warnings):
                self.warn("unclear_box", one.place, one.text, one.slot, one.row)
        if self._bare_points:  # then a lone maximum may be a score
            for slot, place, text in self._maxima:
                self.warn("unclear_score", place, text, slot)
        edition, listed = self._form.edition, list(self._warnings)
        if self._unlisted:
            document = Bilingual("整份文书", "the document as a whole")
            listed.append(warning(edition, "more", document, str(self._unlisted)))
        return Extraction(edition, assembled(edition.schema, self._values), tuple(listed))

    def _value(self, slot: Slot, text: str, place: Bilingual, row: int) -> None:
        if slot.field.one_line and "\n" in text:
            lines = [line for line in map(str.strip, text.split("\n")) if line]
            if len(lines) > 1:
                self.warn("cells_joined", place, text, slot, row)
            text = joined(lines)
        if slot.part is not None:
            self._parts.setdefault((slot.path, row), {})[slot.part] = slot, place, text
            return
        try:
            self.put(slot, row, slot.field.printed(text))
        except Unreadable as error:
            self.warn(error.code, place, text, slot, row)

    def _join_parts(self) -> None:
        """Adds the values of the fields that are printed in several places."""
        for (_, row), found in self._parts.items():
            slot, place, _ = next(iter(found.values()))
            texts = {part: found[part][2] if part in found else "" for part in slot.field.parts}
            try:
                self.put(slot, row, slot.field.joined(texts))
            except Unreadable as error:
                self.warn(error.code, place, " ".join(texts.values()), slot, row)

    def _tick(self, slot: Slot, ticks: Ticks, place: Bilingual, text: str, row: int) -> None:
        """Adds the ticks of some parts of a field; when all of its parts are read, its value."""
        path = _at(slot, row)
        former = self._ticks.pop(path, None)
        ticks = former.ticks + ticks if former else ticks
        if path in self._doubtful:
            return
        if not ticks.seen >= self._form.boxes(slot.path):
            self._ticks[path] = former or _Ticked(slot, ticks, place, text, row)
            self._ticks[path] = replace(self._ticks[path], ticks=ticks)
            return
        try:
            self.put(slot, row, ticks.answer(slot.field))
        except Unreadable:
            self._doubtful.add(path)
            self.warn("unclear_box", place, text, slot, row)

    def _pointer(self, one: "_Ticked") -> str:
        return warning(self._form.edition, "unclear_box", one.place, one.text, one.slot, one.row).pointer

    def put(self, slot: Slot, row: int, value: Any) -> None:
        """Adds a JSON value, unless its field has one."""
        if value is not None:
            self._values.setdefault(_at(slot, row), value)


@dataclass(frozen=True)
class _Ticked:
    """The ticks of a field of boxes so far, with the first place that was read."""

    slot: Slot
    ticks: Ticks
    place: Bilingual
    text: str
    row: int


def _at(slot: Slot, row: int) -> Path:
    return tuple(row if key == ROW else key for key in slot.path)


def joined(lines: Sequence[str]) -> str:
    """Joins lines, with a space only between ASCII characters."""
    text = ""
    for line in lines:
        text += (" " if text and text[-1].isascii() and line[0].isascii() else "") + line
    return text


def assembled(schema: Schema, values: Mapping[Path, Any]) -> dict[str, Any]:
    """The payload of the values by path, in the form's order, without blank fields and rows."""

    def rows(path: Path, field: Rows) -> list[int]:
        numbers = {each[len(path)] for each in values if each[: len(path)] == path}
        return sorted(number for number in numbers if isinstance(number, int))

    return tree.build(schema, lambda path, field: values.get(path), rows, blanks=False)
