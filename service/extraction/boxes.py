"""Reads which of a field's boxes are ticked, however they were ticked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.extraction.characters import EMPTY, TICKED, UNTICKED


class UnclearBoxes(ValueError):
    """More boxes are ticked than one may tick, or a tick may belong to either of two."""


@dataclass(frozen=True)
class _Mark:
    ticked: bool
    start: int
    end: int


_MARKS = re.compile(f"[{TICKED}{UNTICKED}]")
_BRACKETED = re.compile(rf"[(（\[［【]\s*([{TICKED}{UNTICKED}])?\s*[)）\]］】]")
_IGNORED = re.compile(r"[\s、,，;；/／。.:：()（）_\u200b\ufe0e\ufe0f]+")
_CROSSED = re.compile("[×✕✗✘☒]")  # beside a tick: marks the option not chosen


def ticked(text: str, words: Sequence[str]) -> tuple[tuple[int, ...], str]:
    """The numbers of the options ticked in `text`, and the text beside the boxes and their words.

    `words` are those of the options, two of them, of which one may be ticked. Raises UnclearBoxes.
    """
    one, other = words
    text = _BRACKETED.sub(lambda found: found[1] or EMPTY, text)
    marks = [_Mark(found[0] in TICKED, *found.span()) for found in _MARKS.finditer(text)]
    starts = [text.find(word) for word in words]
    rest = _IGNORED.sub("", _MARKS.sub("", text).replace(one, "", 1).replace(other, "", 1))
    if -1 in starts:
        return _alone(marks, starts, rest), rest
    if not any(mark.ticked for mark in marks):
        if re.search(f"[(（]\\s*(?:{one}|{other})\\s*[)）]", text):
            raise UnclearBoxes
        return (), rest
    rest = _CROSSED.sub("", rest)
    spans = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
    first, last = sorted((span, number) for number, span in enumerate(spans))
    shared = _shared(text, marks, first[0], last[0])
    chosen = [any(mark.ticked for mark in each) for each in shared]
    if all(chosen):
        raise UnclearBoxes
    return (first[1] if chosen[0] else last[1],), rest


def _alone(marks: list[_Mark], starts: list[int], rest: str) -> tuple[int, ...]:
    """The option if only one of the words is left, or none; 不是 and 基本是 are no answers."""
    if rest or (marks and not any(mark.ticked for mark in marks)):
        raise UnclearBoxes
    if starts == [-1, -1]:
        if marks:
            raise UnclearBoxes
        return ()
    return (0 if starts[1] == -1 else 1,)


def _shared(
    text: str, marks: list[_Mark], first: tuple[int, int], last: tuple[int, int]
) -> tuple[list[_Mark], list[_Mark]]:
    """The marks of the first word and of the last. Raises UnclearBoxes."""
    before = [mark for mark in marks if mark.end <= first[0]]
    between = [mark for mark in marks if first[1] <= mark.start and mark.end <= last[0]]
    after = [mark for mark in marks if mark.start >= last[1]]
    if before and after:
        if not all(mark.ticked for mark in before):
            raise UnclearBoxes
        return before + between, after
    if after:
        return _boxes_behind(text, between, after, last[0])
    if before:
        return _boxes_in_front(text, before, between, first[1])
    return _only_between(text, between, first[1], last[0])


def _boxes_behind(
    text: str, between: list[_Mark], after: list[_Mark], word: int
) -> tuple[list[_Mark], list[_Mark]]:
    """是□ 否□; a tick may also precede 否 directly, separate from the box of 是."""
    if len(between) < 2 or not between[-1].ticked or between[-1].end != word:
        return between, after
    if not text[between[-2].end : between[-1].start].isspace():
        raise UnclearBoxes
    return between[:-1], [between[-1], *after]


def _boxes_in_front(
    text: str, before: list[_Mark], between: list[_Mark], word: int
) -> tuple[list[_Mark], list[_Mark]]:
    """□是 □否; a tick may also follow 是 directly, separate from the box of 否."""
    if len(between) < 2 or not between[0].ticked or between[0].start != word:
        return before, between
    if not text[between[0].end : between[1].start].isspace():
        raise UnclearBoxes
    return [*before, between[0]], between[1:]


def _only_between(text: str, between: list[_Mark], word: int, other: int) -> tuple[list[_Mark], list[_Mark]]:
    """是√ 否 or 是 √否, with the tick next to its word; or 是□ □否."""
    near = [
        mark
        for mark in between
        if not text[word : mark.start].strip(TICKED + UNTICKED) and not text[word : mark.start][:1].isspace()
    ]
    far = [
        mark
        for mark in between
        if not text[mark.end : other].strip(TICKED + UNTICKED) and not text[mark.end : other][-1:].isspace()
    ]
    if any(mark in far for mark in near) or len(near) + len(far) != len(between):
        raise UnclearBoxes
    return near, far
