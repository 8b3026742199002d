"""Normalises characters as people type them: boxes, ticks, and text for comparing labels."""

import re
import unicodedata
from functools import lru_cache

from schemas.characters import either_width
from service.extraction.displayed.symbols import CHECKED, EMPTY

__all__ = [
    "CHECKED",
    "EMPTY",
    "TICKED",
    "UNTICKED",
    "alike",
    "bare",
    "label",
    "letters",
    "unnumbered",
    "variants",
    "words_pattern",
]

#: Marks for a ticked box, a tick, and an empty box; 口 and R only between the words.
TICKED = "☑√✓✔■▣●◉◼R"
UNTICKED = "□☐○口▢◻◯"

_ENOUGH = 64  # characters
_JOINED = 16  # more than the characters at a cut that may combine with the following ones
_NUMBER = re.compile("^[一二三四五六七八九十]+、")
_ROW_NUMBER = re.compile(r"\(?[0-9]{1,3}\)?[.、]?")
_BRACKETS = re.compile(r"\(.*?\)")
_SUM = re.compile(".{0,8}(?:小计|合计|总计|共计|累计)(?:金额|数|额)?")
_PART = "其中:"
_IN_SUMS = "计"  # a character of every Chinese word for a sum
_NO_LETTER = re.compile(r"[^\w]")
# White space, and the invisible format characters (Cf) of Unicode 15.
_INVISIBLE = re.compile(
    "[\\s\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]+"
)
_TOTAL = re.compile(
    r"(本页|本表|本批|以上|全[省市县区部]|各[省市县区])?(小计|合计|总计|共计|累计)(\(.*\))?([:,,].*|[0-9].*)?"
    rf"|{_PART}.*|([承接][上前]|[过转]次|转下)[页表]?:?|(sub|grand)?total:?|sum:?"
)
_BLANK = r"[\s\u200b-\u200d\ufeff_]"
#: White space, and lines to write on, between fixed words: a whole run of it or nothing. With any piece of a
#: run, a search would try as many ways as the run is long, for each `SPACE` again.
SPACE = rf"(?>(?<!{_BLANK}){_BLANK}*|)"
_PUNCTUATION = re.compile(r"[^\w/]|_")
_QUOTES = (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"))


def bare(text: str) -> str:
    """Normalises `text` for comparing: no white space, ASCII for full-width forms, straight quotes."""
    if text.isascii():
        return "".join(text.split())
    return _known(text) if len(text) <= _ENOUGH else _plain(text)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)  # of ＂ and ＇ too
    for quote, straight in _QUOTES:
        plain = plain.replace(quote, straight)  # on long text much faster than translate()
    return _INVISIBLE.sub("", plain)


_known = lru_cache(maxsize=4096)(_plain)  # for the forms' labels


def alike(text: str, other: str) -> bool:
    """Whether two texts are equal when normalised; for a long text the beginning often decides."""
    wanted, enough = bare(other), _ENOUGH + 2 * len(other)
    if len(text) > enough and len(bare(text[:enough])) > len(wanted) + _JOINED:
        return False
    return bare(text) == wanted


def letters(text: str) -> str:
    """Normalises `text` for comparing, without punctuation."""
    return _NO_LETTER.sub("", bare(text))


def label(text: str) -> str:
    """Normalises `text`, without bracketed notes and punctuation: 申报单位 for 申报单位（公章）：."""
    return _NO_LETTER.sub("", _BRACKETS.sub("", bare(text)))


def unnumbered(text: str) -> str:
    """A normalised heading without its number such as 三、, which Word may generate."""
    return _NUMBER.sub("", text)


def is_number(text: str) -> bool:
    """Whether a normalised text is the number of a row, such as 1, (2) or 3."""
    return _ROW_NUMBER.fullmatch(text) is not None


def variants(character: str) -> str:
    """A pattern of a fixed character, full-width or ASCII; punctuation is optional."""
    choice = either_width(character)
    return f"{choice}?" if _PUNCTUATION.fullmatch(character) else choice


def words_pattern(words: str) -> str:
    """A pattern of fixed words, with any spacing."""
    return SPACE.join(map(variants, words))


def is_total(text: str) -> bool:
    """Whether `text` names a sum of rows or a part of one: 小计, 合计（万元）, 承前页, 其中：……."""
    return _TOTAL.fullmatch(bare(text).casefold()) is not None


def is_part(text: str) -> bool:
    """Whether `text` names a part of the amount above it, as 其中：场地费."""
    return bare(text).startswith(_PART)


def ends_in_sum(text: str) -> bool:
    """Whether a label ends in words for a sum, as 计划开支合计（万元） or 培训费小计."""
    return _IN_SUMS in text and _SUM.fullmatch(label(text)) is not None


def heads_total(text: str) -> bool:
    """Whether a label is that of a sum of all rows: no 小计."""
    return ends_in_sum(text) and "小计" not in text
