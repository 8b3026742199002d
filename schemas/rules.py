"""What a form demands of several fields together: reusable rules, which a group's `rules` lists.

A rule names fields by their keys from its group on, joined by dots: `head.phone`. It is kept wherever the
group is: in the form itself, in a group of any level, in each row of a table. Where a value is wrong by
itself, or a group or table is none, it says nothing about it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import Schema

from schemas.bilingual import Bilingual
from schemas.field_faults import MESSAGES, FieldFault, Messages, add
from schemas.fields import Day, Field, Leaf
from schemas.fields.amounts.number import Number
from schemas.remarks import INVALID, given, read, worded
from schemas.tree import members


class Sent:
    """What was sent for the fields that the rules of a group name."""

    def __init__(self, schema: Schema, group: Any) -> None:
        self._schema, self._group = schema, group

    @property
    def is_blank(self) -> bool:
        """Whether nothing in the group is filled in."""
        return all(value is None for value in given(self._schema, self._group).values())

    def value(self, name: str) -> Any:
        """The value of a field outside tables; None if blank, INVALID if it is none."""
        return self.values(name)[0]

    def values(self, name: str) -> list[Any]:
        """The values of a field, of a column one for each row."""
        return list(_values(self._schema, self._group, name.split(".")))

    def title(self, name: str) -> str:
        """The official label of a field."""
        return field_at(self._schema, name)[0].title


class Rule(ABC):
    """A rule for the fields `names`."""

    #: Messages in Chinese and English of its codes.
    faults: ClassVar[Messages]
    #: The types of the fields that it is for.
    takes: ClassVar[tuple[type, ...]]
    names: tuple[str, ...]
    #: Those of the names that may be columns of a table.
    columns: tuple[str, ...] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        add(MESSAGES, cls.faults)

    @abstractmethod
    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        """Each name with the fault there."""

    def completed(self, data: dict[str, Any]) -> dict[str, Any]:
        """The valid data of the group with what the rule computes."""
        return data


class Total(Rule):
    """The sum of a table's column, in the field `at` of the group: computed if it is blank, else checked.

    None without any number in the column.
    """

    faults: ClassVar[Messages] = {
        "total_mismatch": (
            "合计 {total} 与各项金额之和 {sum} 不符，请改正，或不填合计由系统计算。",
            "The total {total} is not the sum of the amounts, {sum}: correct it, or leave it out.",
        ),
    }
    takes = (Number,)

    def __init__(self, column: str, at: str = "total") -> None:
        self.at, self.names, self.columns = at, (at, column), (column,)

    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        total = sent.value(self.at)
        if total is None or total is INVALID:
            return
        numbers = [each for each in sent.values(*self.columns) if each is not None]
        if INVALID not in numbers and total != sum(numbers):
            yield self.at, FieldFault("total_mismatch", {"total": total, "sum": sum(numbers)})

    def completed(self, data: dict[str, Any]) -> dict[str, Any]:
        if data[self.at] is not None:
            return data
        numbers = [each for each in _loaded(data, self.columns[0].split(".")) if each is not None]
        return {**data, self.at: sum(numbers) if numbers else None}


class AtMost(Rule):
    """A number at most another: `AtMost("spent", "granted")`."""

    faults: ClassVar[Messages] = {
        "above_other": (
            "{value} 大于“{label}”的 {other}，请改正其中一项。",
            "{value} is more than the {other} of {label}: correct one of them.",
        ),
    }
    takes = (Number,)

    def __init__(self, at: str, most: str) -> None:
        self.names = at, most

    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        at, most = self.names
        value, other = sent.value(at), sent.value(most)
        if not {None, INVALID} & {value, other} and value > other:
            named = {"value": worded(value), "other": worded(other), "label": sent.title(most)}
            yield at, FieldFault("above_other", named)


class Ordered(Rule):
    """Dates, none of which is before one named earlier; blank ones are passed over."""

    faults: ClassVar[Messages] = {
        "out_of_order": (
            "早于“{label}”（{other}），请改正其中一个日期。",
            "Is before {label} ({other}): correct one of the dates.",
        ),
    }
    takes = (Day,)

    def __init__(self, *names: str) -> None:
        self.names = names

    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        before, latest = "", date.min
        for name in self.names:
            value = sent.value(name)
            if value is None or value is INVALID:
                continue
            if value < latest:
                named = {"label": sent.title(before), "other": worded(latest)}
                yield name, FieldFault("out_of_order", named)
            else:
                before, latest = name, value


class OneOf(Rule):
    """At least one of these fields is filled in, if anything in the group is.

    A group that is blank as a whole is a matter of `expected`.
    """

    faults: ClassVar[Messages] = {
        "none_filled": ("{labels}至少填写一项。", "Fill in at least one of these: {labels}."),
    }
    takes = (Leaf,)

    def __init__(self, *names: str) -> None:
        self.names = names

    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        if all(sent.value(name) is None for name in self.names) and not sent.is_blank:
            titles = [sent.title(name) for name in self.names]
            labels = Bilingual("、".join(f"“{title}”" for title in titles), ", ".join(titles))
            yield self.names[0], FieldFault("none_filled", {"labels": labels})


def check(schema: Schema, rules: Iterable[Rule]) -> None:
    """Raises ValueError for what a group's rules name and its schema does not have."""
    for rule in rules:
        for name in rule.names:
            field, in_table = field_at(schema, name)
            if not isinstance(field, rule.takes) or in_table != (name in rule.columns):
                raise ValueError(f"{type(schema).__name__}: {type(rule).__name__} is not for '{name}'")


def faults(schema: Schema, rules: Iterable[Rule], group: Any) -> dict[str, Any]:
    """The faults of a group as sent, as marshmallow nests them."""
    found: dict[str, Any] = {}
    sent = Sent(schema, group)
    for name, fault in (each for rule in rules for each in rule.broken(sent)):
        *above, key = name.split(".")
        inside = found
        for group_key in above:
            inside = inside.setdefault(group_key, {})
        inside.setdefault(key, []).append(fault)
    return found


def field_at(schema: Schema, name: str) -> tuple[Field, bool]:
    """The field of a name, and whether it is a column of a table. Raises ValueError without one."""
    inside: Schema | None = schema
    field, in_table = None, False
    for key in name.split("."):
        in_table = in_table or (field is not None and field.repeats)
        field = dict(members(inside)).get(key) if inside else None
        if field is None:
            raise ValueError(f"{type(schema).__name__} has no field '{name}'")
        inside = field.inside
    assert field is not None
    return field, in_table


def _values(schema: Schema, group: Any, keys: list[str]) -> Iterator[Any]:
    """The values of a group as sent; INVALID where it is no group, table or value."""
    if group is not None and not isinstance(group, Mapping):
        yield INVALID
        return
    field, value = dict(members(schema))[keys[0]], (group or {}).get(keys[0])
    if field.inside is None:
        yield read(field, value)
    elif not field.repeats:
        yield from _values(field.inside, value, keys[1:])
    elif value is None or isinstance(value, list):
        for row in value or ():
            yield from _values(field.inside, row, keys[1:])
    else:
        yield INVALID


def _loaded(data: Any, keys: list[str]) -> Iterator[Any]:
    """The values of a group's valid data."""
    if not keys:
        yield data
    elif isinstance(data, list):
        for row in data:
            yield from _loaded(row, keys)
    else:
        yield from _loaded(data[keys[0]], keys[1:])
