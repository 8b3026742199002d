"""Rewrites a part as Word displays it, before its paragraphs are read.

alternate_content   the branch of each choice that Word takes
bound_controls      content controls with the value that they are bound to (custom_xml)
imported_parts      a remark in the place of each imported part
remarks             what a rewritten place lost, for its reader
side_parts          the text of footnotes, diagrams and charts where they are referred to
content_controls    boxes and prompts of content controls
fields              what fields and form fields display
drawn_text          the text of drawings
embedded_pictures   the files of pictures
unread_text         text that no reader has taken
text_direction      the characters for markup that reverses text
symbols             the characters that symbol fonts draw
"""

from lxml import etree

from service.extraction.displayed import alternate_content, bound_controls
from service.extraction.displayed.custom_xml import CustomXml
from service.extraction.displayed.imported_parts import ImportedParts
from service.extraction.displayed.side_parts import SideParts

__all__ = ["Display"]


class Display:
    """Rewrites parts of a document; what they refer to is read once for all of them."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._data = CustomXml(parts)
        self._imported = ImportedParts(parts)
        self._side = SideParts(parts)

    def rewrite(self, root: etree._Element, name: str) -> None:
        """Rewrites the part `name`, whose root is `root`, in place."""
        alternate_content.choose(root)
        bound_controls.fill(root, self._data)
        self._imported.replace(root, name)
        self._side.quote(root, name)
