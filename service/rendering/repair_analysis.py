"""Proves from a template's tags that docxtpl's repairs after Jinja would change nothing.

docxtpl parses each rendered body again: it repairs nesting, fits `w:tblGrid` to the cells, and numbers
drawings; python-docx drops blank text between elements of headers and footers. If every branch of the
tags keeps the nesting and every table its grid, the repairs have no effect for any values, and the
rendered text is the result. Otherwise lxml does them: rendering then takes 3 to 5 times as long.
"""

import re
from collections.abc import Iterator
from itertools import chain

from jinja2 import nodes

from service.rendering.tag_outline import Choice, Element, Unproved, descendants, outline

_SPAN = re.compile(r'\sw:val="(\d{1,4})"')
_MANY = 1 << 20


def body_needs_no_repair(tree: nodes.Template) -> bool:
    """Whether docxtpl's repairs never change the rendered document body."""
    try:
        root = outline(tree)
        drawings = (_find(branch, "wp:docPr") for choice in _choices(root) for branch in choice.branches)
        if any(chain(*drawings)):
            return False
        for table in _find(root, "w:tbl"):
            _check_table(table)
    except Unproved:
        return False
    return True


def story_needs_no_repair(tree: nodes.Template) -> bool:
    """Whether python-docx never changes the rendered header or footer."""
    try:
        outline(tree, blanks_vanish=True)
    except Unproved:
        return False
    return True


def _find(element: Element, name: str) -> Iterator[Element]:
    return (each for each in descendants(element) if each.name == name)


def _only(element: Element, name: str) -> list[Element]:
    """The children called `name`. Raises Unproved if one depends on a tag."""
    for child in element.children:
        if isinstance(child, Choice) and any(chain(*(_find(branch, name) for branch in child.branches))):
            raise Unproved
    return [child for child in element.children if isinstance(child, Element) and child.name == name]


def _choices(element: Element) -> Iterator[Choice]:
    for child in element.children:
        if isinstance(child, Choice):
            yield child
        else:
            yield from _choices(child)


def _check_table(table: Element) -> None:
    """Requires that no row has more cells than the grid has columns, and one row spans them all."""
    grids = _only(table, "w:tblGrid")
    if not grids:
        raise Unproved
    columns = len(_only(grids[0], "w:gridCol"))
    if any(_most_cells(row) > columns for row in _find(table, "w:tr")) or _sure_span(table) < columns:
        raise Unproved


def _most_cells(row: Element) -> int:
    total = 0
    for child in row.children:
        if isinstance(child, Element):
            total += child.name == "w:tc"
        else:
            most = max(_most_cells(branch) for branch in child.branches)
            total += _MANY if child.loop and most else most
    return total


def _sure_span(element: Element) -> int:
    """The least number of columns that the widest row under `element` spans for any choice of the tags."""
    own = _least_span(element) if element.name == "w:tr" else 0
    spans = [
        min(map(_sure_span, child.branches)) if isinstance(child, Choice) else _sure_span(child)
        for child in element.children
    ]
    return max([own, *spans])


def _least_span(row: Element) -> int:
    total = 0
    for child in row.children:
        if isinstance(child, Choice):
            total += min(map(_least_span, child.branches))
        elif child.name == "w:tc":
            total += _span(child)
    return total


def _span(cell: Element) -> int:
    for properties in _only(cell, "w:tcPr")[:1]:
        for span in _only(properties, "w:gridSpan")[:1]:
            value = _SPAN.search(span.tag)
            if value is None:
                raise Unproved
            return int(value.group(1))
    return 1
