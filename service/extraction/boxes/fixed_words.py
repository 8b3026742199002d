"""Splits a text into its fields, boxes or others, at the fixed words around them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from service.extraction.characters import CHECKED, EMPTY

BOX, LINE, LINES, BESIDE = "b", "l", "m", "o"  # kinds of fields; BESIDE is a line of no field
_LONGEST = 100_000  # characters of a text of several fields
_BOXES = {CHECKED, EMPTY}
_LINE_BREAK = re.compile("\n")
Span = tuple[int, int]


@dataclass(frozen=True)
class FixedWords:
    """Patterns of the words before, between and behind the fields of these kinds.

    `early`: of words that occur several times in a text, the first occurrence that fits counts, else the
    last. Each is searched for by itself: a single pattern of the whole text would try about n ** k
    combinations of words that occur n times before each of k fields.
    """

    patterns: tuple[re.Pattern[str], ...]
    kinds: str
    early: bool

    @classmethod
    def of(cls, words: Sequence[str], kinds: str, *, early: bool) -> "FixedWords":
        """Compiles patterns of words, one more than kinds."""
        *others, last = (f"({each})" for each in words)
        ahead = [re.compile(f"(?={each})") for each in (*others, rf"{last}\Z")]  # they may overlap
        return cls(tuple(ahead), kinds, early)

    def split(self, text: str) -> list[str] | None:
        """The text of each field; None without all of the words, or for one too long to have several."""
        first = self.patterns[0].match(text)
        if first is None or (len(self.kinds) > 1 and len(text) > _LONGEST):
            return None
        breaks = [each.start() for each in _LINE_BREAK.finditer(text)]
        texts, end = list[str](), first.end(1)
        for kind, spans in zip(self.kinds, self._spans(text, breaks), strict=True):
            fitting = _fitting(spans, kind, text, breaks, end)
            if not fitting:
                return None
            start, behind = spans[fitting[0 if self.early else -1]]
            texts.append(text[end:start])
            end = behind
        return texts

    def _spans(self, text: str, breaks: Sequence[int]) -> list[list[Span]]:
        """The occurrences of the words behind each field after which all other words follow, too."""
        found: list[list[Span]] = []
        for number in range(len(self.kinds), 0, -1):
            spans = [each.span(1) for each in self.patterns[number].finditer(text)]
            if found:
                kind, behind = self.kinds[number], found[-1]
                spans = [each for each in spans if _fitting(behind, kind, text, breaks, each[1])]
            found.append(spans)
        return found[::-1]


def _fitting(spans: Sequence[Span], kind: str, text: str, breaks: Sequence[int], at: int) -> range:
    """The numbers of the spans that can end a field of this kind that begins `at` a place of the text."""
    first, last = at, len(text)
    if kind == BOX:
        first = last = at + 1 if text[at : at + 1] in _BOXES else -1
    elif kind != LINES and (further := bisect_left(breaks, at)) < len(breaks):
        last = breaks[further]
    return range(bisect_left(spans, (first,)), bisect_left(spans, (last + 1,)))
