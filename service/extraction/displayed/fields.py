"""Fields (ECMA-376 part 1, 17.16): what they display in the place of their instruction."""

from dataclasses import dataclass, field

from lxml import etree

from service.extraction.displayed.symbols import CHECKED, EMPTY
from service.wordml import W, is_on, property_of, value, whole

_DRAWN = ("EQ", "SYMBOL", "LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT")
_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES")


@dataclass
class Field:
    """A complex field being read; for a form field of Word 97 with its `choice`, if it has one."""

    is_control: bool
    choice: str | None
    has_result: bool = False
    instruction: str = ""
    hidden: list[etree._Element] = field(default_factory=list)  # what stands beside the instruction


def opened(mark: etree._Element) -> Field:
    """The field that a `w:fldChar` begins."""
    return Field(mark.find(W + "ffData") is not None, _choice(mark))


def _choice(mark: etree._Element) -> str | None:
    """The box of a form field of Word 97, or the selected list entry."""
    box = property_of(mark, "ffData", "checkBox")
    if box is not None:
        checked = box.find(W + "checked")
        return CHECKED if is_on(box.find(W + "default") if checked is None else checked) else EMPTY
    choices = property_of(mark, "ffData", "ddList")
    if choices is None:
        return None
    entries = [value(entry) or "" for entry in choices.iterchildren(W + "listEntry")]
    default = whole(value(property_of(choices, "default")), 0)
    chosen = whole(value(property_of(choices, "result")), default)
    return "".join(entries[chosen : chosen + 1])


def is_lost(instruction: str, has_result: bool) -> bool:
    """Whether a field's printed content is no text: a ring, a symbol, a list number, or no result."""
    kind = (instruction.split() or [""])[0].upper()
    return kind in _DRAWN or (not has_result and kind not in _COUNTED)
