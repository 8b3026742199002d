"""What a paragraph has beside its text."""

from dataclasses import dataclass

from lxml import etree


@dataclass(frozen=True)
class Note:
    """Non-text content of a paragraph: text box, picture with its element, footnote, hidden text."""

    code: str
    text: str
    drawing: etree._Element | None = None
