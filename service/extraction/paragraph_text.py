"""Reads the text of a paragraph as printed: with insertions, controls and fields, without deletions."""

import re

from lxml import etree

from service.extraction.characters import CHECKED, UNTICKED
from service.extraction.displayed.alternate_content import symbol_code, words
from service.extraction.displayed.content_controls import box, is_in_prompt, prompts
from service.extraction.displayed.drawn_text import drawn_texts
from service.extraction.displayed.field_results import CALCULATED, Field, drawn, opened
from service.extraction.displayed.formatted_text import doubted, joins_next, shown
from service.extraction.displayed.left_out_text import REMARK, remarked
from service.extraction.displayed.side_parts import QUOTED
from service.extraction.displayed.symbols import CHARACTERS, symbol, symbol_font
from service.extraction.displayed.text_direction import BEGINNING, END
from service.extraction.displayed.unread_text import unread
from service.extraction.paragraph_note import Note
from service.wordml import W, properties_of, property_of, value
from service.wordml.document_styles import Formatting
from service.wordml.lines import PLAIN
from service.wordml.run_properties import RunFormat

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_RUN, _TEXT, _PROPERTIES, _NUMBER = (W + name for name in ("r", "t", "rPr", "numPr"))
_CONTROL, _RUBY = W + "sdt", W + "ruby"
_FORMULA, _SIMPLE_FIELD, _FIELD_MARK, _BREAK = _M + "oMath", W + "fldSimple", W + "fldChar", W + "br"
_DROPPED = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "sdtPr", W + "sdtEndPr"}
_PICTURES = {W + "drawing", W + "pict", W + "object"}
_FOOTNOTES = {W + "footnoteReference", W + "endnoteReference"}
_CODE = re.compile("[0-9A-Fa-f]{1,8}")
Runs = list[tuple[etree._Element, str]]


def paragraph_text(paragraph: etree._Element, formatting: Formatting) -> tuple[str, tuple[Note, ...]]:
    """The text of a `w:p` and notes on its non-text content; "" if it is a content control's prompt."""
    text, notes, _ = read_paragraph(paragraph, formatting)
    return text, notes


def read_paragraph(paragraph: etree._Element, formatting: Formatting) -> tuple[str, tuple[Note, ...], bool]:
    """Text and notes as `paragraph_text`, and whether the next paragraph continues this one."""
    reader = _ParagraphReader(paragraph, formatting)
    continues = joins_next(reader.properties.get(_PROPERTIES), reader.place, formatting)
    if formatting.has_controls and is_in_prompt(paragraph):
        return "", (), continues
    reader.read(paragraph)
    text = "".join(reader.text)
    lines = formatting.styles.lines(reader.properties, reader.place) if text else PLAIN
    if lines is not PLAIN and (code := doubted(text, lines)):
        reader.notes.append(Note(code, text))
        text = "" if code == "hidden_text" else text
    if missed := unread(paragraph, reader.taken, reader.length):
        reader.notes.append(Note("missed_text", missed))
    if formatting.numbering.numbers(reader.properties.get(_NUMBER), reader.place):
        reader.notes.append(Note("numbering", text))
    return text, tuple(reader.notes), continues


def run_texts(paragraph: etree._Element, formatting: Formatting) -> Runs:
    """The printing runs of a `w:p` with their texts."""
    runs: Runs = []
    _ParagraphReader(paragraph, formatting, runs).read(paragraph)
    return runs


class _ParagraphReader:
    """Reads one paragraph; skips the instructions of complex fields and keeps their results."""

    def __init__(self, paragraph: etree._Element, formatting: Formatting, runs: Runs | None = None) -> None:
        """`runs`, if wanted, gets the printing runs with their texts."""
        self.text: list[str] = []
        self.notes: list[Note] = []
        self._runs = runs
        self.taken: list[etree._Element] = []  # the elements whose text was read or noted
        self.length = 0  # of the text of runs in these
        self.properties = properties_of(paragraph, "pPr")
        self._styles = formatting.styles
        self.place = self._styles.place(paragraph, self.properties)
        self._formatting = formatting
        self._fields: list[Field] = []  # open fields, the innermost last

    def read(self, element: etree._Element) -> None:
        for child in element:
            tag = child.tag
            if tag == _RUN:
                self._run(child)
            elif tag == _CONTROL:
                self._control(child)
            elif tag in _DROPPED:
                continue
            elif tag == _FORMULA:
                formula = "".join(each.text or "" for each in child.iter(_M + "t"))
                self.notes.append(Note("formula", formula))
                self.taken.append(child)
            elif tag == _RUBY:
                self._ruby(child)
            elif tag == _SIMPLE_FIELD:
                self._simple_field(child)
            elif tag == REMARK:
                self._remark(child)
            elif tag in BEGINNING and value(child) == "rtl":
                self.text.append(BEGINNING[tag])
                self.read(child)
                self.text.append(END)
            else:
                self.read(child)

    def _run(self, run: etree._Element) -> None:
        children, before, noted = list(run), len(self.text), len(self.notes)
        is_first = bool(children) and children[0].tag == _PROPERTIES  # nearly always
        format = self._styles.run(children[0] if is_first else property_of(run, "rPr"), self.place)
        font = symbol_font(format.latin_fonts)
        for child in children[is_first:]:
            if child.tag == _TEXT and font is None and not self._fields:  # nearly always
                self.text.append(text := child.text or "")
                self.taken.append(child)
                self.length += len(text)
            elif child.tag != _PROPERTIES:
                self._piece(child, font)
        if len(self.text) > before:
            self._apply(format, run, before, noted)

    def _apply(self, format: RunFormat, run: etree._Element, before: int, noted: int) -> None:
        """Applies a run's format to the text and notes read from it."""
        if format.is_plain and self._runs is None:
            return
        text = "".join(self.text[before:])
        if not format.is_plain:
            found = shown(text, run, format, self.place, self._styles)
            if found.is_hidden:
                del self.notes[noted:]
            if found.code:
                self.notes.append(Note(found.code, text))
            text = found.text
            self.text[before:] = [text]
        if text and self._runs is not None:
            self._runs.append((run, text))

    def _piece(self, child: etree._Element, font: str | None) -> None:
        tag = child.tag
        if tag == _FIELD_MARK:
            self._field(child)
        elif self._fields and not all(field.has_result for field in self._fields):
            if tag == W + "instrText":
                self._fields[-1].instruction += child.text or ""
            else:
                self._fields[-1].hidden.append(child)
        elif tag == _TEXT:
            self._typed(child, font)
        elif tag in CHARACTERS:
            self.text.append(CHARACTERS[tag])
        elif tag == _BREAK:
            self.text.append("" if child.get(W + "type") in ("page", "column") else "\n")
        elif found := symbol_code(child):
            self._symbol(*found)
        elif tag == _RUBY:
            self._ruby(child)
        elif tag in _PICTURES:
            self._drawing(child)
        elif tag in _FOOTNOTES:
            self.notes.append(Note("footnote", child.get(QUOTED, "")))
        elif tag in CALCULATED:
            self.notes.append(Note("field", tag.removeprefix(W)))
        elif tag == REMARK:
            self._remark(child)

    def _typed(self, element: etree._Element, font: str | None) -> None:
        """Reads a `w:t`; the text that a form field shows of its choice only if it differs."""
        text = element.text or ""
        choices = [each.choice for each in self._fields if each.choice is not None]
        if choices and text.strip() not in ("", choices[-1]):
            return
        self.taken.append(element)
        if font is None and not choices:
            self.text.append(text)
        for character in text if font and not choices else "":
            self._symbol(font or "", f"{ord(character):X}")

    def _drawing(self, element: etree._Element) -> None:
        texts = drawn_texts(element, self._read_in_box)
        self.notes += (
            [Note("picture", "", element)] if texts is None else [Note("text_box", text) for text in texts]
        )
        self.taken.append(element)

    def _read_in_box(self, paragraph: etree._Element) -> tuple[str, bool]:
        text, notes = paragraph_text(paragraph, self._formatting)
        return text, bool(notes)

    def _remark(self, element: etree._Element) -> None:
        if found := remarked(element):
            self.notes.append(Note(*found))

    def _symbol(self, font: str, code: str) -> None:
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
            field = opened(mark)
            self._fields.append(field)
            self.text += [field.choice] if field.choice else []
        elif kind == "separate" and self._fields:
            self._fields[-1].has_result = True
        elif kind == "end" and self._fields:
            closed = self._fields.pop()
            self.taken += closed.hidden
            if not closed.is_control:
                self._drawn(closed.instruction, has_result=closed.has_result)

    def _simple_field(self, element: etree._Element) -> None:
        before, instruction = len(self.text), element.get(W + "instr", "")
        self.read(element)
        self._drawn(instruction, has_result=any(self.text[before:]))

    def _drawn(self, instruction: str, *, has_result: bool) -> None:
        text = drawn(instruction, has_result)
        self.text.append(text or "")
        if text is None:
            self.notes.append(Note("field", instruction.strip()))

    def _box(self, control: etree._Element, state: str) -> None:
        """Reads a box by its state; notes a character in it that says otherwise."""
        before, noted, drawn = len(self.text), len(self.notes), words(control).strip()
        self.text.append(state)
        if drawn and (drawn in UNTICKED) == (state == CHECKED):
            self.notes.append(Note("box_differs", drawn))
        self.taken += control.iter(_TEXT)
        if (run := next(control.iter(_RUN), None)) is not None:
            self._apply(self._styles.run(property_of(run, "rPr"), self.place), run, before, noted)

    def _control(self, control: etree._Element) -> None:
        """Reads a content control: its text or box; nothing if it shows its prompt."""
        if (state := box(control)) is not None:
            self._box(control, state)
        elif prompts(control):
            self.taken += control.iter(_TEXT)
        elif (content := property_of(control, "sdtContent")) is not None:
            self.read(content)
