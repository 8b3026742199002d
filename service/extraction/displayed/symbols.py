"""The characters of elements, and those that symbol fonts draw for a code (ECMA-376 part 1, 17.3.3)."""

from functools import lru_cache

from service.wordml import W

CHECKED, EMPTY = "☑", "□"
#: The elements of a run that print one character.
CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    W + "softHyphen": "\N{SOFT HYPHEN}",
}


def _row(first: int, characters: str) -> dict[int, str]:
    return dict(enumerate(characters, first))


# Boxes, ticks, bullets, numbers, arrows and signs by code below U+F100, or by the Latin letter of their key.
_SYMBOLS: dict[str, dict[int, str]] = {
    "wingdings": {
        0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: EMPTY, 0x71: EMPTY, 0x72: EMPTY, 0x75: "◆", 0xA1: "○",
        0xA7: "▪", 0xA8: EMPTY, 0xFB: "✗", 0xFC: "√", 0xFD: "☒", 0xFE: CHECKED,
        **_row(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
        **_row(0xDF, "←→↑↓↖↗↙↘"),
    },
    "wingdings 2": {
        0x20: " ", 0x2A: EMPTY, 0x4F: "✗", 0x50: "√", 0x51: "☒", 0x52: CHECKED, 0x53: "☒", 0x54: "☒",
        0xA3: EMPTY,
        **_row(0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    },
    "wingdings 3": {0x20: " "},
    "webdings": {0x20: " ", 0x61: "√", 0x63: EMPTY, 0x67: "■", 0x6E: "●", 0x72: "✗"},
    "symbol": {
        0x20: " ", 0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "·", 0xB8: "÷",
        0xB9: "≠", 0xBB: "≈", 0xD6: "√",
        **_row(0xAC, "←↑→↓"),
    },
    "zapfdingbats": {0x20: " ", 0x33: "√", 0x34: "√", 0x6E: "■", 0x6F: EMPTY},
    "marlett": {},
    "mt extra": {},
    "ms outlook": {},
    "bookshelf symbol 7": {},
}  # fmt: skip
_ITC = ("itc zapf dingbats", "zapf dingbats")
_PRIVATE = range(0xE000, 0xF900)
_BYTE = range(0xF000, 0xF100)


def symbol(font: str, code: int) -> str | None:
    """The character that `code` draws in a font; None if it is unknown.

    A symbol font's code counts with or without 0xF000; in other fonts, and above, it is the Unicode number.
    """
    known = _SYMBOLS.get(_name(font))
    if known is not None and (code < 0x100 or code in _BYTE):
        return known.get(code & 0xFF)
    is_character = 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 and code not in _PRIVATE
    return chr(code) if is_character else None


@lru_cache(maxsize=256)
def symbol_font(fonts: tuple[str | None, ...]) -> str | None:
    """The first of `fonts` that draws symbols instead of letters; None if none does."""
    return next((font for font in fonts if font and _name(font) in _SYMBOLS), None)


def _name(font: str) -> str:
    name = font.strip().lower().removesuffix("-regular").removesuffix(" regular")
    return "zapfdingbats" if name in _ITC else name
