"""Writes tags between the characters of a paragraph; runs, their formatting and what is printed stay.

ECMA-376 part 1, 17.3.2 and 17.3.3.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from lxml import etree

from service.blank_forms.blank_lines import Line
from service.blank_forms.place import Spot
from service.blank_forms.printed_text import Piece
from service.extraction.characters import EMPTY
from service.wordml import W, property_of
from service.wordml.tab_stops import TabStops, width

_RUN, _TEXT, _TAB, _PROPERTIES = W + "r", W + "t", W + "tab", W + "rPr"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BLANK = " \t\u3000\xa0"
_TO_WRITE_OVER = _BLANK + "_\n"
_FREE = re.compile(r"\s*$|\s+[^\s:：]+\s*[:：]")  # behind a line to write on: nothing, or the next label
_LABEL = re.compile(r"[^\s:：，。；,;]+\s*[:：]")
_APART = 2  # blanks that part an answer from the next label
_OF_CHANGES = (W + "ins", W + "del", W + "moveFrom", W + "moveTo", W + "rPrChange")

Side = Literal["before", "after"]


def answer(first: Spot, last: Spot, name: str, stops: TabStops) -> None:
    """A tag for an answer from `first` to `last`; what is printed there is so where it is blank.

    Beside a label the answer is formatted as that, unless there is a line to write on. Of the tabs and
    blanks in front of the next label so many stay as the answer leaves free, two at least.
    """
    first, last = _on_the_line(first), _on_the_line(last)
    last = first if last.line is first.line and last.end <= first.end else last
    tag, printed = f"{{{{ {name} }}}}", first.line.text[first.start : first.end]
    is_one, behind_label = first is last, bool(first.start) and first is last and not printed.strip()
    after = first.line.text[first.end :]
    is_free = bool(_FREE.match(after)) or (behind_label and bool(_LABEL.match(after)))
    side: Side = "after" if behind_label else "before"
    if is_one and not printed.strip(_TO_WRITE_OVER) and _has_tab(first):
        _before_tabs(first, name, side, stops)
    elif is_one and (not printed or (behind_label and not after.strip())):
        _insert(first.line, first.start, "after", tag)
    elif not behind_label and is_one and _is_replaceable(first):
        _replace(first, _in_place_of(_text(first), tag, name, is_free))
    else:
        end = max(last.end - _APART, first.start) if behind_label else last.end
        has_rest = is_free and is_one and (behind_label or _is_ruled(first))
        rest = _rest(printed[: end - first.start], name) if has_rest else ""
        _insert(last.line, end, "after", "{% endif %}")
        _insert(first.line, first.start, side, f"{{% if {name} %}}{tag}{rest}{{% else %}}")


def _before_tabs(spot: Spot, name: str, side: Side, stops: TabStops) -> None:
    """A tag for an answer in front of tabs and blanks, each printed where the answer ends before it does."""
    has_next = bool(spot.line.text[spot.end :].strip())
    opened = f"{{{{ {name} }}}}"
    for start, end, room in reversed(_rooms(spot, stops)):
        if end == spot.end and has_next:
            continue
        _insert(spot.line, end, "after", "{% endif %}")
        condition = f"{{% if ({name} | width) < {room} %}}"
        opened += condition if start == spot.start and side == "before" else ""
        if start != spot.start or side == "after":
            _insert(spot.line, start, "before", condition)
    _insert(spot.line, spot.start, side, opened)


def _has_tab(spot: Spot) -> bool:
    return any(piece.element.tag == _TAB for _, piece in _pieces(spot))


def _rooms(spot: Spot, stops: TabStops) -> list[tuple[int, int, int]]:
    """Each piece of a blank, from character to character, with the digits that have room up to its end."""
    paragraph, found = spot.line.element, list[tuple[int, int, int]]()
    runs = [next(piece.element.iterancestors(_RUN)) for piece in spot.line.pieces]
    digits = [stops.digit(run, paragraph) for run in runs]
    place = begin = margin = stops.start(paragraph, digits[0])
    for (at, piece), digit in zip(_placed(spot.line), digits, strict=True):
        start, end = max(at, spot.start), min(at + len(piece.text), spot.end)
        if at <= spot.start:
            begin = place + width(piece.text[: spot.start - at]) * digit
        is_tab = piece.element.tag == _TAB
        place = stops.next(paragraph, place) if is_tab else place + width(piece.text) * digit
        if piece.text == "\n":
            place = margin
        elif start < end:
            reached = place if is_tab else place - width(piece.text[end - at :]) * digit
            found.append((start, end, max((reached - begin) // digits[0], 1)))
    return found


def _in_place_of(printed: str, tag: str, name: str, is_free: bool) -> str:
    """A tag for an answer in place of what is printed.

    Underlined white space stays as far as the answer leaves it free.
    """
    if printed.strip() or len(set(printed)) > 1 or not is_free:
        return f'{{{{ {name} or "{printed}" }}}}'
    return tag + _rest(printed, name)


def _rest(printed: str, name: str) -> str:
    """A tag for what an answer leaves of white space."""
    if set(printed) == {"\u3000"}:
        return f'{{{{ "\u3000" * ({len(printed)} - (({name} | width) + 1) // 2) }}}}'
    return f'{{{{ " " * ({width(printed)} - ({name} | width)) }}}}' if printed else ""


def _placed(line: Line) -> Iterator[tuple[int, Piece]]:
    """The pieces of a line, each with the place of its first character."""
    at = 0
    for piece in line.pieces:
        yield at, piece
        at += len(piece.text)


def _pieces(spot: Spot) -> list[tuple[int, Piece]]:
    """The pieces of which a spot has characters, each with the place of its first character."""
    pieces = _placed(spot.line)
    return [each for each in pieces if each[0] < spot.end and spot.start < each[0] + len(each[1].text)]


def _is_ruled(spot: Spot) -> bool:
    """Whether a spot is underlined white space."""
    inside = [piece.element for _, piece in _pieces(spot)]
    blank = all(each.tag == _TEXT and not (each.text or "").strip() for each in inside)
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
