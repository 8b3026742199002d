"""Writes tags between the characters of a paragraph; runs, their formatting and what is printed stay.

ECMA-376 part 1, 17.3.2 and 17.3.3.
"""

import copy
import re
from dataclasses import replace
from typing import Literal

from lxml import etree

from service.blank_forms.blank_lines import Line
from service.blank_forms.place import Spot
from service.extraction.characters import EMPTY
from service.wordml import W, property_of

_RUN, _TEXT, _PROPERTIES = W + "r", W + "t", W + "rPr"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BLANK = " \t\u3000\xa0"
_FREE = re.compile(r"\s*$|\s+[^\s:：]+\s*[:：]")  # behind a line to write on: nothing, or the next label
_APART = 2  # blanks that part an answer from the next label
_OF_CHANGES = (W + "ins", W + "del", W + "moveFrom", W + "moveTo", W + "rPrChange")

Side = Literal["before", "after"]


def answer(first: Spot, last: Spot, name: str) -> None:
    """A tag for an answer from `first` to `last`; what is printed there is so where it is blank.

    Beside a label the answer is formatted as that, unless there is a line to write on; tabs and blanks that
    part it from the next label stay.
    """
    first, last = _on_the_line(first), _on_the_line(last)
    last = first if last.line is first.line and last.end <= first.end else last
    tag, printed = f"{{{{ {name} }}}}", first.line.text[first.start : first.end]
    behind_label = bool(first.start) and first is last and not printed.strip()
    after = first.line.text[first.end :]
    is_last, is_free = not after.strip(), bool(_FREE.match(after))
    if first is last and (not printed or (behind_label and ("\t" in printed or is_last))):
        _insert(first.line, first.start, "after", tag)
    elif not behind_label and first is last and _is_replaceable(first):
        _replace(first, _in_place_of(_text(first), tag, name, is_free))
    else:
        end = max(last.end - _APART, first.start) if behind_label else last.end
        rest = _rest(len(printed), " ", name) if is_free and first is last and _is_ruled(first) else ""
        _insert(last.line, end, "after", "{% endif %}")
        side: Side = "after" if behind_label else "before"
        _insert(first.line, first.start, side, f"{{% if {name} %}}{tag}{rest}{{% else %}}")


def _in_place_of(printed: str, tag: str, name: str, is_free: bool) -> str:
    """A tag for an answer in place of what is printed.

    Underlined white space stays as far as the answer leaves it free.
    """
    if printed.strip() or len(set(printed)) > 1 or not is_free:
        return f'{{{{ {name} or "{printed}" }}}}'
    return tag + _rest(len(printed), printed[0], name)


def _rest(length: int, blank: str, name: str) -> str:
    """A tag for what an answer leaves of so many blanks."""
    width = 1 if blank == "\u3000" else 2  # blanks of a Chinese character
    return f'{{{{ "{blank}" * ({length} - {width} * ({name} | length)) }}}}'


def _is_ruled(spot: Spot) -> bool:
    """Whether a spot is underlined white space."""
    at, inside = 0, []
    for piece in spot.line.pieces:
        if at < spot.end and spot.start < at + len(piece.text):
            inside.append(piece)
        at += len(piece.text)
    blank = all(each.element.tag == _TEXT and not (each.element.text or "").strip() for each in inside)
    return blank and set(spot.line.text[spot.start : spot.end]) == {"_"}


def box(spot: Spot, name: str) -> None:
    """A tag for a box, which prints the form's own where it is not ticked."""
    printed = _text(spot)
    if printed == EMPTY:
        _replace(spot, f"{{{{ {name} }}}}")
    elif printed:
        _replace(spot, f'{{{{ {name} | replace("{EMPTY}", "{printed}") }}}}')
    else:  # a symbol
        _insert(spot.line, spot.end, "after", f"{{% else %}}{{{{ {name} }}}}{{% endif %}}")
        _insert(spot.line, spot.start, "before", f'{{% if {name} == "{EMPTY}" %}}')


def in_front(spot: Spot, tag: str) -> None:
    """A tag in front of what is printed at a spot, formatted as that."""
    _insert(spot.line, spot.start, "before", tag)


def write(paragraph: etree._Element, text: str) -> None:
    """Adds a run with `text` to a paragraph, formatted as its last run or its mark."""
    runs = paragraph.findall(_RUN)
    properties = runs[-1].find(_PROPERTIES) if runs else property_of(paragraph, "pPr", "rPr")
    run = etree.SubElement(paragraph, _RUN)
    if properties is not None:
        own = copy.deepcopy(properties)
        for change in own.findall("*"):
            if change.tag in _OF_CHANGES:
                own.remove(change)
        run.append(own)
    run.append(_element(text))


def _on_the_line(spot: Spot) -> Spot:
    """A spot without the blanks in front of its line to write on and behind it."""
    printed = spot.line.text[spot.start : spot.end]
    if not printed.strip().startswith("_"):
        return spot
    start = spot.start + len(printed) - len(printed.lstrip(_BLANK))
    end = spot.end - len(printed) + len(printed.rstrip(_BLANK))
    return replace(spot, start=start, end=end)


def _is_replaceable(spot: Spot) -> bool:
    """Whether the spot is plain text of one run, without what a tag could not spell."""
    return bool(_text(spot)) and not set(_text(spot)) & set('"\\{}%')


def _text(spot: Spot) -> str:
    """The characters of a spot as they are in its text element; "" if it has not one alone."""
    at = 0
    for piece in spot.line.pieces:
        end = at + len(piece.text)
        if at <= spot.start and spot.end <= end and spot.start < spot.end:
            is_text = piece.element.tag == _TEXT
            return (piece.element.text or "")[spot.start - at : spot.end - at] if is_text else ""
        at = end
    return ""


def _replace(spot: Spot, tag: str) -> None:
    at = 0
    for piece in spot.line.pieces:
        if at <= spot.start and spot.end <= at + len(piece.text):
            text = piece.element.text or ""
            _set(piece.element, text[: spot.start - at] + tag + text[spot.end - at :])
            return
        at += len(piece.text)


def _insert(line: Line, at: int, side: Side, tag: str) -> None:
    """Inserts a tag into the run of the character behind (`before`) or in front of a place (`after`)."""
    start = 0
    for piece in line.pieces:
        end = start + len(piece.text)
        if (start <= at < end) if side == "before" else (start < at <= end):
            _beside(piece.element, at - start, len(piece.text), tag)
            return
        start = end
    if line.pieces:
        _beside(line.pieces[0 if at == 0 else -1].element, 0, 0 if at == 0 else 1, tag)
    else:
        write(line.element, tag)


def _beside(element: etree._Element, at: int, length: int, tag: str) -> None:
    """Inserts a tag into an element of a run at one of its `length` characters."""
    if element.tag == _TEXT:
        text = element.text or ""
        _set(element, text[:at] + tag + text[at:])
    elif at < length or not length:
        element.addprevious(_element(tag))
    else:
        element.addnext(_element(tag))


def _element(text: str) -> etree._Element:
    element = etree.Element(_TEXT)
    _set(element, text)
    return element


def _set(element: etree._Element, text: str) -> None:
    element.text = text
    element.set(_SPACE, "preserve")
