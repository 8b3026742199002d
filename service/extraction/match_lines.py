"""Matches lines outside tables with the form's labels, also when retyped."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from service.extraction.characters import label, letters
from service.extraction.field_pattern import NoMatch, Written, take
from service.extraction.skeleton import Skeleton, cut, has_mark
from service.extraction.word_document import Document, Paragraph, Table, TableRow


@dataclass(frozen=True)
class MatchedLine:
    """The match of an official line: paragraph number from 1, or table cell, and the text."""

    official: str
    written: dict[str, Written]
    paragraph: int | None
    cell: tuple[int, int, int] | None
    text: str


def read_lines(
    form: Skeleton, document: Document, added: Sequence[Table]
) -> tuple[list[MatchedLine], list[MatchedLine]]:
    """The official lines with fields, and other text in the paragraphs read for them."""
    official, blank = form.document.paragraphs, form.blank.paragraphs
    pairs = [(one.text, other.text) for one, other in zip(official, blank, strict=True) if has_mark(one.text)]
    labels = [label(cut(text)[0]) for text, _ in pairs]
    numbered = list(enumerate(document.paragraphs, 1))
    lines, exact, start = list[MatchedLine](), dict[int, int](), 0
    for index, ((text, empty), wanted) in enumerate(zip(pairs, labels, strict=True)):
        found = _exact(text, empty, numbered[start:], form)
        if found and found.paragraph:
            exact[found.paragraph], start = index, found.paragraph
        else:
            found = _loose(text, empty, wanted, labels, numbered, form)
        if found and exact.get(found.paragraph or 0, index) != index:  # two fields in one line
            one = exact.pop(found.paragraph or 0)
            only = [numbered[(found.paragraph or 1) - 1]]
            lines[one] = _loose(*pairs[one], labels[one], labels, only, form) or lines[one]
        found = found or _in_tables(text, wanted, added)
        lines.append(found or MatchedLine(text, {}, None, None, ""))
    return lines, list(_beside(lines, exact, labels, document))


def _beside(
    lines: Sequence[MatchedLine], exact: Container[int], labels: Sequence[str], document: Document
) -> Iterator[MatchedLine]:
    """The unmatched parts of paragraphs that were matched in parts."""
    for number in {line.paragraph for line in lines if line.paragraph}:
        if number in exact:
            continue
        read = [line.text for line in lines if line.paragraph == number]
        for text in _parts(document.paragraphs[number - 1].text, labels):
            if text.strip() and text not in read:
                yield MatchedLine("", {}, number, None, text)


def _exact(
    official: str, blank: str, paragraphs: Sequence[tuple[int, Paragraph]], form: Skeleton
) -> MatchedLine | None:
    """Matches a paragraph exactly as printed."""
    words = cut(official)[0]
    for number, paragraph in paragraphs:
        if paragraph.text.startswith(words):
            try:
                written = take(official, blank, paragraph.text, form.slots)
            except NoMatch:
                continue
            if all(each.exact for each in written.values()):
                return MatchedLine(official, written, number, None, paragraph.text)
    return None


def _loose(
    official: str,
    blank: str,
    wanted: str,
    labels: Sequence[str],
    paragraphs: Sequence[tuple[int, Paragraph]],
    form: Skeleton,
) -> MatchedLine | None:
    for number, paragraph in paragraphs:
        for text in _parts(paragraph.text, labels):
            if letters(text).startswith(wanted) and _is_label(text, wanted):
                try:
                    return MatchedLine(official, take(official, blank, text, form.slots), number, None, text)
                except NoMatch:
                    continue
    return None


def _is_label(text: str, wanted: str) -> bool:
    """Whether the label is complete: followed by a colon, bracket, space, line or nothing."""
    rest = re.match(r"[\s\u200b]*".join(map(re.escape, wanted)) + r"(?P<next>.?)", text.lstrip(), re.DOTALL)
    return rest is not None and re.fullmatch(r"[\s:：(（_\u200b]?", rest["next"]) is not None


def _parts(text: str, labels: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph, split at labels with a colon."""
    spaced = "|".join(r"[\s\u200b]*".join(map(re.escape, each)) for each in labels)
    begins = re.compile(rf"(?<=\s)(?=(?:{spaced})[\s\u200b]*(?:[(（][^)）]*[)）])?[\s\u200b]*[:：])")
    for line in text.split("\n"):
        yield from begins.split(line)


def _in_tables(official: str, wanted: str, tables: Sequence[Table]) -> MatchedLine | None:
    """Matches a label in a cell of an additional table, with the value in the next cell."""
    for table in tables:
        for row in table.rows:
            for index, cell in enumerate(row.cells):
                if label(cell.text) == wanted:
                    return _in_row(official, table, row, index)
    return None


def _in_row(official: str, table: Table, row: TableRow, index: int) -> MatchedLine:
    after = row.cells[index + 1] if index + 1 < len(row.cells) else None
    text = after.text.strip() if after else ""
    mark = cut(official)[1]
    place = table.number, table.rows.index(row) + 1, index + 2
    return MatchedLine(official, {mark: Written(text or None, exact=False)}, None, place, text)
