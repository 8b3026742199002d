"""Texts are split at fixed words as a pattern of all of them would, but never in as many ways."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.boxes.fixed_words import FixedWords

GROUPS = {"b": "([☑□])", "l": r"([^\n]*)", "m": r"([\s\S]*)", "o": r"([^\n]*)"}


def whole_pattern(words, kinds, *, early):
    """The groups of one pattern, which may take very long."""
    groups = [GROUPS[kind].replace("*", "*?" if early else "*") for kind in kinds]
    pattern = words[0] + "".join(map("".join, zip(groups, words[1:], strict=True)))
    return lambda text: (found := re.fullmatch(pattern, text)) and list(found.groups())


@given(st.data(), st.text("blmo", max_size=4), st.text("ab\n☑□", max_size=12), st.booleans())
def test_a_text_is_split_as_by_one_pattern(data, kinds, text, early):
    count = len(kinds) + 1
    words = data.draw(st.lists(st.text("ab\n", max_size=2), min_size=count, max_size=count))
    split = FixedWords.of(words, kinds, early=early).split(text)
    assert split == whole_pattern(words, kinds, early=early)(text)


@pytest.mark.parametrize("early", [False, True])
def test_words_repeated_a_thousand_times_are_placed_at_once(early):
    words = FixedWords.of(["甲：", "乙：", "丙：", "丁：", ""], "llll", early=early)
    text = "甲：" + "乙：丙：丁：" * 3000
    began = time.process_time()
    assert words.split(text + "\n") is None
    assert words.split(text)[-1] == ("乙：丙：丁：" * 2999 if early else "")
    assert time.process_time() - began < 4


def test_words_too_long_for_several_fields_are_not_split():
    assert FixedWords.of(["", "；", ""], "ll", early=True).split("长" * 100_000 + "；") is None
    assert FixedWords.of(["", "；"], "l", early=True).split("长" * 100_000 + "；") == ["长" * 100_000]
