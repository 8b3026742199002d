"""An edition's form with a mark in the place of each field: its template tells where each one is printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from marshmallow import Schema, fields

from schemas.fields import Line, Rows, Text, YesNo
from service import context
from service.catalog import Edition, nested
from service.extraction.characters import bare
from service.extraction.document import Document, load
from service.rendering import load_template
from service.submission import validate

_FIRST = 0xF0000  # plane 15, where no character is assigned
_LAST = 0xFFFFD
ROW = "*"


@dataclass(frozen=True)
class Slot:
    """Where a field is printed: its path of keys ("*" for a row), the field, and for yes/no which box."""

    path: tuple[str, ...]
    field: fields.Field[Any]
    option: bool | None = None

    @property
    def many(self) -> bool:
        """Whether its text may have several lines."""
        return isinstance(self.field, Text) and not isinstance(self.field, Line)


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The form with marks, the blank form, and the slot that each mark stands for."""

    edition: Edition
    document: Document
    blank: Document
    slots: dict[str, Slot]


def is_mark(character: str) -> bool:
    """Whether a character stands for a field."""
    return _FIRST <= ord(character) <= _LAST


def has_mark(text: str) -> bool:
    """Whether a field is printed in `text`."""
    return any(map(is_mark, text))


def fixed(text: str) -> str:
    """What is printed in `text` beside its fields, for comparing."""
    return bare("".join(character for character in text if not is_mark(character)))


def skeleton(edition: Edition) -> Skeleton:
    """The skeleton of an edition, made once for each state of its template. Raises TemplateFault."""
    return _made(edition, edition.template_path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _made(edition: Edition, modified: int) -> Skeleton:
    template = load_template(edition.template_path)
    slots: dict[str, Slot] = {}
    marked = _marked(edition.schema, (), slots, count(_FIRST))
    blank = context.build(validate(edition, {}))
    return Skeleton(edition, load(template.render(marked)), load(template.render(blank)), slots)


def _marked(
    schema: Schema, above: tuple[str, ...], slots: dict[str, Slot], numbers: count[int]
) -> dict[str, Any]:
    def mark(slot: Slot) -> str:
        character = chr(next(numbers))
        slots[character] = slot
        return character

    def show(field: fields.Field[Any], path: tuple[str, ...]) -> Any:
        if inner := nested(field):
            if isinstance(field, Rows):
                return [_marked(inner, (*path, ROW), slots, numbers)]
            return _marked(inner, path, slots, numbers)
        if isinstance(field, YesNo):
            return {"yes": mark(Slot(path, field, True)), "no": mark(Slot(path, field, False))}
        one = Slot(path, field)
        return [mark(one)] if one.many else mark(one)

    named = ((field.data_key or name, field) for name, field in schema.fields.items())
    return {key: show(field, (*above, key)) for key, field in named}
