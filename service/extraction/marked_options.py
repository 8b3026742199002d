"""Finds fields of boxes of which an option stands out by its formatting, such as shading or colour."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from service.extraction.characters import TICKED, UNTICKED
from service.extraction.field_pattern import NoMatch, Question, place_of, regions
from service.extraction.paragraph_text import run_texts
from service.extraction.skeleton import Slot
from service.extraction.word_document import Paragraph
from service.wordml import W, property_of
from service.wordml.formatting import Formatting
from service.wordml.run_properties import RunFormat, fill

_FONTS = {"ascii", "hAnsi"}  # of Latin text; LibreOffice and Word set them by habit
_BOXES = TICKED + UNTICKED

Look = frozenset[tuple[str, str]]


def marked(
    official: str,
    slots: Mapping[str, Slot],
    found: tuple[Sequence[Paragraph], Formatting],
    blank: tuple[Sequence[Paragraph], Formatting],
) -> set[str]:
    """The marks of the questions in `official` whose options differ in look, other than on the blank form.

    `found` and `blank` are the paragraphs of the document and of the blank form, with their formatting.
    """
    known = _differences(official, slots, *blank)
    differing = _differences(official, slots, *found)
    return {mark for mark, look in differing.items() if look - known.get(mark, frozenset())}


def _differences(
    official: str, slots: Mapping[str, Slot], paragraphs: Sequence[Paragraph], formatting: Formatting
) -> dict[str, Look]:
    """How the options of each question differ in look."""
    pieces = [piece for each in paragraphs for piece in _pieces(each, formatting)]
    text = "".join(piece for piece, _ in pieces)
    looks = [look for piece, look in pieces for _ in piece]
    try:
        questions = regions(official, text, slots)
    except NoMatch:
        return {}
    return {
        question.mark: _difference(question, text[start:end], looks[start:end])
        for question, start, end in questions
    }


def _difference(question: Question, text: str, looks: Sequence[Look]) -> Look:
    words = [place_of(word, text) for word in question.words]
    boxes = [look for character, look in zip(text, looks, strict=True) if character in _BOXES]
    found: Look = frozenset()
    if all(words):
        found |= _uncommon([frozenset().union(*looks[slice(*word)]) for word in words if word])
    if len(boxes) == len(words):
        found |= {each for each in _uncommon(boxes) if each[0] != "eastAsia"}
    return found


def _uncommon(looks: Sequence[Look]) -> Look:
    """What not all of the looks have."""
    return looks[0].union(*looks[1:]) - looks[0].intersection(*looks[1:])


def _pieces(paragraph: Paragraph, formatting: Formatting) -> Iterator[tuple[str, Look]]:
    """The text of each run with its look, and a line's end."""
    element, styles = paragraph.element, formatting.styles
    place = styles.place(element)
    shading, frame = styles.paragraph(element, place, "shd"), styles.paragraph(element, place, "pBdr")
    cell = next(element.iterancestors(W + "tc"), None)
    behind = {
        "paragraph": fill(shading) or "",
        "frame": "" if frame is None else _written(frame),
        "cell": "" if cell is None else fill(property_of(cell, "tcPr", "shd")) or "",
    }
    for run, text in run_texts(element, formatting):
        yield text, _look(styles.run(property_of(run, "rPr"), place)) | behind.items()
    yield "\n", frozenset()


def _look(format: RunFormat) -> Look:
    return frozenset((name, setting) for name, setting in format.effects.items() if name not in _FONTS)


def _written(element: etree._Element) -> str:
    return " ".join(f"{each.tag} {sorted(each.items())}" for each in element)
