"""How the properties of a paragraph set its lines: too low, off the page, from right to left, in a frame."""

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from service.wordml import W, is_on, is_too_low
from service.wordml.off_page import is_indented_off, is_placed_off

_SPACING, _INDENT, _FRAME, _BIDI = (W + name for name in ("spacing", "ind", "framePr", "bidi"))
_SHADING, _BORDERS = W + "shd", W + "pBdr"
#: The properties that set them.
SETTING = {_SPACING, _INDENT, _FRAME, _BIDI, _SHADING, _BORDERS}


class Lines(NamedTuple):
    """How lines are set; `framed` ones have a shading or borders, perhaps without effect."""

    unseen: bool = False
    reversed: bool = False
    framed: bool = False


PLAIN = Lines()


def lines(own: Mapping[str, etree._Element], inherited: Lines) -> Lines:
    """How a paragraph's `own` properties (17.3.1) set its lines, over what it inherits."""
    space, indent, frame, bidi = own.get(_SPACING), own.get(_INDENT), own.get(_FRAME), own.get(_BIDI)
    is_unseen = (
        (inherited.unseen and space is None and indent is None)
        or (space is not None and is_too_low(space, "line", "lineRule"))
        or (indent is not None and is_indented_off(indent))
        or (frame is not None and (is_placed_off(frame) or is_too_low(frame, "h", "hRule")))
    )
    is_reversed = inherited.reversed if bidi is None else is_on(bidi)
    is_framed = inherited.framed or _SHADING in own or _BORDERS in own
    return Lines(is_unseen, is_reversed, is_framed) if is_unseen or is_reversed or is_framed else PLAIN
