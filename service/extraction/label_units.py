"""Reads the unit that a label names in its brackets."""

import re

from schemas.fields import Leaf

# The unit at the end of a label's brackets: multiplier and unit.
_UNIT = re.compile(r"(?P<by>[十百千万亿]*)(?P<of>[美欧港日]?元|[个人名家所位座支]|)(?:人民币)?$")
_BRACKETED = re.compile(r"\(([^()]*)\)")


def names_other_unit(field: Leaf, label: str) -> bool:
    """Whether a normalised label's brackets name a unit in which the field is not: 元 or 万人."""
    for words in _BRACKETED.findall(label):
        unit = _UNIT.search(words)
        if unit and not field.in_unit(unit["by"], unit["of"]):
            return True
    return False
