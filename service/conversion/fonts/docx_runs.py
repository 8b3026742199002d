"""Reads the text of a .docx with its font names, and sets fonts (ECMA-376 part 1, 17.3.2.26, 17.7.2)."""

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from service.wordml import parse

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _R, _T, _SYM = (_W + name for name in ("p", "r", "t", "sym"))
_PSTYLE, _RSTYLE, _RFONTS, _RPR = (_W + name for name in ("pStyle", "rStyle", "rFonts", "rPr"))
_VAL, _ASCII, _HANSI, _ASIA = (_W + name for name in ("val", "ascii", "hAnsi", "eastAsia"))
_STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_STYLES = "word/styles.xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNNAMED = "Times New Roman"  # Word's default; 17.3.2.26 leaves it to the application


class FontNames(NamedTuple):
    """The font names of a run for Latin and for Chinese text."""

    latin: str
    asian: str


class TextPiece(NamedTuple):
    """A piece of text with its element and font names."""

    element: etree._Element
    text: str
    names: FontNames


_Own = tuple[str | None, str | None]


def stories(docx: bytes) -> "tuple[dict[str, etree._Element], FontStyles]":
    """The document, headers, footers and notes by part name, and the styles."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        parts = package.namelist()
        shown = filter(_STORY.fullmatch, parts)
        found = {name: parse(package.read(name)) for name in shown}
        return found, styles(package.read(_STYLES) if _STYLES in parts else b"<none/>")


def replaced(docx: bytes, changed: Mapping[str, etree._Element]) -> bytes:
    """The .docx with the `changed` parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in package.infolist():
            root = changed.get(entry.filename)
            part = package.read(entry) if root is None else etree.tostring(root, encoding="UTF-8")
            new.writestr(entry, part)
    return out.getvalue()


class FontStyles:
    """The font names set by a document's styles."""

    def __init__(self, root: etree._Element) -> None:
        self._styles = {style.get(_W + "styleId", ""): style for style in root.iter(_W + "style")}
        self._default = _own(root.find(f"{_W}docDefaults/{_W}rPrDefault/{_RPR}/{_RFONTS}"))
        default = root.find(f"{_W}style[@{_W}type='paragraph'][@{_W}default='1']")
        self._normal = None if default is None else default.get(_W + "styleId")
        self._known: dict[tuple[str | None, str | None, _Own], FontNames] = {}

    def names(self, paragraph: str | None, run: str | None, own: _Own = (None, None)) -> FontNames:
        """The effective names: from the run, its style, the paragraph's style, the document defaults."""
        key = (paragraph, run, own)
        if key not in self._known:
            layers = (own, *self._layers(run), *self._layers(paragraph or self._normal), self._default)
            latin, asian = (next((layer[i] for layer in layers if layer[i]), None) for i in (0, 1))
            self._known[key] = FontNames(latin or _UNNAMED, asian or _UNNAMED)
        return self._known[key]

    def _layers(self, name: str | None) -> Iterator[_Own]:
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            yield _own(style.find(f"{_RPR}/{_RFONTS}"))
            based = style.find(_W + "basedOn")
            name = None if based is None else based.get(_VAL)


@lru_cache(maxsize=16)
def styles(part: bytes) -> FontStyles:
    """The font names of a `word/styles.xml`."""
    return FontStyles(parse(part))


def _own(fonts: etree._Element | None) -> _Own:
    if fonts is None:
        return None, None
    return fonts.get(_ASCII) or fonts.get(_HANSI), fonts.get(_ASIA)


def texts(story: etree._Element, styles: FontStyles) -> Iterator[TextPiece]:
    """The pieces of text of a story in order, with their font names."""
    paragraph = run = None
    own: _Own = (None, None)
    for element in story.iter(_P, _R, _PSTYLE, _RSTYLE, _RFONTS, _T, _SYM):
        tag = element.tag
        if tag == _T:
            if element.text:
                yield TextPiece(element, element.text, styles.names(paragraph, run, own))
        elif tag == _R:
            run, own = None, (None, None)
        elif tag == _RFONTS:
            own = _own(element)
        elif tag == _P:
            paragraph, run, own = None, None, (None, None)
        elif tag == _PSTYLE:
            paragraph = element.get(_VAL)
        elif tag == _RSTYLE:
            run = element.get(_VAL)
        else:
            yield _symbol(element)


def _symbol(element: etree._Element) -> TextPiece:
    """A symbol, given by font and character code (17.3.3.30)."""
    name = element.get(_W + "font", _UNNAMED)
    try:
        text = chr(int(element.get(_W + "char", ""), 16))
    except (ValueError, OverflowError):
        text = ""
    return TextPiece(element, text, FontNames(name, name))


def pin(element: etree._Element, segments: Sequence[tuple[str, str | None]]) -> None:
    """Splits the text in `element` into `segments`, each in its own run with the given font.

    A segment with None keeps the fonts of its run.
    """
    run = element.getparent()
    if run is None or element.tag != _T:
        return
    properties = run.find(_RPR)
    after = list(element.itersiblings())
    pieces = [_piece(properties, text, font) for text, font in segments]
    if after:
        pieces.append(_like(properties))
        pieces[-1].extend(after)
    run.remove(element)
    for piece in reversed(pieces):
        run.addnext(piece)


def _piece(properties: etree._Element | None, text: str, font: str | None) -> etree._Element:
    run = _like(properties)
    if font is not None:
        _name(run, font)
    element = etree.SubElement(run, _T, {_SPACE: "preserve"})
    element.text = text
    return run


def _like(properties: etree._Element | None) -> etree._Element:
    run = etree.Element(_R)
    if properties is not None:
        run.append(copy.deepcopy(properties))
    return run


def _name(run: etree._Element, font: str) -> None:
    properties = run.find(_RPR)
    if properties is None:
        properties = etree.SubElement(run, _RPR)
    fonts = properties.find(_RFONTS)
    if fonts is None:
        fonts = etree.Element(_RFONTS)
        # 17.3.2.28: the style comes first, then the fonts.
        properties.insert(int(properties.find(_RSTYLE) is not None), fonts)
    fonts.attrib.clear()
    for attribute in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(_W + attribute, font)
