"""Lists in a table: a head of one to three rows, and below it rows to fill in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from service.blank_forms import kinds, spots
from service.blank_forms.blank_document import Cell, Table
from service.blank_forms.cell_places import Role, fill, name_of, role, where
from service.blank_forms.label_words import NUMBER, is_total, label
from service.blank_forms.options import questions
from service.blank_forms.place import Column, Place, Spot

_DEEPEST = 3  # rows of a head
_FEW = 2
_SURE = 4  # columns
_EXAMPLE = re.compile("^(?:示?例|样例|示范|举例)")
_OF_NAMES = re.compile(
    "项目|科目|类别|类型|名称|指标|内容|序号|年度|年份|阶段|费用|支出|来源|分类|栏目|身份|角色|单位|事项|要素|时间|成员"
)


@dataclass(frozen=True)
class Found:
    """A list: its head's cells from the top, columns with head and first cell, rows, where it ends."""

    head: tuple[Cell, ...]
    columns: tuple[tuple[str, Cell], ...]
    body: tuple[int, ...]
    """The numbers of its rows, from 0."""
    names: tuple[str, ...]
    side: Cell | None
    end: int


def at(table: Table, top: int) -> Found | None:
    """The list whose head begins in a row, if one does."""
    for depth in range(1, _DEEPEST + 1):
        if head := _head(table.rows, top, depth):
            found = _below(table, top, depth, head)
            if found and _is_list(table, top, depth, found):
                return found
    return None


def _head(rows: Sequence[Sequence[Cell]], top: int, depth: int) -> list[Cell] | None:
    """The cells of a head of so many rows; None if the rows are no head."""
    if top + depth >= len(rows):
        return None
    head: list[Cell] = []
    for number in range(top, top + depth):
        own = [cell for cell in rows[number] if cell.row == number + 1 and cell.last <= top + depth]
        if len(own) < (_FEW if number == top else 1) or any(
            role(cell) is not Role.LABEL and not _is_corner(cell) for cell in own
        ):
            return None
        head += own
    is_tied = depth == 1 or any(cell.last > cell.row or cell.span > 1 for cell in head if cell.row == top + 1)
    return head if is_tied and len(head) >= _FEW else None


def _is_corner(cell: Cell) -> bool:
    """Whether a blank head is that of the names: the first of its row."""
    return cell.is_blank and cell.number == 1


def _below(table: Table, top: int, depth: int, head: list[Cell]) -> Found | None:
    first = _entry(table.rows, top + depth)
    if len(first) < _FEW:
        return None
    names = [_over(head, cell) for cell in first]
    if not all(names[1:]):
        return None
    body, end = [], top + depth
    for end in range(top + depth, len(table.rows)):
        cells = _entry(table.rows, end)
        if [cell.column for cell in cells] != [cell.column for cell in first]:
            break
        if not _is_example(cells):
            body.append(end)
    else:
        end = len(table.rows)
    printed = [_name(_entry(table.rows, row)) for row in body]
    side = next((cell for cell in table.rows[top] if cell not in head and cell.end <= head[0].column), None)
    columns = tuple(zip(names, first, strict=True))
    return Found(tuple(head), columns, tuple(body), tuple(printed) if any(printed) else (), side, end)


def _entry(rows: Sequence[Sequence[Cell]], number: int) -> list[Cell]:
    """The cells of a row to fill in, its number or name first; empty if it is none."""
    cells = [cell for cell in rows[number] if cell.row == number + 1 == cell.last]
    printed = list(takewhile(lambda cell: not _is_open(cell), cells))
    if len(printed) == len(cells) or not all(_is_open(cell) for cell in cells[len(printed) :]):
        return []
    is_numbered = bool(printed) and bool(NUMBER.fullmatch(name_of(printed[0])))
    names = printed[is_numbered:]
    is_named = all(role(cell) in (Role.LABEL, Role.NOTE) and not is_total(name_of(cell)) for cell in names)
    return cells if is_named else []


def _name(cells: Sequence[Cell]) -> str:
    """The name that the form prints in a row, in its first cell or behind its number."""
    words = [name_of(cell) for cell in cells if not _is_open(cell)]
    return next((each for each in words if not NUMBER.fullmatch(each)), "")


def _is_open(cell: Cell) -> bool:
    return role(cell) is Role.BLANK or (role(cell) is Role.OWN and len(questions(cell.text, "?")) == 1)


def _is_example(cells: Sequence[Cell]) -> bool:
    return bool(_EXAMPLE.match(cells[0].text.strip()))


def _over(head: Sequence[Cell], cell: Cell) -> str:
    """The labels over a cell, from the top."""
    over = [each for each in head if each.column < cell.end and each.end > cell.column]
    exact = [each for each in over if each.column <= cell.column and each.end >= cell.end] or over[:1]
    words: list[str] = []
    for each in exact:
        name = name_of(each)
        if name and name not in words:
            words.append(name)
    return "·".join(words)


def _is_list(table: Table, top: int, depth: int, found: Found) -> bool:
    """Whether rows below a head are a list, not single cells with labels above them."""
    head = found.columns[0][0]
    if found.names:
        is_head = len(found.columns) > _FEW or not head or bool(_OF_NAMES.search(head))
        return len(found.body) >= _FEW and is_head and all(found.names)
    if len(found.body) != 1:
        return len(found.body) > 1
    rest = table.rows[found.end :]
    is_alone = top == 0 and all(any(is_total(label(cell.text)) for cell in row) for row in rest)
    return is_alone or (depth > 1 and len(found.columns) >= _SURE) or head in ("序号", "编号")


def place(table: Table, found: Found, name: str, unit: str) -> Place:
    """The place that a list is."""
    rows = [table.rows[number] for number in found.body]
    columns = tuple(_with_totals([_column(words, cell, rows, unit) for words, cell in found.columns]))
    return Place(
        name or columns[0].label,
        "rows",
        where(found.head[0]),
        columns=columns,
        rows=tuple(table.elements[number] for number in found.body),
        names=found.names,
        unit=unit,
        doubt="rows_named" if found.names else "",
    )


def _with_totals(columns: Sequence[Column]) -> Iterator[Column]:
    """The columns, those of sums with the kind of what they sum."""
    kind = next((each for each in ("money", "number") if each in {column.kind for column in columns}), "")
    for column in columns:
        yield (
            replace(column, kind=kind)
            if kind and column.kind == "line" and is_total(column.label)
            else column
        )


def _column(name: str, top: Cell, rows: Sequence[Sequence[Cell]], unit: str) -> Column:
    asked = questions(top.text, name)
    place = fill(top, name, unit)
    kind = asked[0].kind if asked else place.kind
    if kind == "line" and kinds.of_label(name) == "text" and top.width > 1800:
        kind = "text"
    return Column(name, kind, down(rows, top))


def down(rows: Sequence[Sequence[Cell]], top: Cell) -> tuple[Spot, ...]:
    """The spots in a column's cells, of which `top` is the first; none where the form prints words."""
    cells = [cell for row in rows for cell in row if cell.column == top.column]
    if any(role(cell) is Role.LABEL for cell in cells):
        return ()
    return tuple(spot for cell in cells for spot in spots.whole(cell, "line")[:1])


def without_head(table: Table, heading: str, unit: str, heads: Sequence[str]) -> Place:
    """A list whose head is printed above its table."""
    row = table.rows[0]
    names = heads if len(heads) == len(row) else (heads or (heading,))
    columns = tuple(
        Column(name, fill(cell, name, unit).kind, down(table.rows, cell))
        for name, cell in zip(names, row, strict=False)
    )
    return Place(
        heading,
        "rows",
        where(row[0]),
        columns=columns,
        rows=tuple(table.elements),
        unit=unit,
        doubt="list_without_head",
    )
