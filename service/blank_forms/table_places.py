"""The places in a table: cells named by the cell to the left or above, lists, and cells with blanks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.blank_forms import line_places, lists, score_sheets, spots
from service.blank_forms.blank_document import Cell, Table
from service.blank_forms.cell_labels import Labels
from service.blank_forms.cell_places import Role, asks, fill, has_room, is_stamp, name_of, role, where, within
from service.blank_forms.kinds import amounts_unit, limits, of_label, of_print, unit
from service.blank_forms.label_words import SEAL, is_signed, is_title, is_total, label, plain
from service.blank_forms.options import questions
from service.blank_forms.place import Place

_PICTURE = 3  # rows beside which a photo is
_CHARACTERS = 4  # cells of an answer that is written a character a cell
_TALL = 4  # lines
_DATE_WORD = re.compile("[年月日时分]|[年月日]?[至到]|[自从由]|止|—|-|~")
_SIGNATURE = re.compile("[(]?(?:亲笔)?(?:签字|签名|盖章|签章|公章|签字盖章)[)]?[:]?")
_SUMMED = ("money", "number", "percent", "")  # kinds of columns that have a total


def find(table: Table, heading: str, amounts: str = "", heads: Sequence[str] = ()) -> Iterator[Place]:
    """The places of a table below a heading; `amounts` is their unit, from the line above.

    `heads` are labels of columns that are printed above the table.
    """
    cells = {id(cell): cell for row in table.rows for cell in row}
    if not all(cell.is_blank for cell in cells.values()):
        yield from _Finder(table, heading, amounts).places()
    elif heading and len(cells) == 1:
        yield fill(table.rows[0][0], heading, amounts)
    elif heading and cells and table.rows[0]:
        yield lists.without_head(table, heading, amounts, heads)


class _Finder:
    def __init__(self, table: Table, heading: str, amounts: str) -> None:
        self._table, self._unit = table, amounts
        self._heading, self._group = heading, ""
        self._labels = Labels(table)

    def places(self) -> Iterator[Place]:
        """All places, in order."""
        found = [*self._all(), *self._rooms(), *score_sheets.find(self._table)]
        yield from sorted(found, key=lambda place: (place.where.table, place.where.row, place.where.cell))

    def _all(self) -> Iterator[Place]:
        rows, at = self._table.rows, 0
        while at < len(rows):
            if each := lists.at(self._table, at):
                yield self._list(each)
                at = each.end
                continue
            own = [cell for cell in rows[at] if cell.row == at + 1]
            found = self._whole(own[0], at) if len(rows[at]) == 1 and own else self._row(own, at)
            yield from (replace(place, group=place.group or self._group) for place in found)
            at += 1

    def _list(self, found: lists.Found) -> Place:
        side = name_of(found.side) if found.side else ""
        self._labels.used |= {id(cell) for cell in found.head} | {id(found.side)}
        self._labels.columns = {cell.column: words for words, cell in found.columns}
        name, self._group = side or self._group or self._heading, ""
        return lists.place(self._table, found, name, self._unit)

    def _whole(self, cell: Cell, at: int) -> Iterator[Place]:
        """A cell as wide as the table: a heading, a long text below one, or lines with blanks."""
        group = self._group
        if unit_line := amounts_unit(cell.text):
            self._unit = unit_line
            return
        if role(cell) is Role.BLANK:
            yield from self._text(cell)
            return
        found = [] if self._introduces(cell, at) else list(within(cell, ""))
        name = group or (self._heading if self._table.columns == len(self._table.rows) == 1 else "")
        is_asked = (group and asks(cell)) or (not found and has_room(cell))
        if name and is_asked and not is_signed(name) and not SEAL.search(cell.text):
            spot = spots.line(cell.lines[-1])
            yield Place(
                name, "text", where(cell), limits=limits(name), spots=(spot,), doubt="questions_to_answer"
            )
            self._group = ""
            return
        if (
            role(cell) is Role.LABEL
            and not found
            and not SEAL.search(cell.text)
            and not (at == 0 and is_title(cell.text))
        ):
            self._group = name_of(cell)
        if found:
            self._labels.used.add(id(cell))
        yield from found
        for nested in cell.tables:
            yield from find(nested, self._group or self._heading, self._unit)

    def _introduces(self, cell: Cell, at: int) -> bool:
        """Whether a label is that of the list below it."""
        return role(cell) is Role.LABEL and lists.at(self._table, at + 1) is not None

    def _text(self, cell: Cell) -> Iterator[Place]:
        name = self._group or self._heading
        if name and not is_signed(name):
            place = fill(cell, name, self._unit)
            yield replace(place, kind="text") if place.kind == "line" else place
        self._group = ""

    def _row(self, own: Sequence[Cell], at: int) -> Iterator[Place]:
        taken: set[int] = set()
        for cell in own:
            kind = role(cell)
            if id(cell) in taken:
                continue
            if cell.tables:
                yield from self._nested(cell, at)
            elif kind is Role.BLANK:
                cells = self._together(cell, own)
                taken |= {id(each) for each in cells}
                yield from self._blank(cell, at, cells)
            elif kind is Role.PHOTO and not self._labels.has_blank_beside(cell, at):
                yield Place(label(cell.text), "picture", where(cell), spots=spots.whole(cell, "picture"))
            elif len(cells := _boxes(cell, own)) > 1:
                taken |= {id(each) for each in cells}
                lines = [line for each in cells for line in each.lines]
                yield from line_places.find(lines, where(cell), self._labels.left(cell, at))
            elif kind is Role.OWN or (kind is not Role.PHOTO and not self._labels.names(cell, at)):
                yield from within(cell, self._labels.left(cell, at))

    def _nested(self, cell: Cell, at: int) -> Iterator[Place]:
        name = self._labels.left(cell, at)
        heads = [name_of(each) for each in self._table.rows[0] if each.column >= cell.column] if at else []
        for nested in cell.tables:
            yield from find(nested, name or self._heading, self._unit, heads)

    def _together(self, cell: Cell, own: Sequence[Cell]) -> list[Cell]:
        """The cells of one answer: a character a cell, or the parts of a date."""
        behind = [each for each in own if each.column >= cell.column]
        date = [cell]
        for each in behind[1:]:
            if role(each) is not Role.BLANK and not _DATE_WORD.fullmatch(label(each.text)):
                break
            date.append(each)
        if any(_DATE_WORD.fullmatch(label(each.text)) for each in date[1:]):
            return date
        blank, is_id = [cell], of_label(self._labels.left(cell, cell.row - 1)) == "id_number"
        for each in behind[1:]:
            is_other = not is_id and self._labels.head(each, cell.row - 1)
            if not each.is_blank or is_other:
                break
            blank.append(each)
        return blank if len(blank) >= _CHARACTERS else [cell]

    def _blank(self, cell: Cell, at: int, cells: Sequence[Cell]) -> Iterator[Place]:
        name = self._labels.of(cell, at)
        if not name:
            if cell.is_blank and self._is_photo(cell):
                spot = spots.whole(cell, "picture")
                yield Place("照片", "picture", where(cell), spots=spot, doubt="photo_by_shape")
            return
        if is_total(name.partition("·")[0]) and "·" in name and of_label(name) not in _SUMMED:
            return
        behind = next((each for each in self._table.rows[at] if each.column >= cells[-1].end), None)
        if is_signed(name) or (behind and _is_signature(behind)) or self._labels.goes_on(cell, at):
            return
        side = self._table.rows[at][0]
        is_stamped = is_stamp(cell)
        if is_stamped and of_label(name) != "line":
            return
        units = (
            self._unit,
            unit(name_of(side)) if side.last > side.row else "",
            unit(self._labels.head(cell, at)),
        )
        place = fill(cell, name, next(filter(None, units), ""))
        place = replace(place, doubt="stamped_name") if is_stamped else place
        if place.kind == "line" and is_total(name):
            place = replace(place, kind=self._summed())
        if place.kind == "line" and self._labels.begins_rows(cell, at) and of_label(name) != "line":
            place = replace(place, kind="text", doubt="several_rows")
        if self._group and self._labels.repeats(name):
            place = replace(place, label=f"{self._group}·{name}")
        yield _joined(place, cells)

    def _summed(self) -> str:
        """What the table's totals are, by the labels of what they sum."""
        found = {
            of_label(name_of(each)) for row in self._table.rows for each in row if role(each) is Role.LABEL
        }
        return next((kind for kind in ("money", "number") if kind in found), "line")

    def _is_photo(self, cell: Cell) -> bool:
        is_edge = cell.end == self._table.columns or cell.column == 0
        return cell.last - cell.row + 1 >= _PICTURE and is_edge

    def _rooms(self) -> Iterator[Place]:
        """Cells with a label and room below it in the cell itself."""
        for at, row in enumerate(self._table.rows):
            for cell in row:
                is_free = cell.row == at + 1 and id(cell) not in self._labels.used
                if is_free and role(cell) is Role.LABEL and self._has_room(cell, at):
                    yield from _room(cell)

    def _has_room(self, cell: Cell, at: int) -> bool:
        is_wide = 2 * cell.span >= self._table.columns
        free = cell.room - sum(not line.is_blank for line in cell.lines)
        return is_wide and free >= _TALL and not self._labels.has_blank_beside(cell, at)


def _room(cell: Cell) -> Iterator[Place]:
    name = name_of(cell)
    if not is_signed(name):
        last = cell.lines[-1]
        spot = replace(spots.line(last), start=len(last.text))
        doubt = "" if of_label(name) == "text" else "room_in_cell"
        yield Place(name, "text", where(cell), limits=limits(name), spots=(spot,), doubt=doubt)


def _boxes(cell: Cell, own: Sequence[Cell]) -> list[Cell]:
    """A cell with boxes, and those behind it that only go on with its options."""
    found = [cell] if questions(cell.text, "?") else []
    for each in own:
        is_next = bool(found) and each.column == found[-1].end
        if is_next and [asked.label for asked in questions(each.text)] == [""]:
            found.append(each)
    return found


def _is_signature(cell: Cell) -> bool:
    return bool(_SIGNATURE.fullmatch(plain(cell.text)))


def _joined(place: Place, cells: Sequence[Cell]) -> Place:
    """The place of an answer in several cells: a character a cell, or a date with 年 月 日 between."""
    if len(cells) == 1:
        return place
    words = "".join(cell.text if not cell.is_blank else "__" for cell in cells)
    kind = of_print(words) if re.search("年", words) else place.kind
    found = tuple(spots.line(cell.lines[0]) for cell in cells if cell.is_blank and cell.lines)
    return replace(place, kind=kind or place.kind, spots=found, doubt="several_cells")
