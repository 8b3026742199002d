"""Which pieces of two sequences are equal, in a time that their lengths bound."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Comparisons of items, which difflib may repeat for each stretch; beyond, what is between the equal
# ends counts as different.
_MOST = 250_000


@dataclass(frozen=True)
class Block:
    """A stretch of both sequences, from and to, which is equal in both or not."""

    equal: bool
    before: slice
    after: slice


def blocks(before: Sequence[Hashable], after: Sequence[Hashable]) -> Iterator[Block]:
    """Yields the stretches of both sequences in order."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    most = shorter - head
    tail = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    ends = len(before) - tail, len(after) - tail
    if head:
        yield Block(True, slice(0, head), slice(0, head))
    yield from _middle(before, after, head, *ends)
    if tail:
        yield Block(True, slice(ends[0], len(before)), slice(ends[1], len(after)))


def _middle(
    before: Sequence[Hashable], after: Sequence[Hashable], start: int, end: int, to: int
) -> Iterator[Block]:
    """The stretches between `start` and each end."""
    if start == end and start == to:
        return
    if (end - start) * (to - start) > _MOST:
        yield Block(False, slice(start, end), slice(start, to))
        return
    matcher = SequenceMatcher(None, before[start:end], after[start:to], autojunk=False)
    for tag, *edges in matcher.get_opcodes():
        one, two, three, four = (edge + start for edge in edges)
        yield Block(tag == "equal", slice(one, two), slice(three, four))


def share(before: Sequence[Hashable], after: Sequence[Hashable]) -> float:
    """How much of two sequences is equal, of 0 to 1."""
    equal = sum(len(before[block.before]) for block in blocks(before, after) if block.equal)
    return 2 * equal / max(len(before) + len(after), 1)
