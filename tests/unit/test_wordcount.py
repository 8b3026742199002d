"""字数 as Word counts it: a table of texts and the laws that hold for every text."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wordcount import count
from tests.helpers.payloads import WORD_COUNTS

WIDE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from(
    "，。、；：“”（）《》—…·\U00020000"
)
SPACE = st.text(st.sampled_from(" \t\n\u3000\u00a0"), max_size=3)
RUN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12)


@pytest.mark.parametrize(("text", "expected"), WORD_COUNTS.values(), ids=WORD_COUNTS)
def test_counts_as_word_does(text: str, expected: int) -> None:
    assert count(text) == expected


@given(st.lists(st.tuples(SPACE, WIDE), max_size=40))
def test_white_space_never_changes_the_count_of_chinese_text(parts: list[tuple[str, str]]) -> None:
    assert count("".join(space + char for space, char in parts)) == len(parts)


@given(st.lists(RUN, max_size=20))
def test_runs_apart_count_one_each(runs: list[str]) -> None:
    assert count(" ".join(runs)) == len(runs)


@given(st.lists(st.tuples(RUN, WIDE), max_size=20))
def test_chinese_parts_runs(parts: list[tuple[str, str]]) -> None:
    assert count("".join(run + char for run, char in parts)) == 2 * len(parts)


@given(st.text(), st.text())
def test_lines_add_up(first: str, second: str) -> None:
    assert count(first + "\n" + second) == count(first) + count(second)


@given(st.text(), st.text())
def test_joining_never_counts_more(first: str, second: str) -> None:
    assert count(first + second) <= count(first) + count(second)


@given(st.text())
def test_between_nothing_and_the_length(text: str) -> None:
    assert 0 <= count(text) <= len(text)


@given(st.text())
def test_json_carries_the_count(text: str) -> None:
    assert count(json.loads(json.dumps(text))) == count(text)


@pytest.mark.parametrize("text", ["字" * 300_000, "a" * 300_000, "👨\u200d" * 150_000, "\u0301" * 300_000])
def test_a_body_of_the_greatest_size_takes_no_time(text: str) -> None:
    start = time.process_time()
    count(text)
    assert time.process_time() - start < 2.0
