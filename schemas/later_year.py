"""What the schema of a later year takes over from the year before: renamed fields, rules without some."""

import copy
from collections.abc import Iterable
from typing import Any, TypeVar

from schemas.advice import Advice
from schemas.fields import Field
from schemas.form_schema import FieldGroup
from schemas.rule import Rule

_Named = TypeVar("_Named", str, Rule, Advice)


def renamed(group: type[FieldGroup], name: str, title: str) -> Any:
    """The field `name` of a group with another official label."""
    field: Field = copy.deepcopy(group._declared_fields[name])  # type: ignore[assignment]
    field.metadata = {**field.metadata, "title": title}
    return field


def without(declared: Iterable[_Named], *gone: str) -> tuple[_Named, ...]:
    """Rules, advice, what is expected or searchable, without those that name a field that is gone.

    Fields are named by their keys, joined by dots; of a table's rows with or without *.
    """
    return tuple(each for each in declared if not any(_is_in(name, gone) for name in _names(each)))


def _names(declared: _Named) -> tuple[str, ...]:
    return (declared,) if isinstance(declared, str) else declared.names


def _is_in(name: str, gone: tuple[str, ...]) -> bool:
    plain = name.replace(".*", "")
    return any(f"{plain}.".startswith(f"{each.replace('.*', '')}.") for each in gone)
