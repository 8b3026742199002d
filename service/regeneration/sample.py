"""The sample of a regeneration by fingerprint: how many records are converted all the same, and which."""

import hashlib
import heapq
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.errors import UsageError

_SIZE = re.compile(r"([0-9]{1,9})|([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*[%％]")
_ALL = 100  # percent


@dataclass(frozen=True)
class Sample:
    """A sample of so many records, as asked for ("1%", "60"), drawn by a seed."""

    size: str
    seed: str

    def drawn(self, keys: Sequence[str]) -> Collection[str]:
        """The keys with the smallest SHA-256 of seed and key: anyone can draw them again."""
        return set(heapq.nsmallest(self._count(len(keys)), keys, self._rank))

    def _count(self, number: int) -> int:
        """The number of records of so many, rounded up."""
        match = _SIZE.fullmatch(self.size)
        assert match
        return min(int(match[1]) if match[1] else math.ceil(number * Fraction(match[2]) / _ALL), number)

    def _rank(self, key: str) -> bytes:
        return hashlib.sha256(f"{self.seed}\0{key}".encode()).digest()


def sample_size(text: str) -> str:
    """Checks the size of a sample. Raises UsageError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or (match[2] and Fraction(match[2]) > _ALL):
        raise UsageError(
            f"--sample 须为份数（60）或百分比（1%），而不是“{text}”。",
            f"--sample is a number of records (60) or a percentage (1%), not '{text}'.",
        )
    return match[0]
