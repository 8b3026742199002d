"""Shades characters of a copy of a document, beside its cells and paragraphs."""

import copy
from collections.abc import Mapping, Sequence

from lxml import etree

from service.blank_forms.blank_lines import Line
from service.wordml import W, property_of, remove
from service.wordml.shading import Shading

Span = tuple[int, int]

_RUN, _TEXT = W + "r", W + "t"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class CharacterShading(Shading):
    """A copy of a document in which things are shaded; each call returns the colours, RRGGBB."""

    def characters(self, line: Line, spans: Sequence[Span]) -> list[str]:
        """Shades spans of the characters of a line, those first that come first; only once for each line."""
        colours: dict[int, str] = {}
        found = [self.next_colour() for _ in spans]
        for (start, end), colour in zip(spans, found, strict=True):
            colours = {**dict.fromkeys(range(start, end), colour), **colours}
        at = 0
        by_run: dict[etree._Element, dict[etree._Element, list[str]]] = {}
        for piece in line.pieces:
            shades = [colours.get(number, "") for number in range(at, at + len(piece.text))]
            at += len(piece.text)
            element = self.copies[piece.element]
            if any(shades) and (run := element.getparent()) is not None and run.tag == _RUN:
                by_run.setdefault(run, {})[element] = shades
        for run, shaded in by_run.items():
            self._split(run, shaded)
        return found

    def _split(self, run: etree._Element, shaded: Mapping[etree._Element, list[str]]) -> None:
        """Puts a run of its own in place of each stretch of one colour."""
        properties = property_of(run, "rPr")
        for child in [each for each in run if each is not properties]:
            for colour, part in _stretches(child, shaded.get(child, [])):
                made = etree.Element(_RUN)
                if properties is not None:
                    made.append(copy.deepcopy(properties))
                if colour:
                    self.shade(made, "rPr", colour)
                made.append(part)
                run.addprevious(made)
        remove(run)


def _stretches(child: etree._Element, shades: list[str]) -> list[tuple[str, etree._Element]]:
    """A child of a run, split where the colours of its characters change; "" is none."""
    text = child.text or ""
    if child.tag != _TEXT or len(text) != len(shades):
        return [(next(filter(None, shades), ""), child)]
    found: list[tuple[str, etree._Element]] = []
    for character, colour in zip(text, shades, strict=True):
        if not found or found[-1][0] != colour:
            found.append((colour, etree.Element(_TEXT, {_SPACE: "preserve"})))
        found[-1][1].text = (found[-1][1].text or "") + character
    return found
