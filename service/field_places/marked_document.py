"""A document whose fields are shaded, each in a colour of its own, so that its PDF says where they are."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from schemas.tree import Path
from service.errors import TemplateFault
from service.field_places import boxes_on_pages, marks
from service.field_places.boxes_on_pages import PlacesOnPage
from service.field_places.marks import PrintedFields
from service.rendering import zip_writer
from service.submission import Submission
from service.wordml import W, word_package
from service.wordml.shading import Shading

_CELL = W + "tc"


@dataclass(frozen=True)
class MarkedDocument:
    """A shaded .docx: the fields by colour, and the colours that were there before."""

    docx: bytes
    fields: Mapping[str, PrintedFields]
    own: Mapping[str, str]

    def places(self, pdf: bytes) -> list[PlacesOnPage]:
        """Where the fields are on the pages of its PDF."""
        return boxes_on_pages.read(pdf, self.fields)


def mark(submission: Submission, docx: bytes) -> MarkedDocument:
    """The .docx of a submission with shades, which move nothing."""
    parts = word_package.opened(docx)
    root = word_package.part(parts, word_package.MAIN)
    found = _fields(submission, root) if root is not None else {}
    if root is None or not found:
        return MarkedDocument(docx, {}, {})
    shading = Shading(root)
    colours: dict[tuple[Path, ...], str] = {}
    fields: dict[str, PrintedFields] = {}
    for element, printed in _shaded(found).items():
        shade = shading.cell if element.tag == _CELL else shading.paragraph
        paths = tuple(printed.ends)
        colours[paths] = shade(element, colours.get(paths, ""))
        fields[colours[paths]] = printed
    made = zip_writer.fixed(()).with_parts(
        {**parts, word_package.MAIN: word_package.written(shading.root)}.items()
    )
    return MarkedDocument(made, fields, shading.own)


def _fields(submission: Submission, root: etree._Element) -> dict[etree._Element, PrintedFields]:
    """The fields by paragraph; none if the template computes with values, which marks prevent."""
    with contextlib.suppress(TemplateFault):
        return marks.by_paragraph(submission, root)
    return {}


def _shaded(found: Mapping[etree._Element, PrintedFields]) -> dict[etree._Element, PrintedFields]:
    """What to shade: the cell of a field that is alone in it, else its paragraph."""
    cells: dict[etree._Element, dict[Path, PrintedFields]] = {}
    around = {paragraph: next(paragraph.iterancestors(_CELL), None) for paragraph in found}
    for paragraph, cell in around.items():
        if cell is not None:
            cells.setdefault(cell, {}).update(dict.fromkeys(found[paragraph].ends, found[paragraph]))
    alone = {cell: next(iter(fields.values())) for cell, fields in cells.items() if len(fields) == 1}
    others = {each: fields for each, fields in found.items() if around[each] not in alone}
    return {**alone, **others}
