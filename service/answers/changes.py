"""The answers that differ between two payloads of an edition, as they are printed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from schemas.fields import Leaf
from schemas.remarks import INVALID, given
from schemas.tree import Path, any_row, walk
from service.catalog import Edition
from service.errors import InvalidPayload
from service.payload_json import value_at
from service.submission import place, validate


@dataclass(frozen=True)
class AnswerChange:
    """An answer that differs: its pointer, its official label, its lines before and after, none if blank."""

    pointer: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def answer_changes(edition: Edition, before: Any, after: Any) -> Iterator[AnswerChange]:
    """The answers that differ between two payloads, in the form's order; rows are compared by their numbers.

    What is computed counts where both payloads are valid; else answers are compared as they were sent.
    """
    fields = dict(walk(edition.schema))
    old, new = answer_values(edition, before, after)
    for path in sorted({*old, *new}, key=_order(fields)):
        field: Any = fields[any_row(path)]
        if field.repeats:
            continue
        was, now = (
            (values.get(path), value_at(sent, path)) for values, sent in ((old, before), (new, after))
        )
        if was[0] != now[0] or (was[0] is INVALID and was != now):
            yield AnswerChange(*place(edition, path), answer_lines(field, *was), answer_lines(field, *now))


def printed(field: Leaf, value: Any) -> tuple[str, ...]:
    """The lines of a value as printed: of boxes the words that are ticked, of a picture its label."""
    if field.place:
        return (field.title,)
    if field.shape == "boxes":
        return (str(field.to_cell(value)),)
    shown = field.shown(value)
    if isinstance(shown, dict):
        return tuple(shown.values())
    if field.shape == "lines":
        return tuple(shown)
    return ("".join(shown).strip() if isinstance(shown, list) else str(shown),)


def answer_lines(field: Leaf, value: Any, sent: Any) -> tuple[str, ...]:
    """The lines of a value, none if it is blank; of one that its field refuses, what was sent."""
    if value is None:
        return ()
    return tuple(str(sent).splitlines()) if value is INVALID else printed(field, value)


def answer_values(edition: Edition, *payloads: Any) -> list[dict[Path, Any]]:
    """The values of payloads by path (`schemas.remarks.given`), what is computed only if all are valid."""
    try:
        loaded = [validate(edition, payload).data for payload in payloads]
    except InvalidPayload:
        return [given(edition.schema, payload) for payload in payloads]
    return [given(edition.schema, *each) for each in zip(payloads, loaded, strict=True)]


def _order(fields: dict[Path, Any]) -> Callable[[Path], tuple[int, ...]]:
    """The place of a path in the form, for sorting."""
    numbers = {path: number for number, path in enumerate(fields)}

    def at(path: Path) -> tuple[int, ...]:
        keys = enumerate(path, start=1)
        return tuple(key if isinstance(key, int) else numbers[any_row(path[:end])] for end, key in keys)

    return at
