"""Looks up controls in an edition's outline: by label, by pointer, and the bonus points."""

from collections.abc import Iterable, Iterator
from functools import cache

from service.catalog import Edition
from service.web.controls.outline import Block, Control, sections


@cache
def glosses(edition: Edition) -> dict[str, str]:
    """The English of each label."""
    controls = (part for part in parts(sections(edition)) if isinstance(part, Control))
    return {control.label: control.english for control in controls if control.english}


@cache
def kinds(edition: Edition) -> dict[str, str]:
    """The kind of each control, and "rows" of each table, by JSON Pointer with "*" for a row's number."""
    found = parts(sections(edition))
    return {part.pointer: part.kind for part in found if isinstance(part, Control) or part.kind == "rows"}


@cache
def bonus(edition: Edition) -> Control | None:
    """The points field outside the score sheet, if the form has one."""
    found = list(parts(sections(edition)))
    sheets = [part for part in found if isinstance(part, Block) and part.kind == "scores"]
    within = {part.pointer for sheet in sheets for part in parts(sheet.parts)}
    controls = (part for part in found if isinstance(part, Control) and part.pointer not in within)
    return next((control for control in controls if control.kind == "points"), None) if sheets else None


def parts(above: Iterable[Block | Control]) -> Iterator[Block | Control]:
    """These blocks and controls, each followed by those inside it."""
    for part in above:
        yield part
        if isinstance(part, Block):
            yield from parts(part.parts)
