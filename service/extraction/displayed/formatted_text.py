"""Applies formats to text: leaves out what is hidden or struck, reads raised digits as such, joins lines."""

from typing import NamedTuple

from lxml import etree

from service.wordml import W
from service.wordml.formatting import Formatting
from service.wordml.ground_colour import is_of_ground_colour
from service.wordml.run_properties import RunFormat, Visibility
from service.wordml.styles import Place, Styles

_RAISED = {
    "superscript": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
}
_DELETED, _HIDING = {W + "del", W + "moveFrom"}, {W + "vanish", W + "specVanish"}
_NOTED = {
    Visibility.HIDDEN: "hidden_text",
    Visibility.STRUCK: "struck_text",
    Visibility.UNCLEAR: "unclear_style",
}


class Shown(NamedTuple):
    """What is shown of a run: its text, the reason for a note if any, and whether nothing in it is seen."""

    text: str
    code: str | None
    is_hidden: bool


def shown(text: str, run: etree._Element, format: RunFormat, place: Place, styles: Styles) -> Shown:
    """What is shown of the `text` of a run with that format, in a paragraph at a place."""
    found, is_blank = format.visibility, not text.strip()
    if not is_blank and is_of_ground_colour(run, format.properties, place, styles):
        found = Visibility.HIDDEN
    is_left_out = found is Visibility.HIDDEN or (found is Visibility.STRUCK and not is_blank)
    code = _NOTED.get(found) if text and (is_left_out or not is_blank) else None
    raised = _RAISED.get(format.properties.get("vertAlign", ""), {})
    return Shown("" if is_left_out else text.translate(raised), code, found is Visibility.HIDDEN)


def joins_next(mark: etree._Element | None, place: Place, formatting: Formatting) -> bool:
    """Whether a paragraph's mark, with that `w:rPr`, is deleted or hidden: then the next one continues it."""
    tags = set() if mark is None else {each.tag for each in mark}
    if not _DELETED.isdisjoint(tags):
        return True
    is_set = formatting.hides or not _HIDING.isdisjoint(tags)
    return is_set and formatting.styles.run(mark, place).is_hidden
