"""Look-ups in the outline of an edition: by label, by pointer, and the points beside its score sheet."""

from collections.abc import Iterator
from functools import cache

from service.catalog import Edition
from service.web.controls.outline import Block, Control, sections


@cache
def glosses(edition: Edition) -> dict[str, str]:
    """The English of each label."""
    controls = (control for block in sections(edition) for control in _controls(block))
    return {control.label: control.english for control in controls if control.english}


@cache
def kinds(edition: Edition) -> dict[str, str]:
    """The kind of each control, and "rows" of each table, by JSON Pointer with "*" for a row's number."""
    found = {control.pointer: control.kind for block in sections(edition) for control in _controls(block)}
    return found | {block.pointer: "rows" for block in _blocks(edition) if block.kind == "rows"}


@cache
def bonus(edition: Edition) -> Control | None:
    """The points beside the score sheet, if the form has such."""
    sheets = [block for block in _blocks(edition) if block.kind == "scores"]
    within = {control.pointer for sheet in sheets for control in _controls(sheet)}
    controls = (control for block in sections(edition) for control in _controls(block))
    beside = (each for each in controls if each.kind == "points" and each.pointer not in within)
    return next(beside, None) if sheets else None


def _blocks(edition: Edition) -> Iterator[Block]:
    waiting: list[Block | Control] = [*sections(edition)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Block):
            yield part
            waiting += part.parts


def _controls(block: Block) -> Iterator[Control]:
    for part in block.parts:
        if isinstance(part, Block):
            yield from _controls(part)
        else:
            yield part
