"""Two payloads of an edition compared answer by answer, in words; rows of tables by what is in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema

from schemas.fields import Field, Leaf
from schemas.remarks import INVALID
from schemas.tree import Path, by_key, members
from service.answers.alignment import blocks
from service.answers.changes import answer_lines, answer_values
from service.answers.row_matching import Pair, matched
from service.answers.text_differences import Passage, passages, shortened
from service.catalog import Edition
from service.errors import Bilingual
from service.payload_json import pointer, value_at

CHANGED, ADDED, REMOVED, MOVED, UNKNOWN = "changed", "row_added", "row_removed", "row_moved", "unknown_field"

KINDS = (CHANGED, ADDED, REMOVED, MOVED, UNKNOWN)
_SHORT = 40  # characters of an answer that is shown whole


@dataclass(frozen=True)
class Difference:
    """An answer or a row that differs: the labels of its groups, its own, and its lines before and after.

    The pointers are those of each payload; None for a row that the other lacks. What the edition has no field
    for is "unknown_field", labelled by its pointer.
    """

    kind: str
    above: tuple[Bilingual, ...]
    label: Bilingual
    before_pointer: str | None
    after_pointer: str | None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def passages(self) -> list[Passage]:
        """What differs within two texts of some length, kept passages cut in their middle; else nothing."""
        before, after = "\n".join(self.before), "\n".join(self.after)
        is_text = self.kind == CHANGED and min(len(before), len(after)) > _SHORT
        return list(shortened(passages(before, after))) if is_text else []


@dataclass(frozen=True)
class _Group:
    """A group of fields: the payload that it is in, the values of all fields by path, and its own path."""

    payload: Any
    values: Mapping[Path, Any]
    at: Path = ()

    def below(self, key: str | int) -> "_Group":
        return replace(self, at=(*self.at, key))

    @property
    def pointer(self) -> str:
        return pointer(self.at)

    def value(self) -> Any:
        """The value of a field; of one that it refuses, what was sent."""
        found = self.values.get(self.at)
        return value_at(self.payload, self.at) if found is INVALID else found

    def lines(self, field: Leaf) -> tuple[str, ...]:
        return answer_lines(field, self.values.get(self.at), value_at(self.payload, self.at))

    def row(self) -> dict[Path, Any]:
        """The fields of a row that are filled in, by their paths in it."""
        paths = (path for path, value in self.values.items() if value is not None)
        own = (path for path in paths if path[: len(self.at)] == self.at)
        return {path[len(self.at) :]: replace(self, at=path).value() for path in own}

    def rows(self) -> list["_Group"]:
        """The rows of a table that are not blank."""
        paths = (path for path, value in self.values.items() if value is not None)
        keys = {path[len(self.at)] for path in paths if path[:-1][: len(self.at)] == self.at}
        return [self.below(key) for key in sorted(key for key in keys if isinstance(key, int))]


def compare(edition: Edition, before: Any, after: Any) -> list[Difference]:
    """What differs between two payloads, in the form's order; and last what the edition has no field for."""
    sides = (before, after)
    old, new = (_Group(*each) for each in zip(sides, answer_values(edition, *sides), strict=True))
    return [*_fields(edition.schema, old, new, ()), *_unknown(edition.schema, before, after)]


def _fields(schema: Schema, old: _Group, new: _Group, above: tuple[Bilingual, ...]) -> Iterator[Difference]:
    for key, field in members(schema):
        one, other, label = old.below(key), new.below(key), _label(field)
        if field.repeats:
            yield from _rows(field, one, other, (*above, label))
        elif field.inside is not None:
            yield from _fields(field.inside, one, other, (*above, label))
        elif one.value() != other.value():
            lines = one.lines(field), other.lines(field)
            yield Difference(CHANGED, above, label, one.pointer, other.pointer, *lines)


def _rows(table: Any, old: _Group, new: _Group, above: tuple[Bilingual, ...]) -> Iterator[Difference]:
    before, after = old.rows(), new.rows()
    pairs = matched([row.row() for row in before], [row.row() for row in after])
    moved = _moved(pairs)
    for one, other in pairs:
        if one is None or other is None:
            yield _lonely(
                table, above, None if one is None else before[one], None if other is None else after[other]
            )
            continue
        was, now = before[one], after[other]
        if one in moved:
            yield Difference(
                MOVED, above, _number(now), was.pointer, now.pointer, (_number(was).zh,), (_number(now).zh,)
            )
        yield from _fields(table.inside, was, now, (*above, _number(now)))


def _moved(pairs: Sequence[Pair]) -> set[int]:
    """The rows before that are in another order after."""
    order = [one for one, other in pairs if one is not None and other is not None]
    straight = sorted(order)
    kept = {each for block in blocks(straight, order) if block.equal for each in straight[block.before]}
    return set(order) - kept


def _lonely(table: Any, above: tuple[Bilingual, ...], was: _Group | None, now: _Group | None) -> Difference:
    """A row that only one side has, with all that it says."""
    row = was or now
    assert row
    lines = tuple(_said(table.inside, row))
    before, after = (lines, ()) if was else ((), lines)
    one, other = (group.pointer if group else None for group in (was, now))
    return Difference(REMOVED if was else ADDED, above, _number(row), one, other, before, after)


def _said(schema: Schema, row: _Group) -> Iterator[str]:
    """What is filled in of a row, a line a field."""
    for key, field in members(schema):
        here = row.below(key)
        if field.repeats:
            for each in here.rows():
                yield from _said(field.inside, each)
        elif field.inside is not None:
            yield from _said(field.inside, here)
        elif lines := here.lines(field):
            yield f"{field.title}：{' '.join(lines)}"


def _unknown(schema: Schema, before: Any, after: Any) -> Iterator[Difference]:
    """What differs of keys that the edition has no field for, as an edition of another time may have had."""
    sides = [dict(_strange(schema, payload, ())) for payload in (before, after)]
    for path in sorted({*sides[0], *sides[1]}, key=str):
        one, other = (side.get(path) for side in sides)
        if one != other:
            lines = [() if value is None else (str(value),) for value in (one, other)]
            name = pointer(path)
            yield Difference(UNKNOWN, (), Bilingual(name, name), name, name, *lines)


def _strange(schema: Schema, payload: Any, above: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in payload.items() if isinstance(payload, Mapping) else ():
        field: Any = by_key(schema).get(key)
        if field is None:
            yield (*above, key), value
        elif field.repeats:
            for number, row in enumerate(value if isinstance(value, list) else ()):
                yield from _strange(field.inside, row, (*above, key, number))
        elif field.inside is not None:
            yield from _strange(field.inside, value, (*above, key))


def _label(field: Field) -> Bilingual:
    return Bilingual(field.title, field.gloss)


def _number(row: _Group) -> Bilingual:
    number = int(row.at[-1]) + 1
    return Bilingual(f"第{number}行", f"row {number}")
