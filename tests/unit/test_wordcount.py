"""字数 as Word counts it: a table of texts and the laws that hold for every text."""

import json
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wordcount import count

CASES = {
    "empty": ("", 0),
    "only white space": (" \t\n\r\u3000\u00a0\u2028", 0),
    "one ideograph": ("县", 1),
    "ideographs": ("云泽县科学技术协会", 9),
    "ideographs apart": ("联 系 人", 3),
    "ideographic space between": ("沈\u3000青", 2),
    "lines": ("第一段。\n第二段。", 8),
    "Chinese comma and stop": ("乡镇、街道，社区。", 9),
    "colon, semicolon, brackets": ("（一）目标：甲；乙！", 10),
    "book title marks": ("《江苏科技报》", 7),
    "corner brackets": ("「四長」【附】〔1〕", 10),
    "ideographic zero": ("二〇二一", 4),
    "full-width quotes": ("“四长”‘网格’", 8),
    "dash is two": ("计划——措施", 6),
    "ellipsis is two": ("等等……", 4),
    "middle dot between Chinese": ("云泽·科普", 5),
    "bullet and hyphenation point in a name": ("阿‧布•提", 5),
    "full-width letters and digits": ("Ａ４％￥", 4),
    "vertical and small forms": ("︵﹐﹪", 3),
    "Latin word": ("Word", 1),
    "two Latin words": ("Microsoft Word", 2),
    "run ends at a line end": ("Word\nWord", 2),
    "no-break space ends a run": ("138\u00a00000", 2),
    "digits": ("2021", 1),
    "decimal and percent": ("12.4%", 1),
    "run of ASCII punctuation": ("()[]{}<>&", 1),
    "template tags are plain runs": ("{{ cover.email }}", 3),
    "e-mail address": ("kexie@yunze.example.org", 1),
    "phone with a space": ("0520-5550 1236", 2),
    "Chinese ends a run": ("用A4纸", 3),
    "date": ("2021年3月9日", 6),
    "quoted run": ("“4+1”工作", 5),
    "percentage in a sentence": ("增长10%，", 4),
    "full-width comma parts two runs": ("A，B", 3),
    "ASCII comma does not": ("A,B", 1),
    "curly apostrophe is a mark of its own": ("it’s", 3),
    "straight apostrophe is not": ("it's", 1),
    "accented Latin": ("Müller café", 2),
    "accents as combining marks": ("cafe\u0301s", 1),
    "Greek and Cyrillic": ("μg Москва", 2),
    "Arabic and Devanagari": ("علم विज्ञान", 2),
    "en dash joins a run": ("2021–2025", 1),
    "Latin-1 signs join a run": ("±3×4°", 1),
    "kana": ("かなカナー", 5),
    "voiced kana as combining marks": ("か\u3099", 1),
    "half-width kana": ("ｶﾅ", 2),
    "bopomofo": ("ㄅㄆㄇ", 3),
    "hangul": ("한글", 2),
    "hangul as jamo": (unicodedata.normalize("NFD", "한글"), 2),
    "radicals and strokes": ("⺀⼀㇀", 3),
    "extension A": ("㐀䶮", 2),
    "extension B": ("\U00020000\U0002a6df", 2),
    "extensions C, D and E": ("\U0002a700\U0002b740\U0002b820", 3),
    "extension E in a place's name": ("\U0002cb7c县", 2),
    "extension F": ("\U0002ceb0", 1),
    "extensions G and H": ("\U00030000\U00031350", 2),
    "compatibility ideographs": ("\uf900\U0002f800", 2),
    "private use": ("\ue000\uf8ff", 2),
    "variation selector": ("葛\U000e0100城\ufe00", 2),
    "combining mark on an ideograph": ("中\u0301国", 2),
    "mark alone": ("\u0301\ufe0f", 0),
    "zero-width space and byte order mark": ("\ufeff甲\u200b乙", 2),
    "Chinese unit signs": ("25℃№", 3),
    "circled and Roman numerals": ("①Ⅱ", 2),
    "boxes": ("是☑否□", 4),
    "emoji": ("好👍😀", 3),
    "emoji with selector": ("❤\ufe0f", 1),
    "emoji with skin tone": ("👍🏽", 1),
    "emoji joined by ZWJ": ("👨\u200d👩\u200d👧", 1),
    "emoji flag": ("🇨🇳🇨🇳", 2),
    "emoji ends a run": ("ok👍ok", 3),
}

WIDE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from(
    "，。、；：“”（）《》—…·\U00020000"
)
SPACE = st.text(st.sampled_from(" \t\n\u3000\u00a0"), max_size=3)
RUN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12)


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
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
    start = time.perf_counter()
    count(text)
    assert time.perf_counter() - start < 2.0
