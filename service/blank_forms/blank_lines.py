"""Reads a paragraph of a blank form: text, pieces, and what marks it as a heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from service.blank_forms.printed_text import Piece, is_prompt, pieces
from service.wordml import W, property_of, value, whole

_PARAGRAPH = W + "p"
_BOXED = (W + "txbxContent",)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HAN = "[一二三四五六七八九十]{1,3}"
_NUMBERS = (
    f"第{_HAN}[章节部]",
    f"{_HAN}[、.．]",
    f"[(（]{_HAN}[)）]",
    r"[0-9]{1,2}(?:[、．]|\.(?![0-9]))",
    "[(（][0-9]{1,2}[)）]",
)
_NUMBERED = re.compile(rf"\s*(?:{'|'.join(_NUMBERS)})")
_OF_CONTENTS = re.compile(r"(?:[.…·]{3,}|\t)\s*[0-9]{1,3}\s*$")
_SENTENCE = re.compile("[。；;！]|，.*，")


@dataclass(frozen=True, eq=False)
class Line:
    """A paragraph: its text with "_" for what is to be written over; its number outside tables, else 0.

    That of a paragraph in a text box is the number of the paragraph that holds the box.
    """

    element: etree._Element
    pieces: tuple[Piece, ...]
    number: int = 0
    style: str = ""
    """What marks it as a heading; "" if it is none."""
    level: int = 0
    """That of the heading, among those of its style."""

    @cached_property
    def text(self) -> str:
        """The text of its pieces."""
        text = "".join(piece.text for piece in self.pieces)
        return "_" * len(text) if is_prompt(text) else text

    def ends(self, heading: "Line") -> bool:
        """Whether it is a heading of the same style and not below `heading`."""
        return self.is_heading and self.style == heading.style and self.level <= heading.level

    @property
    def is_heading(self) -> bool:
        """Whether a style, level, numbering or number marks it as a heading."""
        return bool(self.style)

    @cached_property
    def is_blank(self) -> bool:
        """Whether nothing is printed in it but lines to write on."""
        return not self.text.strip("_ \t\n\r\xa0\u3000")

    def control(self, start: int, end: int) -> etree._Element | None:
        """The empty content control or form field whose text lies between two characters, if any."""
        at = 0
        for piece in self.pieces:
            if piece.control is not None and start <= at < max(end, start + 1):
                return piece.control
            at += len(piece.text)
        return None


def read(paragraph: etree._Element, number: int = 0) -> Line:
    """The line of a `w:p`."""
    found = tuple(pieces(paragraph))
    style, level = _heading(paragraph, "".join(each.text for each in found))
    return Line(paragraph, found, number, style, level)


def boxed(paragraph: etree._Element, number: int) -> Iterator[Line]:
    """The lines of the text boxes that a paragraph holds, each once."""
    for box in paragraph.iter(*_BOXED):
        if next(box.iterancestors(_FALLBACK), None) is None or not _has_choice(box):
            yield from (read(each, number) for each in box.iter(_PARAGRAPH))


def _has_choice(box: etree._Element) -> bool:
    """Whether the branch beside that of an old text box shows one too."""
    choices = next(box.iterancestors(_FALLBACK)).getparent()
    return choices is not None and any(
        next(inner.iterancestors(_FALLBACK), None) is None for inner in choices.iter(*_BOXED)
    )


def _heading(paragraph: etree._Element, text: str) -> tuple[str, int]:
    """What marks a heading (style, outline, numbering, number), and its level; "" if it is none."""
    number = _NUMBERED.match(text)
    if _OF_CONTENTS.search(text):
        return "", 0
    if not text.strip() or (_SENTENCE.search(text) and not (number and text.rstrip()[-1] not in "。；;！")):
        return "", 0
    style = re.fullmatch(
        "(?:[Hh]eading|标题)? ?([1-9])", value(property_of(paragraph, "pPr", "pStyle")) or ""
    )
    outline = value(property_of(paragraph, "pPr", "outlineLvl"))
    numbering = value(property_of(paragraph, "pPr", "numPr", "ilvl"))
    if style:
        return "style", int(style[1])
    if outline is not None or numbering is not None:
        return f"level {outline}", whole(numbering, 0)
    if not number:
        return "", 0
    return "number", next(at for at, pattern in enumerate(_NUMBERS) if re.match(pattern, number[0].strip()))
