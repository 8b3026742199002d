"""The formatting of one document: its styles, and its numbering."""

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from service.wordml.numbering import Numbering
from service.wordml.styles import Styles


class Formatting(NamedTuple):
    """What a document's paragraphs and runs are formatted by."""

    styles: Styles
    numbering: Numbering
    hides: bool  # whether a style hides text


def formatting(part: Callable[[str], etree._Element | None]) -> Formatting:
    """The formatting of the document whose parts' roots `part` gives by name."""
    styles = Styles(part)
    return Formatting(styles, Numbering(part, styles), styles.has("vanish", "specVanish"))
