"""Checks that a template has room for its pictures, each alone in a paragraph of a cell."""

import math
from collections.abc import Iterator

from service.catalog import Edition
from service.errors import Bilingual
from service.extraction.extraction_result import in_table
from service.extraction.skeleton import Slot, marks, skeleton
from service.extraction.word_document import Paragraph, Table
from service.layout.formatting import Styles
from service.layout.grid import HALF_MILLIMETRE, Grid, Placed, measure
from service.template_tags.lint_fault import WHOLE, LintFault
from service.wordml import W, property_of

_MESSAGES = {
    "picture_outside_cell": Bilingual(
        "图片要印在表格的单元格里", "a picture must be printed in a cell of a table in the body"
    ),
    "picture_not_alone": Bilingual(
        "图片的标签要独占一段，请把其他内容移到别的段落",
        "the tag of a picture must be alone in its paragraph: move the rest to another one",
    ),
    "picture_not_centred": Bilingual("图片所在的段落要居中", "the paragraph of a picture must be centred"),
    "picture_cut": Bilingual(
        "固定的行距或行高会截去图片，请改为单倍行距、行高“最小值”",
        "an exact line spacing or row height cuts the picture: make it single, the height at least",
    ),
    "picture_too_wide": Bilingual(
        "单元格比图片的位置窄", "the cell is narrower than the place of the picture"
    ),
}


def faults(edition: Edition) -> Iterator[LintFault]:
    """The faults of the pictures' places. Requires a renderable template."""
    form = skeleton(edition)
    wanted = {mark: slot for mark, slot in form.slots.items() if slot.field.place}
    placed = set[str]()
    styles = Styles(form.document.formatting)
    for table in form.document.tables if wanted else ():
        grid = Grid(table)
        for number, row in enumerate(table.rows, 1):
            for at, cell in enumerate(grid.rows[row], 1):
                for paragraph in cell.cell.paragraphs:
                    for mark in wanted.keys() & set(marks(paragraph.text)):
                        placed.add(mark)
                        fixed = _fixed_height(table, number, cell)
                        for code in _codes(paragraph, mark, wanted[mark], cell, fixed, styles):
                            yield _fault(code, wanted[mark], in_table(table.number, number, at))
    outside = (slot for mark, slot in wanted.items() if mark not in placed)
    yield from (_fault("picture_outside_cell", slot, WHOLE) for slot in outside)


def _codes(
    paragraph: Paragraph, mark: str, slot: Slot, cell: Placed, fixed: float, styles: Styles
) -> Iterator[str]:
    width, height = slot.field.place or (0, 0)
    format = next(format for text, format in styles.runs(paragraph.element) if mark in text)
    if paragraph.text.strip() != mark:
        yield "picture_not_alone"
    if format.alignment != "center":
        yield "picture_not_centred"
    if format.spacing.rule == "exact" or fixed < height * 2 * HALF_MILLIMETRE:
        yield "picture_cut"
    if cell.right - cell.left < width * 2 * HALF_MILLIMETRE:
        yield "picture_too_wide"


def _fixed_height(table: Table, number: int, placed: Placed) -> float:
    """The height of a cell with those merged into it; infinite unless all their rows have exact ones."""
    column, total = placed.cell.column, 0.0
    for row in table.rows[number - 1 :]:
        cell = next((each for each in row.cells if each.column == column), None)
        if cell is not placed.cell and not (cell and cell.continues):
            break
        height = property_of(row.element, "trPr", "trHeight")
        is_exact = height is not None and height.get(W + "hRule") == "exact"
        total += measure(height, "val") if is_exact else math.inf
    return total


def _fault(code: str, slot: Slot, place: Bilingual) -> LintFault:
    return LintFault(code, place, f"{{{{ {'.'.join(slot.path)} }}}}", _MESSAGES[code])
