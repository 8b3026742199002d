"""Compares a cell with the official one: label, boxes, formatting, lines, shading, alignment."""

from collections.abc import Iterator

from lxml import etree

from service.extraction.extraction_result import shown
from service.extraction.word_document import Cell
from service.layout.borders import Border
from service.layout.compare_characters import Change, layout_change
from service.layout.compare_text import Passage, Standard
from service.wordml import W, property_of, value
from service.wordml.run_properties import fill

_SIDE = {"top": ("上", "top"), "left": ("左", "left"), "bottom": ("下", "bottom"), "right": ("右", "right")}


def wording(standard: Standard, cell: Cell, found: Passage) -> Iterator[Change]:
    """Compares the fixed text of a cell and its formatting."""
    if standard.fits(found.text):
        yield from standard.formatting(found)
    elif boxes := list(standard.boxes(found.text)):
        yield from boxes
    else:
        code = "fixed_text_changed" if standard.has_fields else "label_changed"
        label, now = standard.label, shown(cell.text)
        if not label and not standard.has_fields:
            yield layout_change("text_added", f"空白格内多了“{now}”", f"“{now}” was added to an empty cell")
        elif not found.text:
            yield layout_change(code, f"“{label}”被删去", f"“{label}” was removed")
        else:
            yield layout_change(code, f"“{label}”被改动，现为“{now}”", f"“{label}” was changed, now “{now}”")


def paint(official: Cell, found: Cell, whole: etree._Element, table: etree._Element) -> Iterator[Change]:
    """Compares shading, vertical alignment and text direction.

    `whole` and `table` are the two tables, whose shading applies to cells without their own.
    """
    if _fill(official.element, whole) != _fill(found.element, table):
        yield layout_change("shading_changed", "底色与正式表单不同", "the shading differs")
    if _vertical(official) != _vertical(found):
        yield layout_change(
            "vertical_alignment_changed",
            "文字的上下位置与正式表单不同",
            "the text is not aligned vertically as on the official form",
        )
    if _direction(official) != _direction(found):
        yield layout_change(
            "text_direction_changed", "文字方向与正式表单不同", "the direction of the text differs"
        )


def _fill(cell: etree._Element, table: etree._Element) -> str | None:
    own = property_of(cell, "tcPr", "shd")
    return fill(property_of(table, "tblPr", "shd") if own is None else own)


def _vertical(cell: Cell) -> str:
    return value(property_of(cell.element, "tcPr", "vAlign")) or "top"


def _direction(cell: Cell) -> str:
    direction = value(property_of(cell.element, "tcPr", "textDirection")) or "lrTb"
    return {"lr": "tbRl", "tb": "lrTb"}.get(direction, direction)


def line(side: str, official: Border | None, found: Border | None) -> Iterator[Change]:
    """Compares the line on one side; None skips the comparison."""
    if official is None or found is None or official.is_like(found):
        return
    zh, en = _SIDE[side]
    if not found.width:
        yield layout_change("border_missing", f"{zh}框线缺失", f"the {en} border is missing")
    elif not official.width:
        yield layout_change("border_added", f"多了{zh}框线", f"a {en} border was added")
    else:
        yield layout_change(
            "border_changed",
            f"{zh}框线的粗细、线型或颜色与正式表单不同",
            f"the {en} border differs in width, style or colour",
        )


def is_merged_down(element: etree._Element) -> bool:
    """Whether a cell continues the one above it."""
    merge = element.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and value(merge) != "restart"
