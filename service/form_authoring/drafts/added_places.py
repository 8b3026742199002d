"""Places that a person adds to a blank form: in a cell, or in a paragraph outside tables."""

from collections.abc import Iterator, Sequence

from lxml import etree

from service.blank_forms import cell_places, line_places, spots
from service.blank_forms.blank_document import BlankDocument, Cell, Table
from service.blank_forms.blank_lines import Line
from service.blank_forms.cell_labels import Labels
from service.blank_forms.label_words import label
from service.blank_forms.place import Place, Spot, Where
from service.form_authoring.drafts.field_kinds import OF_BOXES
from service.wordml import W


def cells(document: BlankDocument) -> Iterator[tuple[Table, Cell]]:
    """Each cell of the form with its table, nested ones after the cell around them."""
    yield from _cells([block for block in document.blocks if isinstance(block, Table)])


def _cells(tables: Sequence[Table]) -> Iterator[tuple[Table, Cell]]:
    for table in tables:
        for number, row in enumerate(table.rows, 1):
            for cell in (each for each in row if each.row == number):
                yield table, cell
                yield from _cells(cell.tables)


def taken(places: Sequence[Place]) -> set[etree._Element]:
    """The cells, and the paragraphs outside tables, that have places."""
    return {
        holder(spot.line.element)
        for place in places
        for spot in (*place.spots, *(spot for column in place.columns for spot in column.spots))
    }


def holder(paragraph: etree._Element) -> etree._Element:
    """The cell around a paragraph; itself outside tables."""
    return next(paragraph.iterancestors(W + "tc"), paragraph)


def at(document: BlankDocument, where: Where) -> tuple[etree._Element, Place] | None:
    """The cell or paragraph there, and the place that it can be, by its own label; None if there is none."""
    if where.paragraph:
        lines = [each for each in document.blocks if isinstance(each, Line)]
        line = next((each for each in lines if each.number == where.paragraph), None)
        return (line.element, _of_line(line, where)) if line else None
    for table, cell in cells(document):
        if cell_places.where(cell) == where and cell.lines:
            return cell.element, of_cell(table, cell)
    return None


def of_cell(table: Table, cell: Cell) -> Place:
    """The place that a cell can be: its boxes, its blank, or what is behind its words."""
    name = Labels(table).of(cell, cell.row - 1)
    if boxes := _boxes(cell.lines, cell_places.where(cell), name):
        return boxes
    if cell_places.is_to_fill(cell):
        return cell_places.fill(cell, name)
    blank = next((each for each in cell.lines if each.is_blank), None)
    spot = spots.line(blank) if blank else _behind(cell.lines[-1])
    return Place(name or cell_places.name_of(cell), "line", cell_places.where(cell), spots=(spot,))


def beside(table: Table, cell: Cell) -> str:
    """The words nearest to a cell: to its left or right, or above; "" if there are none."""
    row = table.rows[cell.row - 1]
    left = [each for each in reversed(row) if each.end <= cell.column]
    right = [each for each in row if each.column >= cell.end]
    above = [
        each
        for over in reversed(table.rows[: cell.row - 1])
        for each in over
        if each.column <= cell.column < each.end
    ]
    return next(filter(None, map(cell_places.name_of, (*left[:1], *right[:1], *above, *left[1:]))), "")


def _of_line(line: Line, where: Where) -> Place:
    if boxes := _boxes([line], where, ""):
        return boxes
    spot = spots.line(line) if line.is_blank else _behind(line)
    return Place(label(line.text), "line", where, spots=(spot,))


def _boxes(lines: Sequence[Line], where: Where, name: str) -> Place | None:
    found = line_places.find(lines, where, name or "?")
    return next((each for each in found if each.kind in OF_BOXES), None)


def _behind(line: Line) -> Spot:
    """The end of a line's words."""
    end = len(line.text.rstrip())
    return Spot(line, end, len(line.text))
