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

from service.extraction.displayed import alternate_content, bound_controls, imported_parts, side_parts

__all__ = ["display"]


def display(root: etree._Element, parts: dict[str, bytes], name: str) -> None:
    """Rewrites the part `name`, whose root is `root`, in place."""
    alternate_content.choose(root)
    bound_controls.fill(root, parts)
    imported_parts.replace(root, parts, name)
    side_parts.quote(root, parts, name)
