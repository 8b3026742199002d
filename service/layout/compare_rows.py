"""Compares a row with the official one: cell edges, splits and merges, height."""

from collections.abc import Iterator

from lxml import etree

from service.errors import Bilingual
from service.extraction.word_document import TableRow
from service.layout.compare_cells import is_merged_down
from service.layout.compare_characters import Change, layout_change
from service.layout.grid import (
    HALF_MILLIMETRE,
    TOLERANCE,
    Grid,
    Placed,
    measure,
    millimetres,
    same_edges,
    within,
)
from service.wordml import W, is_on, property_of

CellPair = tuple[int, int]


def set_up(official: TableRow, found: TableRow) -> Iterator[Change]:
    """Compares the height of a row, its breaking across pages, and its repetition."""
    one, other = _height(official.element), _height(found.element)
    if one[0] and (one[1] != other[1] or abs(one[0] - other[0]) > HALF_MILLIMETRE):
        yield layout_change(
            "row_height_changed",
            f"行高由{millimetres(one[0])}变为{millimetres(other[0])}毫米" if other[0] else "行高不再固定",
            f"the row height changed from {millimetres(one[0])} to {millimetres(other[0])} mm"
            if other[0]
            else "the row height is no longer set",
        )
    if _is_set(official, "cantSplit") and not _is_set(found, "cantSplit"):
        yield layout_change(
            "row_may_break", "行可以跨页断开，正式表单不可以", "the row may break across pages"
        )
    if _is_set(official, "tblHeader") != _is_set(found, "tblHeader"):
        yield layout_change(
            "header_row_changed",
            "“在各页顶端重复标题行”与正式表单不同",
            "the repetition as a header row on each page differs",
        )


def _height(row: etree._Element) -> tuple[float, str]:
    height = property_of(row, "trPr", "trHeight")
    if height is None:
        return 0.0, "atLeast"
    return measure(height, "val"), height.get(W + "hRule", "atLeast").replace("auto", "atLeast")


def _is_set(row: TableRow, name: str) -> bool:
    return is_on(property_of(row.element, "trPr", name))


def cells(
    official: TableRow, one: Grid, found: TableRow, other: Grid
) -> tuple[list[CellPair], list[tuple[int, Change]]]:
    """Pairs the cells of the two rows by index, and reports changes of their grid.

    Each difference comes with the index of the cell of `found` at which it is.
    """
    expected, actual = one.fractions(official), other.fractions(found)
    if len(expected) == len(actual):
        pairs = [(index, index) for index in range(len(official.cells))]
        return pairs, list(_moved_edges(expected, actual))
    as_wide = abs(one.width - other.width) <= TOLERANCE * one.width
    if not as_wide or not (within(expected, actual) or within(actual, expected)):
        count = len(official.cells), len(found.cells)
        return [], [
            (-1, ("columns_changed", Bilingual(
                f"应有{count[0]}格，现有{count[1]}格", f"there are {count[1]} cells in place of {count[0]}"
            )))
        ]  # fmt: skip
    pairs = list(_by_edges(one.rows[official], other.rows[found], one.width, other.width))
    return pairs, list(_regrouped(expected, actual))


def _moved_edges(expected: list[float], actual: list[float]) -> Iterator[tuple[int, Change]]:
    if same_edges(expected, actual):
        return
    moved = [at for at, (a, b) in enumerate(zip(expected, actual, strict=True)) if not same_edges([a], [b])]
    yield (
        max(moved[0] - 1, 0),
        ("column_width_changed", Bilingual("列宽与正式表单不同", "the widths of the columns differ")),
    )


def _regrouped(expected: list[float], actual: list[float]) -> Iterator[tuple[int, Change]]:
    """Finds official cells that were split or merged."""
    for at in range(len(actual) - 1):
        if any(_is_inside(edge, actual, at) for edge in expected[1:-1]):
            yield at, ("cells_merged", Bilingual("单元格被合并", "cells were merged"))
    for at in range(len(expected) - 1):
        inner = [number for number, edge in enumerate(actual) if _is_inside(edge, expected, at)]
        if inner:
            yield inner[0] - 1, ("cell_split", Bilingual("单元格被拆分", "a cell was split"))


def _is_inside(edge: float, edges: list[float], cell: int) -> bool:
    return edges[cell] + TOLERANCE < edge < edges[cell + 1] - TOLERANCE


def _by_edges(
    official: tuple[Placed, ...], found: tuple[Placed, ...], width: float, other: float
) -> Iterator[CellPair]:
    for one, placed in enumerate(official):
        for two, cell in enumerate(found):
            edges = [placed.left / width, placed.right / width], [cell.left / other, cell.right / other]
            if same_edges(*edges):
                yield one, two


def vertical(official: etree._Element, found: etree._Element) -> Iterator[Change]:
    """Compares whether a cell continues the one above it."""
    one, other = is_merged_down(official), is_merged_down(found)
    if one and not other:
        yield layout_change(
            "vertical_merge_split", "与上方合并的单元格被拆分", "a cell merged with the one above was split"
        )
    elif other and not one:
        yield layout_change(
            "cells_merged_vertically", "与上方的单元格被合并", "the cell was merged with the one above"
        )
