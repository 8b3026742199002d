"""Paragraph spacing: line spacing, space above and below, indents."""

from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from service.layout.grid import measure
from service.wordml import W

_SINGLE = 240.0
_STEP = 20  # one point, in twentieths of a point: less does not count


class Spacing(NamedTuple):
    """Line spacing, space above and below, and indents in points; `rule` is the meaning of `line`."""

    rule: str
    line: int
    before: int
    after: int
    left: int
    right: int
    first: int


def spacing(properties: Iterable[etree._Element]) -> Spacing:
    """The spacing set by several `w:pPr`, later ones overriding earlier ones (ECMA-376 part 1, 17.3.1.33)."""
    found: dict[str, float] = {}
    rule = "auto"
    for each in properties:
        space, indent = each.find(W + "spacing"), each.find(W + "ind")
        if space is not None:
            rule = space.get(W + "lineRule", rule if space.get(W + "line") is None else "auto")
            found |= {name: measure(space, name) for name in ("line", "before", "after") if _has(space, name)}
        if indent is not None:
            found |= _indents(indent)
    first = found.get("firstLine", 0.0) - found.get("hanging", 0.0)
    sides = [found.get(name, 0.0) for name in ("before", "after", "left", "right")]
    return Spacing(rule, *(round(number / _STEP) for number in (found.get("line", _SINGLE), *sides, first)))


def _indents(indent: etree._Element) -> dict[str, float]:
    found = {name: measure(indent, name) for name in ("left", "right") if _has(indent, name)}
    for name, other in (("left", "start"), ("right", "end")):
        if _has(indent, other):
            found[name] = measure(indent, other)
    if _has(indent, "hanging") or _has(indent, "firstLine"):
        found |= {name: measure(indent, name) for name in ("hanging", "firstLine")}
    return found


def _has(element: etree._Element, name: str) -> bool:
    return element.get(W + name) is not None


def is_near(one: Spacing, other: Spacing) -> bool:
    """Whether two spacings are equal within one point."""
    return one.rule == other.rule and all(abs(a - b) <= 1 for a, b in zip(one[1:], other[1:], strict=True))
