"""字数 as Microsoft Word counts it for Chinese text.

What counts one each:

- CJK ideographs of every block (URO, extensions A to H and what planes 2 and 3 will hold, compatibility
  ideographs, radicals, strokes), kana (half-width too), bopomofo, hangul (a syllable, also as
  conjoining jamo), Yi, Tangut, Nüshu, and private-use characters, used for rare names;
- CJK symbols and punctuation, vertical, small and full-width forms (U+FF01–FFDC, U+FFE0–FFE6);
- the general punctuation that Chinese text sets full-width: “ ” ‘ ’ — ― ‖ … ‥ · • ‧ ※. So —— and ……
  are two each, and the ’ of “it’s” is one and ends the run, as in Chinese fonts it does;
- symbols of Chinese fonts: ℃ ℅ ℉ № ℡, and U+2160–2BFF (Ⅰ ① → ≥ ■ ☑ …);
- emoji; a sequence joined by ZWJ, with skin tone, variation selector or tags, and a flag, is one.

A run, which counts one, is any other text without white space: ASCII, Latin with accents,
Greek, Cyrillic and every other script's letters and digits, signs such as × ± ° ‰ –. Anything counted one
by itself ends a run: 用A4纸 is three. White space (U+3000, U+00A0 and line ends are some) counts nothing
and ends a run. Combining marks, variation selectors and invisible format characters count nothing: after
a character they belong to it, within a run they do not end it.
"""

import re

_IDEOGRAPHS = r"\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PUNCTUATION = r"\u3001-\u3029\u3030-\u303f\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uffdc\uffe0-\uffe6"
_GENERAL_PUNCTUATION = r"\u00b7\u2014-\u2016\u2018\u2019\u201c\u201d\u2022\u2025-\u2027\u203b"
_SYLLABLES = r"\u3041-\u3098\u309b-\u33ff\ua000-\ua4cf\U00016fe0-\U0001b2ff"
_HANGUL = r"\u1100-\u115f\ua960-\ua97f\uac00-\ud7a3"
_PRIVATE_USE = r"\ue000-\uf8ff\U000f0000-\U0010ffff"
_SINGLE = _IDEOGRAPHS + _PUNCTUATION + _GENERAL_PUNCTUATION + _SYLLABLES + _HANGUL + _PRIVATE_USE

_SYMBOLS_AND_EMOJI = r"\u2103\u2105\u2109\u2116\u2121\u2160-\u2bff\U0001f000-\U0001faff"
_FLAG_LETTERS = r"\U0001f1e6-\U0001f1ff"
_SKIN_TONES = r"\U0001f3fb-\U0001f3ff"

_COMBINING = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f"
_JAMO_TAILS = r"\u1160-\u11ff\ud7b0-\ud7ff"
_SELECTORS = r"\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff"
_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_MARKS = _COMBINING + _JAMO_TAILS + _SELECTORS + _INVISIBLE

_OTHERS = (
    rf"[{_FLAG_LETTERS}]{{2}}"
    rf"|[{_SYMBOLS_AND_EMOJI}](?:[{_MARKS}{_SKIN_TONES}]|(?<=\u200d)[{_SYMBOLS_AND_EMOJI}])*"
    rf"|[^\s{_SINGLE}{_SYMBOLS_AND_EMOJI}{_MARKS}][^\s{_SINGLE}{_SYMBOLS_AND_EMOJI}]*"
)
_COUNTED = re.compile(rf"([{_SINGLE}]+)|{_OTHERS}")  # characters that count one together, or anything else


def ecmascript() -> str:
    """The same rule as the source of an ECMAScript regular expression, flags "gu", for browsers.

    White space is spelled out, since ECMAScript's `\\s` has U+FEFF, and lacks what Python's has.
    """
    spaces = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    return re.sub(r"\\U000?([0-9a-f]+)", r"\\u{\1}", f"[{_SINGLE}]|{_OTHERS}").replace(r"\s", spaces)


def count(text: str) -> int:
    """The 字数 of `text`, 0 or more: the number that Word's 审阅 › 字数统计 shows as 字数.

    Never raises; source: 填报说明 三 of annex 2 (总字数在2000字以内) and the rule in the module's docstring.
    """
    return sum([len(singles) or 1 for singles in _COUNTED.findall(text)])
