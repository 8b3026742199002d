"""Counts the characters of the national standard, and of each block, that the installed faces draw."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from service.conversion.fonts import standard_characters
from service.conversion.fonts.font_check import FontCheck


@dataclass(frozen=True)
class Coverage:
    """The characters of a level or block, and how many of them some face draws."""

    name: str
    characters: int
    drawable: int

    @property
    def missing(self) -> int:
        """How many no face draws."""
        return self.characters - self.drawable

    def as_dict(self) -> dict[str, Any]:
        """The row for JSON."""
        return {**asdict(self), "missing": self.missing}

    def __str__(self) -> str:
        total, drawn, lost = (f"{each:,}" for each in (self.characters, self.drawable, self.missing))
        return f"{self.name}：{total} 字，能印 {drawn}，缺 {lost} / {total}, {drawn} drawable, {lost} missing"


def coverage(check: FontCheck) -> Iterator[Coverage]:
    """Yields the rows: the levels of GB 18030-2022, then the blocks."""
    rows = {**standard_characters.levels(), **standard_characters.blocks()}
    drawn = check.drawn(frozenset().union(*rows.values()))
    for name, characters in rows.items():
        yield Coverage(name, len(characters), len(characters & drawn))
