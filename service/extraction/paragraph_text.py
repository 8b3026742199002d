"""Reads the text of a paragraph as printed: with insertions, controls and fields, without deletions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from service.extraction.characters import CHECKED, EMPTY, is_symbol_font, symbol
from service.wordml import W, is_on, properties_of, property_of, value, whole

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_PLAIN = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    W + "softHyphen": "\N{SOFT HYPHEN}",
}
_DROPPED = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "sdtPr", W + "sdtEndPr", _MC + "Fallback"}
_PICTURES = {W + "drawing", W + "pict", W + "object"}
_FOOTNOTES = {W + "footnoteReference", W + "endnoteReference"}
_DRAWN = ("EQ", "SYMBOL")
_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_FONTS, _RAISED = W + "rFonts", W + "vertAlign"
_UNPRINTED = {W + "vanish": "hidden_text", W + "strike": "struck_text", W + "dstrike": "struck_text"}
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LATIN = (W + "ascii", W + "hAnsi")
_CODE = re.compile("[0-9A-Fa-f]{1,8}")


@dataclass(frozen=True)
class Note:
    """Non-text content of a paragraph: text box, picture, footnote, hidden text."""

    code: str
    text: str


def paragraph_text(paragraph: etree._Element) -> tuple[str, tuple[Note, ...]]:
    """The text of a `w:p` and notes on its non-text content; "" if it is a content control's prompt."""
    if any(map(_prompts, paragraph.iterancestors(W + "sdt"))):
        return "", ()
    reader = _ParagraphReader()
    reader.read(paragraph)
    text = "".join(reader.text)
    number = value(property_of(paragraph, "pPr", "numPr", "numId"))
    if number not in (None, "0") and text.strip():
        reader.notes.append(Note("numbering", text))
    return text, tuple(reader.notes)


def run_texts(paragraph: etree._Element) -> list[tuple[etree._Element, str]]:
    """The printing runs of a `w:p` with their texts."""
    reader = _ParagraphReader()
    reader.read(paragraph)
    return reader.runs


@dataclass
class _Field:
    """A complex field being read; `is_control` for a form field of Word 97."""

    is_control: bool
    has_result: bool = False
    instruction: str = ""


class _ParagraphReader:
    """Reads one paragraph; skips the instructions of complex fields and keeps their results."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.notes: list[Note] = []
        self.runs: list[tuple[etree._Element, str]] = []
        self._fields: list[_Field] = []  # open fields, the innermost last

    def read(self, element: etree._Element) -> None:
        for child in element:
            tag = child.tag
            if tag == W + "r":
                self._run(child)
            elif tag == W + "sdt":
                self._control(child)
            elif tag in _DROPPED:
                continue
            elif tag == _M + "oMath":
                self.notes.append(Note("formula", _texts(child, _M + "t")))
            elif tag == W + "ruby":
                self._ruby(child)
            elif tag == W + "fldSimple":
                self._simple_field(child)
            else:
                self.read(child)

    def _run(self, run: etree._Element) -> None:
        properties = properties_of(run, "rPr")
        for tag, code in _UNPRINTED.items():
            if tag in properties and is_on(properties[tag]):
                if unprinted := _texts(run, W + "t"):
                    self.notes.append(Note(code, unprinted))
                return
        font, before = _symbol_font(properties.get(_FONTS)), len(self.text)
        for child in run:
            self._piece(child, font)
        if value(properties.get(_RAISED)) == "superscript":
            self.text[before:] = [text.translate(_SUPERSCRIPT) for text in self.text[before:]]
        if len(self.text) > before:
            self.runs.append((run, "".join(self.text[before:])))

    def _piece(self, child: etree._Element, font: str | None) -> None:
        tag = child.tag
        if tag == W + "fldChar":
            self._field(child)
        elif self._fields and not all(field.has_result for field in self._fields):
            if tag == W + "instrText":
                self._fields[-1].instruction += child.text or ""
        elif tag == W + "t":
            self.text.append(_as_symbols(child.text or "", font))
        elif tag in _PLAIN:
            self.text.append(_PLAIN[tag])
        elif tag == W + "br":
            self.text.append("" if child.get(W + "type") in ("page", "column") else "\n")
        elif tag == W + "sym":
            self._symbol(child)
        elif tag == W + "ruby":
            self._ruby(child)
        elif tag in _PICTURES or tag == _MC + "AlternateContent":
            self.notes += _drawn(child)
        elif tag in _FOOTNOTES:
            self.notes.append(Note("footnote", ""))

    def _symbol(self, element: etree._Element) -> None:
        font, code = element.get(W + "font", ""), element.get(W + "char", "")
        found = symbol(font, int(code, 16)) if _CODE.fullmatch(code) else None
        if found is None:
            self.notes.append(Note("symbol", f"{font} {code.upper()}"))
        self.text.append(found or "")

    def _ruby(self, element: etree._Element) -> None:
        for base in element.iterchildren(W + "rubyBase"):
            self.read(base)

    def _field(self, mark: etree._Element) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(is_control=mark.find(W + "ffData") is not None))
            self._legacy(mark)
        elif kind == "separate" and self._fields:
            self._fields[-1].has_result = True
        elif kind == "end" and self._fields:
            closed = self._fields.pop()
            if not closed.is_control and _is_lost(closed.instruction, closed.has_result):
                self.notes.append(Note("field", closed.instruction.strip()))

    def _simple_field(self, element: etree._Element) -> None:
        before, instruction = len(self.text), element.get(W + "instr", "")
        self.read(element)
        if _is_lost(instruction, len(self.text) > before):
            self.notes.append(Note("field", instruction.strip()))

    def _legacy(self, mark: etree._Element) -> None:
        """Reads a form field of Word 97: its box, or the selected list entry."""
        box = property_of(mark, "ffData", "checkBox")
        if box is not None:
            checked = box.find(W + "checked")
            self._box(is_on(box.find(W + "default") if checked is None else checked))
        choices = property_of(mark, "ffData", "ddList")
        if choices is not None:
            entries = [value(entry) or "" for entry in choices.iterchildren(W + "listEntry")]
            default = whole(value(property_of(choices, "default")), 0)
            chosen = whole(value(property_of(choices, "result")), default)
            self.text += entries[chosen : chosen + 1]

    def _box(self, checked: bool) -> None:
        self.text.append(CHECKED if checked else EMPTY)

    def _control(self, control: etree._Element) -> None:
        """Reads a content control: its text or box; nothing if it shows its prompt."""
        settings, content = control.find(W + "sdtPr"), control.find(W + "sdtContent")
        box = settings.find(_W14 + "checkbox") if settings is not None else None
        if box is not None:
            state = box.find(_W14 + "checked")
            self._box(state is not None and state.get(_W14 + "val") in ("1", "true"))
        elif _prompts(control):
            return
        elif content is not None:
            self.read(content)


def _texts(element: etree._Element, name: str) -> str:
    return "".join(each.text or "" for each in element.iter(name))


def _is_lost(instruction: str, has_result: bool) -> bool:
    """Whether a field's printed content is no text: an enclosed character, a symbol, or a missing result."""
    kind = (instruction.split() or [""])[0].upper()
    return kind in _DRAWN or (not has_result and kind not in _COUNTED)


def _prompts(control: etree._Element) -> bool:
    """Whether a content control shows its prompt and so is empty."""
    return is_on(property_of(control, "sdtPr", "showingPlcHdr"))


def _symbol_font(fonts: etree._Element | None) -> str | None:
    """The symbol font of a run's Latin text; None if it has none."""
    if fonts is None:
        return None
    for name in _LATIN:
        font = fonts.get(name)
        if font and is_symbol_font(font):
            return font
    return None


def _as_symbols(text: str, font: str | None) -> str:
    """The text with the characters that a symbol font draws in their place."""
    if font is None:
        return text
    return "".join(symbol(font, ord(each)) or each for each in text)


def _drawn(element: etree._Element) -> Iterator[Note]:
    """A note for a text box, with its text, or for a picture."""
    boxes = [box for box in element.iter(W + "txbxContent") if not _is_fallback(box, element)]
    texts = ["\n".join(paragraph_text(each)[0] for each in box.iter(W + "p")) for box in boxes]
    if texts:
        yield from (Note("text_box", text) for text in texts if text.strip())
    else:
        yield Note("picture", "")


def _is_fallback(box: etree._Element, top: etree._Element) -> bool:
    """Whether a text box is the fallback copy for older readers."""
    newer = top.find(f".//{_MC}Choice//{W}txbxContent") is not None
    return newer and any(each.tag == _MC + "Fallback" for each in box.iterancestors())
