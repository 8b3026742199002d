"""Characters that cannot be seen or look like others: made plain with a notice, or refused by name.

The one table of them, after Unicode 15: spaces (Zs), line ends (UAX 14, class BK), format characters (Cf),
default ignorables, noncharacters. Visible characters of ordinary text, U+3000 and the tab included, are kept.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemas.characters.private_use import PRESENT

_SHOWN = 5  # named in one message
_FULL_WIDTH = 0xFEE0  # from the ASCII character


@dataclass(frozen=True, eq=False)
class CharacterClass:
    """Characters with one treatment: names, members (as in a regex set), and what they become.

    `plain` "" removes them, None refuses them, a mapping has what each becomes. Where the regex `kept`
    matches, a member has a meaning between its neighbours and stays. `reorders`: text behind it may be shown
    in another order than it is stored (UAX 9).
    """

    zh: str
    en: str
    members: str
    plain: str | Mapping[str, str] | None
    kept: str = ""
    reorders: bool = False

    def of(self, character: str) -> str | None:
        """What the member becomes."""
        return self.plain[character] if isinstance(self.plain, Mapping) else self.plain


@dataclass(frozen=True)
class PlainCharacter:
    """A character that was made `plain`, `count` times in a text; "" if it was removed."""

    character: str
    zh: str
    en: str
    plain: str
    count: int
    reorders: bool

    @property
    def code(self) -> str:
        """Whether the character was replaced or removed."""
        return REPLACED if self.plain else REMOVED


#: The codes of notices of what was made plain.
REPLACED, REMOVED = "character_replaced", "character_removed"
FOLD = {chr(code + _FULL_WIDTH): chr(code) for code in range(0x21, 0x7F)}  # full-width characters to ASCII

# What U+200C and U+200D join, and what the variation selectors follow: characters that always stay, so that a
# plain text is its own plain text.
_PICTURES = "\u2190-\u2211\u2213-\u27ff\u2900-\u2bff\U0001f000-\U0001faff"
_JOINED = f"\u0600-\u061b\u061d-\u115e\u1161-\u167f\u1681-\u17b3\u17b6-\u180a\u1810-\u1cff{_PICTURES}"
_SYMBOLS = f"\xa9\xae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299{_PICTURES}"
_IDEOGRAPHS = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_NONCHARACTERS = "".join(chr(plane << 16 | code) for plane in range(1, 17) for code in (0xFFFE, 0xFFFF))

#: The characters that reverse the text behind them (UAX 9): RLE, RLO, RLI.
RIGHT_TO_LEFT = "\u202b\u202e\u2067"

_EVERYWHERE = (
    CharacterClass("", "", f"\0-\x08\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_NONCHARACTERS}", None),
    CharacterClass("行间注解符", "interlinear annotation", "\ufff9-\ufffb", None),
    CharacterClass("对象占位符", "object replacement character", "\ufffc", None),
    CharacterClass("特殊换行符", "line separator", "\x0b\x0c\x85\u2028\u2029", "\n"),
    CharacterClass("不换行连字符", "non-breaking hyphen", "\u2011", "-"),
    CharacterClass("不换行空格", "no-break space", "\xa0\u202f", " "),
    CharacterClass("全身空格", "em space", "\u2001\u2003", "\u3000"),
    CharacterClass("特殊空格", "special space", "\u1680\u2000\u2002\u2004-\u200a\u205f", " "),
    CharacterClass("空白填充符", "filler", "\u115f\u1160\u2800\u3164\uffa0", " "),
    CharacterClass("软连字符", "soft hyphen", "\xad", ""),
    CharacterClass(
        "零宽字符", "zero-width character", "\u034f\u17b4\u17b5\u200b\u2060-\u2065\ufeff\ufff0-\ufff8", ""
    ),
    CharacterClass(
        "零宽连接符",
        "zero-width joiner",
        "\u200c\u200d",
        "",
        f"(?:(?<=[{_JOINED}])|(?<=[{_PICTURES}]\ufe0f)).[{_JOINED}]",
    ),
    CharacterClass("文字方向符", "direction mark", RIGHT_TO_LEFT, "", reorders=True),
    CharacterClass(
        "文字方向符", "direction mark", "\u061c\u200e\u200f\u202a\u202c\u202d\u2066\u2068-\u206f", ""
    ),
    CharacterClass(
        "蒙古文选择符",
        "Mongolian selector",
        "\u180b-\u180f",
        "",
        "(?<=[\u1820-\u18aa])|(?<=[\u1820-\u18aa][\u180b-\u180d\u180f])",
    ),
    CharacterClass(
        "异体选择符", "variation selector", "\ufe00-\ufe0f", "", f"(?<=[{_SYMBOLS}{_IDEOGRAPHS}])|.\u20e3"
    ),
    CharacterClass("异体选择符", "variation selector", "\U000e0100-\U000e01ef", "", f"(?<=[{_IDEOGRAPHS}])"),
    CharacterClass(
        "旧编码的私用区字符", "private-use character of an older standard", "".join(PRESENT), PRESENT
    ),
    CharacterClass("标签字符", "tag character", "\U000e0000-\U000e007f", ""),
    CharacterClass(
        "控制字符", "control character", "\x7f-\x84\x86-\x9f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a", ""
    ),
)

_BEYOND = re.compile("[\U00010000-\U0010ffff]-?")


class CharacterTable:
    """The classes of a kind of field: those of every text, and `lookalikes` of ASCII characters."""

    def __init__(self, *lookalikes: CharacterClass, refused: Sequence[CharacterClass] = ()) -> None:
        """`refused` are classes that this kind of field cannot hold, though others may change them."""
        self._classes = (*refused, *_EVERYWHERE, *lookalikes)
        members = "".join(each.members for each in self._classes)
        self._any = re.compile(f"[{members}]")
        # All beyond U+FFFF in one range instead of many: ten times as fast, and such characters are rare.
        self._perhaps = re.compile(f"[{_BEYOND.sub('', members)}\U00010000-\U0010ffff]")

    @cached_property
    def _class(self) -> re.Pattern[str]:
        kinds = (f"((?!{each.kept or '(?!)'})[{each.members}])" for each in self._classes)
        return re.compile("|".join(kinds), re.DOTALL)

    def plain(self, text: str) -> str:
        """The text with plain characters; those that are refused stay."""
        return self._class.sub(self._replacement, text) if self._has_any(text) else text

    def compact(self, text: str) -> str:
        """The text with plain characters and without white space."""
        return "".join(self.plain(text).split())

    def changes(self, text: str) -> list[PlainCharacter]:
        """The characters that `plain` replaces or removes, each once, in their order."""
        counts = Counter((match[0], self._kind(match)) for match in self._found(text))
        return [
            PlainCharacter(character, kind.zh, kind.en, plain, count, kind.reorders)
            for (character, kind), count in counts.items()
            if (plain := kind.of(character)) is not None
        ]

    def refuses(self, text: str) -> bool:
        """Whether a character is in the text that no form can hold."""
        return any(self._kind(match).plain is None for match in self._found(text))

    def named(self, text: str) -> tuple[str, str]:
        """Names the characters of the classes, with positions from 1, those refused first; "" if none."""
        found = sorted(self._found(text), key=lambda match: self._kind(match).plain is not None)
        zh = [f"{self.name(match[0])[0]}（第 {match.start() + 1} 个字符）" for match in found[:_SHOWN]]
        en = [f"{self.name(match[0])[1]} (character {match.start() + 1})" for match in found[:_SHOWN]]
        more = len(found) > _SHOWN
        return "、".join(zh) + "……" * more, ", ".join(en) + " …" * more

    def name(self, character: str) -> tuple[str, str]:
        """The number and name of a character of the classes, as U+2011 不换行连字符; "" of any other."""
        if not (match := self._class.match(character)):
            return "", ""
        kind, code = self._kind(match), code_point(character)
        return f"{code} {kind.zh}".strip(), f"{code} {kind.en}".strip()

    def _found(self, text: str) -> Iterator[re.Match[str]]:
        return self._class.finditer(text) if self._has_any(text) else iter(())

    def _has_any(self, text: str) -> bool:
        return bool(self._perhaps.search(text) and self._any.search(text))

    def _kind(self, match: re.Match[str]) -> CharacterClass:
        return self._classes[(match.lastindex or 0) - 1]

    def _replacement(self, match: re.Match[str]) -> str:
        plain = self._kind(match).of(match[0])
        return match[0] if plain is None else plain


def either_width(character: str) -> str:
    """A pattern of a character, full-width or ASCII."""
    same = {character, unicodedata.normalize("NFKC", character)}
    if character.isascii():
        same.add(chr(ord(character) + _FULL_WIDTH))
    return f"(?:{'|'.join(map(re.escape, sorted(same)))})"


def code_point(characters: str) -> str:
    """The numbers of characters, such as U+2011."""
    return " ".join(f"U+{ord(each):04X}" for each in characters)


_HYPHENS = "\u02d7\u2010\u2012\u2015\u2043\u2212\ufe58\ufe63"
_MORE_HYPHENS = "\u2013\u2014\uff0d"  # accepted in telephone numbers
_PHONE = (
    CharacterClass("连字符", "hyphen", _HYPHENS, "-"),
    CharacterClass("全角字符", "full-width character", "＃＊．-９Ａ-Ｚａ-ｚ", FOLD),
)
_HYPHEN = CharacterClass("连字符", "hyphen", _HYPHENS + _MORE_HYPHENS, "-")
_EMAIL = (
    _HYPHEN,
    CharacterClass("句号", "full stop", "\u3002\uff61", "."),
    CharacterClass("全角字符", "full-width character", "！-＋．-：＜-～", FOLD),  # ，and ； separate
)
#: What people type beside the digits of a number or date, and no type keeps.
NOTATION = f"{_MORE_HYPHENS}～，％：／（）"
_EXACT = (
    _HYPHEN,
    CharacterClass("全角字符", "full-width character", "！-～", FOLD),
    CharacterClass("异体选择符", "variation selector", "\ufe0e\ufe0f", ""),
)

TEXT, PHONE, EMAIL = CharacterTable(), CharacterTable(*_PHONE), CharacterTable(*_EMAIL)
_REORDERING = CharacterClass("文字方向符", "direction mark", RIGHT_TO_LEFT, None)
#: For numbers, dates and answers, which must be ASCII and in their order.
EXACT = CharacterTable(*_EXACT, refused=[_REORDERING])
