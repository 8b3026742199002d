"""Puts the tags of planned fields into their places, without any change of the layout."""

import copy
import re
from collections.abc import Sequence
from functools import partial

from lxml import etree

from service.blank_forms.place import Spot
from service.form_authoring import line_edits, paragraph_tags
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.form_plan import PlannedField
from service.form_authoring.positions import Positions
from service.template_tags.schema_shapes import step
from service.wordml import W, cell_around, nearest, property_of, remove, word_package
from service.wordml.tab_stops import TabStops

_ITEM = "item"
_FIRST_NUMBER = re.compile(r"[\s(（]*1[)）.．、\s]*")


def put(fields: Sequence[tuple[tuple[str, ...], PlannedField]], blank: BlankForm) -> None:
    """Writes the tags of fields, each with the keys down to it, into the root of a blank form.

    Places are taken from the last to the first, so that the spots before stay where they are.
    """
    position, stops = Positions(blank.root), TabStops(partial(word_package.part, blank.parts))
    for path, field in sorted(fields, key=lambda each: position(each[1].place), reverse=True):
        name = path[0]
        for key in path[1:]:
            name = step(name, key)
        if field.columns:
            _rows(name, field, stops)
        else:
            _field(name, field, field.place.spots, stops)


def _field(name: str, field: PlannedField, spots: Sequence[Spot], stops: TabStops) -> None:
    if field.type.options and not field.type.in_words:
        _boxes(name, field, spots, stops)
    elif field.type.name == "Picture":
        paragraph_tags.picture(spots[0].line, name)
    elif field.type.name == "Text":
        paragraph_tags.text(spots[0], name, stops)
    elif field.place.maximum:
        line_edits.in_front(spots[0], f"{{% if {name} %}}{{{{ {name} }}}}/{{% endif %}}")
    elif field.type.name == "IdNumber" and len(spots) > 1:
        for number, spot in reversed(list(enumerate(spots))):
            line_edits.answer(spot, spot, f"{name}[{number}]", stops)
    else:
        cell = cell_around(spots[0].line.element)
        inside = [each for each in spots if cell_around(each.line.element) is cell]
        line_edits.answer(inside[0], inside[-1], name, stops)


def _boxes(name: str, field: PlannedField, spots: Sequence[Spot], stops: TabStops) -> None:
    options = list(field.type.options)
    for spot in reversed(spots):
        if spot.is_other:
            line_edits.answer(spot, spot, f"{name}.words", stops)
        else:
            line_edits.box(spot, step(name, options.pop().key))


def _rows(name: str, field: PlannedField, stops: TabStops) -> None:
    """Tags in each row that the form names; else a loop around the first row, which prints the others too."""
    if field.names:
        for column in reversed(field.columns):
            spots = column.place.columns[0].spots
            for (key, _), spot in reversed(list(zip(field.names, spots, strict=True))):
                _field(step(step(name, key), column.key), column, (spot,), stops)
        return
    first, *others = field.place.rows
    for column in reversed(field.columns):
        if spots := column.place.columns[0].spots:
            _field(step(_ITEM, column.key), column, spots[:1], stops)
    for cell in nearest(first, W + "tc"):
        _number(cell)
    for row in others:
        remove(row)
    block = _as_high(first, others)
    for each in reversed(block):
        first.addnext(each)
    (block or [first])[-1].addnext(_of_tag(first, "{%tr endfor %}"))
    first.addprevious(_of_tag(first, f"{{%tr for {_ITEM} in {name} %}}"))
    if block:
        first.addprevious(_of_tag(first, "{%tr if loop.index == 1 %}"))


def _number(cell: etree._Element) -> None:
    """A tag for the row's number in a cell that only holds that of the first row."""
    texts = [each for each in cell.iter(W + "t") if (each.text or "").strip()]
    if len(texts) == 1 and _FIRST_NUMBER.fullmatch(texts[0].text or ""):
        texts[0].text = (texts[0].text or "").replace("1", "{{ loop.index }}")


def _as_high(first: etree._Element, others: Sequence[etree._Element]) -> list[etree._Element]:
    """What follows the first row of a loop if the form's rows differ in height: each by its number."""
    heights = [_height(row) for row in (first, *others)]
    if len(set(heights)) == 1:
        return []
    found: list[etree._Element] = []
    for number, row in enumerate(others, 2):
        is_last = number == len(heights)
        found.append(_of_tag(first, "{%tr else %}" if is_last else f"{{%tr elif loop.index == {number} %}}"))
        made = copy.deepcopy(first)
        own, other = made.find(W + "trPr"), row.find(W + "trPr")
        if own is not None:
            made.remove(own)
        if other is not None:
            made.insert(1 if made.find(W + "tblPrEx") is not None else 0, copy.deepcopy(other))
        found.append(made)
    return [*found, _of_tag(first, "{%tr endif %}")]


def _height(row: etree._Element) -> tuple[tuple[str, str], ...]:
    height = property_of(row, "trPr", "trHeight")
    return () if height is None else tuple(sorted((str(key), str(each)) for key, each in height.items()))


def _of_tag(row: etree._Element, tag: str) -> etree._Element:
    """A row like another that holds only a tag."""
    made = copy.deepcopy(row)
    cells = list(nearest(made, W + "tc"))
    for cell in cells:
        for each in [each for each in cell if each.tag != W + "tcPr"]:
            cell.remove(each)
        etree.SubElement(cell, W + "p")
    line_edits.write(cells[0].findall(W + "p")[0], tag)
    return made
