"""Reads the unit that a label names in its brackets."""

import re
from functools import lru_cache

from schemas.fields import Leaf
from service.extraction.characters import bare

# The unit at the end of a label's brackets: multiplier and unit.
_UNIT = re.compile(r"(?P<by>[十百千万亿]*)(?P<of>[美欧港日]?元|[个人名家所位座支]|)(?:人民币)?$")
_BRACKETED = re.compile(r"\(([^()]*)\)")


def names_other_unit(field: Leaf, label: str) -> bool:
    """Whether a label's brackets name a unit in which the field is not: 元 or 万人."""
    return any(not field.in_unit(*unit) for unit in _units(bare(label)))


@lru_cache(maxsize=1024)
def _units(label: str) -> tuple[tuple[str, str], ...]:
    """The multiplier and unit in each of the brackets of a normalised label."""
    units = (_UNIT.search(words) for words in _BRACKETED.findall(label))
    return tuple((unit["by"], unit["of"]) for unit in units if unit)
