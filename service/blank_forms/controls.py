"""What an empty content control or form field says of the place it is in: a list, a date, a picture."""

from dataclasses import replace

from lxml import etree

from service.blank_forms.place import Place
from service.wordml import W, property_of, value

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def applied(place: Place) -> Place:
    """The place, with the kind and options of the control at its spot, if there is one."""
    for spot in place.spots[:1]:
        control = spot.line.control(spot.start, spot.end)
        if control is None:
            continue
        if options := _entries(control):
            return replace(place, kind="choice", options=options)
        if property_of(control, "sdtPr", "date") is not None and place.kind in ("line", "text"):
            return replace(place, kind="date")
    return place


def is_picture(cell: etree._Element) -> bool:
    """Whether a cell holds a content control for a picture."""
    return next(cell.iter(W + "picture"), None) is not None and any(
        property_of(each, "sdtPr", "picture") is not None for each in cell.iter(W + "sdt")
    )


def _entries(control: etree._Element) -> tuple[str, ...]:
    for names in (("sdtPr", "dropDownList"), ("sdtPr", "comboBox"), ("ffData", "ddList")):
        if (found := property_of(control, *names)) is not None:
            entries = [each for each in found if each.tag in (W + "listItem", W + "listEntry")]
            words = [each.get(W + "displayText") or value(each) or "" for each in entries]
            return tuple(word for word in words if word.strip() and not word.startswith(("选择", "请选择")))
    return ()
