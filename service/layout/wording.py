"""Text and formatting of one place beside the official ones: what is printed there, and what is filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.errors import Text
from service.extraction.characters import CHECKED, EMPTY
from service.extraction.document import Paragraph
from service.extraction.findings import shown
from service.extraction.runs import property_of, run_texts, value
from service.extraction.skeleton import Slot, is_mark
from service.layout.formatting import Format, Styles
from service.layout.spacing import Spacing, is_near

# White space and marks without a shape: Word and LibreOffice change these by themselves.
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_BOX = f"[{CHECKED}{EMPTY}]"

Told = tuple[str, Text]


@dataclass(frozen=True, eq=False)
class Passage:
    """The text of some paragraphs without white space, and the format of each character if it is known."""

    text: str
    formats: tuple[Format, ...]


def passage(paragraphs: Sequence[Paragraph], styles: Styles, table_style: str | None) -> Passage:
    """The paragraphs as one passage."""
    text = "".join(squash(paragraph.text) for paragraph in paragraphs)
    pieces = [piece for each in paragraphs for piece in _pieces(each, styles, table_style)]
    if "".join(piece for piece, _ in pieces) != text:  # text that comes from no run, such as a form field's
        return Passage(text, ())
    return Passage(text, tuple(format for piece, format in pieces for _ in piece))


def _pieces(whole: Paragraph, styles: Styles, table_style: str | None) -> Iterator[tuple[str, Format]]:
    element = whole.element
    style = value(property_of(element, "pPr", "pStyle"))
    paragraph = styles.alignment(element, table_style), styles.spacing(element, table_style)
    for run, text in run_texts(element):
        if piece := squash(text):
            yield piece, styles.run(run, style, table_style, paragraph)


def squash(text: str) -> str:
    """`text` without white space, every other character as it is."""
    return _SPACE.sub("", text)


class Standard:
    """An official passage with its marks, and how it reads where the form is left blank."""

    def __init__(self, passage: Passage, blank: Passage | None, slots: dict[str, Slot]) -> None:
        self.passage = passage
        self._slots = slots
        self._pieces = _cut(passage.text)
        self.has_fields = any(is_mark(piece[0]) for piece in self._pieces)
        same = blank is None or self._pattern.fullmatch(blank.text)
        self._blank = None if same or blank is None else Standard(blank, None, {})

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("".join(self._group(piece, _BOX) for piece in self._pieces), re.DOTALL)

    @cached_property
    def _any_box(self) -> re.Pattern[str]:
        return re.compile("".join(self._group(piece, ".?") for piece in self._pieces), re.DOTALL)

    def _group(self, piece: str, box: str) -> str:
        if not is_mark(piece[0]):
            return f"({re.escape(piece)})"
        return f"({box})" if self._is_box(piece) else "(.*)"

    def _is_box(self, piece: str) -> bool:
        return piece in self._slots and self._slots[piece].option is not None

    def fits(self, text: str) -> bool:
        """Whether a text without white space is the official one, whatever is filled in."""
        return self._pattern.fullmatch(text) is not None or (
            self._blank is not None and self._blank.fits(text)
        )

    def formatting(self, found: Passage) -> Iterator[Told]:
        """What differs in the formatting of a passage that fits."""
        match = self._pattern.fullmatch(found.text) or self._any_box.fullmatch(found.text)
        if match is None:
            if self._blank is not None:
                yield from self._blank.formatting(found)
            return
        if not found.formats or not self.passage.formats:
            return
        at = 0
        told: set[Told] = set()
        for number, piece in enumerate(self._pieces, 1):
            official = self.passage.formats[at : at + len(piece)]
            at += len(piece)
            span = slice(*match.span(number))
            told.update(self._of_piece(piece, official, found.text[span], found.formats[span]))
        yield from sorted(told, key=lambda each: each[0])

    def _of_piece(
        self, piece: str, official: Sequence[Format], text: str, formats: Sequence[Format]
    ) -> Iterator[Told]:
        if is_mark(piece[0]):
            box = self._is_box(piece)
            for character, format in set(zip(text, formats, strict=True)):
                if format != official[0]:
                    yield from _typed(character, official[0], format, box=box)
            return
        for character, one, other in set(zip(piece, official, formats, strict=True)):
            if one != other:
                yield from _printed(character, one, other)

    def boxes(self, text: str) -> Iterator[Told]:
        """The boxes that are no longer ☑ or □, of a text that fits but for them."""
        match = self._any_box.fullmatch(text)
        for number, piece in enumerate(self._pieces, 1):
            if match is None or not self._is_box(piece) or re.fullmatch(_BOX, match.group(number)):
                continue
            word, glyph = match.group(number - 1)[-1:] if number > 1 else "", match.group(number)
            if glyph:
                yield (
                    "box_changed",
                    Text(f"“{word}”后的方框被换成“{glyph}”", f"the box after “{word}” became “{glyph}”"),
                )
            else:
                yield "box_removed", Text(f"“{word}”后的方框被删去", f"the box after “{word}” was removed")

    @cached_property
    def label(self) -> str:
        """Its fixed text, for a message."""
        return shown("".join(piece for piece in self._pieces if not is_mark(piece[0])))


def _cut(text: str) -> list[str]:
    """`text` cut into marks, one each, and the fixed text between them."""
    pieces: list[str] = []
    for character in text:
        if pieces and not is_mark(character) and not is_mark(pieces[-1][0]):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _printed(character: str, official: Format, found: Format) -> Iterator[Told]:
    """What differs in a character of the form itself."""
    one, other = _font(character, official), _font(character, found)
    if one != other:
        yield "font_changed", Text(f"字体由“{one}”变为“{other}”", f"the font {one} became {other}")
    if official.size != found.size:
        yield "size_changed", _size(official, found)
    for code, name, zh, en in _SWITCHES:
        if getattr(official, name) != getattr(found, name):
            yield code, Text(zh, en)
    yield from _colours(official, found)
    yield from _alignment(official, found)
    if not is_near(official.spacing, found.spacing):
        yield "spacing_changed", _spacing(official.spacing, found.spacing)


def _spacing(official: Spacing, found: Spacing) -> Text:
    if official[:2] != found[:2]:
        return Text("行距与正式表单不同", "the line spacing differs from the official form")
    if official[2:4] != found[2:4]:
        return Text("段前或段后间距与正式表单不同", "the space above or below the paragraph differs")
    return Text("缩进与正式表单不同", "the indents differ from the official form")


_SWITCHES = (
    ("bold_changed", "bold", "加粗与正式表单不同", "bold differs from the official form"),
    ("italic_changed", "italic", "倾斜与正式表单不同", "italic differs from the official form"),
    (
        "underline_changed",
        "underline",
        "下划线与正式表单不同",
        "the underline differs from the official form",
    ),
)


def _typed(character: str, official: Format, found: Format, *, box: bool) -> Iterator[Told]:
    """What differs in a character that was filled in."""
    one, other = _font(character, official), _font(character, found)
    if one != other and not box:
        yield (
            "font_differs",
            Text(
                f"填写的文字字体为“{other}”，应为“{one}”", f"the text filled in is in {other}, not in {one}"
            ),
        )
    if official.size != found.size:
        yield (
            "font_differs",
            Text(
                f"填写的文字字号为{_points(found)}磅，应为{_points(official)}磅",
                f"the text filled in has {_points(found)} pt, not {_points(official)} pt",
            ),
        )
    yield from _colours(official, found)
    yield from _alignment(official, found)


def _size(official: Format, found: Format) -> Text:
    one, other = _points(official), _points(found)
    return Text(f"字号由{one}磅变为{other}磅", f"the size changed from {one} pt to {other} pt")


def _points(format: Format) -> str:
    return f"{format.size / 2:g}"


def _colours(official: Format, found: Format) -> Iterator[Told]:
    if official.colour != found.colour:
        yield "colour_changed", Text("文字颜色与正式表单不同", "the colour of the text differs")
    if official.highlight != found.highlight:
        yield "shading_changed", Text("文字底色与正式表单不同", "the shading of the text differs")


_ALIGNED = {
    "left": ("左对齐", "left"),
    "center": ("居中", "centred"),
    "right": ("右对齐", "right"),
    "both": ("两端对齐", "justified"),
    "distribute": ("分散对齐", "distributed"),
}


def _alignment(official: Format, found: Format) -> Iterator[Told]:
    if official.alignment != found.alignment:
        one, other = (
            _ALIGNED.get(each.alignment, (each.alignment, each.alignment)) for each in (official, found)
        )
        yield (
            "alignment_changed",
            Text(f"对齐方式由{one[0]}变为{other[0]}", f"the alignment changed from {one[1]} to {other[1]}"),
        )


def _font(character: str, format: Format) -> str:
    """The face that draws a character, "" where that is not for certain (17.3.2.26: it hangs on hints)."""
    if unicodedata.east_asian_width(character) in "WF":
        return format.east_asian
    return format.ascii if character.isascii() else ""
