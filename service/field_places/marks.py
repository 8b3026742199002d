"""Which fields are printed in which paragraphs: those with their marks if the document has marks in it."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from lxml import etree

from schemas.fields import Leaf
from schemas.tree import Path
from service import template_context
from service.submission import Submission
from service.wordml import W, word_package

_FIRST = 0xF0000  # plane 15, for private use
_TABLE, _ROW, _PARAGRAPH, _TEXT = (W + name for name in ("tbl", "tr", "p", "t"))


@dataclass(frozen=True)
class PrintedFields:
    """The fields of a paragraph in their order: how many letters it has up to the end of each, and in all."""

    ends: Mapping[Path, int]
    letters: int


def by_paragraph(submission: Submission, root: etree._Element) -> dict[etree._Element, PrintedFields]:
    """The fields of each paragraph of a submission's document, of which this is the main part.

    Nothing if the marked document has other paragraphs than this one. Raises TemplateFault.
    """
    marks = _Marks()
    rendered = submission.edition.template.render(template_context.build(submission, marks.shown, least=1))
    marked = word_package.part(word_package.opened(rendered), word_package.MAIN)
    if marked is None:
        return {}
    for table, other in zip([*root.iter(_TABLE)], [*marked.iter(_TABLE)], strict=False):
        marks.fit(other, len(table.findall(_ROW)))
    paragraphs = [*root.iter(_PARAGRAPH)], [*marked.iter(_PARAGRAPH)]
    if len(paragraphs[0]) != len(paragraphs[1]):
        return {}
    found = ((own, marks.of(other)) for own, other in zip(*paragraphs, strict=True))
    return {paragraph: fields for paragraph, fields in found if fields.ends}


class _Marks:
    """A character for each field, put around what is printed of it."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}
        self._numbers = count(_FIRST)

    def shown(self, path: Path, field: Leaf, value: Any) -> Any:
        """What the template sees of a value, with the mark of its field."""
        return _marked(field.shown(value), self._mark(path))

    def of(self, paragraph: etree._Element) -> PrintedFields:
        """The fields with marks in a paragraph, but for those of text boxes in it.

        A word right behind a field is its own: that of an option, a unit.
        """
        ends: dict[Path, int] = {}
        letters, last = 0, None
        for character in _text(paragraph):
            if path := self._paths.get(character):
                last, ends[path] = path, letters
            elif character.isspace():
                last = None
            else:
                letters += 1
                if last:
                    ends[last] = letters
        return PrintedFields(ends, letters)

    def fit(self, table: etree._Element, rows: int) -> None:
        """Gives a table so many rows: a blank one has another number of them if nothing is filled in."""
        found = [row for row in table.findall(_ROW) if self._numbered(row)]
        lacking = rows - len(table.findall(_ROW))
        for _ in range(-lacking):
            if found:
                table.remove(found.pop())
        for number in range(1, lacking + 1):
            if found:
                found.append(self._copied(found[-1], number))

    def _mark(self, path: Path) -> str:
        mark = chr(next(self._numbers))
        self._paths[mark] = path
        return mark

    def _numbered(self, row: etree._Element) -> bool:
        """Whether a row has fields of a table's row."""
        marks = (mark for text in row.iter(_TEXT) for mark in text.text or "" if mark in self._paths)
        return any(isinstance(key, int) for mark in marks for key in self._paths[mark])

    def _copied(self, row: etree._Element, number: int) -> etree._Element:
        """A copy behind a row, with the marks of the row of this number."""
        made = copy.deepcopy(row)
        row.addnext(made)
        for text in made.iter(_TEXT):
            text.text = "".join(map(self._next, text.text or ""))
        return made

    def _next(self, character: str) -> str:
        """The mark of the same field of the next row; another character itself."""
        path = self._paths.get(character)
        if path is None:
            return character
        at = next((place for place, key in enumerate(path) if isinstance(key, int)), None)
        return character if at is None else self._mark((*path[:at], int(path[at]) + 1, *path[at + 1 :]))


def _text(paragraph: etree._Element) -> str:
    """The text of a paragraph without that of text boxes in it."""
    texts = (each for each in paragraph.iter(_TEXT) if next(each.iterancestors(_PARAGRAPH)) is paragraph)
    return "".join(each.text or "" for each in texts)


def _marked(shown: Any, mark: str) -> Any:
    """Texts between marks; the mark itself for a picture."""
    if isinstance(shown, str):
        return mark + shown + mark
    if isinstance(shown, Mapping):
        return {key: _marked(value, mark) for key, value in shown.items()}
    return [_marked(each, mark) for each in shown] if isinstance(shown, Sequence) else mark
