"""Fields and columns that stayed and whose numbers count another unit: 元, then 万元."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from service.blank_forms import kinds
from service.blank_forms.place import Column, Place
from service.form_changes import matching
from service.form_changes.matching import Asked

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_MULTIPLE = re.compile(f"([{''.join(_TIMES)}]*)(.+)")


@dataclass(frozen=True)
class UnitChange:
    """A field or column whose unit changed; `label` is the newer blank's."""

    label: str
    old: str
    new: str

    @property
    def factor(self) -> Fraction | None:
        """How many of the old unit the new one is; None if they are not of one measure."""
        (olds, old), (news, new) = (_MULTIPLE.fullmatch(each).groups() for each in (self.old, self.new))  # type: ignore[union-attr]
        return Fraction(_times(news), _times(olds)) if old == new else None

    @property
    def times(self) -> str:
        """How many times the larger unit is the smaller; "" if they are not of one measure."""
        return f"{max(self.factor, 1 / self.factor)}" if self.factor else ""

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON: numbers of the old unit, divided by `divide_by`, are of the new one."""
        found = {"label": self.label, "from": self.old, "to": self.new}
        return {**found, "divide_by": float(self.factor)} if self.factor else found


def changes(old: Place, new: Place) -> Iterator[UnitChange]:
    """What counts another unit in a field that stayed: the field itself, or columns of it."""
    yield from _change(old.unit or kinds.unit(old.label), new.unit or kinds.unit(new.label), new.label)
    columns = [[Asked(each.label, "", each.kind) for each in place.columns] for place in (old, new)]
    for at, to in matching.pairs(*columns).items():
        before, after = old.columns[at], new.columns[to]
        yield from _change(_unit(before), _unit(after), f"{new.label} · {after.label}")


def _change(old: str, new: str, label: str) -> Iterator[UnitChange]:
    if old and new and old != new:
        yield UnitChange(label, old, new)


def _unit(column: Column) -> str:
    return kinds.unit(column.label)


def _times(prefix: str) -> int:
    return prod(_TIMES[each] for each in prefix)
