"""The layout of an edition's form page: sections, groups and controls in the official order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from marshmallow import Schema

from schemas.bilingual import Bilingual
from schemas.fields import Field, Leaf, Rows
from schemas.fields.aspects import PageControl, Sum
from schemas.tree import alike, members
from service.catalog import Edition
from service.object_cache import object_cache
from service.web.controls import official_text

NO_HELP = Bilingual("", "")
NO_UNIT = Bilingual("", "")
#: The English of units, where it is not left out.
_UNITS = {
    "万元": "10,000 yuan",
    "元": "yuan",
    "平方米": "m²",
    "平方公里": "km²",
    "亩": "mu",
    "分": "points",
    "年": "years",
    "%": "%",
}
_ROWS, _WITHIN = 3, 1  # of a table, and of one within a row, if fewer are filled


@dataclass(frozen=True)
class Control:
    """One field of the form, `drawn` as its type says. `pointer` has "*" for a row's number.

    `adds` is what a sum of such fields is.
    """

    pointer: str
    label: str
    drawn: PageControl
    adds: Sum = ""
    unit: Bilingual = NO_UNIT
    english: str = ""
    help: Bilingual = NO_HELP
    caption: str = ""


@dataclass(frozen=True)
class Block:
    """A group of controls and blocks.

    `kind`: "section", "group", "fields" (controls side by side), "captioned" (fields under one caption),
    "matrix" (a group a row, the same columns), "rows" (the controls of each row of a table, and the block of
    those within it) or "scores". For rows, `minimum` is how many are shown at least, `maximum` how many there
    may be, and `summed` the column whose amounts are totalled, if any.
    """

    kind: str
    pointer: str
    label: str
    english: str
    parts: "tuple[Block | Control, ...]"
    minimum: int = 0
    maximum: int = 0
    summed: Control | None = None
    help: Bilingual = NO_HELP


@object_cache
def sections(edition: Edition) -> tuple[Block, ...]:
    """The sections of an edition; top-level fields without a numbered heading form one section."""
    parts = _Reader(edition).parts(edition.schema, "")
    made: list[Block] = []
    for part in parts:
        heading = official_text.of(edition).heading(part.label)
        if part.kind == "fields":
            made += _split(edition, part)
        elif part.kind == "group":
            made.append(replace(part, kind="section", label=heading))
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
        made = [self._part(field, f"{above}/{key}") for key, field in members(schema)]
        return tuple(self._runs(made))

    def _runs(self, parts: list[Block | Control]) -> Iterator[Block]:
        for caption, run in groupby(parts, lambda part: part.caption if isinstance(part, Control) else None):
            found = tuple(run)
            if caption is None:
                yield from (part for part in found if isinstance(part, Block))
            else:
                yield Block(
                    "captioned" if caption else "fields",
                    "",
                    caption,
                    self._edition.schema.english(caption),
                    found,
                )

    def _part(self, field: Field, pointer: str) -> Block | Control:
        if field.inside is None:
            return self._control(field, pointer)
        inner, label, english = field.inside, field.title, field.gloss
        if field.repeats:
            return self._rows(field, pointer)
        within = [each for _, each in members(inner)]
        if all(each.inside is None and each.adds == "points" for each in within):
            kind, parts = "scores", tuple(self._scores(inner, pointer))
        elif _is_matrix(inner):
            kind, parts = "matrix", tuple(self._matrix(inner, pointer))
        else:
            kind, parts = "group", self.parts(inner, pointer)
        return Block(kind, pointer, label, english, parts, help=field.help)

    def _rows(self, table: Rows, pointer: str) -> Block:
        parts = tuple(self._row(table.inside, f"{pointer}/*"))
        amounts = (each for part in parts for each in ([part.summed] if isinstance(part, Block) else [part]))
        summed = next((control for control in amounts if control and control.adds == "amounts"), None)
        least = max(table.minimum, _WITHIN if "/*/" in pointer else _ROWS)
        return Block(
            "rows",
            pointer,
            table.title,
            table.gloss,
            parts,
            min(least, table.maximum),
            table.maximum,
            summed,
            table.help,
        )

    def _row(self, schema: Schema, above: str) -> Iterator[Block | Control]:
        """The controls of a row, those of its groups labelled with them, and the block of the rows within."""
        for key, field in members(schema):
            pointer = f"{above}/{key}"
            if field.inside is None:
                yield self._control(field, pointer)
            elif field.repeats:
                yield self._rows(field, pointer)
            else:
                inner = self._row(field.inside, pointer)
                yield from (
                    replace(
                        part,
                        label=f"{field.title} {part.label}",
                        english=f"{field.gloss}: {part.english}" if field.gloss and part.english else "",
                    )
                    for part in inner
                )

    def _matrix(self, schema: Schema, above: str) -> Iterator[Block]:
        for key, field in members(schema):
            pointer = f"{above}/{key}"
            controls = tuple(self._leaves(field.inside, pointer)) if field.inside else ()
            yield Block("group", pointer, field.title, field.gloss, controls)

    def _leaves(self, schema: Schema, above: str) -> Iterator[Control]:
        for key, field in members(schema):
            if field.inside is None:
                yield self._control(field, f"{above}/{key}")

    def _scores(self, schema: Schema, above: str) -> Iterator[Block]:
        """Yields one group per category, its indicators with the text of the official sheet."""
        controls = list(self._leaves(schema, above))
        rows = self._printed.indicators()
        if [points for _, _, points in rows] != [control.drawn.maximum for control in controls]:
            rows = [("", control.label, 0) for control in controls]
        for category, run in groupby(
            zip(controls, rows, strict=True),
            lambda pair: pair[0].pointer.rpartition("/")[2].partition(".")[0],
        ):
            found = list(run)
            label = found[0][1][0] or found[0][0].label.partition(" ")[0]
            indicators = tuple(
                replace(
                    control,
                    label=control.pointer.rpartition("/")[2],
                    unit=NO_UNIT,
                    help=Bilingual(row[1], control.english),
                )
                for control, row in found
            )
            yield Block(
                "group", f"{above}/{category}", label, self._edition.schema.english(label), indicators
            )

    def _control(self, field: Leaf, pointer: str) -> Control:
        return Control(
            pointer=pointer,
            label=field.title,
            drawn=field.control,
            adds=field.adds,
            unit=_unit(self._printed.unit(field.title) or _unless_in(field.title, field.control.unit)),
            english=field.gloss,
            help=self._help(field),
            caption=self._printed.caption(field.title, field.options) if field.options else "",
        )

    def _help(self, field: Leaf) -> Bilingual:
        """The help of a field; without one its description, or what the score sheet prints beside it."""
        if field.help != NO_HELP:
            return field.help
        zh, _, en = str(field.metadata.get("description", "")).partition(" / ")
        if field.adds == "points" and not zh:
            zh = self._printed.after(field.title.rpartition(" ")[2])
        return Bilingual(zh, en[:1].upper() + en[1:])


def _unit(unit: str) -> Bilingual:
    return Bilingual(unit, _UNITS.get(unit, ""))


def _is_matrix(schema: Schema) -> bool:
    """Whether these are groups of the same fields, each of which takes one entry."""
    rows = [field.inside for _, field in members(schema) if field.inside is not None]
    return (
        len(rows) > 1
        and alike(schema)
        and all(each.inside is None and each.control.entry for _, each in members(rows[0]))
    )


def _unless_in(title: str, unit: str) -> str:
    """The unit of a control, "" if its label names it."""
    return "" if unit in title else unit
