"""Resolves theme colours: the RRGGBB of each name that text or shading may refer to (17.18.97, 20.1.6.2)."""

from collections.abc import Mapping

from lxml import etree

from service.wordml import W

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NAMES: dict[str, tuple[str, ...]] = {"lt1": ("light1", "background1"), "dk1": ("dark1", "text1")}
_NAMES |= {"lt2": ("light2", "background2"), "dk2": ("dark2", "text2")}
_NAMES |= {"hlink": ("hyperlink",), "folHlink": ("followedHyperlink",)}
_WINDOW = {"light1": "FFFFFF", "background1": "FFFFFF", "dark1": "000000", "text1": "000000"}
_CHANGED = ("Tint", "Shade")


def theme_colours(theme: etree._Element | None) -> dict[str, str]:
    """The colour of each theme colour of a `theme1.xml`, RRGGBB."""
    found = dict(_WINDOW)
    scheme = None if theme is None else theme.find(f".//{_A}clrScheme")
    for element in () if scheme is None else scheme.iterchildren(etree.Element):
        given = next(element.iterchildren(etree.Element), None)
        colour = "" if given is None else given.get("lastClr", given.get("val", ""))
        name = etree.QName(element).localname
        found |= dict.fromkeys(_NAMES.get(name, (name,)), colour.upper())
    return {name: colour for name, colour in found.items() if len(colour) == len("RRGGBB")}


def themed(element: etree._Element, kind: str, theme: Mapping[str, str]) -> str | None:
    """The colour that the attribute `kind`, as "theme" or "themeFill", names; None if it is changed by it.

    Word takes it instead of the colour written beside it (17.3.2.6).
    """
    stem = kind.removesuffix("Color")
    if any(element.get(f"{W}{stem}{change}") for change in _CHANGED):
        return None
    return theme.get(element.get(W + kind, ""))
