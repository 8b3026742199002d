"""Normalises typeface names: one name per design, theme fonts resolved."""

from lxml import etree

from service.extraction.word_document import part

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_THEME = "word/theme/theme1.xml"
#: Names of the same design. 仿宋 and 楷体 are later cuts of the GB2312 ones; Word substitutes them.
_SAME = {
    "仿宋_GB2312": ("仿宋", "FangSong", "FangSong_GB2312"),
    "楷体_GB2312": ("楷体", "KaiTi", "KaiTi_GB2312"),
    "黑体": ("SimHei",),
    "宋体": ("SimSun", "NSimSun", "新宋体"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
}
_FAMILIES = {name.casefold(): family for family, names in _SAME.items() for name in (family, *names)}


def family(name: str) -> str:
    """The common name of a design."""
    return _FAMILIES.get(name.strip().casefold(), name.strip())


def theme_fonts(parts: dict[str, bytes]) -> dict[str, str]:
    """The face of each theme font that `w:rFonts` may name (ECMA-376 part 1, 17.18.96)."""
    theme = part(parts, _THEME)
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
