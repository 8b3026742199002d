"""The labels of a table's cells: to the left, above, of several rows, of row and column together."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from service.blank_forms.blank_document import Cell, Table
from service.blank_forms.cell_places import Role, name_of, role
from service.blank_forms.label_words import NUMBER, is_total


class Labels:
    """Looks labels up, and keeps which cells' words were used as such."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.used: set[int] = set()
        """The ids of cells whose words name a place."""
        self.columns: dict[int, str] = {}
        """Of the last list: the labels by grid column."""
        cells = {id(cell): cell for row in table.rows for cell in row if role(cell) is Role.LABEL}
        self._counts = Counter(map(name_of, cells.values()))

    def repeats(self, name: str) -> bool:
        """Whether a label is printed more than once."""
        return self._counts[name] > 1

    def of(self, cell: Cell, at: int) -> str:
        """The label of a blank cell; "" if it has none, or only that of a sum."""
        left, head = self.left(cell, at), self.head(cell, at)
        if is_total(head.partition("·")[0]) or (head and self._is_beside_side(cell, at)):
            return head
        if head and self._is_of_matrix(at):
            return f"{name_of(_own(self._table.rows[at])[0])}·{head}"
        if not left and any(is_total(name_of(each)) for each in self._behind(cell, at)):
            return ""
        return left or head

    def left(self, cell: Cell, at: int) -> str:
        """The labels directly to the left, outermost first."""
        before = [each for each in self._table.rows[at] if each.end <= cell.column]
        labels: list[Cell] = []
        while before and role(before[-1]) in (Role.LABEL, Role.PHOTO):
            labels.insert(0, before.pop())
        self.used |= {id(each) for each in labels}
        names = [name for each in labels if not NUMBER.fullmatch(name := name_of(each))]
        if len(names) > 1 and not before:
            return "·".join(names[-2:])
        return self._in_row(names[-1], at) if names else ""

    def _in_row(self, name: str, at: int) -> str:
        """A label that is printed in several rows, behind the name that its row begins with."""
        leading = takewhile(lambda each: role(each) is Role.LABEL, self._table.rows[at])
        names = [name_of(each) for each in leading]
        own = [each for each in names if not self.repeats(each)]
        return f"{own[-1]}·{name}" if len(names) > 1 and own and self.repeats(name) else name

    def head(self, cell: Cell, at: int) -> str:
        """The label at the head of the cell's column, behind that of its row if it is a total."""
        before = [name_of(each) for each in self._table.rows[at] if each.end <= cell.column]
        total = next(filter(is_total, before), "")
        head = self.columns.get(cell.column, "") if total else ""
        head = head or self._above(cell, at, bool(total))
        return f"{total}·{head}" if total and head else head

    def _above(self, cell: Cell, at: int, is_sum: bool) -> str:
        """The nearest label above a cell, with none but blank cells between; above a total also others."""
        for row in reversed(self._table.rows[:at]):
            for above in row:
                if above.column <= cell.column < above.end and above.span != cell.span:
                    if role(above) is not Role.BLANK and not is_sum:
                        return ""
                elif above.column == cell.column and above is not cell:
                    if role(above) is Role.BLANK:
                        break
                    if role(above) is not Role.LABEL:
                        return ""
                    self.used.add(id(above))
                    return name_of(above)
        return ""

    def goes_on(self, cell: Cell, at: int) -> bool:
        """Whether a row is one more for the answer that a label beside several rows has in the first."""
        left = self._only_beside(cell, at)
        return left is not None and left.row <= at and not self.head(cell, at)

    def begins_rows(self, cell: Cell, at: int) -> bool:
        """Whether a row is the first of several for one answer."""
        left = self._only_beside(cell, at)
        return left is not None and left.last > cell.last

    def _only_beside(self, cell: Cell, at: int) -> Cell | None:
        """The label beside a cell that ends its row."""
        row = self._table.rows[at]
        return row[-2] if len(row) > 1 and row[-1] is cell and role(row[-2]) is Role.LABEL else None

    def names(self, cell: Cell, at: int) -> bool:
        """Whether a cell of words names the blank beside or below it."""
        if role(cell) is not Role.LABEL:
            return False
        return self.has_blank_beside(cell, at) or not re.search("[:：]", cell.text)

    def has_blank_beside(self, cell: Cell, at: int) -> bool:
        """Whether a cell to fill in is to the right of a cell or below it."""
        beside = next((each for each in self._table.rows[at] if each.column == cell.end), None)
        below = self._table.rows[cell.last] if cell.last < len(self._table.rows) else []
        under = [each for each in below if each.column == cell.column and each.span == cell.span]
        is_right = beside is not None and role(beside) is not Role.LABEL
        return is_right or any(role(each) is Role.BLANK and not self._has_left(each) for each in under)

    def _has_left(self, cell: Cell) -> bool:
        """Whether a label is directly to the left of a cell, in a row of its own."""
        left = next((each for each in self._table.rows[cell.row - 1] if each.end == cell.column), None)
        return left is not None and left.row == left.last and role(left) is Role.LABEL

    def _is_beside_side(self, cell: Cell, at: int) -> bool:
        """Whether the label to the left is that of several rows, with heads of its own."""
        left = next((each for each in self._table.rows[at] if each.end == cell.column), None)
        return left is not None and left.row <= at and left.last > left.row

    def _is_of_matrix(self, at: int) -> bool:
        """Whether a row has its name first, then blanks alone, below a row of labels."""
        row = _own(self._table.rows[at])
        above = _own(self._table.rows[at - 1]) if at else []
        is_named = len(row) > 2 and role(row[0]) is Role.LABEL and not is_total(name_of(row[0]))
        return is_named and all(role(each) is Role.BLANK for each in row[1:]) and _is_head(above, row)

    def _behind(self, cell: Cell, at: int) -> list[Cell]:
        return [each for each in self._table.rows[at] if each.column > cell.column]


def _own(row: Sequence[Cell]) -> list[Cell]:
    """The cells of a row that it shares with no other."""
    return [cell for cell in row if cell.last == cell.row] if row else []


def _is_head(above: Sequence[Cell], row: Sequence[Cell]) -> bool:
    labels = [role(each) is Role.LABEL for each in above[1:]]
    return len(above) == len(row) and all(labels) and [c.column for c in above] == [c.column for c in row]
