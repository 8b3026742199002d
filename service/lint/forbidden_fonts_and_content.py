"""Finds forbidden content: programs, links, fields that change when printed, unknown fonts, leftovers."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from service.errors import Bilingual
from service.lint import office_leftovers
from service.template_tags.lint_fault import WHOLE, LintFault
from service.wordml import W, paragraphs, parse

_PROGRAMS = ("vbaproject", "vbadata", "/activex/", "/embeddings/")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ECMA-376 part 1, 17.16.5: fields whose result is the same for the same document.
_STEADY = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "EQ", "SYMBOL"}
_LIVE = {W + name for name in ("dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong")}
_FONT_KEYS = tuple(W + key for key in ("ascii", "hAnsi", "eastAsia", "cs"))
_THEME_KEYS = tuple(W + key for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"))

_PROGRAM = Bilingual("模板不能含有宏或嵌入的程序，请删去", "macros and programs are not allowed: remove it")
_REMOTE = Bilingual("模板依附于外部模板，请解除", "it is attached to an external template: detach it")
_LINK = Bilingual("模板不能链接到外部，请删去链接", "external links are not allowed: remove it")
_CHANGES = Bilingual(
    "域的内容会在打印时改变，请改为文字；可用 PAGE、NUMPAGES",
    "the field changes when printed: use text instead; PAGE and NUMPAGES are allowed",
)
_THEME = Bilingual("字体取自主题，请直接写字体名", "the font comes from the theme: name the font itself")


def faults(parts: Mapping[str, bytes], fonts: Collection[str]) -> Iterator[LintFault]:
    """All such faults of the package `parts`; `fonts` are the names that have a face."""
    yield from office_leftovers.faults(parts)
    hidden = office_leftovers.hidden_styles(parse(parts.get("word/styles.xml", b"<none/>")))
    for name, content in parts.items():
        if _is_program(name, content):
            yield LintFault("macro", WHOLE, name, _PROGRAM)
        elif name.endswith(".rels"):
            yield from _links(name, parse(content))
        elif name.startswith("word/") and name.endswith(".xml"):
            yield from _part(name, parse(content), hidden, fonts)


def _is_program(name: str, content: bytes) -> bool:
    if name == "[Content_Types].xml":
        return b"macroEnabled" in content
    return any(mark in f"/{name}".lower() for mark in _PROGRAMS) and not name.endswith(".rels")


def _links(name: str, root: etree._Element) -> Iterator[LintFault]:
    for relationship in root.iter(_RELATIONSHIP):
        if relationship.get("TargetMode") == "External":
            remote = relationship.get("Type", "").endswith("/attachedTemplate")
            target = f"{name} {relationship.get('Target', '')}"
            yield LintFault("external_link", WHOLE, target, _REMOTE if remote else _LINK)


def _part(
    name: str, root: etree._Element, hidden: frozenset[str], fonts: Collection[str]
) -> Iterator[LintFault]:
    places = {paragraph.element: paragraph.place for paragraph in paragraphs(root, name)}
    left = (
        replace(fault, place=_place(element, name, places))
        for element, fault in office_leftovers.in_part(name, root, hidden)
    )
    yield from dict.fromkeys((*_fields(name, root, places), *_fonts(name, root, places, fonts), *left))


def _fields(
    name: str, root: etree._Element, places: Mapping[etree._Element, Bilingual]
) -> Iterator[LintFault]:
    codes: list[list[str]] = []
    for element in root.iter(etree.Element):
        if element.tag in _LIVE:
            yield LintFault(
                "live_field", _place(element, name, places), etree.QName(element).localname, _CHANGES
            )
        elif element.tag == W + "fldSimple":
            yield from _code(element.get(W + "instr", ""), _place(element, name, places))
        elif element.tag == W + "instrText" and codes:
            codes[-1].append(element.text or "")
        elif element.tag == W + "fldChar":
            kind = element.get(W + "fldCharType")
            if kind == "begin":
                codes.append([])
            elif kind == "end" and codes:
                yield from _code("".join(codes.pop()), _place(element, name, places))


def _code(code: str, place: Bilingual) -> Iterator[LintFault]:
    words = code.split()
    if words and words[0].upper() not in _STEADY:
        yield LintFault("live_field", place, code.strip(), _CHANGES)


def _fonts(
    name: str, root: etree._Element, places: Mapping[etree._Element, Bilingual], known: Collection[str]
) -> Iterator[LintFault]:
    names = "、".join(sorted(known))
    unknown = Bilingual(
        f"本服务没有这种字体，请改用：{names}；或在表单文件夹的 fonts/faces.json 中写明代替它的字体",
        f"unknown font; use one of: {names}; or name what draws it in fonts/faces.json of the form's folder",
    )
    for element in root.iter(W + "rFonts", W + "sym"):
        keys = _FONT_KEYS if element.tag == W + "rFonts" else (W + "font",)
        for font in [str(element.get(key)) for key in keys if element.get(key)]:
            if font not in known:
                yield LintFault("unknown_font", _place(element, name, places), font, unknown)
        for theme in [str(element.get(key)) for key in _THEME_KEYS if element.get(key)]:
            yield LintFault("unknown_font", _place(element, name, places), theme, _THEME)


def _place(element: etree._Element, name: str, places: Mapping[etree._Element, Bilingual]) -> Bilingual:
    for above in (element, *element.iterancestors()):
        if above in places:
            return places[above]
        if above.tag == W + "style":
            style = above.get(W + "styleId")
            return Bilingual(f"样式“{style}”", f"style {style}")
        if above.tag == W + "docDefaults":
            return Bilingual("默认格式", "document defaults")
        if above.tag in (W + "tc", W + "tr", W + "tbl"):
            return next(
                (places[each] for each in above.iter(W + "p") if each in places), Bilingual(name, name)
            )
    return Bilingual(name, name)
