"""Reads which of a field's boxes are ticked, however they were ticked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.extraction.characters import EMPTY, TICKED, UNTICKED, words_pattern


class UnclearBoxes(ValueError):
    """More boxes are ticked than one may tick, or a tick may belong to either of two."""


@dataclass(frozen=True)
class Wording:
    """The words of some of a field's options on a form, in its order.

    `own` is the number of the option that own words follow, `around` the words before and behind these.
    `whole`: whether these are all of the field's options; `several`: whether several may be ticked.
    """

    options: tuple[str, ...]
    own: int | None = None
    around: tuple[str, str] = ("", "")
    whole: bool = True
    several: bool = False


@dataclass(frozen=True)
class Ticked:
    """The numbers of the ticked options, own words, and the text beside boxes and words.

    `bare`: whether there are words alone, no boxes.
    """

    options: tuple[int, ...]
    own: str = ""
    rest: str = ""
    bare: bool = False


_CLEAR = "".join(each for each in TICKED + UNTICKED if each not in "R○口◯●")
_LETTER = "R口○◯●"  # marks that also occur in words
_APART = rf"\s、,，;；/／。.:：()（）\[\]［］【】_{TICKED}{UNTICKED}"
_ALONE = rf"(?<![^{_APART}])[{_LETTER}](?![^{_APART}])"
_MARK = rf"(?:[{_CLEAR}]|{_ALONE})"
_MARKS = re.compile(_MARK)
_BRACKETED = re.compile(rf"[(（\[［【]\s*([{TICKED}{UNTICKED}])?\s*[)）\]］】]")
_BESIDE_OWN = " \t\n\u3000\xa0_"
_BEFORE_OWN = f"{_BESIDE_OWN}:："
_IGNORED = re.compile(r"[\s、,，;；/／。.:：()（）_\u200b\ufe0e\ufe0f]+")
_CROSSED = re.compile("[×✕✗✘☒]")  # beside a tick: marks the option not chosen


@dataclass(frozen=True)
class _Mark:
    """A mark between two words; `near`: next to the word before it, `far`: next to the one behind it."""

    ticked: bool
    start: int
    end: int
    near: bool
    far: bool

    @property
    def strays(self) -> int:
        """1 for a tick at the word behind it alone, -1 at the word before it alone, else 0."""
        return (self.far - self.near) * self.ticked


class _Gap:
    """The text between two words, or beside all of them."""

    def __init__(self, text: str) -> None:
        self.text = _BRACKETED.sub(lambda found: found[1] or EMPTY, text)
        places = [(found[0] in TICKED, *found.span()) for found in _MARKS.finditer(self.text)]
        self.marks = [
            _Mark(ticked, start, end, self._only_marks(self.text[:start]), self._only_marks(self.text[end:]))
            for ticked, start, end in places
        ]
        self.rest = _IGNORED.sub("", _MARKS.sub("", self.text))

    @staticmethod
    def _only_marks(text: str) -> bool:
        return not text.strip(TICKED + UNTICKED)

    @property
    def all_ticked(self) -> bool:
        return bool(self.marks) and all(mark.ticked for mark in self.marks)

    def parted(self, one: _Mark, other: _Mark) -> bool:
        """Whether white space is between two marks, so that each belongs to its word. Raises UnclearBoxes."""
        if not self.text[one.end : other.start].isspace():
            raise UnclearBoxes
        return True


def ticked(text: str, wording: Wording) -> Ticked:
    """What is ticked in `text`. Raises UnclearBoxes."""
    spans = _spans(text, wording.options)
    found = sorted((span, number) for number, span in enumerate(spans) if span)
    ends = [0, *(end for (_, end), _ in found)]
    texts = [text[at:to] for at, to in zip(ends, [*(s for (s, _), _ in found), len(text)], strict=True)]
    own, order = "", [number for _, number in found]
    if wording.own in order:
        at = order.index(wording.own) + 1
        texts[at], own = _own(texts[at], wording.around)
    gaps = [_Gap(each) for each in texts]
    marks, rest = [mark for gap in gaps for mark in gap.marks], "".join(gap.rest for gap in gaps)
    read = Ticked((), own, rest, bare=not marks and bool(order))
    if len(found) < len(spans):
        return replace(read, options=_alone(wording, order, gaps, marks, rest))
    if not any(mark.ticked for mark in marks):
        if any(
            re.search(rf"[(（]\s*{words_pattern(word)}\s*[)）]", text) for word in wording.options if word
        ):
            raise UnclearBoxes
        return read
    if not wording.several:
        read = replace(read, rest=_CROSSED.sub("", rest))
    return replace(read, options=_chosen(wording, order, gaps))


def _spans(text: str, options: Sequence[str]) -> list[tuple[int, int] | None]:
    """The first place of each option's words; of words within longer ones, only outside those."""
    ordered = sorted(range(len(options)), key=lambda number: -len(options[number]))
    words = "|".join(f"({words_pattern(options[number])})" for number in ordered)
    spans: list[tuple[int, int] | None] = [None] * len(options)
    for match in re.finditer(words, text):
        number = ordered[(match.lastindex or 1) - 1]
        spans[number] = spans[number] or match.span()
    return spans


def _own(gap: str, around: tuple[str, str]) -> tuple[str, str]:
    """The text behind an option without own words, and these. Raises UnclearBoxes."""
    marks, start, end = list(_MARKS.finditer(gap)), 0, len(gap)
    while marks and not gap[start : marks[0].start()].strip():
        start = marks.pop(0).end()
    while marks and not gap[marks[-1].end() : end].strip():
        end = marks.pop().start()
    own, (before, behind) = gap[start:end].strip(), around
    head = re.match(words_pattern(before), own)
    if behind and (not before or (head and head[0])):
        own = re.sub(f"{words_pattern(behind)}$", "", own)
    own = own.removeprefix(head[0] if head else "")
    own = own.lstrip(_BEFORE_OWN).strip(_BESIDE_OWN)
    if re.search(f"[{_CLEAR}]", own):
        raise UnclearBoxes
    return f"{gap[:start]}{' ' if own else ''}{gap[end:]}", own


def _alone(
    wording: Wording, order: list[int], gaps: list[_Gap], marks: list[_Mark], rest: str
) -> tuple[int, ...]:
    """The options of which alone the words are left, or none; 不是 and 基本是 are no answers."""
    if rest or not wording.whole or (marks and not any(mark.ticked for mark in marks)):
        raise UnclearBoxes
    if not order:
        if marks:
            raise UnclearBoxes
        return ()
    return tuple(sorted(order)) if not marks or len(order) == 1 else _chosen(wording, order, gaps)


def _chosen(wording: Wording, order: list[int], gaps: list[_Gap]) -> tuple[int, ...]:
    """The options with a tick; `order` has their numbers in the order of the text."""
    chosen = [any(mark.ticked for mark in marks) for marks in _shared(gaps)]
    if sum(chosen) > 1 and not wording.several:
        raise UnclearBoxes
    return tuple(sorted(number for number, one in zip(order, chosen, strict=True) if one))


def _shared(gaps: list[_Gap]) -> list[list[_Mark]]:
    """The marks of each word. Raises UnclearBoxes."""
    first, *inner, last = gaps
    if not inner:
        return [first.marks + last.marks]
    if first.marks and last.marks:
        between = [mark for gap in inner for mark in gap.marks if mark.ticked]
        if first.all_ticked == last.all_ticked or any(mark.near == mark.far for mark in between):
            raise UnclearBoxes
    if last.marks and (first.all_ticked or not first.marks):
        shared = _boxes_behind(inner)
    elif first.marks:
        shared = _boxes_in_front(inner)
    else:
        shared = _only_between(inner)
    shared[0] += first.marks
    shared[-1] += last.marks
    return shared


def _boxes_behind(inner: list[_Gap]) -> list[list[_Mark]]:
    """是□ 否□; a tick may also precede a word directly, separate from the box of the word before."""
    shared: list[list[_Mark]] = [[] for _ in range(len(inner) + 1)]
    for number, gap in enumerate(inner):
        marks = gap.marks
        if len(marks) > 1 and marks[-1].ticked and marks[-1].end == len(gap.text):
            gap.parted(*marks[-2:])
            shared[number + 1].append(marks[-1])
            marks = marks[:-1]
        elif any(mark.strays > 0 for mark in marks):
            raise UnclearBoxes
        shared[number] += marks
    return shared


def _boxes_in_front(inner: list[_Gap]) -> list[list[_Mark]]:
    """□是 □否; a tick may also follow a word directly, separate from the box of the next one."""
    shared: list[list[_Mark]] = [[] for _ in range(len(inner) + 1)]
    for number, gap in enumerate(inner):
        marks = gap.marks
        if len(marks) > 1 and marks[0].ticked and marks[0].start == 0:
            gap.parted(*marks[:2])
            shared[number].append(marks[0])
            marks = marks[1:]
        elif any(mark.strays < 0 for mark in marks):
            raise UnclearBoxes
        shared[number + 1] += marks
    return shared


def _only_between(inner: list[_Gap]) -> list[list[_Mark]]:
    """是√ 否 or 是 √否, with the tick next to its word; or 是□ □否."""
    shared: list[list[_Mark]] = [[] for _ in range(len(inner) + 1)]
    for number, gap in enumerate(inner):
        if any(mark.near == mark.far for mark in gap.marks):
            raise UnclearBoxes
        shared[number] += [mark for mark in gap.marks if mark.near]
        shared[number + 1] += [mark for mark in gap.marks if mark.far]
    return shared
