"""What a form demands of several fields together: the base of rules, and how a group keeps its own.

A rule names fields by their keys from its group on, joined by dots: `head.phone`. It is kept wherever the
group is: in the form itself, in a group of any level, in each row of a table. Where a value is wrong by
itself, or a group or table is none, it says nothing about it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, cast

from marshmallow import Schema

from schemas.field_faults import MESSAGES, FieldFault, Messages, add
from schemas.fields import Field, Leaf
from schemas.remarks import INVALID, given, read
from schemas.tree import alike, by_key


class Sent:
    """What was sent for the fields that the rules of a group name."""

    def __init__(self, schema: Schema, group: Any) -> None:
        self._schema, self._group = schema, group

    @property
    def is_blank(self) -> bool:
        """Whether nothing in the group is filled in."""
        return all(value is None for value in given(self._schema, self._group).values())

    def value(self, name: str) -> Any:
        """The value of a field outside tables, or what a rule computes; None if blank, INVALID if none."""
        return self.values(name)[0]

    def values(self, name: str) -> list[Any]:
        """The values of a field, of a column one for each row."""
        return list(_values(self._schema, self._group, name.split(".")))

    def field(self, name: str) -> Leaf:
        """The field of a name."""
        return cast("Leaf", _field_at(self._schema, name)[0])


class Rule(ABC):
    """A rule for the fields `names`."""

    #: Messages in Chinese and English of its codes.
    faults: ClassVar[Messages]
    #: The types of the fields that it is for.
    takes: ClassVar[tuple[type, ...]]
    names: tuple[str, ...]
    #: Those of the names that are columns of a table, of `Rows` or of named rows.
    columns: tuple[str, ...] = ()
    #: Whether its fields must be of one type and unit, so that their values compare.
    compares: ClassVar[bool] = True

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        add(MESSAGES, cls.faults)

    @abstractmethod
    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        """Each name with the fault there."""

    def computed(self, sent: Sent) -> dict[str, Any]:
        """The values that fields of the group, by their keys, have if they are blank."""
        return {}


def check(schema: Schema, rules: Iterable[Rule]) -> None:
    """Raises ValueError for what a group's rules name and its schema does not have, or cannot compare."""
    for rule in rules:
        named = type(schema).__name__, type(rule).__name__
        kinds = set()
        for name in rule.names:
            field, in_table = _field_at(schema, name)
            kinds.add((type(field), getattr(field, "unit", "")))
            if not isinstance(field, rule.takes) or in_table != (name in rule.columns):
                raise ValueError(f"{named[0]}: {named[1]} is not for '{name}'")
        if rule.compares and len(kinds) > 1:
            raise ValueError(
                f"{named[0]}: {named[1]} wants fields of one type and unit: {', '.join(rule.names)}"
            )


def computed(schema: Schema, group: Any) -> dict[str, Any]:
    """What the rules of a group compute for its blank fields."""
    sent = Sent(schema, group)
    found = (rule.computed(sent) for rule in getattr(schema, "rules", ()))
    return {key: value for each in found for key, value in each.items()}


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


def _field_at(schema: Schema, name: str) -> tuple[Field, bool]:
    """The field of a name, and whether it is a column of a table. Raises ValueError without one."""
    inside: Schema | None = schema
    field, in_table = None, False
    for key in name.split("."):
        fields = by_key(inside) if inside else {}
        if inside and key not in fields and alike(inside):
            in_table, fields = True, by_key(cast("Schema", next(iter(fields.values())).inside))
        in_table = in_table or (field is not None and field.repeats)
        field = fields.get(key)
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
    fields, group = by_key(schema), group or {}
    if keys[0] not in fields:
        for key, row in fields.items():
            yield from _values(cast("Schema", row.inside), group.get(key), keys)
        return
    field, value = fields[keys[0]], group.get(keys[0])
    if field.inside is None:
        found = read(field, value)
        yield computed(schema, group).get(keys[0]) if found is None else found
    elif not field.repeats:
        yield from _values(field.inside, value, keys[1:])
    elif value is None or isinstance(value, list):
        for row in value or ():
            yield from _values(field.inside, row, keys[1:])
    else:
        yield INVALID
