"""Resolves theme fonts: the face of each name that `w:rFonts` may refer to (ECMA-376 part 1, 17.18.96)."""

from lxml import etree

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def theme_fonts(theme: etree._Element | None) -> dict[str, str]:
    """The face of each theme font of a `theme1.xml`."""
    found: dict[str, str] = {}
    for kind in ("major", "minor"):
        group = None if theme is None else theme.find(f".//{_A}fontScheme/{_A}{kind}Font")
        if group is None:
            continue
        latin, east = _face(group, "latin"), _face(group, "ea") or _chinese(group)
        found |= {f"{kind}HAnsi": latin, f"{kind}Ascii": latin, f"{kind}EastAsia": east}
    return {name: face for name, face in found.items() if face}


def _face(group: etree._Element, name: str) -> str:
    element = group.find(_A + name)
    return "" if element is None else element.get("typeface", "")


def _chinese(group: etree._Element) -> str:
    faces = (
        font.get("typeface", "") for font in group.iterchildren(_A + "font") if font.get("script") == "Hans"
    )
    return next(faces, "")
