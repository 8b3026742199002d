"""Takes out of a blank form what a template may not hold and what is not printed, and names its fonts."""

import posixpath
from collections.abc import Mapping, Sequence

from lxml import etree

from service.extraction.displayed.symbols import EMPTY, symbol, symbol_font
from service.lint.office_leftovers import hidden_styles, is_hidden
from service.wordml import W, grid_span, nearest, parse, property_of, remove
from service.wordml.theme_fonts import theme_fonts
from service.wordml.word_package import written

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_DROPPED = ("word/comments", "word/people", "word/fonts/", "_xmlsignatures/", "word/glossary/")
_PROGRAMS = ("word/vbaProject", "word/vbaData")
_GONE = {
    W + name
    for name in (
        *("del", "moveFrom", "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange"),
        *("sectPrChange", "tblGridChange", "numberingChange", "commentRangeStart", "commentRangeEnd"),
        *("commentReference", "annotationRef", "dataBinding", "proofErr", "moveFromRangeStart"),
        *("moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "attachedTemplate", "trackRevisions"),
        *("documentProtection", "writeProtection", "mailMerge", "docVars", "embedTrueTypeFonts"),
        *("saveSubsetFonts", "embedRegular", "embedBold", "embedItalic", "embedBoldItalic"),
    )
}
_UNWRAPPED = {W + name for name in ("ins", "moveTo", "smartTag", "hyperlink", "fldSimple")}
_STEADY = ("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "EQ", "SYMBOL")
_FILLED_IN = ("FORMTEXT", "FORMDROPDOWN")
_THEMED = {"ascii": "asciiTheme", "hAnsi": "hAnsiTheme", "eastAsia": "eastAsiaTheme", "cs": "cstheme"}
_PERSONAL = {"lastModifiedBy", "Company", "Manager"}


def cleared(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a document without tracked changes, comments, hidden text, links, protection, programs."""
    kept = {name: part for name, part in parts.items() if not name.startswith((*_DROPPED, *_PROGRAMS))}
    themes = theme_fonts(parse(parts["word/theme/theme1.xml"]) if "word/theme/theme1.xml" in parts else None)
    hidden = hidden_styles(parse(parts["word/styles.xml"])) if "word/styles.xml" in parts else frozenset()
    for name, part in kept.items():
        if name.endswith(".rels"):
            kept[name] = _without_links(part, name)
        elif name == "[Content_Types].xml":
            kept[name] = _without_types(part, kept)
        elif name.endswith(".xml") and name.startswith(("word/", "docProps/")):
            root = parse(part)
            _clear(root, hidden, themes)
            kept[name] = written(root)
    return kept


def _clear(root: etree._Element, hidden: frozenset[str], themes: Mapping[str, str]) -> None:
    for element in list(root.iter(etree.Element)):
        if element.tag in _GONE or (element.tag == W + "r" and is_hidden(element, hidden)):
            remove(element)
        elif etree.QName(element).localname in _PERSONAL and element.text:
            element.text = ""
        elif element.tag == W + "rFonts":
            _name_fonts(element, themes)
        elif element.tag == W + "t":
            _spell_symbols(element)
    _flatten_fields(root, (*_STEADY, *_FILLED_IN))
    for element in list(root.iter(*_UNWRAPPED)):
        if element.tag != W + "fldSimple" or not _is_one(element.get(W + "instr", ""), _STEADY):
            _unwrap(element)


def finish(root: etree._Element) -> None:
    """Leaves the content of content controls and form fields, which are tags now, and completes tables."""
    for table in root.iter(W + "tbl"):
        if property_of(table, "tblGrid") is None:
            _add_grid(table)
    for control in list(root.iter(W + "sdt")):
        content = property_of(control, "sdtContent")
        for child in () if content is None else list(content):
            control.addprevious(child)
        remove(control)
    _flatten_fields(root, _STEADY)


def _add_grid(table: etree._Element) -> None:
    """Gives a table its columns (17.4.48), which rendering needs and some programs leave out."""
    rows = ([*nearest(row, W + "tc")] for row in nearest(table, W + "tr"))
    grid = etree.Element(W + "tblGrid")
    for cell in max(rows, key=len, default=[]):
        width = property_of(cell, "tcPr", "tcW")
        for _ in range(max(grid_span(cell), 1)):
            column = etree.SubElement(grid, W + "gridCol")
            column.set(W + "w", "0" if width is None else width.get(W + "w", "0"))
    properties = table.find(W + "tblPr")
    table.insert(0 if properties is None else 1, grid)


def _name_fonts(fonts: etree._Element, themes: Mapping[str, str]) -> None:
    """Names the font itself: of a theme's (17.3.2.26), and of a list as LibreOffice writes it the first."""
    for plain, themed in _THEMED.items():
        if theme := fonts.get(W + themed):
            del fonts.attrib[W + themed]
            if name := themes.get(theme):
                fonts.set(W + plain, name)
        if name := fonts.get(W + plain):
            fonts.set(W + plain, name.partition(";")[0].strip())


def _spell_symbols(text: etree._Element) -> None:
    """Writes what a symbol font draws (17.3.3.30) as characters in the font of the text around."""
    fonts = property_of(next(text.iterancestors(W + "r"), text), "rPr", "rFonts")
    font = None if fonts is None else symbol_font((fonts.get(W + "ascii"), fonts.get(W + "hAnsi")))
    if fonts is None or font is None:
        return
    spelled = [symbol(font, ord(each)) for each in text.text or ""]
    if all(spelled):
        text.text = "".join(map(str, spelled))
        remove(fonts)


def _flatten_fields(root: etree._Element, kept: Sequence[str]) -> None:
    """Leaves the results of fields that are not `kept` (17.16.18), as of links and dates; boxes are text."""
    open_fields: list[list[etree._Element]] = []
    for element in list(root.iter(W + "fldChar", W + "instrText")):
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            open_fields.append([])
        if not open_fields:
            continue
        open_fields[-1].append(element)
        if kind == "end":
            parts = open_fields.pop()
            code = "".join(each.text or "" for each in parts if each.tag == W + "instrText")
            if _is_one(code, ("FORMCHECKBOX",)):
                parts[0].addprevious(_box())
            if not _is_one(code, kept):
                for each in parts:
                    remove(each)


def _box() -> etree._Element:
    """A box as text, in place of one that is a form field."""
    text = etree.Element(W + "t")
    text.text = EMPTY
    return text


def _is_one(code: str, kinds: Sequence[str]) -> bool:
    words = code.split()
    return bool(words) and words[0].upper() in kinds


def _without_links(part: bytes, name: str) -> bytes:
    """A list of relationships without those to the outside and to parts that are gone."""
    root = parse(part)
    folder = posixpath.dirname(posixpath.dirname(name))
    for each in root.findall(_RELATIONSHIP):
        target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
        if each.get("TargetMode") == "External" or target.startswith((*_DROPPED, *_PROGRAMS)):
            root.remove(each)
    return written(root)


def _without_types(part: bytes, kept: Mapping[str, bytes]) -> bytes:
    root = parse(part)
    for each in root.findall(_OVERRIDE):
        if each.get("PartName", "").lstrip("/") not in kept:
            root.remove(each)
        elif "macroEnabled" in each.get("ContentType", ""):
            main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
            each.set("ContentType", main)
    return written(root)


def _unwrap(element: etree._Element) -> None:
    """Leaves what is in an element in its place."""
    for child in list(element):
        if child.tag.endswith("Pr") and child.tag != W + "rPr":
            continue
        element.addprevious(child)
    remove(element)
