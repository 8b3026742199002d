"""What a content control shows: its box, or its prompt if it is empty (ECMA-376 part 1, 17.5.2)."""

from lxml import etree

from service.extraction.displayed.symbols import CHECKED, EMPTY
from service.wordml import W, is_on, property_of

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_CONTROL = W + "sdt"


def prompts(control: etree._Element) -> bool:
    """Whether a content control shows its prompt and so is empty."""
    return is_on(property_of(control, "sdtPr", "showingPlcHdr"))


def is_in_prompt(paragraph: etree._Element) -> bool:
    """Whether a paragraph is the prompt of a content control around it."""
    return any(map(prompts, paragraph.iterancestors(_CONTROL)))


def box(control: etree._Element) -> str | None:
    """The character of a control that is a box, ticked or not; None for other controls."""
    settings = property_of(control, "sdtPr")
    found = None if settings is None else settings.find(_W14 + "checkbox")
    if found is None:
        return None
    state = found.find(_W14 + "checked")
    return CHECKED if state is not None and state.get(_W14 + "val") in ("1", "true") else EMPTY
