"""The totals of a planned form's lists: fields that hold the sum of a column."""

from collections.abc import Iterator
from typing import NamedTuple

from service.extraction.characters import ends_in_sum
from service.form_authoring.form_plan import FormPlan, PlannedField

_NUMBERS = {"Count", "Decimal", "Money"}


class Sum(NamedTuple):
    """A total: the key of its group ("" for the form), the column as `list.key`, and its own key."""

    group: str
    column: str
    at: str


def totals(plan: FormPlan) -> list[Sum]:
    """The totals of the lists: numbers named 合计·金额 in the table of a list with that column."""
    return list(_found(plan))


def _found(plan: FormPlan) -> Iterator[Sum]:
    fields = list(plan.fields())
    for path, field in fields:
        head, _, name = field.title.rpartition("·")
        if field.type.name not in _NUMBERS or not ends_in_sum(head):
            continue
        for above, rows in fields:
            beside = above[:-1] == path[:-1] and rows.place.where.table == field.place.where.table
            column = next((each for each in rows.columns if beside and _sums(field, each, name)), None)
            if column:
                yield Sum("".join(path[:-1]), f"{rows.key}.{column.key}", field.key)
                break


def _sums(total: PlannedField, column: PlannedField, name: str) -> bool:
    return column.title == name and column.type == total.type
