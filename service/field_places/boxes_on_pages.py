"""The boxes of a document's fields on each page of its PDF."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from schemas.tree import Path, sent_path
from service.conversion.pdf import filled_areas
from service.conversion.pdf.fills import Box
from service.field_places.marks import PrintedFields
from service.payload_json import pointer

_SLACK = 3.0  # points
_Areas = tuple[filled_areas.PageAreas, ...]


@dataclass(frozen=True)
class FieldPlace:
    """The box of a field on a page: left, top, right, bottom in points from the page's top left corner."""

    path: Path
    box: tuple[float, ...]

    @property
    def pointer(self) -> str:
        """The field's JSON Pointer."""
        return pointer(self.path)


@dataclass(frozen=True)
class PlacesOnPage:
    """A page: its size in points, and the places of the fields on it."""

    width: float
    height: float
    fields: tuple[FieldPlace, ...]

    def sent(self, payload: Any) -> "PlacesOnPage":
        """The same with rows numbered as in the payload."""
        fields = (replace(each, path=sent_path(payload, each.path)) for each in self.fields)
        return replace(self, fields=tuple(fields))


def read(pdf: bytes, fields: Mapping[str, PrintedFields]) -> list[PlacesOnPage]:
    """The pages of the PDF of a marked document with these `fields`."""
    shared = frozenset(colour for colour, printed in fields.items() if len(printed.ends) > 1)
    return [
        PlacesOnPage(each.width, each.height, tuple(_places(each, fields)))
        for each in _areas(pdf, frozenset(fields), shared)
    ]


@lru_cache(maxsize=16)
def _areas(pdf: bytes, colours: frozenset[str], shared: frozenset[str]) -> _Areas:
    return tuple(filled_areas.read(pdf, colours, shared))


def _places(page: filled_areas.PageAreas, fields: Mapping[str, PrintedFields]) -> Iterator[FieldPlace]:
    for colour, boxes in page.areas.items():
        for box in _apart(boxes):
            edges = _edges(box, fields[colour], page.letters.get(colour, ()))
            for path, (left, right) in zip(fields[colour].ends, pairwise(edges), strict=True):
                yield FieldPlace(path, tuple(round(edge, 1) for edge in (left, box[1], right, box[3])))


def _edges(area: Box, printed: PrintedFields, letters: Sequence[Box]) -> list[float]:
    """Where the fields of a paragraph begin and end: each has its label, its text and the blanks behind.

    In a paragraph of several lines, or with other letters than its marked copy, they share its width.
    """
    left, _, right, _ = area
    ends = list(printed.ends.values())[:-1]
    one_line = all(abs(each[1] - letters[0][1]) < area[3] - area[1] - _SLACK for each in letters)
    if len(letters) == printed.letters and one_line and all(end < len(letters) for end in ends):
        found = [letters[end][0] for end in ends]
        if found == sorted(found):
            return [left, *found, right]
    step = (right - left) / len(printed.ends)
    return [left + number * step for number in range(len(printed.ends) + 1)]


def _apart(boxes: tuple[Box, ...]) -> list[Box]:
    """The boxes that are not within another: LibreOffice fills some areas twice."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box[0] - box[2]) * (box[3] - box[1])):
        if not any(_within(box, other) for other in found):
            found.append(box)
    return found


def _within(box: Box, other: Box) -> bool:
    return (
        box[0] > other[0] - _SLACK
        and box[1] > other[1] - _SLACK
        and box[2] < other[2] + _SLACK
        and box[3] < other[3] + _SLACK
    )
