"""The base of fields that hold a period: its first and last day, or month."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from marshmallow import ValidationError

from schemas import cells
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.dates import written_dates
from schemas.fields.leaf import Leaf, fault
from schemas.white_space import Change

FROM, TO = "from", "to"

_BETWEEN = re.compile("起?(?:至|到|--?|~|〜|/)")
_YEAR, _YEAR_AND_MONTH = re.compile("[0-9]{4}[^0-9]"), re.compile("[0-9]{4}年[0-9]{1,2}月")
_BY_MONTH, _BY_DAY = re.compile("[0-9]{1,2}月.*"), re.compile("[0-9]{1,2}[日号]")


class Period(Leaf, abstract=True):
    """A period, JSON {"from", "to"}, whose ends are fields of one type; printed with 至 between them."""

    shape = "text"
    #: The type of both ends.
    end: ClassVar[Leaf]
    #: A period as printed.
    example: ClassVar[str]
    #: The codes of a value that is no such period, in JSON and in a cell.
    fault_code: ClassVar[str]
    cell_fault: ClassVar[str]
    faults = {
        "period_incomplete": (
            "起止时间只填了一个，请把开始和结束都填上，或都不填。",
            "Only one end of the period is given: give both, or none.",
        ),
        "period_reversed": (
            "开始（{first}）晚于结束（{last}），请改正。",
            "The start ({first}) is after the end ({last}): correct them.",
        ),
    }

    def __init__(self, title: str, **keywords: Any) -> None:
        end = {key: value for key, value in self.end.metadata.items() if key != "title"}
        properties = {FROM: end, TO: end}
        super().__init__(
            title,
            type="object",
            properties=properties,
            required=[*properties],
            additionalProperties=False,
            **keywords,
        )

    def read(self, value: Any) -> tuple[Any, Any] | None:
        if not isinstance(value, dict) or not value.keys() <= {FROM, TO}:
            raise fault(self.fault_code)
        ends: list[Any] = [value.get(FROM), value.get(TO)]
        if ends == [None, None]:
            return None
        if None in ends:
            raise fault("period_incomplete")
        try:
            first, last = (self.end.deserialize(each) for each in ends)
        except ValidationError as error:
            raise fault(self.fault_code) from error
        if first > last:
            start, end = (written_dates.worded(self.end, each) for each in (first, last))
            raise fault("period_reversed", first=start, last=end)
        return first, last

    def changes(self, value: Any) -> list[Change]:
        return [change for end in value.values() for change in self.end.changes(end)]

    def shown(self, value: Any) -> Any:
        return "" if value is None else "至".join(map(self.end.shown, value))

    def printed(self, text: str) -> Any:
        plain = written_dates.arabic(text)
        if not plain:
            return None
        found = set(self._readings(re.sub("^[自从]|止$", "", plain)))
        if len(found) != 1:
            raise Unreadable
        return dict(zip((FROM, TO), found.pop(), strict=True))

    def _readings(self, text: str) -> Iterator[tuple[str, str]]:
        """The periods that a text may mean, by the places where it may be parted."""
        for between in _BETWEEN.finditer(text):
            start, end = text[: between.start()], text[between.end() :]
            for whole in {end, *_completed(start, end)}:
                with contextlib.suppress(Unreadable):
                    first, last = self.end.printed(start), self.end.printed(whole)
                    if first and last and (whole == end or first <= last):
                        yield first, last

    def in_unit(self, by: str, of: str) -> bool:
        return True

    def cell(self, value: Value) -> Any:
        try:
            return self.printed(cells.trimmed(cells.shown(value)))
        except Unreadable as error:
            raise CellError(self.cell_fault) from error

    def to_cell(self, value: Any) -> Any:
        return self.shown(self.deserialize(value))

    @property
    def column(self) -> SheetColumn:
        note = Bilingual(f"起止时间，例如 {self.example}。", f"Start and end, such as {self.example}.")
        return SheetColumn(28, "@", note)

    @property
    def control(self) -> PageControl:
        ends = ((FROM, Bilingual("开始", "From")), (TO, Bilingual("结束", "To")))
        return replace(self.end.control, width=4, parts=ends)


def _completed(start: str, end: str) -> Iterator[str]:
    """The end with the year, or year and month, that it leaves to the start: 2021年3月1日至6月30日."""
    if _BY_MONTH.fullmatch(end) and (year := _YEAR.match(start)):
        yield f"{year[0][:4]}年{end}"
    if _BY_DAY.fullmatch(end) and (month := _YEAR_AND_MONTH.match(start)):
        yield f"{month[0]}{end}"
