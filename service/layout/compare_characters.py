"""Compares the formatting of a character: font, size, colour, alignment, spacing."""

import unicodedata
from collections.abc import Iterator

from service.errors import Bilingual
from service.layout.formatting import Format
from service.layout.spacing import Spacing, is_near

Change = tuple[str, Bilingual]


def layout_change(code: str, zh: str, en: str) -> Change:
    """A change with its message in both languages."""
    return code, Bilingual(zh, en)


def printed(character: str, official: Format, found: Format) -> Iterator[Change]:
    """Compares a character of the form itself."""
    one, other = _font(character, official), _font(character, found)
    if one != other:
        yield layout_change(
            "font_changed", f"字体由“{one}”变为“{other}”", f"the font changed: {one} to {other}"
        )
    if official.size != found.size:
        yield "size_changed", _size(official, found)
    for code, name, zh, en in _SWITCHES:
        if getattr(official, name) != getattr(found, name):
            yield layout_change(code, zh, en)
    yield from _colours(official, found)
    yield from _alignment(official, found)
    if not is_near(official.spacing, found.spacing):
        yield "spacing_changed", _spacing(official.spacing, found.spacing)


def _spacing(official: Spacing, found: Spacing) -> Bilingual:
    if official[:2] != found[:2]:
        return Bilingual("行距与正式表单不同", "the line spacing differs from the official form")
    if official[2:4] != found[2:4]:
        return Bilingual("段前或段后间距与正式表单不同", "the space above or below the paragraph differs")
    return Bilingual("缩进与正式表单不同", "the indents differ from the official form")


_SWITCHES = (
    ("bold_changed", "bold", "加粗与正式表单不同", "bold differs from the official form"),
    ("italic_changed", "italic", "倾斜与正式表单不同", "italic differs from the official form"),
    (
        "underline_changed",
        "underline",
        "下划线与正式表单不同",
        "the underline differs from the official form",
    ),
)


def typed(character: str, official: Format, found: Format, *, box: bool) -> Iterator[Change]:
    """Compares a filled-in character."""
    one, other = _font(character, official), _font(character, found)
    if one != other and not box:
        yield layout_change(
            "font_differs",
            f"填写的文字字体为“{other}”，应为“{one}”",
            f"the filled-in text is in {other}, not in {one}",
        )
    if official.size != found.size:
        yield layout_change(
            "font_differs",
            f"填写的文字字号为{_points(found)}磅，应为{_points(official)}磅",
            f"the filled-in text has {_points(found)} pt, not {_points(official)} pt",
        )
    yield from _colours(official, found)
    yield from _alignment(official, found)


def _size(official: Format, found: Format) -> Bilingual:
    one, other = _points(official), _points(found)
    return Bilingual(f"字号由{one}磅变为{other}磅", f"the size changed from {one} pt to {other} pt")


def _points(format: Format) -> str:
    return f"{format.size / 2:g}"


def _colours(official: Format, found: Format) -> Iterator[Change]:
    if official.colour != found.colour:
        yield layout_change("colour_changed", "文字颜色与正式表单不同", "the colour of the text differs")
    if official.highlight != found.highlight:
        yield layout_change("shading_changed", "文字底色与正式表单不同", "the shading of the text differs")


_ALIGNED = {
    "left": ("左对齐", "left"),
    "center": ("居中", "centred"),
    "right": ("右对齐", "right"),
    "both": ("两端对齐", "justified"),
    "distribute": ("分散对齐", "distributed"),
}


def _alignment(official: Format, found: Format) -> Iterator[Change]:
    if official.alignment != found.alignment:
        one, other = (
            _ALIGNED.get(each.alignment, (each.alignment, each.alignment)) for each in (official, found)
        )
        yield layout_change(
            "alignment_changed",
            f"对齐方式由{one[0]}变为{other[0]}",
            f"the alignment changed from {one[1]} to {other[1]}",
        )


def _font(character: str, format: Format) -> str:
    """The face that draws a character, "" if uncertain (17.3.2.26: depends on hints)."""
    if unicodedata.east_asian_width(character) in "WF":
        return format.east_asian
    return format.ascii if character.isascii() else ""
