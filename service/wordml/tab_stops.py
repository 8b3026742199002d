"""Finds the tab stops of a paragraph and the width of its text (ECMA-376 part 1, 17.3.1.37, 17.15.1.25)."""

import re
import unicodedata
from collections.abc import Callable

from lxml import etree

from service.wordml import W, value, whole
from service.wordml.styles import Styles

_BORDER = re.compile("(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])")
_SETTINGS = "word/settings.xml"
_USUAL, _APART = 21, 720  # half-points of text; twips between the stops that no paragraph sets


def width(text: object) -> int:
    """The width of a text in half Chinese characters, about that of a digit.

    Between Chinese and Latin text is a quarter of a character (17.3.1.2, 17.3.1.3).
    """
    printed = str(text)
    wide = sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in printed)
    return wide + (len(_BORDER.findall(printed)) + 1) // 2


class TabStops:
    """The tab stops of a document's paragraphs; lengths are in twips from the margin."""

    def __init__(self, part: Callable[[str], etree._Element | None]) -> None:
        """Reads styles and settings; `part` gives a part's root."""
        self._styles = Styles(part)
        settings = part(_SETTINGS)
        stop = None if settings is None else settings.find(W + "defaultTabStop")
        self._apart = whole(value(stop), _APART) or _APART

    def digit(self, run: etree._Element, paragraph: etree._Element) -> int:
        """The width of a digit in a run."""
        found = self._styles.run(run.find(W + "rPr"), self._styles.place(paragraph))
        return (whole(found.properties.get("sz"), _USUAL) or _USUAL) * 5

    def start(self, paragraph: etree._Element, digit: int) -> int:
        """Where the first line of a paragraph begins; indents by characters count before others."""
        indent = self._property(paragraph, "ind")
        if indent is None:
            return 0
        amounts = [(indent.get(W + name), indent.get(W + name + "Chars")) for name in ("left", "firstLine")]
        return sum(whole(chars, 0) * digit // 50 or whole(twips, 0) for twips, chars in amounts)

    def next(self, paragraph: etree._Element, at: int) -> int:
        """The stop that a tab at a place goes to."""
        stops = self._property(paragraph, "tabs")
        own = [] if stops is None else [each for each in stops if each.get(W + "val") not in ("clear", "bar")]
        behind = sorted(stop for each in own if (stop := whole(each.get(W + "pos"), 0)) > at)
        return behind[0] if behind else (at // self._apart + 1) * self._apart

    def _property(self, paragraph: etree._Element, name: str) -> etree._Element | None:
        return self._styles.paragraph(paragraph, self._styles.place(paragraph), name)
