"""A posted form as answers to read: what is printed of each field, and what is computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.remarks import INVALID, given
from schemas.tree import walk
from service.answers.changes import AnswerChange, printed
from service.catalog import Edition
from service.payload_json import pointer, pointer_of_any_row, value_at
from service.web.controls.posted_rows import rows_of


@dataclass(frozen=True)
class Answer:
    """What a field says: its lines as printed, as typed if it is `wrong`; none if it is blank.

    `picture` is the base64 text of one.
    """

    lines: tuple[str, ...] = ()
    picture: str = ""
    computed: bool = False
    wrong: bool = False


class Answers:
    """The answers of a posted form by JSON Pointer; `data` are the submission's, None if some are wrong.

    `changes` are those since the version that the form changes.
    """

    def __init__(
        self,
        edition: Edition,
        sent: Mapping[str, str],
        payload: Any,
        data: Mapping[str, Any] | None,
        changes: Sequence[AnswerChange] = (),
    ) -> None:
        self.changed = {each.pointer: each for each in changes}
        self._sent = sent
        self._parts: dict[str, list[str]] = {}  # the names of a field's controls, by its pointer
        for name in sent:
            self._parts.setdefault(name.rpartition("/")[0], []).append(name)
        self._fields = {pointer(path): field for path, field in walk(edition.schema)}
        found = given(edition.schema, payload, data)
        self._values = {pointer(path): value for path, value in found.items() if value is not None}
        self._computed = {
            pointer(path)
            for path, value in found.items()
            if value is not None and value_at(payload, path) is None
        }
        self._rows: dict[str, set[int]] = {}
        for table, number in (row for each in (*self._values, *self.changed) for row in rows_of(each)):
            self._rows.setdefault(table, set()).add(number)

    def at(self, pointer: str) -> Answer:
        """The answer of a field."""
        field: Any = self._fields[pointer_of_any_row(pointer)]
        value = self._values.get(pointer)
        if value is None:
            return Answer()
        if value is INVALID:
            return Answer(self._typed(pointer), wrong=True)
        if field.place:
            return Answer(picture=self._sent.get(pointer, ""))
        return Answer(printed(field, value), computed=pointer in self._computed)

    def rows(self, pointer: str) -> list[int]:
        """The numbers of a table's rows that are not blank, or were not."""
        return sorted(self._rows.get(pointer, ()))

    def sum(self, pointers: Iterable[str]) -> str:
        """The sum of the numbers of fields; "" if they have none."""
        values = (self._values.get(each) for each in pointers)
        numbers = [value for value in values if isinstance(value, Decimal)]
        return f"{sum(numbers, Decimal(0)).normalize():f}" if numbers else ""

    def _typed(self, pointer: str) -> tuple[str, ...]:
        """What was typed into the controls of a field, if it is text."""
        names = [pointer, *self._parts.get(pointer, ())]
        return tuple(line for name in names for line in self._sent.get(name, "").splitlines())
