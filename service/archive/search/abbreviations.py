"""Names that are written long or abbreviated: each finds the other; the pairs are in `abbreviations.toml`."""

import tomllib
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("abbreviations.toml")
_MOST = 8  # spellings of a part


def spellings(part: str) -> list[str]:
    """A folded part of a text that is looked for, and how else it may be written; up to 8 in all."""
    found = [part]
    for written, other in _pairs():
        found += [each.replace(written, other) for each in found if written in each]
        found = list(dict.fromkeys(found))[:_MOST]
    return found


@cache
def _pairs() -> list[tuple[str, str]]:
    """What is written, and what it may be written as: abbreviations first, then long forms."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    pairs = [(short, long) for short, longs in table.items() for long in longs]
    return pairs + [(long, short) for short, long in pairs]
