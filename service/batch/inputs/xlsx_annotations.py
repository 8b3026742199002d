"""The annotations of a worksheet: merged cells, conditional formats, notes (18.3.1, 18.7)."""

import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from schemas.cells import UnreadableCell, Value, shown
from service.batch.inputs.table_model import CellDoubt, MergedArea
from service.batch.inputs.xlsx_cells import column_of
from service.batch.inputs.xlsx_styles import DifferentialStyle, WorkbookStyles
from service.batch.inputs.xml_stream import XmlTag

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_CONDITIONS_MAXIMUM = 500  # further ones are not looked at
_OWN = "kexie-forms"  # the author of the notes in the service's own sheets
_QUOTED = 40  # characters of a note
_COMPARE = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "greaterThan": operator.gt,
    "lessThan": operator.lt,
    "greaterThanOrEqual": operator.ge,
    "lessThanOrEqual": operator.le,
}
_NEVER = {"containsErrors", "containsBlanks"}  # of a cell with a value


def area(reference: str) -> MergedArea | None:
    """The cells of a reference such as "A1:B2" or "A1"."""
    found = _AREA.fullmatch(reference)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    return MergedArea(reference, int(top), int(bottom or top), column_of(left), column_of(right or left))


@dataclass
class _Rule:
    """A conditional format: its areas, its condition, and what it does to a cell."""

    kind: str
    compare: str
    style: DifferentialStyle
    hides: bool = False
    bounds: list[str] = field(default_factory=list)
    areas: tuple[MergedArea, ...] = ()

    def conceals(self, row: int, column: int, value: Value, ground: str) -> bool:
        """Whether it may hide or change the value of a cell."""
        if not any(area.holds(row, column) for area in self.areas):
            return False
        return (self.hides or self.style.conceals(ground)) and self._may_apply(value)

    def _may_apply(self, value: Value) -> bool:
        if self.kind != "cellIs" or self.compare not in _COMPARE or len(self.bounds) != 1:
            return self.kind not in _NEVER
        try:
            bound = Decimal(self.bounds[0])
            return not isinstance(value, Decimal) or bool(_COMPARE[self.compare](value, bound))
        except InvalidOperation:
            text = self.bounds[0]
            is_text = len(text) > 1 and text.startswith('"') and text.endswith('"')
            return not is_text or (shown(value) == text[1:-1]) == (self.compare != "notEqual")


class SheetAnnotations:
    """The merged cells, conditional formats and notes of a worksheet."""

    def __init__(self, styles: WorkbookStyles) -> None:
        self.merged: list[MergedArea] = []
        self._styles = styles
        self._rules: list[_Rule] = []
        self._areas = ""
        self._new = 0  # the first rule of the element that is read
        self._notes: dict[tuple[int, int], str] = {}

    def take(self, tag: XmlTag) -> None:
        """Takes a tag of the worksheet."""
        match tag.name, tag.start:
            case "mergeCell", True:
                self.merged += filter(None, [area(tag.attributes.get("ref", ""))])
            case "conditionalFormatting", True:
                self._areas, self._new = tag.attributes.get("sqref", ""), len(self._rules)
            case "conditionalFormatting", False:
                self._place()
            case "sqref", False:  # of an extension, where it follows the rules
                self._areas = tag.text
            case "cfRule", True if len(self._rules) < _CONDITIONS_MAXIMUM:
                self._rules.append(self._rule(tag))
            case _ if self._new < len(self._rules):
                self._in_rule(self._rules[-1], tag)

    def _rule(self, tag: XmlTag) -> _Rule:
        given, known = tag.attributes.get("dxfId", ""), self._styles.conditional
        style = known[int(given)] if given.isdecimal() and int(given) < len(known) else DifferentialStyle()
        return _Rule(tag.attributes.get("type", ""), tag.attributes.get("operator", ""), style)

    def _in_rule(self, rule: _Rule, tag: XmlTag) -> None:
        if tag.name in ("formula", "f") and not tag.start:
            rule.bounds.append(tag.text.strip())
        elif tag.name in ("dataBar", "iconSet") and tag.start:
            rule.hides = tag.attributes.get("showValue", "1") in ("0", "false")
        elif tag.name == "dxf" and tag.start:
            rule.style = DifferentialStyle()
        elif tag.start:
            rule.style.take(tag, self._styles.theme)

    def _place(self) -> None:
        found = tuple(filter(None, map(area, self._areas.split())))
        for rule in self._rules[self._new :]:
            rule.areas = found
        self._new = len(self._rules)

    def add_notes(self, tags: Iterable[XmlTag]) -> None:
        """Takes the notes (18.7) of the sheet, without those of the service."""
        authors: list[str] = []
        place: tuple[int, int] | None = None
        texts: list[str] = []
        for tag in tags:
            if tag.name == "author" and not tag.start:
                authors.append(tag.text)
            elif tag.name == "comment" and tag.start:
                number, at = tag.attributes.get("authorId", ""), area(tag.attributes.get("ref", ""))
                is_own = number.isdecimal() and authors[int(number) : int(number) + 1] == [_OWN]
                place, texts = (at.top, at.left) if at and not is_own else None, []
            elif tag.name == "t" and not tag.start:
                texts.append(tag.text)
            elif tag.name == "comment" and place and (text := " ".join("".join(texts).split())):
                self._notes[place] = text

    def doubts(self, row: int, cells: dict[int, Value], grounds: dict[int, str]) -> Sequence[CellDoubt]:
        """The doubts about the cells of a row, on their grounds."""
        found = []
        for column, value in cells.items() if self._rules or self._notes else ():
            if note := self._notes.get((row, column)):
                found.append(CellDoubt(column, "noted_cell", note[:_QUOTED]))
            ground = grounds.get(column, "")
            is_read = not isinstance(value, UnreadableCell)
            if is_read and any(rule.conceals(row, column, value, ground) for rule in self._rules):
                found.append(CellDoubt(column, "conditional_cell"))
        return found
