"""A place of a blank form that people fill in."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from service.blank_forms.blank_lines import Line
from service.blank_forms.doubts import REASONS
from service.errors import Bilingual


@dataclass(frozen=True)
class Where:
    """A paragraph outside tables, or a cell; all count from 1."""

    paragraph: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0

    def as_dict(self) -> dict[str, int]:
        """The numbers that apply."""
        if self.paragraph:
            return {"paragraph": self.paragraph}
        return {"table": self.table, "row": self.row, "cell": self.cell}

    @property
    def words(self) -> str:
        """The place for people, as 表1第2行第3格."""
        if self.paragraph:
            return f"第{self.paragraph}段"
        return f"表{self.table}第{self.row}行第{self.cell}格"


@dataclass(frozen=True)
class Spot:
    """Where an answer goes: characters `start` to `end` of a line's text, empty or what is printed as blank.

    Of a choice, the box or the word of `option`, or the blank behind the word 其他 (`is_other`).
    """

    line: Line
    start: int
    end: int
    option: str = ""
    is_other: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a list, with its spot in each row; without spots where numbers or names are printed."""

    label: str
    kind: str
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class Place:
    """What is filled in: label, kind, position; `group` is the heading above it, in its table or outside.

    With a `doubt` a person should look at it.
    """

    label: str
    kind: str
    where: Where
    group: str = ""
    unit: str = ""
    options: tuple[str, ...] = ()
    other: bool = False
    columns: tuple[Column, ...] = ()
    rows: tuple[etree._Element, ...] = ()
    """Of a list, the empty `w:tr`."""
    names: tuple[str, ...] = ()
    """What the form prints in the rows of a list that it names."""
    spots: tuple[Spot, ...] = ()
    """One; of boxes one each; of dates on two lines two; of an answer in several cells one each.

    Of a list none: its columns have them.
    """
    limits: tuple[int, int] = (0, 0)
    """The least and most characters that the form allows, 0 where it does not say."""
    maximum: int = 0
    """Of points on a score sheet, the most that its cell prints; 0 for what is none."""
    doubt: str = ""
    """The key of its reason in `doubts`."""

    @property
    def reason(self) -> Bilingual | None:
        """Why a person should look at it; None if the form is clear."""
        return REASONS[self.doubt] if self.doubt else None

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The place as JSON, without what does not apply."""
        found: dict[str, Any] = {"label": self.label, "kind": self.kind, "where": self.where.as_dict()}
        if self.columns:
            found["columns"] = [{"label": each.label, "kind": each.kind} for each in self.columns]
            found["rows"] = len(self.rows)
            if self.names:
                found["names"] = list(self.names)
        if self.options:
            found["options"] = list(self.options)
        for name in ("unit", "other", "group", "maximum"):
            if value := getattr(self, name):
                found[name] = value
        for name, limit in zip(("min_length", "max_length"), self.limits, strict=True):
            if limit:
                found[name] = limit
        found["certain"] = self.reason is None
        if self.reason:
            found |= {"doubt": self.doubt, "reason": self.reason.of(lang)}
        return found
