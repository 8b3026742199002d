"""Fills content controls with the value that they are bound to, as Word does on opening (17.5.2.6)."""

import copy
import datetime
import re
from collections.abc import Iterator

from lxml import etree

from service.extraction.displayed.alternate_content import words
from service.extraction.displayed.custom_xml import CustomXml, UnknownPath
from service.extraction.displayed.left_out_text import remark
from service.wordml import W, is_on, value

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_BINDINGS = (W + "dataBinding", _W15 + "dataBinding")
_MOST = 1000  # controls, more than any form has
_REPEATED = "repeatingSection"
_MARKUP = re.compile(r"\s*<(?:\?xml|pkg:|\w+:package)")
_DAY = re.compile(r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*|Z)?\s*", re.DOTALL)
_TOKENS = re.compile(r"yyyy|MM|M|dd|d|'[^']*'|[A-Za-z]+|[^A-Za-z']+")


def fill(root: etree._Element, data: CustomXml) -> None:
    """Fills the bound controls of a part; remarks on text that differed, and on values not found."""
    for number, binding in enumerate(list(root.iter(*_BINDINGS))):
        control = next(binding.iterancestors(W + "sdt"), None)
        if control is None:
            continue
        try:
            values = data.values(binding, followed=number < _MOST)
        except UnknownPath:
            _remark(control, "bound_unknown", _text(control))
        else:
            if values is not None:
                _fill(control, values)


def _fill(control: etree._Element, values: list[str]) -> None:
    settings = control.find(W + "sdtPr")
    if settings is None or settings.find(W + "picture") is not None:
        return
    if settings.find(_W15 + _REPEATED) is not None:
        items = [each for each in control.iter(_W15 + _REPEATED + "Item") if _section(each) is control]
        if len(items) != len(values):
            _remark(control, "bound_unknown", f"{len(items)} ≠ {len(values)}")
    elif not values:
        return  # Word keeps the text
    elif _MARKUP.match(values[0]):  # a formatted text
        _remark(control, "bound_unknown", _text(control))
    elif (box := settings.find(_W14 + "checkbox")) is not None:
        _check(control, box, values[0])
    else:
        _write(control, settings, _displayed(settings, values[0]))


def _section(item: etree._Element) -> etree._Element | None:
    """The repeating section of an item."""
    sections = (
        each for each in item.iterancestors(W + "sdt") if each.find(f"{W}sdtPr/{_W15}{_REPEATED}") is not None
    )
    return next(sections, None)


def _check(control: etree._Element, box: etree._Element, bound: str) -> None:
    state = box.find(_W14 + "checked")
    if state is None:
        state = etree.SubElement(box, _W14 + "checked")
    before, now = state.get(_W14 + "val") in ("1", "true"), bound.strip().lower() in ("1", "true")
    state.set(_W14 + "val", "1" if now else "0")
    if before != now:
        _remark(control, "bound_text", words(control))
        for drawn in list(control.iter(W + "t", W + "sym")):
            if (run := drawn.getparent()) is not None:
                run.remove(drawn)


def _displayed(settings: etree._Element, bound: str) -> str:
    """A bound value as the control displays it: a list entry's text, a date in its format."""
    for name in ("dropDownList", "comboBox"):
        for entry in settings.iterfind(f"{W}{name}/{W}listItem"):
            if entry.get(W + "value", entry.get(W + "displayText")) == bound:
                return entry.get(W + "displayText", bound)
    date, found = settings.find(W + "date"), _DAY.fullmatch(bound)
    if date is not None and found:
        try:
            day = datetime.date(*map(int, found.groups()))
        except ValueError:
            return bound
        return "".join(_of_day(day, value(date.find(W + "dateFormat")) or "yyyy-MM-dd"))
    return bound


def _of_day(day: datetime.date, pattern: str) -> Iterator[str]:
    """A day by a pattern of numbers; in ISO 8601 by any other."""
    known = {
        "yyyy": f"{day.year}",
        "MM": f"{day:%m}",
        "M": f"{day.month}",
        "dd": f"{day:%d}",
        "d": f"{day.day}",
    }
    tokens = _TOKENS.findall(pattern)
    if any(token.isascii() and token.isalpha() and token not in known for token in tokens):
        yield day.isoformat()
        return
    for token in tokens:
        yield known.get(token, token.strip("'"))


def _write(control: etree._Element, settings: etree._Element, text: str) -> None:
    """Puts `text` in the place of a control's own."""
    prompt, before = settings.find(W + "showingPlcHdr"), _text(control)
    if not is_on(prompt) and (before == text or not (before.strip() or text.strip())):
        return
    if prompt is not None:
        settings.remove(prompt)
    holder, run = _holder(control), etree.Element(W + "r")
    first = next(holder.iter(W + "r"), None)
    if first is not None and (properties := first.find(W + "rPr")) is not None:
        run.append(copy.deepcopy(properties))
    for number, line in enumerate(text.splitlines()):
        if number:
            etree.SubElement(run, W + "br")
        etree.SubElement(run, W + "t").text = line
    for child in list(holder):
        if child.tag != W + "pPr":
            holder.remove(child)
    holder.append(run)
    stale = not is_on(prompt) and before.split() not in ([], "".join(text.splitlines()).split())
    if stale:
        _remark(control, "bound_text", before)


def _holder(control: etree._Element) -> etree._Element:
    """The paragraph or control that holds a control's runs; its other paragraphs are removed."""
    content = control.find(W + "sdtContent")
    if content is None:
        content = etree.SubElement(control, W + "sdtContent")
    paragraphs = list(content.iter(W + "p"))
    for other in paragraphs[1:]:
        if (parent := other.getparent()) is not None:
            parent.remove(other)
    return paragraphs[0] if paragraphs else content


def _text(control: etree._Element) -> str:
    content = control.find(W + "sdtContent")
    return "" if content is None else "".join(each.text or "" for each in content.iter(W + "t"))


def _remark(control: etree._Element, code: str, text: str) -> None:
    """Leaves a remark where the control's text is read."""
    content = control.find(W + "sdtContent")
    paragraph = None if content is None else next(content.iter(W + "p"), None)
    if paragraph is not None:
        paragraph.append(remark(code, text))
    elif next(control.iterancestors(W + "p"), None) is not None:
        control.addprevious(remark(code, text))
