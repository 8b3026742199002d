"""Characters as people type them: boxes and ticks of every kind, and text as labels are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CHECKED, EMPTY = "☑", "□"
#: Marks that stand for a box with a tick, for a tick, and for an empty box; 口 and R only between the words.
TICKED = "☑√✓✔■▣●◉◼R"
UNTICKED = "□☐○口▢◻◯"

# The characters of symbol fonts, as code points below U+F100 or as the Latin letter that is their key.
_SYMBOLS: dict[str, dict[int, str]] = {
    "Wingdings": {0xFE: CHECKED, 0xFC: "√", 0xA8: EMPTY, 0x6F: EMPTY, 0x71: EMPTY, 0x6E: "■", 0xFD: "☒"},
    "Wingdings 2": {0x52: CHECKED, 0x50: "√", 0xA3: EMPTY, 0x2A: EMPTY, 0x53: "☒", 0x51: "☒"},
    "Symbol": {0xD6: "√", 0xB7: "·"},
}
_ENOUGH = 64  # characters
_JOINED = 16  # more than the characters at the end of a cut text that may become one with what follows
_NUMBER = re.compile("^[一二三四五六七八九十]+、")
_BRACKETS = re.compile(r"\(.*?\)")
_NO_LETTER = re.compile(r"[^\w]")
# White space, and the formats (Cf) of Unicode 15, which draw nothing.
_INVISIBLE = re.compile(
    "[\\s\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]+"
)
_QUOTES = (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"))


def symbol(font: str, code: int) -> str | None:
    """The character that `code` draws in a symbol font: a box or tick, or None where it is neither.

    `code` is that of `w:sym` (ECMA-376 part 1, 17.3.3.30), with or without 0xF000.
    """
    return _SYMBOLS.get(font, {}).get(code & 0xFF if 0xF000 <= code < 0xF100 else code)


def is_symbol_font(font: str | None) -> bool:
    """Whether `font` draws symbols in the place of letters."""
    return font in _SYMBOLS


def bare(text: str) -> str:
    """`text` for comparing labels: no white space, full-width forms as their ASCII ones, straight quotes."""
    if text.isascii():
        return "".join(text.split())
    return _known(text) if len(text) <= _ENOUGH else _plain(text)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)  # of ＂ and ＇ too
    for quote, straight in _QUOTES:
        plain = plain.replace(quote, straight)  # on a long text far faster than translate()
    return _INVISIBLE.sub("", plain)


_known = lru_cache(maxsize=4096)(_plain)  # the labels of the forms, over and over


def alike(text: str, other: str) -> bool:
    """Whether two texts are the same for comparing; of a long one mostly its beginning tells."""
    wanted = bare(other)
    beginning = bare(text[: _ENOUGH + 2 * len(other)])
    if len(beginning) > len(wanted) + _JOINED:
        return False
    return bare(text) == wanted


def letters(text: str) -> str:
    """`text` for comparing, without punctuation."""
    return _NO_LETTER.sub("", bare(text))


def label(text: str) -> str:
    """`text` for comparing, without notes in brackets and punctuation: 申报单位 of 申报单位（公章）：."""
    return _NO_LETTER.sub("", _BRACKETS.sub("", bare(text)))


def unnumbered(text: str) -> str:
    """A heading for comparing, without its number such as 三、: Word may count by itself."""
    return _NUMBER.sub("", text)
