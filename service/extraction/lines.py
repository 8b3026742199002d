"""The fields outside tables: each line that begins with a label of the form, however it was typed anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.extraction.characters import label, letters
from service.extraction.document import Document, Paragraph, Row, Table
from service.extraction.pattern import NoMatch, Written, take
from service.extraction.skeleton import Skeleton, cut, has_mark


@dataclass(frozen=True)
class Line:
    """What was found for one official line: the paragraph's number from 1, or a table's row, and its text."""

    official: str
    written: dict[str, Written]
    paragraph: int | None
    cell: tuple[int, int, int] | None
    text: str


def read_lines(form: Skeleton, document: Document, added: Sequence[Table]) -> tuple[list[Line], set[int]]:
    """The official lines that hold fields, and the numbers of the paragraphs that were read for them."""
    official, blank = form.document.paragraphs, form.blank.paragraphs
    pairs = [(one.text, other.text) for one, other in zip(official, blank, strict=True) if has_mark(one.text)]
    labels = [label(cut(text)[0]) for text, _ in pairs]
    lines, used, start = [], set(), 0
    for (text, empty), wanted in zip(pairs, labels, strict=True):
        exact = _exact(text, empty, document.paragraphs, start, form)
        found = exact or _loose(text, empty, wanted, labels, document.paragraphs, form)
        found = found or _in_tables(text, wanted, added)
        lines.append(found or Line(text, {}, None, None, ""))
        if found and found.paragraph:
            used.add(found.paragraph)
            start = found.paragraph if exact else start
    return lines, used


def _exact(
    official: str, blank: str, paragraphs: Sequence[Paragraph], start: int, form: Skeleton
) -> Line | None:
    """A paragraph just as it is printed, behind the one before."""
    words = cut(official)[0]
    for number, paragraph in enumerate(paragraphs[start:], start + 1):
        if paragraph.text.startswith(words):
            try:
                written = take(official, blank, paragraph.text, form.slots)
            except NoMatch:
                continue
            if all(each.exact for each in written.values()):
                return Line(official, written, number, None, paragraph.text)
    return None


def _loose(
    official: str,
    blank: str,
    wanted: str,
    labels: Sequence[str],
    paragraphs: Sequence[Paragraph],
    form: Skeleton,
) -> Line | None:
    for number, paragraph in enumerate(paragraphs, 1):
        for text in _parts(paragraph.text, labels):
            if letters(text).startswith(wanted) and _is_label(text, wanted):
                try:
                    return Line(official, take(official, blank, text, form.slots), number, None, text)
                except NoMatch:
                    continue
    return None


def _is_label(text: str, wanted: str) -> bool:
    """Whether the label stands alone: a colon, bracket, tab, space or line follows, or nothing."""
    rest = re.match(r"[\s\u200b]*".join(map(re.escape, wanted)) + r"(?P<next>.?)", text.lstrip(), re.DOTALL)
    return rest is not None and not re.fullmatch(r"\w", rest["next"].replace("_", ""))


def _parts(text: str, labels: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph, and of each line those parts that begin with a label and a colon."""
    spaced = "|".join(r"[\s\u200b]*".join(map(re.escape, each)) for each in labels)
    begins = re.compile(rf"(?<=\s)(?=(?:{spaced})[\s\u200b]*(?:[(（][^)）]*[)）])?[\s\u200b]*[:：])")
    for line in text.split("\n"):
        yield from begins.split(line)


def _in_tables(official: str, wanted: str, tables: Sequence[Table]) -> Line | None:
    """The label in a cell of a table that is none of the form's, and the value in the next one."""
    for table in tables:
        for row in table.rows:
            for index, cell in enumerate(row.cells):
                if label(cell.text) == wanted:
                    return _in_row(official, table, row, index)
    return None


def _in_row(official: str, table: Table, row: Row, index: int) -> Line:
    after = row.cells[index + 1] if index + 1 < len(row.cells) else None
    text = after.text.strip() if after else ""
    mark = cut(official)[1]
    place = table.number, table.rows.index(row) + 1, index + 2
    return Line(official, {mark: Written(text or None, exact=False)}, None, place, text)
