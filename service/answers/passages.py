"""What differs between two texts, as passages: kept, removed, added."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, REMOVED, ADDED = "kept", "removed", "added"
PASSAGES = (KEPT, REMOVED, ADDED)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
_TOKEN = re.compile(r"[A-Za-z0-9.,%_-]+|.", re.DOTALL)
_ALIKE = 0.4  # of two sentences that are one, changed
_CONTEXT = 30  # characters kept around a change
_ISLAND = 2  # kept characters between changes that are not worth keeping apart


@dataclass(frozen=True)
class Passage:
    """A piece of text that both have, that is only in the first, or only in the second."""

    kind: str
    text: str


def passages(before: str, after: str) -> list[Passage]:
    """The passages of two texts in reading order: sentence by sentence, in like ones word by word."""
    found: list[Passage] = []
    for same, old, new in _blocks(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        one, other = "".join(old), "".join(new)
        found += [Passage(KEPT, one)] if same else _within(one, other)
    return list(_joined(found))


def shortened(found: Sequence[Passage]) -> Iterator[Passage]:
    """The passages, of kept ones only what is next to a change."""
    for number, each in enumerate(found):
        head = _CONTEXT if number else 0
        tail = _CONTEXT if number < len(found) - 1 else 0
        if each.kind != KEPT or len(each.text) <= head + tail + 1:
            yield each
        else:
            yield Passage(KEPT, f"{each.text[:head]}…{each.text[len(each.text) - tail :]}")


def _within(before: str, after: str) -> list[Passage]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < _ALIKE or matcher.ratio() < _ALIKE:
        return [Passage(REMOVED, before), Passage(ADDED, after)]
    found: list[Passage] = []
    for same, one, other in _blocks(old, new):
        kept = "".join(one)
        if same and (len(kept) >= _ISLAND or not found):
            found.append(Passage(KEPT, kept))
        else:
            found += [Passage(REMOVED, kept), Passage(ADDED, "".join(other))]
    return found


def _blocks(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, of, to in matcher.get_opcodes():
        yield tag == "equal", before[start:end], after[of:to]


def _joined(found: Sequence[Passage]) -> Iterator[Passage]:
    """The passages, those of one kind joined; between kept ones, what is removed before what is added."""
    removed = added = kept = ""
    for each in found:
        if each.kind == KEPT and each.text:
            if removed or added:
                yield from _both(removed, added)
                removed = added = ""
            kept += each.text
            continue
        if kept and each.text:
            yield Passage(KEPT, kept)
            kept = ""
        removed += each.text if each.kind == REMOVED else ""
        added += each.text if each.kind == ADDED else ""
    yield from _both(removed, added)
    if kept:
        yield Passage(KEPT, kept)


def _both(removed: str, added: str) -> Iterator[Passage]:
    if removed:
        yield Passage(REMOVED, removed)
    if added:
        yield Passage(ADDED, added)
