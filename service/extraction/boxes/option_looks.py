"""The formatting of options: one that alone is shaded, coloured or the like may be the answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from service.extraction.boxes.option_answers import EMPHASIS, Look, OptionLooks
from service.extraction.boxes.passages import NoMatch, Passage, place_of, regions
from service.extraction.characters import TICKED, UNTICKED
from service.extraction.field_pattern import Written
from service.extraction.paragraph_text import run_texts
from service.extraction.skeleton import Slot
from service.extraction.word_document import Paragraph
from service.wordml import W, properties_of, property_of
from service.wordml.document_styles import Formatting
from service.wordml.run_properties import RunFormat, fill
from service.wordml.styles import Place as StylePlace

_FONTS = {"ascii", "hAnsi"}  # of Latin text; LibreOffice and Word set them by habit
_BOXES = TICKED + UNTICKED

Place = tuple[Sequence[Paragraph], Formatting]


def with_looks(
    written: Mapping[str, Written], official: str, slots: Mapping[str, Slot], found: Place, blank: Place
) -> dict[str, Written]:
    """The contents of the slots of `official`, with the looks of options that may be marked by them.

    `found` and `blank` are the paragraphs of the document and of the blank form, with their formatting.
    """
    boxes = {mark for mark, each in written.items() if each.ticks}
    if not boxes:
        return dict(written)
    is_any_unticked = any(not each.ticks.options for each in written.values() if each.ticks)
    if not is_any_unticked and not _emphasises(*found):
        return dict(written)
    looks, known = _looks(official, slots, *found), _looks(official, slots, *blank)
    none = OptionLooks()
    return {
        mark: replace(each, ticks=replace(each.ticks, looks=(looks.get(mark, none), known.get(mark, none))))
        if mark in boxes and each.ticks
        else each
        for mark, each in written.items()
    }


def _emphasises(paragraphs: Sequence[Paragraph], formatting: Formatting) -> bool:
    """Whether anything in some paragraphs may mark an option."""
    styles = formatting.styles
    for element in [each.element for each in paragraphs]:
        own, cell = properties_of(element, "pPr"), next(element.iterancestors(W + "tc"), None)
        place = styles.place(element, own)
        if styles.lines(own, place).framed or (
            cell is not None and property_of(cell, "tcPr", "shd") is not None
        ):
            return True
        if any(map(_is_emphasised, place.runs.values())):  # which are often none
            runs = (styles.run(property_of(run, "rPr"), place) for run in element.iter(W + "r"))
            if any(map(_is_emphasised, runs)):
                return True
    return False


def _is_emphasised(format: RunFormat) -> bool:
    return not EMPHASIS.isdisjoint(format.effects)


def _looks(
    official: str, slots: Mapping[str, Slot], paragraphs: Sequence[Paragraph], formatting: Formatting
) -> dict[str, OptionLooks]:
    """How the options of each field look, by its first mark."""
    pieces = [piece for each in paragraphs for piece in _pieces(each, formatting)]
    text = "".join(piece for piece, _ in pieces)
    looks = [look for piece, look in pieces for _ in piece]
    try:
        parts = list(regions(official, text, slots))
    except NoMatch:
        return {}
    return {
        part.mark: _of(part, text[start:end], looks[start:end]) for part, start, end in parts if part.keys
    }


def _of(part: Passage, text: str, looks: Sequence[Look]) -> OptionLooks:
    spans = [place_of(words, text) if words else (0, 0) for words in part.options]
    inside = {at for span in spans if span for at in range(*span)}
    boxes = [looks[at] for at, each in enumerate(text) if each in _BOXES and at not in inside]
    words = [frozenset().union(*looks[slice(*span)]) if span else None for span in spans]
    return OptionLooks(part.keys, tuple(words), tuple(boxes))


def _pieces(paragraph: Paragraph, formatting: Formatting) -> Iterator[tuple[str, Look]]:
    """The text of each run with its look, and a line's end."""
    element, styles = paragraph.element, formatting.styles
    place = styles.place(element)
    behind = _behind(element, place, formatting).items()
    for run, text in run_texts(element, formatting):
        yield text, _look(styles.run(property_of(run, "rPr"), place)) | behind
    yield "\n", frozenset()


def _behind(element: etree._Element, place: StylePlace, formatting: Formatting) -> dict[str, str]:
    """What is behind or around all the text of a paragraph; "" for nothing."""
    shading, frame = (formatting.styles.paragraph(element, place, name) for name in ("shd", "pBdr"))
    cell = next(element.iterancestors(W + "tc"), None)
    return {
        "paragraph": fill(shading) or "",
        "frame": "" if frame is None else _written(frame),
        "cell": "" if cell is None else fill(property_of(cell, "tcPr", "shd")) or "",
    }


def _look(format: RunFormat) -> Look:
    return frozenset((name, setting) for name, setting in format.effects.items() if name not in _FONTS)


def _written(element: etree._Element) -> str:
    return " ".join(f"{each.tag} {sorted(each.items())}" for each in element)
