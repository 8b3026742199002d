"""The rows of a worksheet's XML (ECMA-376 part 1, 18.3.1.73), one at a time."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from schemas.cells import UnreadableCell, Value, trimmed
from service.batch.inputs.table_model import CellDoubt, MergedArea, SheetRow
from service.batch.inputs.xlsx_annotations import SheetAnnotations
from service.batch.inputs.xlsx_cells import COLUMNS_MAXIMUM, CellReader, CellText, column_of
from service.batch.inputs.xml_stream import XmlTag

_ON = ("1", "true")
_NARROW = 0.5  # points, or characters
_AREAS_MAXIMUM = 1000  # merged areas that touch one row


class _Cell:
    """The content of one cell."""

    def __init__(self, attributes: dict[str, str], before: int, theme: Sequence[str]) -> None:
        reference = attributes.get("r")
        self.column, self.is_placed = before + 1, True
        try:
            self.column = column_of(reference) if reference else before + 1
        except ValueError:
            self.is_placed = False
        if self.column > COLUMNS_MAXIMUM:
            raise ValueError("too many cells in a row")
        self.attributes = attributes
        self.value: str | None = None
        self.text = CellText(theme)
        self.formula = False

    def take(self, tag: XmlTag) -> None:
        if tag.name == "f":
            self.formula = True
        elif tag.name == "v":
            self.value = self.value if tag.start else tag.text
        else:
            self.text.take(tag)

    def read(self, reader: CellReader) -> Value | None:
        """The value; None if the cell is blank."""
        if not self.is_placed:
            return UnreadableCell("unreadable_cell", self.attributes["r"][:20])
        found = reader.read(self.attributes, self.value, self.text, self.formula)
        return None if isinstance(found, str) and not trimmed(found) else found


class _Row:
    """The content of one row."""

    def __init__(self, tag: XmlTag, before: int, *, hidden: bool) -> None:
        given = tag.attributes.get("r", "").strip()
        self.number = int(given) if given.isdecimal() and given.isascii() else before + 1
        self.hidden = _is_hidden(tag, "ht") if tag.attributes.keys() & {"hidden", "ht"} else hidden
        self.last = -1
        self.cells: dict[int, Value] = {}
        self.unseen: list[CellDoubt] = []
        self.grounds: dict[int, str] = {}  # the colours behind cells

    def put(self, column: int, value: Value | None) -> None:
        """Sets a cell; of two cells in one place neither is certain."""
        if value is not None and column in self.cells:
            value = UnreadableCell("unreadable_cell", "")
        if value is not None:
            self.cells[column] = value


class _Hidden:
    """What of a sheet is hidden: columns, rows that do not say otherwise (18.3.1.81), zeros."""

    def __init__(self) -> None:
        self.columns: frozenset[int] = frozenset()
        self.rows = self.zeros = False

    def take(self, tag: XmlTag) -> None:
        if tag.name == "col" and tag.start and _is_hidden(tag, "width"):
            columns = _columns(tag)
            if not columns.isdisjoint(self.columns):
                raise ValueError("columns overlap")  # which a hundred thousand of them could
            self.columns |= columns
        elif tag.name == "sheetFormatPr" and tag.start:
            self.rows = tag.attributes.get("zeroHeight") in _ON
        elif tag.name == "sheetView" and tag.start:
            self.zeros = tag.attributes.get("showZeros", "1") not in _ON

    def shown(self, value: Value | None) -> Value | None:
        """The value; unreadable if it is a zero in a sheet that shows none (18.3.1.87)."""
        is_zero = self.zeros and isinstance(value, Decimal) and value == 0
        return UnreadableCell("invisible_cell", "0") if is_zero else value


def sheet_rows(
    tags: Iterator[XmlTag], reader: CellReader, annotations: SheetAnnotations
) -> Iterator[SheetRow]:
    """Yields the rows that are not blank."""
    near, hidden = _Near(sorted(annotations.merged, key=lambda area: area.top)), _Hidden()
    row = cell = None
    for tag in tags:
        if cell and row and tag.name == "c":
            row.put(cell.column, hidden.shown(cell.read(reader)))
            style = reader.style(cell.attributes)
            row.grounds[cell.column] = style.ground
            if style.unseen and cell.column in row.cells:
                row.unseen.append(CellDoubt(cell.column, "hidden_cell"))
            cell = None
        elif cell:
            cell.take(tag)
        elif tag.name == "row" and tag.start:
            row = _Row(tag, row.number if row else 0, hidden=hidden.rows)
        elif tag.name == "row" and row and row.cells:
            doubts = (*row.unseen, *annotations.doubts(row.number, row.cells, row.grounds))
            yield SheetRow(
                row.number, row.cells, near.touching(row.number), row.hidden, hidden.columns, doubts
            )
        elif tag.name == "c" and tag.start and row:
            cell = _Cell(tag.attributes, row.last, reader.theme)
            row.last = cell.column
        else:
            hidden.take(tag)


def _is_hidden(tag: XmlTag, size: str) -> bool:
    """Whether a row (18.3.1.73) or columns (18.3.1.13) are hidden: by hand, filter or group."""
    try:
        is_narrow = float(tag.attributes.get(size, "9")) < _NARROW
    except ValueError:
        is_narrow = False
    return tag.attributes.get("hidden") in _ON or is_narrow


def _columns(tag: XmlTag) -> set[int]:
    """The columns from 0 of a <col>."""
    first, last = tag.attributes.get("min", ""), tag.attributes.get("max", "")
    if not (first.isdecimal() and last.isdecimal()):
        return set()
    return set(range(int(first) - 1, min(int(last), COLUMNS_MAXIMUM)))


class _Near:
    """The merged areas that touch a row, for rows in ascending order."""

    def __init__(self, areas: Sequence[MergedArea]) -> None:
        self._coming = list(reversed(areas))
        self._open: list[MergedArea] = []

    def touching(self, number: int) -> tuple[MergedArea, ...]:
        while self._coming and self._coming[-1].top <= number:
            self._open.append(self._coming.pop())
        self._open = [area for area in self._open if area.bottom >= number]
        if len(self._open) > _AREAS_MAXIMUM:
            raise ValueError("merged areas overlap")
        return tuple(self._open)
