"""Marks the places of a draft in a copy of its blank form, and the cells that could get a place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from service.blank_forms import cell_places
from service.blank_forms.blank_document import Cell
from service.blank_forms.blank_lines import Line, read
from service.blank_forms.cell_places import Role
from service.blank_forms.place import Spot, Where
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import added_places
from service.form_authoring.drafts.character_shading import CharacterShading, Span
from service.form_authoring.drafts.draft import DraftField
from service.wordml import W, word_package

_NEAR = 2  # blanks between a box and its word
_LONGEST = 60  # characters in a cell that has room


@dataclass(frozen=True)
class Mark:
    """The colour of a part of a field's outline, a single one for all parts with `is_one`.

    White space at the end of a line gets no colour: then the place is behind the character of the colour
    `before`, in the cell or paragraph of the colour `holder`. `is_last`: nothing is printed behind it on its
    line; `is_below`: the place is below that character.
    """

    colour: str
    is_one: bool = False
    before: str = ""
    holder: str = ""
    is_last: bool = False
    is_below: bool = False


class MarkedPlaces:
    """The marks of fields by their numbers, and of free cells: position, label, words beside it by colour."""

    def __init__(self, blank: BlankForm, fields: Sequence[DraftField]) -> None:
        self.shading = CharacterShading(blank.root)
        self.places: dict[int, list[Mark]] = {each.number: [] for each in fields}
        self.free: dict[str, tuple[Where, str, str]] = {}
        self._cells = {cell.element: cell for _, cell in added_places.cells(blank.document)}
        self._colours = {element: self.shading.cell(element) for element in self._cells}
        self._spans: dict[Line, list[tuple[tuple[Span, Span], int, Mark]]] = {}
        for field in fields:
            for spot in _spots(field):
                self._mark(field, spot)
        self._mark_characters()
        self._mark_free(blank, fields)

    def part(self) -> bytes:
        """The marked copy's main part."""
        return word_package.written(self.shading.root)

    def _mark(self, field: DraftField, spot: Spot) -> None:
        holder = added_places.holder(spot.line.element)
        cell = self._cells.get(holder)
        is_rows = bool(field.field.columns)
        if cell and (is_rows or field.field.type.name == "Picture" or cell_places.is_to_fill(cell)):
            self.places[field.number].append(Mark(self._colours[holder], is_one=is_rows))
        elif spot.line.is_blank:
            is_text = field.field.type.name == "Text"
            for paragraph in _blank_lines(spot.line.element) if is_text else [spot.line.element]:
                self.places[field.number].append(Mark(self._paragraph(paragraph), is_one=is_text))
        else:
            self._mark_words(field, spot, cell)

    def _mark_words(self, field: DraftField, spot: Spot, cell: Cell | None) -> None:
        """Notes the characters of a place among words, and the one in front of it."""
        element, text = spot.line.element, spot.line.text
        colour = self._colours[cell.element] if cell else self._paragraph(element)
        start, end = _with_word(spot)
        before = len(text[:start].rstrip("_ \t\n\u3000\xa0"))
        is_last = not text[end:].strip()
        is_below = is_last and field.field.type.name == "Text" and bool(cell)
        mark = Mark("", False, "", colour, is_last, is_below)
        spans = (start, end), (max(before - 1, 0), before)
        self._spans.setdefault(spot.line, []).append((spans, field.number, mark))

    def _mark_characters(self) -> None:
        for line, found in self._spans.items():
            spans = [own for (own, _), _, _ in found] + [before for (_, before), _, _ in found]
            colours = self.shading.characters(line, spans)
            for (_, number, mark), colour, before in zip(
                found, colours[: len(found)], colours[len(found) :], strict=True
            ):
                self.places[number].append(replace(mark, colour=colour, before=before))

    def _paragraph(self, paragraph: etree._Element) -> str:
        if paragraph not in self._colours:
            self._colours[paragraph] = self.shading.paragraph(paragraph)
        return self._colours[paragraph]

    def _mark_free(self, blank: BlankForm, fields: Sequence[DraftField]) -> None:
        taken = added_places.taken([each.field.place for each in fields])
        for table, cell in added_places.cells(blank.document):
            if cell.element not in taken and cell.lines and _may_be_filled(cell):
                place = added_places.of_cell(table, cell)
                beside = "" if place.label else added_places.beside(table, cell)
                self.free[self._colours[cell.element]] = (cell_places.where(cell), place.label, beside)


def _spots(field: DraftField) -> Iterator[Spot]:
    place = field.field.place
    yield from place.spots
    for column in place.columns:
        yield from column.spots


def _blank_lines(paragraph: etree._Element) -> Iterator[etree._Element]:
    """A blank paragraph, and those that follow it."""
    yield paragraph
    for below in paragraph.itersiblings():
        if below.tag != W + "p" or not read(below).is_blank:
            return
        yield below


def _with_word(spot: Spot) -> tuple[int, int]:
    """The characters of a spot, of a box with the word beside it."""
    text, word = spot.line.text, spot.option
    if not word or spot.is_other:
        return spot.start, spot.end
    behind, before = text.find(word, spot.end), text.rfind(word, 0, spot.start)
    if 0 <= behind - spot.end <= _NEAR:
        return spot.start, behind + len(word)
    if before >= 0 and spot.start - before - len(word) <= _NEAR:
        return before, spot.end
    return spot.start, spot.end


def _may_be_filled(cell: Cell) -> bool:
    """Whether a cell has room: it is blank, ends with a colon, or has a blank line below a few words."""
    words = cell.text.strip()
    if cell.tables or cell_places.is_to_fill(cell) or words.endswith((":", "：")):
        return not cell.tables
    has_room = any(each.is_blank for each in cell.lines) and len(words) <= _LONGEST
    return has_room and cell_places.role(cell) is not Role.LABEL
