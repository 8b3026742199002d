"""What is looked for is found long or abbreviated, and costs little however many abbreviations it has."""

from __future__ import annotations

import pytest

from service.archive.search.abbreviations import spellings
from service.archive.search.search_text import parts


@pytest.mark.parametrize(
    ("part", "other"), [("云泽县科协", "云泽县科学技术协会"), ("云泽县科学技术协会", "云泽县科协")]
)
def test_a_name_is_looked_for_long_and_abbreviated(part, other):
    assert spellings(part) == [part, other]


def test_many_abbreviations_give_few_spellings():
    names = "科技局工信局人社局发改委卫健委住建局管委会村委会科协文联残联妇联农科院社科院"
    found = spellings(names * 3)  # 2 to the power of 14 spellings, if all were made
    assert (found[0], len(found)) == (names * 3, 8)


def test_a_part_that_is_repeated_is_looked_for_once():
    assert parts("云泽 云泽　云泽 科协") == ["云泽", "科协"]
