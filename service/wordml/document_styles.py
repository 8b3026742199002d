"""The formatting of one document: its styles, and its numbering."""

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from service.wordml import W
from service.wordml.numbering import Numbering
from service.wordml.styles import Styles


class Formatting(NamedTuple):
    """What a document's paragraphs and runs are formatted by."""

    styles: Styles
    numbering: Numbering
    hides: bool  # whether a style hides text
    has_controls: bool = True  # whether the text may have content controls


def formatting(
    part: Callable[[str], etree._Element | None], text: etree._Element | None = None
) -> Formatting:
    """The formatting of the document whose parts' roots `part` gives by name; `text` is that of its text."""
    is_shaded = text is not None and next(text.iter(W + "shd"), None) is not None
    has_controls = text is None or next(text.iter(W + "sdt"), None) is not None
    styles = Styles(part, shaded=is_shaded)
    return Formatting(styles, Numbering(part, styles), styles.has("vanish", "specVanish"), has_controls)
