"""Puts the tags of long texts and pictures into paragraphs of their own."""

import copy
from collections.abc import Iterator, Sequence

from lxml import etree

from service.blank_forms import blank_lines
from service.blank_forms.blank_lines import Line
from service.blank_forms.place import Spot
from service.form_authoring import cell_size, line_edits
from service.wordml import W, cell_around, property_of, remove, value, whole
from service.wordml.tab_stops import TabStops

_PARAGRAPH = W + "p"
_GROUPS = 12  # of blank lines that are printed or not
_USUAL = 21  # half-points
_MILLIMETRE = 25.4 / 72  # in points


def text(spot: Spot, name: str, stops: TabStops) -> None:
    """A loop over the lines of a text in the paragraph of its spot.

    In a cell the blank lines below it are printed as far as the text leaves room for them, so that the page
    stays as it is. Where the label is in the same paragraph, or a section ends with it, the lines are broken
    in it.
    """
    paragraph = spot.line.element
    while spot.line.is_blank and (above := _blank_above(paragraph)) is not None:
        paragraph = above
        spot = Spot(blank_lines.read(above), 0, 0)
    if not spot.line.is_blank or property_of(paragraph, "pPr", "sectPr") is not None:
        line_edits.answer(spot, spot, f'{name} | join("\\n")', stops)
        return
    below = list(_blank_below(paragraph)) if cell_around(paragraph) is not None else []
    loop = [
        _like(paragraph, each) for each in (f"{{%p for line in {name} %}}", "{{ line }}", "{%p endfor %}")
    ]
    _leave_blank(name, below, _in_a_line(paragraph))
    if spot.line.text:  # a line to write on, or white space that gives the line its height
        _only_if(f'{name} == [""]', [paragraph], loop)
    else:
        for each in loop:
            paragraph.addprevious(each)
        remove(paragraph)


def picture(line: Line, name: str) -> None:
    """The tag of a picture, centred, in place of all that is in the cell of a line."""
    cell = cell_around(line.element)
    assert cell is not None  # pictures have no other places
    made = _like(line.element, f"{{{{ {name} }}}}")
    _centre(made)
    paragraphs = cell.findall(_PARAGRAPH)
    _only_if(f"not {name}", paragraphs, [made])


def _leave_blank(name: str, below: Sequence[etree._Element], across: int) -> None:
    """Prints the blank lines below a text only where it is so short that it leaves them free.

    `across` is the number of characters in a line; of each paragraph half a line is counted as full.
    """
    step = -(-len(below) // _GROUPS) or 1
    for first in range(0, len(below), step):
        written = f'{name} | join("{" " * (across // 2)}") | length'
        _only_if(f"({written}) <= {across * (first + 1)}", below[first : first + step], [])


def _in_a_line(paragraph: etree._Element) -> int:
    """About how many Chinese characters a line of a paragraph's cell has."""
    run = paragraph.find(W + "r")
    size = property_of(paragraph, "pPr", "rPr", "sz") if run is None else property_of(run, "rPr", "sz")
    points = whole(value(size), _USUAL) or _USUAL
    return max(int(cell_size.size(paragraph)[0] / (points / 2 * _MILLIMETRE)), 1)


def _only_if(condition: str, printed: Sequence[etree._Element], otherwise: Sequence[etree._Element]) -> None:
    """Paragraphs that are printed on a condition, and others that are printed otherwise."""
    first, last = printed[0], printed[-1]
    first.addprevious(_like(first, f"{{%p if {condition} %}}"))
    behind = [_like(first, "{%p else %}"), *otherwise] if otherwise else []
    for each in reversed([*behind, _like(first, "{%p endif %}")]):
        last.addnext(each)


def _blank_below(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The blank paragraphs that follow a paragraph."""
    for below in paragraph.itersiblings():
        if below.tag != _PARAGRAPH or not _is_empty(below):
            return
        yield below


def _blank_above(paragraph: etree._Element) -> etree._Element | None:
    """The blank paragraph above a paragraph of a cell, if it is one."""
    above = paragraph.getprevious() if cell_around(paragraph) is not None else None
    return above if above is not None and above.tag == _PARAGRAPH and _is_empty(above) else None


def _is_empty(paragraph: etree._Element) -> bool:
    drawn = next(paragraph.iter(W + "drawing", W + "pict", W + "object"), None)
    return drawn is None and blank_lines.read(paragraph).is_blank


def _like(paragraph: etree._Element, words: str) -> etree._Element:
    """A paragraph like another with other words."""
    made = etree.Element(_PARAGRAPH)
    for each in (property_of(paragraph, "pPr"), paragraph.find(W + "r")):
        if each is not None:
            made.append(copy.deepcopy(each))
    line_edits.write(made, words)
    if len(made.findall(W + "r")) > 1:  # the copied run gave its formatting
        made.remove(made.findall(W + "r")[0])
    return made


def _centre(paragraph: etree._Element) -> None:
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    for name in ("ind", "jc", "spacing"):
        for each in properties.findall(W + name):
            properties.remove(each)
    centred = etree.Element(W + "jc")
    centred.set(W + "val", "center")
    marks = [each for each in properties if each.tag in (W + "rPr", W + "sectPr", W + "pPrChange")]
    marks[0].addprevious(centred) if marks else properties.append(centred)
