"""Compares the page set-up of each section: paper, orientation, margins, columns, borders, background."""

from collections.abc import Iterator

from lxml import etree

from service.errors import Bilingual
from service.extraction.headers_footers import sections
from service.extraction.word_document import Document
from service.layout.certificate import DOCUMENT, LayoutFinding, section_place
from service.layout.compare_characters import Change, layout_change
from service.layout.grid import HALF_MILLIMETRE, measure, millimetres
from service.wordml import W, is_on, property_of

_MARGINS = {
    "top": ("上边距", "top margin"),
    "bottom": ("下边距", "bottom margin"),
    "left": ("左边距", "left margin"),
    "right": ("右边距", "right margin"),
    "gutter": ("装订线", "gutter"),
}
_FOOTER = ("页脚距边界", "distance of the footer from the edge")


def findings(official: Document, document: Document) -> Iterator[LayoutFinding]:
    """All differences of the page set-up."""
    one, other = sections(official), sections(document)
    if len(one) != len(other):
        zh = f"应有{len(one)}节，现有{len(other)}节"
        en = f"there are {len(other)} sections instead of {len(one)}"
        yield LayoutFinding("sections_changed", DOCUMENT, Bilingual(zh, en))
    for number, found in enumerate(other, 1):
        place = section_place(number, len(other))
        like = one[min(number, len(one)) - 1]
        yield from (LayoutFinding(code, place, message) for code, message in _of_section(like, found))
    background = document.element.find(W + "background")
    if background is not None and background.get(W + "color", "auto").upper() not in ("AUTO", "FFFFFF"):
        yield LayoutFinding(
            "background_added", DOCUMENT, Bilingual("页面加了底色", "the page has a background colour")
        )


def _of_section(official: etree._Element, found: etree._Element) -> Iterator[Change]:
    yield from _paper(official, found)
    names = {**_MARGINS, **({"footer": _FOOTER} if official.find(W + "footerReference") is not None else {})}
    for name, (zh, en) in names.items():
        one, other = (measure(each.find(W + "pgMar"), name) for each in (official, found))
        if abs(abs(one) - abs(other)) > HALF_MILLIMETRE:
            yield layout_change(
                "margin_changed",
                f"{zh}由{millimetres(one)}变为{millimetres(other)}毫米",
                f"the {en} changed from {millimetres(one)} to {millimetres(other)} mm",
            )
    if _columns(official) != _columns(found):
        yield layout_change(
            "page_columns_changed", "分栏数与正式表单不同", "the number of text columns differs"
        )
    if official.find(W + "pgBorders") is None and found.find(W + "pgBorders") is not None:
        yield layout_change("page_border_added", "页面加了边框", "the page has a border")
    if is_on(found.find(W + "titlePg")) != is_on(official.find(W + "titlePg")):
        yield layout_change(
            "first_page_changed",
            "“首页不同”的页眉页脚设置与正式表单不同",
            "the setting for a different first page differs",
        )


def _paper(official: etree._Element, found: etree._Element) -> Iterator[Change]:
    one, other = _size(official), _size(found)
    if (one[0] > one[1]) != (other[0] > other[1]):
        yield layout_change(
            "orientation_changed", "纸张方向与正式表单不同", "the orientation of the paper differs"
        )
    if any(abs(a - b) > HALF_MILLIMETRE for a, b in zip(sorted(one), sorted(other), strict=True)):
        width, height = (millimetres(each) for each in other)
        yield layout_change(
            "paper_changed",
            f"纸张不是正式表单的大小，现为{width}×{height}毫米",
            f"the paper has another size than the official form: {width} × {height} mm",
        )


def _size(section: etree._Element) -> tuple[float, float]:
    size = section.find(W + "pgSz")
    return measure(size, "w"), measure(size, "h")


def _columns(section: etree._Element) -> int:
    columns = property_of(section, "cols")
    return 1 if columns is None else int(measure(columns, "num")) or max(len(columns), 1)
