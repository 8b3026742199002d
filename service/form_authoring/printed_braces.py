"""Refuses a blank form whose printed text would be taken for tags of a template."""

import re
from collections.abc import Mapping

from lxml import etree

from service.errors import UnreadableDocument
from service.wordml.word_package import CORE

_ELEMENT = re.compile("<[^>]*>")
_TAG = re.compile(r"\{[{%#]")
_BESIDE = re.compile(r"\{\{[{%]")  # a printed brace in front of a tag
_SHOWN = 20  # characters


def check(parts: Mapping[str, bytes]) -> None:
    """Raises UnreadableDocument for parts with text or attributes that begin a tag."""
    for name, part in parts.items():
        if name == CORE or (name.startswith("word/") and name.endswith(".xml")):
            xml = part.decode("utf-8", "replace")
            for text in (_ELEMENT.sub("", xml), xml):
                _refuse(_TAG.search(text), text)


def check_tags(root: etree._Element) -> None:
    """Raises UnreadableDocument for a document with tags in which a printed brace is beside one."""
    text = "".join(map(str, root.itertext()))
    _refuse(_BESIDE.search(text), text)


def _refuse(found: re.Match[str] | None, text: str) -> None:
    if found:
        shown = text[max(found.start() - _SHOWN, 0) : found.end() + _SHOWN].strip()
        raise UnreadableDocument(
            f"空白表的文字里有花括号，会被当作模板的标记：“{shown}”。请删去，或改用全角的｛｝。",
            f"The blank form has braces that a template would take for tags: {shown}. Remove them, or use "
            "full-width ones (｛｝).",
        )
