"""The rules between fields: a total, a number at most another, dates in order, one of several filled in."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, cast

from marshmallow import ValidationError

from schemas.bilingual import Bilingual
from schemas.field_faults import FieldFault, Messages
from schemas.fields import Day, Leaf, Month
from schemas.fields.amounts.number import Number
from schemas.fields.dates import written_dates
from schemas.remarks import INVALID, worded
from schemas.rule import Rule, Sent


class Total(Rule):
    """The sum of a table's column, in the field `at` of the group: computed if it is blank, else checked.

    It is a value of that field, or its fault. None without any number in the column.
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
        total, numbers = sent.value(self.at), self._numbers(sent)
        if {None, INVALID} & {total, *numbers}:
            return
        if total != sum(numbers):
            yield self.at, FieldFault("total_mismatch", {"total": total, "sum": sum(numbers)})
        try:
            sent.field(self.at).read(total)
        except ValidationError as error:  # of a total that was computed: another is INVALID
            yield from ((self.at, fault) for fault in cast("list[FieldFault]", error.messages))

    def computed(self, sent: Sent) -> dict[str, Any]:
        numbers = self._numbers(sent)
        return {self.at: sum(numbers)} if numbers and INVALID not in numbers else {}

    def _numbers(self, sent: Sent) -> list[Any]:
        return [each for each in sent.values(*self.columns) if each is not None]


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
            named = {"value": worded(value), "other": worded(other), "label": sent.field(most).title}
            yield at, FieldFault("above_other", named)


class Ordered(Rule):
    """Dates, none of which is before one named earlier; blank ones are passed over."""

    faults: ClassVar[Messages] = {
        "out_of_order": (
            "早于“{label}”（{other}），请改正其中一个日期。",
            "Is before {label} ({other}): correct one of the dates.",
        ),
    }
    takes = (Day, Month)

    def __init__(self, *names: str) -> None:
        self.names = names

    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        before, latest = "", date.min
        for name in self.names:
            value = sent.value(name)
            if value is None or value is INVALID:
                continue
            if value < latest:
                field = sent.field(before)
                named = {"label": field.title, "other": written_dates.worded(field, latest)}
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
    compares = False

    def __init__(self, *names: str) -> None:
        self.names = names

    def broken(self, sent: Sent) -> Iterator[tuple[str, FieldFault]]:
        if all(sent.value(name) is None for name in self.names) and not sent.is_blank:
            titles = [sent.field(name).title for name in self.names]
            labels = Bilingual("、".join(f"“{title}”" for title in titles), ", ".join(titles))
            yield self.names[0], FieldFault("none_filled", {"labels": labels})
