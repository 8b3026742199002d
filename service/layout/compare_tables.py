"""Compares the tables of a document with the official ones, row by row."""

from collections.abc import Container, Iterator, Sequence

from service.errors import Bilingual
from service.extraction.align_tables import Alignment, RowMatch, TableMatch
from service.extraction.characters import is_number
from service.extraction.extraction_result import shown
from service.extraction.skeleton import is_row_number
from service.extraction.word_document import Cell, Table, TableRow
from service.layout import compare_cells, compare_rows
from service.layout.borders import Borders
from service.layout.certificate import LayoutFinding, Position, cell_place, row_place, table_place
from service.layout.compare_characters import Change, layout_change
from service.layout.compare_text import passage
from service.layout.formatting import Styles
from service.layout.grid import TOLERANCE, Grid
from service.layout.official_form import Official
from service.wordml import property_of, value

_SEVERAL = 2


def findings(official: Official, styles: Styles, alignment: Alignment) -> Iterator[LayoutFinding]:
    """All differences of the tables."""
    for match in alignment.tables:
        if match.found is None:
            yield _missing(match.official)
        else:
            yield from _Comparison(official, styles, match, match.found).findings()
    for table in alignment.added:
        message = Bilingual("正式表单没有这个表格", "the official form has no such table")
        yield LayoutFinding("table_added", table_place(table.number), message)


def _split(part: Table) -> LayoutFinding:
    message = Bilingual("与上一个表格本是一个表格，被拆开", "was split off from the table above")
    return LayoutFinding("table_split", table_place(part.number), message)


def _missing(table: Table) -> LayoutFinding:
    number = table.number
    words = Bilingual(f"正式表单第{number}个表格", f"table {number} of the official form")
    return LayoutFinding(
        "table_missing", Position(f"official {number}", words), Bilingual("缺失", "is missing")
    )


class _Comparison:
    """The comparison of one table of the form with that of the document."""

    def __init__(self, official: Official, styles: Styles, match: TableMatch, found: Table) -> None:
        self._official, self._styles, self._match, self._found = official, styles, match, found
        self._grid, self._found_grid = official.grids[match.official], Grid(found)
        self._borders = official.borders[match.official]
        self._found_borders = Borders(found, self._found_grid, styles)
        self._compared: set[TableRow] = set()  # rows whose lines have been compared
        self._numbers = {row: number for number, row in enumerate(found.rows, 1)}

    def findings(self) -> Iterator[LayoutFinding]:
        place = table_place(self._found.number)
        yield from (LayoutFinding(code, place, message) for code, message in self._whole())
        yield from (_split(part) for part in self._found.parts[1:])
        last, matches = 0, tuple(_rejoined(self._match.rows))
        printed = self._printed(matches)
        for match in matches:
            if match.found is None:
                yield from self._missing_row(match, last)
                continue
            last = self._numbers[match.found]
            if match.official is None:
                text = shown(" ".join(cell.text for cell in match.found.cells if cell.text))
                change = layout_change("row_added", f"多了一行“{text}”", f"the row “{text}” was added")
                yield self._finding(last, -1, change)
            else:
                changes = compare_rows.set_up(printed.get(match.found, match.official), match.found)
                yield from (self._finding(last, -1, change) for change in changes)
                yield from self._row(match.official, match.found, last)
        for official in self._match.official.rows:
            rows = [
                match.found for match in matches if match.official is official and match.found is not None
            ]
            yield from self._too_few(official, rows)

    def _too_few(self, official: TableRow, rows: Sequence[TableRow]) -> Iterator[LayoutFinding]:
        """A finding if there are fewer rows than the form prints at least."""
        wanted, outer = self._official.made.minimum(official), self._official.outer_columns(official)
        found = [row for row in rows if not any(_is_within(cell, outer) for cell in row.cells)]
        if len(found) < wanted:
            message = Bilingual(
                f"正式表单印有{wanted}行，现有{len(found)}行",
                f"the official form has {wanted} rows here, but there are {len(found)}",
            )
            place = (
                row_place(self._found.number, self._numbers[rows[-1]])
                if rows
                else table_place(self._found.number)
            )
            yield LayoutFinding("rows_removed", place, message)

    def _finding(self, row: int, cell: int, change: Change) -> LayoutFinding:
        table = self._found.number
        place = row_place(table, row) if cell < 0 else cell_place(table, row, cell + 1)
        return LayoutFinding(change[0], place, change[1])

    def _missing_row(self, match: RowMatch, last: int) -> Iterator[LayoutFinding]:
        if match.official is None:
            return
        table = self._found.number
        where = Bilingual(f"第{table}个表格第{last}行之后", f"table {table} after row {last}")
        names = (self._official.cell(cell).label for cell in match.official.cells)
        name = shown(" ".join(filter(None, names)))
        message = Bilingual(f"缺少“{name}”一行", f"the row “{name}” is missing")
        yield LayoutFinding("row_missing", Position(f"table {table}", where), message)

    def _whole(self) -> Iterator[Change]:
        one, other = self._grid.width, self._found_grid.width
        if abs(one - other) > TOLERANCE * one:
            yield layout_change(
                "table_width_changed",
                f"表格宽度为正式表单的{other / one:.0%}",
                f"the table has {other / one:.0%} of the official width",
            )
        if _alignment(self._match.official) != _alignment(self._found):
            yield layout_change(
                "table_alignment_changed",
                "表格的水平位置与正式表单不同",
                "the table's alignment on the page differs",
            )
        if _floats(self._found) and not _floats(self._match.official):
            yield layout_change("table_floats", "表格被设为文字环绕", "text flows around the table")

    def _printed(self, matches: Sequence[RowMatch]) -> dict[TableRow, TableRow]:
        """The blank form's row for each of a list, whose rows may differ in height."""
        found: dict[TableRow, TableRow] = {}
        for official in self._match.official.rows:
            if self._official.made.minimum(official) < _SEVERAL:
                continue
            printed = self._official.made.printed_rows(official)
            rows = (match.found for match in matches if match.official is official and match.found)
            found |= {row: printed[min(at, len(printed) - 1)] for at, row in enumerate(rows) if printed}
        return found

    def _row(self, official: TableRow, found: TableRow, number: int) -> Iterator[LayoutFinding]:
        paired, changed = compare_rows.cells(official, self._grid, found, self._found_grid)
        yield from (self._finding(number, at, change) for at, change in changed)
        whole = len(official.cells) == len(found.cells)
        for one, other in paired:
            for change in self._cell(official, one, found, other, whole=whole):
                yield self._finding(number, other, change)
        if whole:
            self._compared.add(found)

    def _cell(
        self, official: TableRow, one: int, found: TableRow, other: int, *, whole: bool
    ) -> Iterator[Change]:
        cell, found_cell = official.cells[one], found.cells[other]
        if _is_within(found_cell, self._official.outer_columns(official)):
            return
        merges = list(compare_rows.vertical(cell.element, found_cell.element))
        yield from merges
        is_numbered = is_row_number(official, cell) and is_number(found_cell.bare)
        if not merges and not cell.continues and not is_numbered:
            text = passage(found_cell.paragraphs, self._styles)
            standard = self._official.cell(cell)
            yield from compare_cells.wording(standard, found_cell, text)
        yield from compare_cells.paint(cell, found_cell, self._match.official.element, self._found.element)
        for side in self._sides(official, found, other) if whole and not merges else ():
            yield from compare_cells.line(
                side, self._borders.side(official, one, side), self._found_borders.side(found, other, side)
            )

    def _sides(self, official: TableRow, found: TableRow, cell: int) -> Iterator[str]:
        """The comparable sides that no earlier cell has covered."""
        one, other = self._match.official.rows, self._found.rows
        at = self._numbers[found] - 1
        if (official is one[0]) == (at == 0) and (at == 0 or other[at - 1] not in self._compared):
            yield "top"
        if cell == 0:
            yield "left"
        yield "right"
        if (official is one[-1]) == (found is other[-1]):
            yield "bottom"


def _is_within(cell: Cell, outer: Container[int]) -> bool:
    """Whether a cell in one of these columns continues that of a row of the table, for a row within it."""
    return cell.continues and cell.column in outer


def _rejoined(matches: tuple[RowMatch, ...]) -> Iterator[RowMatch]:
    """Combines a missing row and a row added in its place into a reworded row."""
    waiting: list[RowMatch] = []
    for match in matches:
        if match.official is not None and match.found is not None:
            yield from waiting
            waiting = []
            yield match
            continue
        like = next((each for each in waiting if _may_be_one(each, match)), None)
        if like is None:
            waiting.append(match)
        else:
            waiting[waiting.index(like)] = RowMatch(
                match.official or like.official, match.found or like.found
            )
    yield from waiting


def _may_be_one(one: RowMatch, other: RowMatch) -> bool:
    official, found = one.official or other.official, one.found or other.found
    if official is None or found is None or (one.official is None) == (other.official is None):
        return False
    return [each.span for each in official.cells] == [each.span for each in found.cells]


def _floats(table: Table) -> bool:
    return property_of(table.element, "tblPr", "tblpPr") is not None


def _alignment(table: Table) -> str:
    found = value(property_of(table.element, "tblPr", "jc")) or "left"
    return {"start": "left", "end": "right"}.get(found, found)
