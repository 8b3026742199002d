"""Samples of a form's next year: those of the year before, with what changed."""

import copy
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import Schema

from schemas.rules import Total
from schemas.tree import members
from service.form_authoring import sample_values
from service.form_authoring.form_plan import FormPlan
from service.form_changes.next_plan import NextField, NextForm
from service.form_changes.schema_fields import Keys


def changed(old: Mapping[str, Any], schema: Schema, form: NextForm, *, is_full: bool) -> dict[str, Any]:
    """A sample without what was removed, and with what the new blank asks otherwise; all of it if full."""
    sample = copy.deepcopy(dict(old))
    for each in form.removed:
        _remove(sample, each.path)
    for found in form.fields:
        held = _inside(sample, found.path[:-1], is_full and found.was is None)
        if held is None:
            continue
        key = found.path[-1]
        if (found.was is None and is_full) or (key in held and (found.is_other or found.is_limited)):
            held[key] = _value(found)
    for path, total in _totals(schema):
        _sum(sample, path, total)
    return sample


def _totals(schema: Schema, above: Keys = ()) -> Iterator[tuple[Keys, Total]]:
    """The totals that the rules of a schema know, each with the keys down to its group."""
    yield from ((above, each) for each in getattr(schema, "rules", ()) if isinstance(each, Total))
    for key, field in members(schema):
        if field.inside is not None and not field.repeats:
            yield from _totals(field.inside, (*above, key))


def _sum(sample: dict[str, Any], path: Keys, total: Total) -> None:
    """Makes a total that the sample has the sum of its column."""
    held = _inside(sample, path, False)
    listed, _, column = total.columns[0].partition(".")
    if held is None or total.at not in held or not isinstance(held.get(listed), list | dict):
        return
    rows = held[listed].values() if isinstance(held[listed], dict) else held[listed]
    numbers = [row[column] for row in rows if row.get(column) is not None]
    if numbers:
        held[total.at] = type(numbers[0])(sum(Decimal(str(each)) for each in numbers))


def _value(found: NextField) -> Any:
    return sample_values.full(FormPlan((found.field,)))[found.field.key]


def _inside(sample: dict[str, Any], path: Keys, may_make: bool) -> dict[str, Any] | None:
    """The group at a path, made if it may be."""
    held: Any = sample
    for key in path:
        held = held.setdefault(key, {}) if may_make else held.get(key)
        if not isinstance(held, dict):
            return None
    return held if isinstance(held, dict) else None


def _remove(sample: dict[str, Any], path: Keys) -> None:
    """Takes out a value, and the groups that are empty then."""
    held = _inside(sample, path[:-1], False)
    if held is not None:
        held.pop(path[-1], None)
        if not held and len(path) > 1:
            _remove(sample, path[:-1])
