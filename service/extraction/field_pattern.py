"""Extracts the field values of a text by the fixed words between them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from schemas.fields import Unreadable
from service.extraction.boxes import UnclearBoxes, ticked
from service.extraction.characters import CHECKED, EMPTY, alike, bare
from service.extraction.skeleton import Slot, cut, fixed, is_mark
from service.extraction.skeleton import marks as marks_in

_SPACE = r"[\s\u200b-\u200d\ufeff_]*"
_NOTE_SPLIT = re.compile(r"([(（][^)）\n]*[)）])")
_NOTE = r"(?:[(（][^)）\n]*[)）])?"
_PUNCTUATION = re.compile(r"[^\w/]|_")


@dataclass(frozen=True)
class Written:
    """The content of a slot: text, or the answer of boxes; `exact` if the text around it is unchanged.

    `answer` is the JSON value of the ticked boxes, None if none is ticked. `code` is the reason why the
    content cannot be read; `rest` is other text beside an answer.
    """

    text: str | None
    exact: bool
    answer: Any = None
    code: str | None = None
    rest: str = ""


class NoMatch(ValueError):
    """The fixed words are not in the text."""


def take(official: str, blank: str | None, found: str, slots: Mapping[str, Slot]) -> dict[str, Written]:
    """The content of each slot of `official`, a text with marks.

    `blank` is the text on the blank form, `found` the text in the document. Of boxes, only the mark of the
    first gets the answer. Raises NoMatch.
    """
    marks = marks_in(official)
    if found == blank or (blank is not None and alike(found, blank)):
        return {mark: Written(None, exact=True) for mark in marks if slots[mark].leads}
    exact = _pattern(official, _kinds(marks, slots)).fullmatch(found)
    if exact:
        return _exact(marks, exact.groups(), slots, _blanks(official, blank, slots))
    if any(slots[mark].option is not None for mark in marks):
        return _answers(official, found, slots)
    return _loose(official, blank, found, marks, slots)


def _kinds(marks: list[str], slots: Mapping[str, Slot]) -> str:
    return "".join(
        ["b" if slots[mark].option is not None else "m" if slots[mark].many else "l" for mark in marks]
    )


_GROUPS = {"b": f"([{CHECKED}{EMPTY}])", "m": r"([\s\S]*)", "l": r"([^\n]*)"}


@lru_cache(maxsize=1024)
def _pattern(official: str, kinds: str) -> re.Pattern[str]:
    """A pattern of the fixed words as printed."""
    groups = iter(kinds)
    return re.compile("".join(_GROUPS[next(groups)] if is_mark(c) else re.escape(c) for c in official))


@lru_cache(maxsize=1024)
def _loose_pattern(official: str, kinds: str) -> re.Pattern[str]:
    """A pattern of the fixed words with any spacing and optional punctuation.

    Text behind a colon without a field, such as a typed signature, is captured as `beside_…`.
    """
    groups, parts = iter(kinds), [_SPACE]
    for number, character in enumerate(official):
        if is_mark(character):
            parts += [_GROUPS[next(groups)].replace("*)", "*?)"), _SPACE]
        elif official.startswith((":\n", "：\n"), number):
            parts += [_variants(character), rf"(?P<beside_{number}>[^\n]*?)", _SPACE]
        elif not character.isspace():
            parts += [_variants(character), _SPACE]
    return re.compile("".join(parts))


def _variants(character: str) -> str:
    """A pattern of a fixed character, full-width or ASCII; punctuation is optional."""
    same = {character, unicodedata.normalize("NFKC", character)}
    if character.isascii():
        same.add(chr(ord(character) + 0xFEE0))
    choice = f"(?:{'|'.join(map(re.escape, sorted(same)))})"
    return f"{choice}?" if _PUNCTUATION.fullmatch(character) else choice


@lru_cache(maxsize=1024)
def _captured(official: str, blank: str, kinds: str) -> tuple[str, ...] | None:
    found = _pattern(official, kinds).fullmatch(blank)
    return found.groups() if found else None


def _blanks(official: str, blank: str | None, slots: Mapping[str, Slot]) -> tuple[str, ...]:
    """The blank form's text in each slot, such as 年 月 日."""
    marks = marks_in(official)
    captured = _captured(official, blank, _kinds(marks, slots)) if blank is not None else None
    return captured or ("",) * len(marks)


def _exact(
    marks: list[str], texts: tuple[Any, ...], slots: Mapping[str, Slot], blanks: tuple[str, ...]
) -> dict[str, Written]:
    written = {}
    by_mark = dict(zip(marks, texts, strict=True))
    boxes: dict[tuple[str, ...], list[str]] = {}
    for mark in marks:
        if by_mark[mark] == CHECKED and (option := slots[mark].option) is not None:
            boxes.setdefault(slots[mark].path, []).append(option)
    for mark, blank in zip(marks, blanks, strict=True):
        slot, text = slots[mark], by_mark[mark]
        if slot.option is None:
            is_blank = alike(text, blank)
            written[mark] = Written(None if is_blank else text, exact=True)
        elif slot.leads:
            written[mark] = _answer(slot, boxes.get(slot.path, []), exact=True)
    return written


def _answer(slot: Slot, keys: Sequence[str], rest: str = "", *, exact: bool) -> Written:
    """The answer if the boxes of these options are ticked."""
    try:
        return Written(None, exact, slot.field.ticked(keys), rest=rest)
    except Unreadable:
        return Written(None, exact, code="unclear_box")


@dataclass(frozen=True)
class Question:
    """A field of boxes: the mark of the first, the words before the boxes, and those of each option."""

    mark: str
    head: str
    words: tuple[str, ...]


def _questions(official: str, slots: Mapping[str, Slot]) -> list[Question]:
    """The fields of boxes in a text, each box behind its word."""
    pieces = cut(official)
    found: list[Question] = []
    for literal, mark in zip(pieces[::2], pieces[1::2], strict=False):
        words = literal.split()
        if slots[mark].option is None:
            continue
        if slots[mark].leads:
            found.append(Question(mark, bare("".join(words[:-1])), (bare(words[-1]),)))
        else:
            found[-1] = replace(found[-1], words=(*found[-1].words, bare(words[-1])))
    return found


def _answers(official: str, found: str, slots: Mapping[str, Slot]) -> dict[str, Written]:
    written = {}
    for question, start, end in regions(official, found, slots):
        slot, answered = slots[question.mark], found[start:end]
        try:
            chosen, rest = ticked(answered, question.words)
            if not bare(answered).strip("、/") and any(word in found for word in question.words):
                raise UnclearBoxes  # the answer of another question may also be this one's
        except UnclearBoxes:
            written[question.mark] = Written(None, exact=False, code="unclear_box")
        else:
            keys = [slot.field.options[number].key for number in chosen]
            written[question.mark] = _answer(slot, keys, rest, exact=False)
    return written


def regions(official: str, found: str, slots: Mapping[str, Slot]) -> list[tuple[Question, int, int]]:
    """The questions of a text, and where the boxes of each begin and end in `found`. Raises NoMatch."""
    questions = _questions(official, slots)
    places = [place for question in questions if (place := place_of(question.head, found))]
    if len(places) < len(questions) or places != sorted(places):
        raise NoMatch
    ends = [start for start, _ in places[1:]] + [len(found)]
    return [(question, start, end) for question, (_, start), end in zip(questions, places, ends, strict=True)]


def place_of(words: str, text: str) -> tuple[int, int] | None:
    """The span of fixed words in a text, with any spacing."""
    found = re.search(_SPACE.join(map(_variants, words)), text)
    return found.span() if found else None


def _loose(
    official: str, blank: str | None, found: str, marks: list[str], slots: Mapping[str, Slot]
) -> dict[str, Written]:
    loose = _loose_pattern(official, _kinds(marks, slots)).fullmatch(found)
    blanks, beside = _blanks(official, blank, slots), ""
    if loose:
        named = loose.re.groupindex.values()
        texts = [text for number, text in enumerate(loose.groups(), 1) if number not in named]
        texts = [text.strip().lstrip(":：").lstrip() if fixed(official) else text.strip() for text in texts]
        beside = " ".join(filter(None, map(str.strip, loose.groupdict().values())))
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
        parts += [_NOTE] if is_note else [_variants(c) for c in part if not c.isspace()]
    return _SPACE.join(parts)


def _without_words(official: str, found: str) -> str:
    """Removes the fixed words at the beginning and the end of a text."""
    before, _, after = cut(official)
    for words, anchor in ((before, "^{}"), (after, "{}$")):
        if fixed(words):
            found = re.sub(anchor.format(f"{_SPACE}{_words(words)}{_SPACE}"), "", found, count=1)
    return found.strip()
