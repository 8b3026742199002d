"""Where the places of a draft are on the pages of its blank form, as LibreOffice prints it."""

from collections.abc import Sequence
from dataclasses import dataclass

from service import pipeline
from service.blank_forms.place import Where
from service.config import Settings
from service.conversion.fonts.font_check import font_check
from service.conversion.pdf import filled_areas
from service.conversion.pdf.filled_areas import FilledPage
from service.conversion.pdf.fills import Box
from service.form_authoring import form_files, typefaces
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import joined_outlines
from service.form_authoring.drafts.draft import DraftField
from service.form_authoring.drafts.marked_places import Mark, MarkedPlaces
from service.forms.form_folder import font_folders
from service.wordml.word_package import MAIN

_NARROW, _WIDEST, _LOW = 24.0, 240.0, 12.0  # points of a blank behind words; of one below them


@dataclass(frozen=True)
class PlaceOutline:
    """The outlines of the field of this number on a page."""

    number: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class FreeCell:
    """A cell that could get a field, with the label that this would have, without one the words beside it."""

    where: Where
    label: str
    beside: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class BlankPage:
    """A page of a blank form: its size and boxes (left, top, width, height) in points, its picture as PNG."""

    width: float
    height: float
    png: bytes
    places: tuple[PlaceOutline, ...]
    free: tuple[FreeCell, ...]


def pages(blank: BlankForm, fields: Sequence[DraftField], settings: Settings) -> list[BlankPage]:
    """The pages of a blank form with the outlines of these fields. Raises as `convert`."""
    marked = MarkedPlaces(blank, fields)
    folders = font_folders(settings)
    docx = form_files.packed(typefaces.drawn({**blank.parts, MAIN: marked.part()}, folders))
    drawable = font_check(folders).check(docx).docx
    pdf = pipeline.cached_pdf(drawable, settings)
    found = filled_areas.draw(pdf, marked.shading.own)
    return [_page(page, marked) for page in found]


def _page(page: FilledPage, marked: MarkedPlaces) -> BlankPage:
    outlines = ((number, _outline(page, marks)) for number, marks in marked.places.items())
    places = (PlaceOutline(number, _sized(found)) for number, found in outlines if found)
    free = (
        FreeCell(where, label, beside, _sized(joined_outlines.around(page.areas[colour])))
        for colour, (where, label, beside) in marked.free.items()
        if colour in page.areas
    )
    return BlankPage(page.width, page.height, page.png, tuple(places), tuple(free))


def _outline(page: FilledPage, marks: Sequence[Mark]) -> list[Box]:
    """The outlines of a field: one for what is on a line, or one for all."""
    found = [box for mark in marks for box in _boxes(page, mark)]
    join = joined_outlines.around if any(mark.is_one for mark in marks) else joined_outlines.by_line
    return join(found)


def _boxes(page: FilledPage, mark: Mark) -> Sequence[Box]:
    holders = page.areas.get(mark.holder, ())
    if areas := page.areas.get(mark.colour, ()):
        return areas
    before = page.areas.get(mark.before, ())[-1:]
    return [_behind(area, joined_outlines.holding(area, holders), mark) for area in before] or holders


def _behind(area: Box, holder: Box | None, mark: Mark) -> Box:
    """The room behind a character, or below it, in the cell or paragraph around."""
    _, top, right, bottom = area
    end = holder[2] if holder else right + _WIDEST
    if mark.is_below and holder and holder[3] - bottom > _LOW:
        return holder[0], bottom, holder[2], holder[3]
    width = min(max(end - right, _NARROW), _WIDEST) if mark.is_last else _NARROW
    return right, top, right + width, bottom


def _sized(found: Sequence[Box]) -> tuple[Box, ...]:
    """Boxes with width and height in place of right and bottom."""
    return tuple(
        (round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))
        for left, top, right, bottom in found
    )
