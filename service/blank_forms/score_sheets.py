"""Score sheets: the cells under 得分 that print only the most points, and 附加分10分."""

import re
from collections.abc import Iterator

from service.blank_forms import spots
from service.blank_forms.blank_document import Cell, Table
from service.blank_forms.cell_places import Role, name_of, role, where
from service.blank_forms.label_words import label, plain
from service.blank_forms.place import Place

_HEAD = re.compile(
    "(?:自评|自查|考核|考评|测评|评审|专家|实际|实|单位|部门|复核)?(?:得分|评分|打分|评分数|自评|分数)"
)
_MOST = re.compile("([0-9]{1,3})分?")
_BONUS = re.compile("((?:附加|奖励|加)分)([0-9]{1,3})分")
_CLAUSE = re.compile("[，。；：、,;:]")
_BRACKET = re.compile("[(（][^)）]*$")  # without its end
_FEW = 2
_SHORT = 24  # characters of what an indicator is called


def find(table: Table) -> Iterator[Place]:
    """The places of a table for points, each with the most that it prints."""
    for at, row in enumerate(table.rows):
        for cell in (each for each in row if each.row == at + 1):
            if found := _BONUS.fullmatch(plain(cell.text)):
                yield _place(cell, "·".join([*_names(table, cell)[-1:], found[1]]), found[2])
            elif _HEAD.fullmatch(plain(cell.text)):
                cells = _below(table, cell)
                if len(cells) >= _FEW:
                    yield from (
                        _place(each, "·".join(_names(table, each)), plain(each.text)) for each in cells
                    )


def _below(table: Table, head: Cell) -> list[Cell]:
    """The cells under a head that print a number alone; none if others print other words."""
    rows = table.rows[head.last :]
    cells = [cell for at, row in enumerate(rows, head.last + 1) for cell in row if cell.row == at]
    column = [cell for cell in cells if (cell.column, cell.end) == (head.column, head.end)]
    found = [cell for cell in column if _MOST.fullmatch(plain(cell.text))]
    return found if len(found) == len(column) else []


def _names(table: Table, cell: Cell) -> list[str]:
    """The words of the cells on the left: a category, and the beginning of an indicator."""
    before = [each for each in table.rows[cell.row - 1] if each.end <= cell.column]
    words = [each for each in before if role(each) in (Role.LABEL, Role.NOTE) and name_of(each)]
    names = [_BRACKET.sub("", _CLAUSE.split(label(each.text))[0])[:_SHORT] for each in words]
    return [each for each in names if each and not _MOST.fullmatch(each)]


def _place(cell: Cell, name: str, most: str) -> Place:
    number = most.removesuffix("分")
    at = cell.text.rindex(number)
    return Place(name, "number", where(cell), spots=(spots.located(cell.lines, at, at),), maximum=int(number))
