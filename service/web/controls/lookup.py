"""Looks up controls in an edition's outline: their English, by pointer, and the bonus points."""

from collections.abc import Iterable, Iterator

from service.catalog import Edition
from service.object_cache import object_cache
from service.web.controls.outline import Block, Control, sections


@object_cache
def glosses(edition: Edition) -> dict[str, str]:
    """The English of each field and group by JSON Pointer, preceded by that of its row; "*" is any row."""
    found: dict[str, str] = {}
    for part in parts(sections(edition)):
        if part.pointer and part.english:
            found.setdefault(part.pointer, part.english)
        if isinstance(part, Block) and part.kind == "matrix":
            rows = (row for row in part.parts if isinstance(row, Block))
            inner = ((row, control) for row in rows for control in row.parts)
            found |= {each.pointer: f"{row.english}: {each.english}" for row, each in inner if each.english}
    return found


@object_cache
def anchors(edition: Edition) -> dict[str, str]:
    """The letter before its pointer in the id of each control, and of each table's messages.

    The pointers have "*" for a row's number.
    """
    found = list(parts(sections(edition)))
    tables = {part.pointer: "e" for part in found if isinstance(part, Block) and part.kind == "rows"}
    return tables | {part.pointer: "f" for part in found if isinstance(part, Control)}


@object_cache
def bonus(edition: Edition) -> Control | None:
    """The points field outside the score sheet, if the form has one."""
    found = list(parts(sections(edition)))
    sheets = [part for part in found if isinstance(part, Block) and part.kind == "scores"]
    within = {part.pointer for sheet in sheets for part in parts(sheet.parts)}
    controls = (part for part in found if isinstance(part, Control) and part.pointer not in within)
    return next((control for control in controls if control.adds == "points"), None) if sheets else None


def parts(above: Iterable[Block | Control]) -> Iterator[Block | Control]:
    """These blocks and controls, each followed by those inside it."""
    for part in above:
        yield part
        if isinstance(part, Block):
            yield from parts(part.parts)
