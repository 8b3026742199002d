"""Joins boxes on a page: those on one line, or all."""

from collections.abc import Iterable, Sequence

from service.conversion.pdf.fills import Box

_SAME_LINE = 0.6  # of the lower box's height that both share
_INSIDE = 2.0  # points that a box may reach over the edge of the one around it


def around(found: Sequence[Box]) -> list[Box]:
    """The box around all, if there are any."""
    if not found:
        return []
    left, top, right, bottom = zip(*found, strict=True)
    return [(min(left), min(top), max(right), max(bottom))]


def by_line(found: Iterable[Box]) -> list[Box]:
    """One box for those that are on a line."""
    lines: list[list[Box]] = []
    for box in sorted(found, key=lambda each: (each[1], each[0])):
        line = next((each for each in lines if _is_on(box, each[0])), None)
        if line is None:
            lines.append([box])
        else:
            line.append(box)
    return [box for line in lines for box in around(line)]


def holding(box: Box, others: Iterable[Box]) -> Box | None:
    """The one of the others that a box is in."""
    inside = (
        each
        for each in others
        if each[0] - _INSIDE <= box[0]
        and each[1] - _INSIDE <= box[1]
        and box[2] <= each[2] + _INSIDE
        and box[3] <= each[3] + _INSIDE
    )
    return next(inside, None)


def _is_on(box: Box, other: Box) -> bool:
    shared = min(box[3], other[3]) - max(box[1], other[1])
    return shared >= _SAME_LINE * min(box[3] - box[1], other[3] - other[1])
