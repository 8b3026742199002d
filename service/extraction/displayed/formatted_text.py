"""Applies formats to text: leaves out what is hidden or struck, reads raised digits as such, joins lines."""

from typing import NamedTuple

from lxml import etree

from service.wordml import W
from service.wordml.document_styles import Formatting
from service.wordml.ground_colour import is_of_ground_colour
from service.wordml.lines import Lines
from service.wordml.run_properties import ON, Properties, RunFormat, Visibility
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
    if is_left_out:
        return Shown("", code, found is Visibility.HIDDEN)
    text = text.translate(_RAISED.get(format.properties.get("vertAlign", ""), {}))
    printed = _printed(text, format.properties)
    return Shown(printed, code or _doubt(text, printed, format.properties), is_hidden=False)


def _printed(text: str, properties: Properties) -> str:
    """The text in capitals if it is shown in them (17.3.2.5, 17.3.2.33)."""
    return text.upper() if any(properties.get(name) == ON for name in ("caps", "smallCaps")) else text


def _doubt(text: str, printed: str, properties: Properties) -> str | None:
    """The reason for a note on text that is read, but not as it is stored, or in an unclear order."""
    if properties.get("rtl") == ON and _may_reverse(text):
        return "right_to_left"
    return "capitals" if printed != text else None


def _may_reverse(text: str) -> bool:
    """Whether a text has digits or signs, whose order depends on its direction (UAX 9)."""
    return any(not each.isalpha() and not each.isspace() for each in text)


def doubted(text: str, lines: Lines) -> str | None:
    """The reason for a note on the text of a paragraph whose lines are not plain, if any."""
    if lines.unseen:
        return "hidden_text"
    is_doubtful = lines.reversed and _may_reverse(text) and not text.strip().isdecimal()
    return "right_to_left" if is_doubtful else None


def joins_next(mark: etree._Element | None, place: Place, formatting: Formatting) -> bool:
    """Whether a paragraph's mark, with that `w:rPr`, is deleted or hidden: then the next one continues it."""
    tags = set() if mark is None else {each.tag for each in mark}
    if not _DELETED.isdisjoint(tags):
        return True
    is_set = formatting.hides or not _HIDING.isdisjoint(tags)
    return is_set and formatting.styles.run(mark, place).is_hidden
