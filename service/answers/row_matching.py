"""Which rows of two tables are the same: equal ones first, then those that are alike."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from service.answers.alignment import blocks

_ALIKE = 0.4  # of the fields that either row has
_MOST = 10_000  # comparisons of a row with another; beyond, only rows of the same number are compared

Row = Mapping[Any, Any]
#: The place of a row before and after; None for one that only the other has.
Pair = tuple[int | None, int | None]


def matched(before: Sequence[Row], after: Sequence[Row]) -> list[Pair]:
    """Every row of both, in the order of `after`, a removed one where it was."""
    partner = dict(_equal(before, after))
    taken = set(partner.values())
    free = [number for number in range(len(before)) if number not in taken]
    rest = [number for number in range(len(after)) if number not in partner]
    few = len(free) * len(rest) <= _MOST
    for number in rest:
        near = free if few else [number] if number in free else []
        if (like := _most_alike(number, before, after, near)) is not None:
            partner[number] = like
            free.remove(like)
    return list(_in_order(partner, free, len(after)))


def _equal(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Equal rows, after and before: those in one order first, then those that moved."""
    old, new = ([str(sorted(row.items(), key=str)) for row in rows] for rows in (before, after))
    left: dict[str, deque[int]] = {}
    rest: list[int] = []
    for block in blocks(old, new):
        one, other = range(len(old))[block.before], range(len(new))[block.after]
        if block.equal:
            yield from zip(other, one, strict=True)
            continue
        rest += other
        for number in one:
            left.setdefault(old[number], deque()).append(number)
    for number in rest:
        if moved := left.get(new[number]):
            yield number, moved.popleft()


def _most_alike(number: int, before: Sequence[Row], after: Sequence[Row], free: Sequence[int]) -> int | None:
    """The row before that has most in common with one after, of several the nearest; None if none has."""
    ranked = [(_share(before[each], after[number]), -abs(each - number), each) for each in free]
    share, _, best = max(ranked, default=(0.0, 0, 0))
    return best if ranked and share >= _ALIKE else None


def _share(one: Row, other: Row) -> float:
    """How much two rows have in common, of 0 to 1: texts by their letters."""
    keys = one.keys() | other.keys()
    return sum(_alike(one.get(key), other.get(key)) for key in keys) / max(len(keys), 1)


def _alike(one: Any, other: Any) -> float:
    if one == other:
        return 1.0
    if isinstance(one, str) and isinstance(other, str):
        return SequenceMatcher(None, one, other, autojunk=False).quick_ratio() / 2
    return 0.0


def _in_order(partner: Mapping[int, int], removed: Sequence[int], count: int) -> Iterator[Pair]:
    """The pairs in the order of the rows after; removed rows behind the one that they followed."""
    left = set(removed)

    def following(number: int) -> Iterator[Pair]:
        while (number := number + 1) in left:
            left.remove(number)
            yield number, None

    yield from following(-1)
    for number in range(count):
        yield partner.get(number), number
        if number in partner:
            yield from following(partner[number])
