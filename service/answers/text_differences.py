"""What differs between two texts, as passages: kept, removed, added."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.answers.alignment import blocks, share

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
    one, other = _SENTENCE.findall(before), _SENTENCE.findall(after)
    found: list[Passage] = []
    for block in blocks(one, other):
        old, new = one[block.before], other[block.after]
        if block.equal:
            found.append(Passage(KEPT, "".join(old)))
        elif len(old) == len(new):
            found += [each for pair in zip(old, new, strict=True) for each in _within(*pair)]
        else:
            found += _within("".join(old), "".join(new))
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
    """The passages of a sentence before and after; if they are not alike, one was replaced by the other."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if share(old, new) < _ALIKE:
        return [Passage(REMOVED, before), Passage(ADDED, after)]
    found: list[Passage] = []
    for block in blocks(old, new):
        kept, put = "".join(old[block.before]), "".join(new[block.after])
        if block.equal and (len(kept) >= _ISLAND or not found):
            found.append(Passage(KEPT, kept))
        else:
            found += [Passage(REMOVED, kept), Passage(ADDED, put)]
    return found


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
