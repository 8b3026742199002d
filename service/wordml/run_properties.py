"""Reads the run properties of one `w:rPr` as plain strings (ECMA-376 part 1, 17.3.2)."""

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from functools import cached_property

from lxml import etree

from service.wordml import W, is_on, value, whole
from service.wordml.theme_colours import themed

_TINY = 5  # half points
_USUAL_SIZE = 20  # half points, where none is given (17.3.2.38)
_TWIPS = 10  # in half a point
_NARROW = 10  # per cent of the width
_TRANSPARENT = 90_000  # of 100,000
_FAR = 100  # half points that text is raised or lowered
_CHANGING = ("caps", "smallCaps", "rtl")
_HIDDEN, _STRUCK = ("vanish", "specVanish"), ("strike", "dstrike")
Properties = dict[str, str]


class Visibility(Enum):
    """How text is shown; `UNCLEAR` if programs differ over styles that cancel out."""

    SHOWN = auto()
    HIDDEN = auto()
    STRUCK = auto()
    UNCLEAR = auto()


#: Toggle properties: set in two levels of styles they cancel out (17.7.3).
TOGGLES = {"b", "i", "caps", "smallCaps", "strike", "vanish", "shadow", "emboss", "imprint", "outline"}
#: On/off properties; `CANCELLED` is off since two levels of styles turn it on.
ON, OFF, CANCELLED = "1", "0", "2"
_ON_OFF = {W + name: name for name in (*TOGGLES, "dstrike", "specVanish", "rtl")}
# Properties with one value, and what an element without `w:val` means.
_VALUES = {
    W + name: (name, default)
    for name, default in {
        "sz": "",
        "u": "single",
        "highlight": "none",
        "em": "none",
        "bdr": "none",
        "effect": "none",
        "vertAlign": "baseline",
        "position": "0",
        "spacing": "0",
        "w": "100",
        "fitText": "",
    }.items()
}
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_FILL, _RGB, _NAMED = (_W14 + name for name in ("textFill", "srgbClr", "schemeClr"))
_FONTS, _COLOUR, _SHADING = W + "rFonts", W + "color", W + "shd"
_FACES = tuple((name, W + name, f"{W}{name}Theme") for name in ("ascii", "hAnsi", "eastAsia"))
_THEMED = W + "themeColor"
_BLACK, _TEXT = "000000", ("text1", "dark1")
_SCHEME = {"bg1": "background1", "lt1": "light1", "tx1": "text1", "dk1": "dark1"}
_SCHEME |= {"bg2": "background2", "lt2": "light2", "tx2": "text2", "dk2": "dark2"}
_LIGHT = {"AUTO", "FFFFFF"}
# The settings of each property that leave text as it is.
_PLAIN = {
    **{name: {OFF, CANCELLED} for name in _ON_OFF.values()},
    **{name: {"0"} for name in ("position", "spacing")},
    **{name: {"none", "nil"} for name in ("u", "em", "bdr", "effect")},
    "color": {"auto", "000000"},
    "highlight": {"none", "white"},
    "vertAlign": {"baseline"},
    "w": {"100"},
    "shd": {""},
}


def run_properties(properties: etree._Element | None, theme: Mapping[str, str]) -> Properties:
    """The properties set in a `w:rPr`, on/off ones as `ON` or `OFF`; fonts by `ascii`, `hAnsi`, `eastAsia`.

    `theme` has the faces of theme fonts (17.18.96), and theme colours.
    """
    found: Properties = {}
    for element in () if properties is None else properties:
        tag = element.tag
        if tag == _FONTS:
            found.update(_fonts(element, theme))
        elif tag == _COLOUR:
            found["color"] = _colour(element, theme)
        elif tag in _VALUES:
            name, default = _VALUES[tag]
            found[name] = value(element) or default
        elif tag in _ON_OFF:
            found[_ON_OFF[tag]] = ON if is_on(element) else OFF
        elif tag == _SHADING:
            found["shd"] = fill(element) or ""
        elif tag == _FILL:
            found.update(_text_fill(element, theme))
    return found


def _fonts(fonts: etree._Element, theme: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, plain, of_theme in _FACES:
        if font := theme.get(fonts.get(of_theme, "")) or fonts.get(plain):
            yield name, font


def _colour(colour: etree._Element, theme: Mapping[str, str]) -> str:
    """A `w:color` as RRGGBB or "auto"; the name of a theme's colour if it gives no other (17.3.2.6)."""
    plain, name = value(colour) or "auto", colour.get(_THEMED, "auto")
    if (known := themed(colour, "themeColor", theme)) is not None:
        return "auto" if known == _BLACK and name in _TEXT else known
    return name if plain == "auto" else plain


def _text_fill(effect: etree._Element, theme: Mapping[str, str]) -> Properties:
    """What fills the letters ([MS-DOCX] 2.6.1.13), if it is one colour or nothing."""
    settings = {
        etree.QName(each).localname: each.get(_W14 + "val", "") for each in effect.iter(etree.Element)
    }
    if "noFill" in settings or whole(settings.get("alpha"), 0) >= _TRANSPARENT:
        return {"textFill": "none"}
    colours = {
        each.get(_W14 + "val", "")
        if each.tag == _RGB
        else theme.get(_schemed(each.get(_W14 + "val", "")), "")
        for each in effect.iter(_RGB, _NAMED)
    }
    return {"color": colours.pop()} if len(colours) == 1 and "" not in colours else {}


def _schemed(name: str) -> str:
    return _SCHEME.get(name, name)


def fill(shading: etree._Element | None) -> str | None:
    """The colour of a `w:shd`, RRGGBB; None for none or white."""
    if shading is None or value(shading) == "nil":
        return None
    pattern = value(shading)
    if pattern in (None, "clear"):
        colour = shading.get(W + "fill", "auto").upper()
        if colour == "AUTO" and shading.get(W + "themeFill") in _TEXT:
            colour = _BLACK
        return None if colour in _LIGHT else colour
    colour = shading.get(W + "color", "auto").upper()
    if pattern == "solid":
        return _BLACK if colour == "AUTO" else colour
    return f"{pattern} {colour}"


class RunFormat:
    """The effective properties of a run."""

    def __init__(self, properties: Properties, *, shaded: bool = False) -> None:
        """Takes the properties as `run_properties` reads them; `shaded`: whether any text may be shaded."""
        self.properties, self._shaded = properties, shaded
        self.latin_fonts = properties.get("ascii"), properties.get("hAnsi")

    @cached_property
    def effects(self) -> Properties:
        """The properties that change how text looks, without those that are off or the default."""
        return {
            name: setting for name, setting in self.properties.items() if setting not in _PLAIN.get(name, ())
        }

    @cached_property
    def is_hidden(self) -> bool:
        """Whether it is hidden text."""
        return any(self.properties.get(name) == ON for name in _HIDDEN)

    @cached_property
    def visibility(self) -> Visibility:
        """Whether the text can be seen, ignoring its colour."""
        found = self.properties
        if self.is_hidden or _is_illegible(found):
            return Visibility.HIDDEN
        if any(found.get(name) == ON for name in _STRUCK):
            return Visibility.STRUCK
        is_unclear = any(found.get(name) == CANCELLED for name in (*_HIDDEN, *_STRUCK))
        return Visibility.UNCLEAR if is_unclear else Visibility.SHOWN

    @cached_property
    def is_plain(self) -> bool:
        """Whether text is shown as it is stored, on its line, black on white."""
        if any(self.properties.get(name) == ON for name in _CHANGING):
            return False
        is_level = self.properties.get("vertAlign", "baseline") == "baseline"
        is_black = self.properties.get("color", "auto") in (("auto",) if self._shaded else _PLAIN["color"])
        is_bare = not self.properties.get("highlight") and not self.properties.get("shd")
        return is_level and is_black and is_bare and self.visibility is Visibility.SHOWN


def _is_illegible(found: Properties) -> bool:
    """Whether text is too small, too narrow, drawn one character on the other, not filled, or far away."""
    size, width = whole(found.get("sz"), _USUAL_SIZE), whole(found.get("w"), 100)
    closer = whole(found.get("spacing", "").removeprefix("-"), 0) if "-" in found.get("spacing", "") else 0
    is_small = size <= _TINY or width <= _NARROW or closer >= size * _TWIPS
    is_squeezed = "fitText" in found and whole(found["fitText"], size * _TWIPS) < size * _TWIPS // 2
    is_far = "position" in found and whole(found["position"].removeprefix("-"), 0) >= _FAR
    return is_small or is_squeezed or is_far or found.get("textFill") == "none"
