"""Extracts the field values of a text by the fixed words between them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from schemas.fields.aspects import OWN_WORDS
from service.extraction.boxes.fixed_words import BESIDE, BOX, LINE, LINES, FixedWords
from service.extraction.boxes.option_answers import Ticks
from service.extraction.boxes.passages import NoMatch, Passage, place_of, regions
from service.extraction.boxes.ticked_options import UnclearBoxes, ticked
from service.extraction.characters import CHECKED, EMPTY, SPACE, alike, bare, variants
from service.extraction.skeleton import Slot, cut, fixed
from service.extraction.skeleton import marks as marks_in

__all__ = ["NoMatch", "Written", "take"]

_NOTE_SPLIT = re.compile(r"([(（][^)）\n]*[)）])")
_LINE_ENDS = re.compile("(?<=[:：])(?=\n)")  # at which nothing is printed
_NOTE = r"(?:[(（][^()（）\n]*[)）])?"


@dataclass  # not frozen: made in a third of the time
class Written:
    """The content of a slot: text, or the ticks of boxes; `exact` if the text around it is unchanged.

    `code` is the reason why the content cannot be read; `rest` is other text beside the boxes.
    """

    text: str | None
    exact: bool
    ticks: Ticks | None = None
    code: str | None = None
    rest: str = ""


def take(official: str, blank: str | None, found: str, slots: Mapping[str, Slot]) -> dict[str, Written]:
    """The content of each slot of `official`, a text with marks.

    `blank` is the text on the blank form, `found` the text in the document. Of a field's boxes, only the
    first mark gets the ticks. Raises NoMatch.
    """
    marks = marks_in(official)
    kinds = _kinds(marks, slots)
    if found == blank or (blank is not None and alike(found, blank)):
        return _exact(marks, (EMPTY,) * len(marks), slots, ())
    exact, blanks = _printed(official, kinds).split(found), _blanks(official, blank, kinds)
    if exact is not None:
        return _exact(marks, exact, slots, blanks)
    if any(slots[mark].of_boxes for mark in marks):
        return _parts(official, found, slots, dict(zip(marks, blanks, strict=True)))
    return _loose(official, found, marks, kinds, blanks)


def _kinds(marks: list[str], slots: Mapping[str, Slot]) -> str:
    return "".join(
        [BOX if slots[mark].option is not None else LINES if slots[mark].many else LINE for mark in marks]
    )


@lru_cache(maxsize=1024)
def _printed(official: str, kinds: str) -> FixedWords:
    """The fixed words as printed."""
    return FixedWords.of([*map(re.escape, cut(official)[::2])], kinds, early=False)


@lru_cache(maxsize=1024)
def _typed(official: str, kinds: str) -> FixedWords:
    """The fixed words with any spacing and optional punctuation.

    Text behind a colon without a field, such as a typed signature, is `BESIDE`.
    """
    words, all_kinds = list[str](), ""
    for kind, between in zip(("", *kinds), cut(official)[::2], strict=True):
        lines = _LINE_ENDS.split(between)
        words += [SPACE.join(["", *map(variants, "".join(line.split())), ""]) for line in lines]
        all_kinds += kind + BESIDE * (len(lines) - 1)
    return FixedWords.of(words, all_kinds, early=True)


@lru_cache(maxsize=1024)
def _captured(official: str, blank: str, kinds: str) -> list[str] | None:
    return _printed(official, kinds).split(blank)


def _blanks(official: str, blank: str | None, kinds: str) -> Sequence[str]:
    """The blank form's text in each slot, such as 年 月 日."""
    captured = None if blank is None else _captured(official, blank, kinds)
    return captured or ("",) * len(kinds)


def _exact(
    marks: list[str], texts: Sequence[Any], slots: Mapping[str, Slot], blanks: Sequence[str]
) -> dict[str, Written]:
    """The content of marks with these texts; of all marks blank if `blanks` is empty."""
    written = {}
    fields: dict[tuple[str, ...], dict[str, str]] = {}  # the texts of parts of fields of boxes
    for number, (mark, text) in enumerate(zip(marks, texts, strict=True)):
        slot = slots[mark]
        is_blank = not blanks or alike(text, blanks[number])
        if not slot.of_boxes:
            written[mark] = Written(None if is_blank else text, exact=True)
            continue
        if slot.path not in fields:
            written[mark] = Written(None, exact=True)
        fields.setdefault(slot.path, {})[slot.of_boxes] = "" if slot.own and is_blank else text
    for mark in written:
        if texts_here := fields.get(slots[mark].path):
            own = texts_here.get(OWN_WORDS, "")
            options = tuple(key for key, text in texts_here.items() if text == CHECKED and key != OWN_WORDS)
            written[mark] = Written(None, True, Ticks(frozenset(texts_here), options, own, boxed=True))
    return written


def _parts(
    official: str, found: str, slots: Mapping[str, Slot], blanks: Mapping[str, str]
) -> dict[str, Written]:
    """The content of each field of a text with boxes that was changed."""
    written: dict[str, Written] = {}
    for part, start, end in regions(official, found, slots):
        content = _apart(found[start:end], blanks[part.mark])
        if part.keys:
            one = _ticked(part, found[start:end], found)
        elif part.slot.own:
            one = Written(None, exact=False, ticks=Ticks(frozenset(part.seen), own=content or ""))
        else:
            one = Written(content, exact=False)
        if not written and (head := place_of(part.head, found)):
            one = replace(one, rest=" ".join(filter(None, (found[: head[0]].strip(), one.rest))))
        written[part.mark] = one
    return written


def _apart(text: str, blank: str) -> str | None:
    text = text.strip().lstrip(":：").lstrip()
    return None if bare(text) == bare(blank) else text


def _ticked(part: Passage, text: str, found: str) -> Written:
    """What is ticked in the text of a field; `found` is the text around it."""
    try:
        read = ticked(text, part.wording)
        elsewhere = any(place_of(words, found) for words in part.options if words)
        if not bare(text).strip("、/") and elsewhere:
            raise UnclearBoxes  # the answer of another field may also be this one's
    except UnclearBoxes:
        return Written(None, exact=False, code="unclear_box")
    keys = tuple(part.keys[number] for number in read.options)
    ticks = Ticks(frozenset(part.seen), keys, read.own, read.bare, not read.bare)
    return Written(None, exact=False, ticks=ticks, rest=read.rest)


def _loose(
    official: str, found: str, marks: list[str], kinds: str, blanks: Sequence[str]
) -> dict[str, Written]:
    typed, beside = _typed(official, kinds), ""
    if (split := typed.split(found)) is not None:
        read = [(kind, text.strip()) for kind, text in zip(typed.kinds, split, strict=True)]
        texts = [text for kind, text in read if kind != BESIDE]
        texts = [text.lstrip(":：").lstrip() for text in texts] if fixed(official) else texts
        beside = " ".join(text for kind, text in read if kind == BESIDE and text)
    elif len(marks) == 1:
        texts = [_without_words(official, found)]
    else:
        raise NoMatch
    return {
        mark: Written(
            None if bare(text) == bare(printed) else text,
            exact=False,
            rest=beside if mark == marks[0] else "",
        )
        for mark, text, printed in zip(marks, texts, blanks, strict=True)
    }


def _words(words: str) -> str:
    """A pattern of fixed words with any spacing; bracketed notes, as （公章）, may differ or be missing."""
    parts = []
    for part in _NOTE_SPLIT.split(words):
        is_note = _NOTE_SPLIT.fullmatch(part) is not None
        parts += [_NOTE] if is_note else [variants(c) for c in part if not c.isspace()]
    return SPACE.join(parts)


def _without_words(official: str, found: str) -> str:
    """Removes the fixed words at the beginning and the end of a text."""
    before, _, after = cut(official)
    for words, anchor in ((before, "^{}"), (after, "{}$")):
        if fixed(words):
            found = re.sub(anchor.format(f"{SPACE}{_words(words)}{SPACE}"), "", found, count=1)
    return found.strip()
