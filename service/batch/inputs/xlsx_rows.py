"""The rows of a worksheet's XML (ECMA-376 part 1, 18.3.1.73), one at a time."""

from collections.abc import Iterator, Sequence

from service.batch.inputs.cell_values import Value
from service.batch.inputs.table_model import MergedArea, SheetRow
from service.batch.inputs.xlsx_cells import CellReader, column_of
from service.batch.inputs.xml_stream import XmlTag


class _Cell:
    """The content of one cell."""

    def __init__(self, attributes: dict[str, str], before: int) -> None:
        reference = attributes.get("r")
        self.column = column_of(reference) if reference else before + 1
        self.attributes = attributes
        self.value: str | None = None
        self.texts: list[str] = []
        self.formula = False
        self._reading = False

    def take(self, tag: XmlTag) -> None:
        if tag.name == "rPh":
            self._reading = tag.start
        elif tag.name == "f":
            self.formula = True
        elif tag.name == "v" and not tag.start:
            self.value = tag.text
        elif tag.name == "t" and not tag.start and not self._reading:
            self.texts.append(tag.text)


def sheet_rows(tags: Iterator[XmlTag], reader: CellReader, areas: Sequence[MergedArea]) -> Iterator[SheetRow]:
    """Yields the rows that are not blank. `areas` are sorted by their first row."""
    near = _Near(areas)
    number, before = 0, -1
    cells: dict[int, Value] = {}
    cell: _Cell | None = None
    for tag in tags:
        if tag.name == "row":
            if tag.start:
                number, before, cells = int(tag.attributes.get("r", number + 1)), -1, {}
            elif cells:
                yield SheetRow(number, cells, near.touching(number))
        elif tag.name == "c" and tag.start:
            cell = _Cell(tag.attributes, before)
            before = cell.column
        elif tag.name == "c" and cell:
            value = reader.read(cell.attributes, cell.value, "".join(cell.texts), cell.formula)
            if value is not None and not (isinstance(value, str) and not value.strip()):
                cells[cell.column] = value
            cell = None
        elif cell:
            cell.take(tag)


class _Near:
    """The merged areas that touch a row, for rows in ascending order."""

    def __init__(self, areas: Sequence[MergedArea]) -> None:
        self._coming = list(reversed(areas))
        self._open: list[MergedArea] = []

    def touching(self, number: int) -> tuple[MergedArea, ...]:
        while self._coming and self._coming[-1].top <= number:
            self._open.append(self._coming.pop())
        self._open = [area for area in self._open if area.bottom >= number]
        return tuple(self._open)
