"""Determines which paragraphs print an automatic number or bullet (ECMA-376 part 1, 17.9)."""

import re
from collections.abc import Callable
from functools import cached_property

from lxml import etree

from service.wordml import W, property_of, value
from service.wordml.styles import Place, Styles

_NUMBERING = "word/numbering.xml"
_ID, _LEVEL = W + "numId", W + "ilvl"
_OFF = "0"  # the number that ends numbering (17.9.18)
_PLACEHOLDER = re.compile("%[1-9]")


class Numbering:
    """The numbering of one document: of paragraphs, and of styles."""

    def __init__(self, part: Callable[[str], etree._Element | None], styles: Styles) -> None:
        """`part` gives a part's root."""
        self._part, self._styles = part, styles
        self._known: dict[tuple[Place, str | None, str | None], bool] = {}

    def numbers(self, own: etree._Element | None, place: Place) -> bool:
        """Whether a number or bullet is printed before a paragraph at a place; `own` is its `w:numPr`."""
        if own is None and self._is_none:
            return False
        number, level = (None, None) if own is None else (value(own.find(_ID)), value(own.find(_LEVEL)))
        key = place, number, level
        if key not in self._known:
            self._known[key] = self._is_numbered(*key)
        return self._known[key]

    @cached_property
    def _is_none(self) -> bool:
        """Whether no style numbers paragraphs."""
        return not self._styles.has("numPr") and not self._linked

    def _is_numbered(self, place: Place, number: str | None, level: str | None) -> bool:
        linked = self._linked_level(place)
        if number is None:
            number = value(self._styles.inherited(place, "numPr", "numId"))
            level = level or (None if linked is None else linked.get(_LEVEL))
        if number is None:
            return linked is not None and _is_printed(linked)
        level = level or value(self._styles.inherited(place, "numPr", "ilvl")) or "0"
        return number != _OFF and _is_printed(self._level(number, level))

    def _linked_level(self, place: Place) -> etree._Element | None:
        """The level of a list that names the style of paragraphs at a place (17.9.23)."""
        for style in reversed(self._styles.chain("paragraph", place.style)):
            if (found := self._linked.get(style.get(W + "styleId"))) is not None:
                return found
        return None

    def _level(self, number: str, level: str) -> etree._Element | None:
        """The definition of a level of the list `number`, if any."""
        instance = self._lists.get(number)
        for override in () if instance is None else instance.iterchildren(W + "lvlOverride"):
            if override.get(_LEVEL) == level and (own := override.find(W + "lvl")) is not None:
                return own
        definition = self._definition(number)
        levels = () if definition is None else definition.iterchildren(W + "lvl")
        return next((each for each in levels if each.get(_LEVEL) == level), None)

    def _definition(self, number: str, *, of_style: bool = True) -> etree._Element | None:
        """The `w:abstractNum` of a list, also by a numbering style (17.9.21)."""
        instance = self._lists.get(number)
        found = None if instance is None else self._definitions.get(value(instance.find(W + "abstractNumId")))
        style = None if found is None else value(found.find(W + "numStyleLink"))
        if style is None or not of_style:
            return found
        linked = (
            property_of(each, "pPr", "numPr", "numId") for each in self._styles.chain("numbering", style)
        )
        known = [each for each in map(value, linked) if each]
        return self._definition(known[-1], of_style=False) if known else found

    @cached_property
    def _root(self) -> etree._Element:
        root = self._part(_NUMBERING)
        return etree.Element(W + "numbering") if root is None else root

    @cached_property
    def _linked(self) -> dict[str | None, etree._Element]:
        levels = self._root.iter(W + "lvl")
        return {value(style): each for each in levels if (style := each.find(W + "pStyle")) is not None}

    @cached_property
    def _lists(self) -> dict[str | None, etree._Element]:
        return {each.get(_ID): each for each in self._root.iterchildren(W + "num")}

    @cached_property
    def _definitions(self) -> dict[str | None, etree._Element]:
        found = self._root.iterchildren(W + "abstractNum")
        return {each.get(W + "abstractNumId"): each for each in found}


def _is_printed(level: etree._Element | None) -> bool:
    """Whether a level prints anything; an unknown one may."""
    if level is None or level.find(W + "lvlPicBulletId") is not None:
        return True
    text = value(level.find(W + "lvlText")) or ""
    is_number = value(level.find(W + "numFmt")) != "none"
    return bool(_PLACEHOLDER.sub("", text)) or (is_number and _PLACEHOLDER.search(text) is not None)
