"""What a fault is called in a list of many: its field's row or group, and official label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from service.catalog import Edition
from service.errors import FieldError
from service.web.controls import lookup, outline
from service.web.controls.outline import Block, Control
from service.web.pages import messages

_ROW = re.compile(r"/([0-9]+)(?=/|$)")


@dataclass(frozen=True)
class Named:
    """A fault as a list tells it: where it leads, its row, its label.

    `anchor` is the id of its field, or of the messages of its table; "" where there is none, as of the row.
    """

    at: str
    anchor: str
    row: str
    label: str
    message: str


@cache
def labels(edition: Edition) -> Mapping[str, str]:
    """The label of every field and group by JSON Pointer, with its row's or category's before it."""
    known = edition.labels()
    for block in _headed(outline.sections(edition)):
        for row in block.parts:
            for control in row.parts if isinstance(row, Block) else ():
                known[control.pointer] = f"{row.label} {control.label}"
    return known


def named(edition: Edition, error: FieldError, lang: str) -> Named:
    """An error in `lang`, "zh" or "en"."""
    row = _ROW.search(error.pointer)
    said = messages.of(lang)["in_row"].format(number=int(row[1]) + 1) if row else ""
    label = error.label if error.at else labels(edition).get(error.pointer, error.label)
    return Named(error.shown_at, _anchor(edition, error.shown_at), said, label, error.message.of(lang))


def _anchor(edition: Edition, pointer: str) -> str:
    kind = lookup.kinds(edition).get(_ROW.sub("/*", pointer))
    if kind is None:
        return ""
    return f"{'e' if kind == 'rows' else 'f'}{pointer}"


def _headed(parts: tuple[Block | Control, ...]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Block):
            if part.kind in ("matrix", "scores"):
                yield part
            yield from _headed(part.parts)
