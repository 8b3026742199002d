"""The text that a paragraph of a blank form prints, with "_" for what is there to be written over.

Those are underlined blanks, tab stops with a leader, prompts of content controls (ECMA-376 part 1, 17.5.2)
and form fields (17.16.5.20); boxes of controls and fields are "□".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from service.extraction.displayed import content_controls
from service.extraction.displayed.field_results import Field, opened
from service.extraction.displayed.symbols import EMPTY, symbol
from service.wordml import W, is_on, nearest, property_of, value

_PARAGRAPH, _RUN, _CONTROL = W + "p", W + "r", W + "sdt"
_TEXT, _TAB, _BREAK, _SYMBOL, _TYPE, _FIELD = (W + n for n in ("t", "tab", "br", "sym", "type", "fldChar"))
_HIDDEN = {W + name for name in ("del", "moveFrom", "rt")}
_LEADERS = ("underscore", "heavy", "hyphen")
_TO_WRITE_OVER = re.compile(r"\s")
_DRAWN = re.compile("＿|(?<=[—―─])[—―─]{3,}|[—―─](?=[—―─]{3})|[﹍‗]")
_PROMPT = re.compile("(?:单击|点击|请)(?:或点击)?(?:此处|这里)?[以来]?(?:输入|选择|填写|添加).{0,8}")


@dataclass(frozen=True, eq=False)
class Piece:
    """The text of an element of a run, such as `w:t`, `w:tab` or `w:sym`, as printed in its line.

    `control` is the empty content control or the form field that it belongs to.
    """

    element: etree._Element
    text: str
    control: etree._Element | None = None


def pieces(paragraph: etree._Element) -> Iterator[Piece]:
    """The pieces of a paragraph without those of text boxes in it."""
    reader = _Reader(_has_leader(paragraph))
    for run in paragraph.iter(_RUN):
        if next(run.iterancestors(_PARAGRAPH)) is paragraph and not _is_hidden(run, paragraph):
            yield from reader.run(run)


class _Reader:
    """Keeps the form fields that are open between runs."""

    def __init__(self, has_leader: bool) -> None:
        self._has_leader = has_leader
        self._open: list[tuple[Field, etree._Element]] = []

    def run(self, run: etree._Element) -> Iterator[Piece]:
        underline = property_of(run, "rPr", "u")
        is_blank = underline is not None and value(underline) != "none"
        control = self._control(run)
        for child in run:
            if child.tag == _FIELD:
                yield from self._field(child)
            elif text := self._text(child, is_blank):
                yield Piece(child, self._shown(text, control), control)

    def _control(self, run: etree._Element) -> etree._Element | None:
        if self._open and self._open[-1][0].is_control:
            return self._open[-1][1]
        control = next(run.iterancestors(_CONTROL), None)
        if control is None or not content_controls.prompts(control):
            return None
        return control

    def _shown(self, text: str, control: etree._Element | None) -> str:
        if control is not None and text not in "☐□":
            return "_" * len(text)
        return _DRAWN.sub(lambda found: "_" * len(found[0]), text)

    def _text(self, child: etree._Element, is_blank: bool) -> str:
        if child.tag == _TEXT:
            text = child.text or ""
            return _TO_WRITE_OVER.sub("_", text) if is_blank else text
        if child.tag == _TAB:
            return "____" if is_blank or self._has_leader else "\t"
        if child.tag == _BREAK:
            return "" if child.get(_TYPE) else "\n"
        if child.tag == _SYMBOL:
            return _symbol(child)
        return ""

    def _field(self, mark: etree._Element) -> Iterator[Piece]:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            field = opened(mark)
            self._open.append((field, mark))
            if field.is_control and field.choice is not None:
                yield Piece(
                    mark, EMPTY if property_of(mark, "ffData", "checkBox") is not None else "____", mark
                )
        elif kind == "end" and self._open:
            self._open.pop()


def _symbol(element: etree._Element) -> str:
    code = element.get(W + "char", "")
    try:
        return symbol(element.get(W + "font", ""), int(code, 16)) or ""
    except ValueError:
        return ""


def _is_hidden(run: etree._Element, paragraph: etree._Element) -> bool:
    if is_on(property_of(run, "rPr", "vanish")):
        return True
    for above in run.iterancestors():
        if above is paragraph:
            return False
        if above.tag in _HIDDEN:
            return True
    return False


def _has_leader(paragraph: etree._Element) -> bool:
    stops = property_of(paragraph, "pPr", "tabs")
    return stops is not None and any(stop.get(W + "leader") in _LEADERS for stop in nearest(stops, _TAB))


def is_prompt(text: str) -> bool:
    """Whether a text only asks to write there: 单击此处输入文字."""
    return bool(_PROMPT.fullmatch(text.strip(" \t\u3000（）()。.")))
