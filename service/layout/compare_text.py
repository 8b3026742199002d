"""Compares the text and formatting of a passage with the official one, fixed and filled in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.extraction.characters import CHECKED, EMPTY
from service.extraction.extraction_result import shown
from service.extraction.skeleton import Slot, is_mark
from service.extraction.word_document import Paragraph
from service.layout.compare_characters import Change, layout_change, printed, typed
from service.layout.formatting import Format, Styles

# White space and invisible marks, which Word and LibreOffice change on their own.
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")


@dataclass(frozen=True, eq=False)
class Passage:
    """The text of some paragraphs without white space, and each character's format if known."""

    text: str
    formats: tuple[Format, ...]


def passage(paragraphs: Sequence[Paragraph], styles: Styles) -> Passage:
    """The paragraphs as one passage."""
    text = "".join(squash(paragraph.text) for paragraph in paragraphs)
    pieces = [piece for each in paragraphs for piece in _pieces(each, styles)]
    if "".join(piece for piece, _ in pieces) != text:  # text outside of runs, such as a form field's
        return Passage(text, ())
    return Passage(text, tuple(format for piece, format in pieces for _ in piece))


def _pieces(whole: Paragraph, styles: Styles) -> Iterator[tuple[str, Format]]:
    for text, format in styles.runs(whole.element):
        if piece := squash(text):
            yield piece, format


def squash(text: str) -> str:
    """`text` without white space, every other character as it is."""
    return _SPACE.sub("", text)


class Standard:
    """An official passage with marks, and its text on the blank form."""

    def __init__(self, passage: Passage, blank: Passage | None, slots: dict[str, Slot]) -> None:
        self.passage = passage
        self._slots = slots
        self._pieces = _cut(passage.text)
        self.has_fields = any(is_mark(piece[0]) for piece in self._pieces)
        self._box_pattern = f"[{CHECKED}{EMPTY}{''.join(self._own_boxes(blank))}]"
        same = blank is None or self._pattern.fullmatch(blank.text)
        self._blank = None if same or blank is None else Standard(blank, None, {})

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("".join(self._group(piece, self._box_pattern) for piece in self._pieces), re.DOTALL)

    @cached_property
    def _any_box(self) -> re.Pattern[str]:
        return re.compile("".join(self._group(piece, ".?") for piece in self._pieces), re.DOTALL)

    def _group(self, piece: str, box: str) -> str:
        if not is_mark(piece[0]):
            return f"({re.escape(piece)})"
        return f"({box})" if self._is_box(piece) else "(.*)"

    def _own_boxes(self, blank: Passage | None) -> Iterator[str]:
        """The characters that the blank form has for boxes, such as ☐ and ○."""
        match = None if blank is None else self._any_box.fullmatch(blank.text)
        for number, piece in enumerate(self._pieces, 1):
            if match is not None and is_mark(piece[0]) and self._is_box(piece):
                yield re.escape(match.group(number))

    def _is_box(self, piece: str) -> bool:
        return piece in self._slots and self._slots[piece].option is not None

    def fits(self, text: str) -> bool:
        """Whether a text without white space matches the official one with any content of its fields."""
        return self._pattern.fullmatch(text) is not None or (
            self._blank is not None and self._blank.fits(text)
        )

    def formatting(self, found: Passage) -> Iterator[Change]:
        """Compares the formatting of a matching passage."""
        match = self._pattern.fullmatch(found.text) or self._any_box.fullmatch(found.text)
        if match is None:
            if self._blank is not None:
                yield from self._blank.formatting(found)
            return
        if not found.formats or not self.passage.formats:
            return
        at = 0
        change: set[Change] = set()
        for number, piece in enumerate(self._pieces, 1):
            official = self.passage.formats[at : at + len(piece)]
            at += len(piece)
            span = slice(*match.span(number))
            change.update(self._of_piece(piece, official, found.text[span], found.formats[span]))
        yield from sorted(change, key=lambda each: each[0])

    def _of_piece(
        self, piece: str, official: Sequence[Format], text: str, formats: Sequence[Format]
    ) -> Iterator[Change]:
        if is_mark(piece[0]):
            if piece in self._slots and self._slots[piece].field.place:
                return  # a picture's, where the blank prints 照片
            box = self._is_box(piece)
            for character, format in set(zip(text, formats, strict=True)):
                if format != official[0]:
                    yield from typed(character, official[0], format, box=box)
            return
        for character, one, other in set(zip(piece, official, formats, strict=True)):
            if one != other:
                yield from printed(character, one, other)

    def boxes(self, text: str) -> Iterator[Change]:
        """The boxes that are no longer ☑ or □ in an otherwise matching text."""
        match = self._any_box.fullmatch(text)
        for number, piece in enumerate(self._pieces, 1):
            if (
                match is None
                or not self._is_box(piece)
                or re.fullmatch(self._box_pattern, match.group(number))
            ):
                continue
            zh, en = self._box(piece, match.group(number - 1) if number > 1 else "")
            if glyph := match.group(number):
                yield layout_change("box_changed", f"{zh}被换成“{glyph}”", f"{en} became “{glyph}”")
            else:
                yield layout_change("box_removed", f"{zh}被删去", f"{en} was removed")

    def _box(self, mark: str, before: str) -> tuple[str, str]:
        """A box by the words of its option, before or after it."""
        slot = self._slots[mark]
        word = next(each.words for each in slot.field.options if each.key == slot.option)
        is_after = before.endswith(squash(word))
        return (
            f"“{word}”{'后' if is_after else '前'}的方框",
            f"the box {'after' if is_after else 'before'} “{word}”",
        )

    @cached_property
    def label(self) -> str:
        """The fixed text, for a message."""
        return shown("".join(piece for piece in self._pieces if not is_mark(piece[0])))


def _cut(text: str) -> list[str]:
    """Splits `text` into single marks and the fixed text between them."""
    pieces: list[str] = []
    for character in text:
        if pieces and not is_mark(character) and not is_mark(pieces[-1][0]):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
