"""Pairs what two versions of a form ask for: by label, heading and kind, in order where it is kept."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.blank_forms.label_words import plain

_ALIKE, _CLEARLY_ALIKE = 0.5, 0.75  # labels between the same neighbours, and anywhere
_KINDS = (
    {"line", "text", "phone", "email", "id_number", "choice"},
    {"number", "money", "percent", "line"},
    {"choice", "choices", "yes_no"},
    {"date", "month", "date_range", "line"},
)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_MARKS = re.compile(r"[\W_]+")

Pairs = dict[int, int]


@dataclass(frozen=True)
class Asked:
    """A field as its form words it."""

    label: str
    group: str
    kind: str


def pairs(olds: Sequence[Asked], news: Sequence[Asked]) -> Pairs:
    """The number of each old field that stayed, with that of the new one."""
    found: Pairs = {}
    for key in _KEYS:
        for old, new in _equal(_rest(olds, found), _rest(news, found.values()), key):
            found[old] = new
    for old, new in _alike(olds, news, found):
        if old not in found and new not in found.values() and _fits(old, new, olds, news, found):
            found[old] = new
    return dict(sorted(found.items()))


def moved(found: Pairs) -> set[int]:
    """The old fields whose order among the others changed: the fewest that explain it."""
    ends: list[int] = []
    chains: list[list[int]] = []  # by length, the one that ends first
    for old, new in found.items():
        at = bisect_left(ends, new)
        chain = [*(chains[at - 1] if at else []), old]
        ends[at : at + 1], chains[at : at + 1] = [new], [chain]
    return set(found) - set(chains[-1] if chains else ())


def compact(label: str) -> str:
    """A label without blanks, brackets with what is in them, and marks."""
    words = plain(label)
    return _MARKS.sub("", _BRACKETS.sub("", words)) or _MARKS.sub("", words)


_KEYS: tuple[Callable[[Asked], Hashable], ...] = (
    lambda each: (plain(each.group), plain(each.label), each.kind),
    lambda each: (plain(each.group), plain(each.label)),
    lambda each: (plain(each.label), each.kind),
    lambda each: plain(each.label),
    lambda each: compact(each.label),
)
_Numbered = Sequence[tuple[int, Asked]]


def _rest(fields: Sequence[Asked], taken: Collection[int]) -> _Numbered:
    known = set(taken)
    return [(at, each) for at, each in enumerate(fields) if at not in known]


def _equal(olds: _Numbered, news: _Numbered, key: Callable[[Asked], Hashable]) -> Iterator[tuple[int, int]]:
    """Fields with the same key: those in order first, then those that changed places."""
    ours, theirs = [key(each) for _, each in olds], [key(each) for _, each in news]
    left = set(range(len(news)))
    later = []
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    in_order = {b.a + n: b.b + n for b in matcher.get_matching_blocks() for n in range(b.size)}
    for at, each in enumerate(ours):
        if at in in_order:
            left.discard(in_order[at])
            yield olds[at][0], news[in_order[at]][0]
        else:
            later.append((at, each))
    for at, each in later:
        other = next((number for number in sorted(left) if theirs[number] == each), None)
        if other is not None:
            left.discard(other)
            yield olds[at][0], news[other][0]


def _alike(olds: Sequence[Asked], news: Sequence[Asked], found: Pairs) -> list[tuple[int, int]]:
    """The remaining fields with similar labels, the most similar first."""
    scored = [
        (likeness, old, new)
        for old, before in _rest(olds, found)
        for new, after in _rest(news, found.values())
        if (likeness := _likeness(before, after)) >= _ALIKE
    ]
    return [(old, new) for _, old, new in sorted(scored, key=lambda each: (-each[0], each[1:]))]


def _likeness(old: Asked, new: Asked) -> float:
    if old.kind != new.kind and not any({old.kind, new.kind} <= kinds for kinds in _KINDS):
        return 0
    return SequenceMatcher(None, compact(old.label), compact(new.label), autojunk=False).ratio()


def _fits(old: int, new: int, olds: Sequence[Asked], news: Sequence[Asked], found: Pairs) -> bool:
    """Whether similar labels are one field renamed: very similar, or between the same neighbours."""
    if _likeness(olds[old], news[new]) >= _CLEARLY_ALIKE:
        return True
    before = max((each for each in found if each < old), default=None)
    after = min((each for each in found if each > old), default=None)
    return (before is None or found[before] < new) and (after is None or new < found[after])
