"""A posted form as answers to read: what is printed of each field, and what is computed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.remarks import INVALID, given
from schemas.tree import walk
from service.answers.changes import AnswerChange, printed
from service.catalog import Edition
from service.payload_json import pointer, pointer_of_any_row, value_at


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
        self._fields = {pointer(path): field for path, field in walk(edition.schema)}
        found = given(edition.schema, payload, data)
        self._values = {pointer(path): value for path, value in found.items() if value is not None}
        self._computed = {
            pointer(path)
            for path, value in found.items()
            if value is not None and value_at(payload, path) is None
        }

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
        row = re.compile(re.escape(pointer) + "/([0-9]+)/")
        return sorted(
            {int(match[1]) for each in (*self._values, *self.changed) if (match := row.match(each))}
        )

    def sum(self, pointers: Iterable[str]) -> str:
        """The sum of the numbers of fields; "" if they have none."""
        values = (self._values.get(each) for each in pointers)
        numbers = [value for value in values if isinstance(value, Decimal)]
        return f"{sum(numbers, Decimal(0)).normalize():f}" if numbers else ""

    def _typed(self, pointer: str) -> tuple[str, ...]:
        """What was typed into the controls of a field, if it is text."""
        names = [pointer, *(name for name in self._sent if name.startswith(f"{pointer}/"))]
        return tuple(line for name in names for line in self._sent.get(name, "").splitlines())
