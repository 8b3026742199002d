"""The entries of a page's error list: row or group of the field, and official label."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog import Edition
from service.errors import FieldError
from service.object_cache import object_cache
from service.payload_json import pointer_of_any_row
from service.web.controls import lookup, outline
from service.web.controls.outline import Block
from service.web.pages import error_texts, messages

_ROW = re.compile(r"/([0-9]+)(?=/|$)")


@dataclass(frozen=True)
class ListedError:
    """An error in the list: its field, row and label.

    `anchor` is the id of the field, or of its table's messages, else ""; `row` is "" outside tables.
    """

    at: str
    anchor: str
    row: str
    label: str
    gloss: str
    message: str


@object_cache
def labels(edition: Edition) -> Mapping[str, str]:
    """The label of every field and group by JSON Pointer, preceded by that of its row or category."""
    rows = {
        control.pointer: f"{row.label} {control.label}"
        for row in _labelled_rows(edition)
        for control in row.parts
    }
    return {**edition.labels(), **rows}


def _labelled_rows(edition: Edition) -> Iterator[Block]:
    """The rows of matrices and the categories of score sheets."""
    for part in lookup.parts(outline.sections(edition)):
        if isinstance(part, Block) and part.kind in ("matrix", "scores"):
            yield from (row for row in part.parts if isinstance(row, Block))


def listed(edition: Edition, error: FieldError, lang: str) -> ListedError:
    """The entry of an error in `lang`, "zh" or "en"."""
    in_row = messages.of(lang)["in_row"]
    row_name = " ".join(in_row.format(number=int(number) + 1) for number in _ROW.findall(error.pointer))
    label = error.label if error.at else labels(edition).get(error.pointer, error.label)
    gloss = gloss_of(edition, error, lang)
    anchor = _anchor(edition, error.shown_at)
    return ListedError(
        error.shown_at,
        anchor,
        row_name,
        label,
        f" ({gloss})" * bool(gloss),
        error_texts.of_fault(error, lang),
    )


def gloss_of(edition: Edition, error: FieldError, lang: str) -> str:
    """The English of an error's label, on an English page; "" if the form gives none."""
    if lang != "en":
        return ""
    glosses = lookup.glosses(edition)
    joint = next((each["fields"] for each in edition.limits() if error.at and error.at in each["fields"]), ())
    fields = joint or (pointer_of_any_row(error.pointer),)
    return ", ".join(filter(None, map(glosses.get, fields)))


def _anchor(edition: Edition, pointer: str) -> str:
    letter = lookup.anchors(edition).get(pointer_of_any_row(pointer))
    return f"{letter}{pointer}" if letter else ""
