"""Matches lines outside tables with the form's labels, also when retyped."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from service.extraction.boxes.passages import passages
from service.extraction.characters import bare, label, letters
from service.extraction.field_pattern import NoMatch, Written, take
from service.extraction.skeleton import Skeleton, cut, fixed, has_mark
from service.extraction.word_document import Document, Paragraph, Table, TableRow
from service.object_cache import object_cache

_MORE = 3  # paragraphs that may be added to a field of several


@dataclass(frozen=True)
class FormLine:
    """Paragraphs of the form that are read as one, and the same on the blank form.

    That is one with fields; where it holds boxes of a field alone, or a long text alone, the question or
    heading above it belongs to it. A long text (`is_text`) may have any number of paragraphs.
    """

    paragraphs: tuple[Paragraph, ...]
    blank: tuple[Paragraph, ...]
    is_text: bool = False

    @property
    def text(self) -> str:
        """Its text with marks."""
        return _text(self.paragraphs)

    @property
    def blank_text(self) -> str:
        """Its text on the blank form."""
        return _text(self.blank)

    @property
    def label(self) -> str:
        """The normalised words that it begins with."""
        return label(cut(self.paragraphs[0].text)[0])


@dataclass(frozen=True)
class MatchedLine:
    """The match of an official line: paragraphs numbered from 1, or table cell, and the text."""

    official: FormLine | None
    written: dict[str, Written]
    numbers: range
    cell: tuple[int, int, int] | None
    text: str


def read_lines(
    form: Skeleton, document: Document, added: Sequence[Table]
) -> tuple[list[MatchedLine], list[MatchedLine]]:
    """The official lines with fields, and other text in the paragraphs read for them."""
    wanted = _form_lines(form)
    labels = [line.label for line in wanted]
    numbered = list(enumerate(document.paragraphs, 1))
    lines, exact, start = list[MatchedLine](), dict[int, int](), 0
    for index, line in enumerate(wanted):
        found = (_several if line.is_text else _exact)(line, numbered[start:], form)
        if found and found.numbers:
            exact |= dict.fromkeys(found.numbers, index)
            start = found.numbers[-1]
        else:
            found = _loose(line, labels, numbered, form)
        first = found.numbers[0] if found else 0
        if found and exact.get(first, index) != index:  # two fields in one line
            one = exact.pop(first)
            lines[one] = _loose(wanted[one], labels, numbered[first - 1 : first], form) or lines[one]
        found = found or _in_tables(line, added)
        lines.append(found or MatchedLine(line, {}, range(0), None, ""))
    return lines, list(_beside(lines, exact, labels, document))


@object_cache
def _form_lines(form: Skeleton) -> tuple[FormLine, ...]:
    """The paragraphs with fields; those with boxes or a text alone are joined to the line above."""
    pairs = [*zip(form.document.paragraphs, form.blank.paragraphs, strict=True)]
    lines: list[FormLine] = []
    line: list[tuple[Paragraph, Paragraph]] = []
    above: list[tuple[Paragraph, Paragraph]] = []  # words without a field, which may be a question
    for pair in pairs:
        if not has_mark(pair[0].text):
            above = [pair] if pair[0].bare else above
            if line and pair[0].bare:
                lines.append(_line(line))
                line = []
            continue
        slots = form.fields(pair[0].text)
        is_text = slots[0].many and not fixed(pair[0].text)
        lone = slots[0].of_boxes and not re.search(r"\w", passages(pair[0].text, form.slots)[0][0].head)
        if lone and line and form.fields(line[-1][0].text)[-1].path == slots[0].path:
            line.append(pair)
            continue
        if line:
            lines.append(_line(line))
        line, above = [*(above if lone or is_text else ()), pair], []
        if is_text:
            lines.append(_line(line, is_text=True))
            line = []
    return (*lines, _line(line)) if line else tuple(lines)


def _line(pairs: Sequence[tuple[Paragraph, Paragraph]], *, is_text: bool = False) -> FormLine:
    return FormLine(tuple(one for one, _ in pairs), tuple(blank for _, blank in pairs), is_text)


def _text(paragraphs: Sequence[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs)


def _beside(
    lines: Sequence[MatchedLine], exact: Container[int], labels: Sequence[str], document: Document
) -> Iterator[MatchedLine]:
    """The unmatched parts of paragraphs that were matched in parts."""
    for number in {line.numbers[0] for line in lines if len(line.numbers) == 1}:
        if number in exact:
            continue
        read = [line.text for line in lines if line.numbers == range(number, number + 1)]
        for text in _parts(document.paragraphs[number - 1].text, labels):
            if text.strip() and text not in read:
                yield MatchedLine(None, {}, range(number, number + 1), None, text)


def _exact(line: FormLine, paragraphs: Sequence[tuple[int, Paragraph]], form: Skeleton) -> MatchedLine | None:
    """Matches paragraphs exactly as printed."""
    words, count = cut(line.text)[0], len(line.paragraphs)
    for at, (number, _) in enumerate(paragraphs[: len(paragraphs) - count + 1]):
        text = _text([each for _, each in paragraphs[at : at + count]])
        if text.startswith(words):
            try:
                written = take(line.text, line.blank_text, text, form.slots)
            except NoMatch:
                continue
            if all(each.exact for each in written.values()):
                return MatchedLine(line, written, range(number, number + count), None, text)
    return None


def _loose(
    line: FormLine, labels: Sequence[str], paragraphs: Sequence[tuple[int, Paragraph]], form: Skeleton
) -> MatchedLine | None:
    if len(line.paragraphs) > 1:
        return _several(line, paragraphs, form)
    for number, paragraph in paragraphs if line.label else ():
        for text in _parts(paragraph.text, labels):
            if letters(text).startswith(line.label) and _is_label(text, line.label):
                try:
                    written = take(line.text, line.blank_text, text, form.slots)
                    return MatchedLine(line, written, range(number, number + 1), None, text)
                except NoMatch:
                    continue
    return None


def _several(
    line: FormLine, paragraphs: Sequence[tuple[int, Paragraph]], form: Skeleton
) -> MatchedLine | None:
    """Matches the question of a field of boxes, or the heading of a text, and the paragraphs below it."""
    head = bare(cut(line.text)[0].partition("\n")[0])
    for number, paragraph in paragraphs:
        if head and paragraph.bare.startswith(head):
            text, numbers = _below(line, number, paragraphs, form)
            try:
                return MatchedLine(
                    line, take(line.text, line.blank_text, text, form.slots), numbers, None, text
                )
            except NoMatch:
                continue
    return None


def _below(
    line: FormLine, first: int, paragraphs: Sequence[tuple[int, Paragraph]], form: Skeleton
) -> tuple[str, range]:
    """The text of the paragraph `first` and those below it, up to one that is another of the form."""
    others = form.lines - {fixed(each.text) for each in line.paragraphs} - {""}
    below = [each for number, each in paragraphs if number >= first]
    below = below if line.is_text else below[: len(line.paragraphs) + _MORE]
    count = next((at for at, each in enumerate(below) if at and _is_other(each, others)), len(below))
    while count > 1 and not below[count - 1].bare:
        count -= 1
    return _text(below[:count]), range(first, first + count)


def _is_other(paragraph: Paragraph, others: frozenset[str]) -> bool:
    return any(paragraph.bare.startswith(words) for words in others)


def _is_label(text: str, wanted: str) -> bool:
    """Whether the label is complete: followed by a colon, bracket, space, line or nothing."""
    rest = re.match(r"[\s\u200b]*".join(map(re.escape, wanted)) + r"(?P<next>.?)", text.lstrip(), re.DOTALL)
    return rest is not None and re.fullmatch(r"[\s:：(（_\u200b]?", rest["next"]) is not None


def _parts(text: str, labels: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph, split at labels with a colon."""
    spaced = "|".join(r"[\s\u200b]*".join(map(re.escape, each)) for each in labels if each)
    begins = re.compile(rf"(?<=\s)(?=(?:{spaced})[\s\u200b]*(?:[(（][^)）]*[)）])?[\s\u200b]*[:：])")
    for line in text.split("\n"):
        yield from begins.split(line) if spaced else [line]


def _in_tables(line: FormLine, tables: Sequence[Table]) -> MatchedLine | None:
    """Matches a label in a cell of an additional table, with the value in the next cell."""
    for table in tables:
        for row in table.rows:
            for index, cell in enumerate(row.cells):
                if line.label and label(cell.text) == line.label and len(line.paragraphs) == 1:
                    return _in_row(line, table, row, index)
    return None


def _in_row(line: FormLine, table: Table, row: TableRow, index: int) -> MatchedLine:
    after = row.cells[index + 1] if index + 1 < len(row.cells) else None
    text = after.text.strip() if after else ""
    mark = cut(line.text)[1]
    place = table.number, table.rows.index(row) + 1, index + 2
    return MatchedLine(line, {mark: Written(text or None, exact=False)}, range(0), place, text)
