"""The layout of an edition's form page: sections, groups and controls in the official order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from marshmallow import Schema, fields

from schemas.fields import (
    FIRST_YEAR,
    MONEY_MAXIMUM,
    STEP,
    Count,
    Day,
    Email,
    Line,
    Money,
    Phone,
    Points,
    Rows,
    Text,
    YesNo,
)
from service.catalog import Edition, nested
from service.web.controls import official_text

# Field class → kind of control and width in quarters of the form; the first match counts.
_KINDS: tuple[tuple[type[fields.Field[Any]], str, int], ...] = (
    (Phone, "phone", 2),
    (Email, "email", 2),
    (Line, "line", 2),
    (Text, "text", 4),
    (YesNo, "yesno", 2),
    (Day, "date", 2),
    (Count, "count", 1),
    (Money, "money", 1),
    (Points, "points", 1),
)
_FIRST, _LAST = date(FIRST_YEAR, 1, 1).isoformat(), date.max.isoformat()
_STEPS = {"money": "0.01", "points": str(STEP)}


@dataclass(frozen=True)
class Control:
    """One field of the form. `pointer` has "*" for a row's number.

    `maximum` is in characters, points or 万元; `step` is the step of points and amounts, else "";
    `first` and `last` are the range of a date, else "".
    """

    pointer: str
    label: str
    kind: str
    width: int
    unit: str = ""
    english: str = ""
    help: str = ""
    help_english: str = ""
    caption: str = ""
    maximum: int | Decimal | None = None
    step: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Block:
    """A group of controls and blocks.

    `kind`: "section", "group", "fields" (controls side by side), "captioned" (fields under one caption),
    "matrix" (a group a row, the same columns), "rows" (the controls of each row of a table) or "scores".
    For rows, `maximum` is their maximum number, and `summed` the column whose amounts are totalled, if any.
    """

    kind: str
    pointer: str
    label: str
    english: str
    parts: "tuple[Block | Control, ...]"
    maximum: int = 0
    summed: Control | None = None


@cache
def sections(edition: Edition) -> tuple[Block, ...]:
    """The sections of an edition; top-level fields without a numbered heading form one section.

    Raises TypeError for a field type without a control.
    """
    parts = _Reader(edition).parts(edition.schema, "")
    made: list[Block] = []
    for part in parts:
        heading = official_text.of(edition).heading(part.label)
        if part.kind == "fields":
            made += _split(edition, part)
        elif part.kind == "group":
            made.append(Block("section", part.pointer, heading, part.english, part.parts))
        else:
            made.append(Block("section", part.pointer, heading, part.english, (part,)))
    return tuple(made)


def _split(edition: Edition, block: Block) -> Iterator[Block]:
    """Splits a run of controls at numbered headings into sections."""
    heading = official_text.of(edition).heading

    def numbered(control: Any) -> str:
        return "" if heading(control.label) == control.label else str(control.pointer)

    for pointer, run in groupby(block.parts, numbered):
        controls = tuple(run)
        first = controls[0]
        label = heading(first.label) if pointer else ""
        fields_block = Block("fields", "", "", "", controls)
        yield Block("section", first.pointer, label, first.english if pointer else "", (fields_block,))


class _Reader:
    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._printed = official_text.of(edition)

    def parts(self, schema: Schema, above: str) -> tuple[Block, ...]:
        """The fields of a schema: controls in runs, groups between them."""
        made: list[Block | Control] = []
        for name, field in schema.fields.items():
            key = field.data_key or name
            pointer = f"{above}/{key}"
            made.append(self._block(field, pointer, key) or self._control(field, pointer, key))
        return tuple(self._runs(made))

    def _runs(self, parts: list[Block | Control]) -> Iterator[Block]:
        for caption, run in groupby(parts, lambda part: part.caption if isinstance(part, Control) else None):
            found = tuple(run)
            if caption is None:
                yield from (part for part in found if isinstance(part, Block))
            else:
                yield Block("captioned" if caption else "fields", "", caption, "", found)

    def _block(self, field: fields.Field[Any], pointer: str, key: str) -> Block | None:
        inner = nested(field)
        if inner is None:
            return None
        label, english = str(field.metadata["title"]), _english(key)
        if isinstance(field, Rows):
            controls = tuple(self._leaves(inner, f"{pointer}/*"))
            summed = next((control for control in controls if control.kind == "money"), None)
            return Block("rows", pointer, label, english, controls, field.maximum, summed)
        within = [nested(each) for each in inner.fields.values()]
        if all(isinstance(each, Points) for each in inner.fields.values()):
            return Block("scores", pointer, label, english, tuple(self._scores(inner, pointer)))
        if len(within) > 1 and within[0] and len({type(each) for each in within}) == 1:
            return Block("matrix", pointer, label, english, tuple(self._matrix(inner, pointer)))
        return Block("group", pointer, label, english, self.parts(inner, pointer))

    def _matrix(self, schema: Schema, above: str) -> Iterator[Block]:
        for name, field in schema.fields.items():
            key = field.data_key or name
            pointer = f"{above}/{key}"
            if (inner := nested(field)) is None:
                raise self._undrawn(field, pointer)
            controls = tuple(self._leaves(inner, pointer))
            yield Block("group", pointer, str(field.metadata["title"]), _english(key), controls)

    def _leaves(self, schema: Schema, above: str) -> Iterator[Control]:
        for name, field in schema.fields.items():
            key = field.data_key or name
            yield self._control(field, f"{above}/{key}", key)

    def _scores(self, schema: Schema, above: str) -> Iterator[Block]:
        """Yields one group per category, its indicators with the text of the official sheet."""
        controls = list(self._leaves(schema, above))
        rows = self._printed.indicators()
        if [points for _, _, points in rows] != [control.maximum for control in controls]:
            rows = [("", control.label, 0) for control in controls]
        for category, run in groupby(
            zip(controls, rows, strict=True),
            lambda pair: pair[0].pointer.rpartition("/")[2].partition(".")[0],
        ):
            found = list(run)
            label = found[0][1][0] or found[0][0].label.partition(" ")[0]
            indicators = tuple(
                replace(control, label=control.pointer.rpartition("/")[2], unit="", english="", help=row[1])
                for control, row in found
            )
            yield Block("group", f"{above}/{category}", label, "", indicators)

    def _control(self, field: fields.Field[Any], pointer: str, key: str) -> Control:
        drawn = next(((kind, width) for type_, kind, width in _KINDS if isinstance(field, type_)), None)
        if drawn is None:
            raise self._undrawn(field, pointer)
        kind, width = drawn
        label = str(field.metadata["title"])
        zh, _, en = str(field.metadata.get("description", "")).partition(" / ")
        if kind == "points" and not zh:
            zh = self._printed.after(label.rpartition(" ")[2])
        return Control(
            pointer=pointer,
            label=label,
            kind=kind,
            width=width,
            unit=self._printed.unit(label),
            english=_english(key),
            help=zh,
            help_english=en[:1].upper() + en[1:],
            caption=self._printed.caption(label) if kind == "yesno" else "",
            maximum=_maximum(field),
            step=_STEPS.get(kind, ""),
            first=_FIRST if kind == "date" else "",
            last=_LAST if kind == "date" else "",
        )

    def _undrawn(self, field: fields.Field[Any], pointer: str) -> TypeError:
        where = f"{self._edition.form} {self._edition.year}, {pointer}"
        return TypeError(f"{where}: no control for a field of type {type(field).__name__}")


def _maximum(field: fields.Field[Any]) -> int | Decimal | None:
    if isinstance(field, (Text, Points)):
        return field.maximum
    return MONEY_MAXIMUM if isinstance(field, Money) else None


def _english(key: str) -> str:
    """A key as English words; a word without a vowel is an abbreviation."""
    words = [word if set(word) & set("aeiouy") else word.upper() for word in key.split("_")]
    text = " ".join(words)
    return "" if "." in text else text[:1].upper() + text[1:]
