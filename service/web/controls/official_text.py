"""The official form's text around its fields: numbered headings, units, captions, notes, indicators."""

import re
from collections.abc import Sequence
from itertools import dropwhile, pairwise, takewhile

from schemas.fields.aspects import EMPTY, Option
from service import catalog
from service.catalog import Edition
from service.extraction.skeleton import skeleton
from service.extraction.word_document import Table
from service.object_cache import object_cache

_NOTES = re.compile("填[报表写]说明")
_NUMBERED = r"[一二三四五六七八九十]+、"


class OfficialText:
    """The official text of a form, line by line; a cell begins with a tab, and an empty line ends a row."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        rows = (re.split(r"\n(?=\t)", row) for row in text.split("\n\n"))
        self._rows = [[" ".join(cell.split()) for cell in row if cell.startswith("\t")] for row in rows]
        self._cells = [cell for row in self._rows for cell in row]

    def heading(self, title: str) -> str:
        """A section's title as printed, such as 一、基本情况; the bare title if it has no number."""
        found = (line for line in self._lines if re.fullmatch(_NUMBERED + re.escape(title), line))
        return next(found, title)

    def unit(self, label: str) -> str:
        """The unit that a cell prints in brackets after a label: 个 or 万元; "" if it has none."""
        pattern = re.compile(re.escape(label) + r"\s*（(.{1,2})）")
        return next((match[1] for cell in self._cells if (match := pattern.fullmatch(cell))), "")

    def caption(self, label: str, options: Sequence[Option]) -> str:
        """The cell before the one with a label and the boxes of its options; "" if it has none."""
        boxes = rf"(?:^|\s){re.escape(label)}\s+{re.escape(options[0].words)}{EMPTY}"
        for before, cell in pairwise(self._cells):
            if re.search(boxes, cell):
                return before
        return ""

    def notes(self) -> list[str]:
        """The form's filling instructions, one per paragraph."""
        notes = [line for line in self._lines if line.startswith("注：")]
        below = dropwhile(lambda line: not _NOTES.fullmatch(line), self._lines)
        following = takewhile(lambda line: not line.startswith("\t"), below)
        return [*notes, *(line for line in following if line.endswith("。"))]

    def indicators(self) -> list[tuple[str, str, int]]:
        """The score sheet's rows: the indicator's category ("" below its first), its text, its points."""
        rows = zip(self._cells, self._cells[1:], self._cells[2:], strict=False)
        return [
            (category if category.endswith("分）") else "", text, int(points))
            for category, text, points in rows
            if points.isdecimal()
        ]

    def after(self, cell: str) -> str:
        """The next text in the row of the first cell that starts with `cell`; "" if none."""
        for row in self._rows:
            if found := list(dropwhile(lambda text: not text.startswith(cell), row)):
                return next(filter(None, found[1:]), "")
        return ""


@object_cache
def of(edition: Edition) -> OfficialText:
    """The official text of an edition: its own, or that of the year it is derived from, or its template's."""
    official = edition if edition.source is None else catalog.edition(edition.form, edition.source)
    path = official.official_path
    return OfficialText(path.read_text(encoding="utf-8") if path.is_file() else _of_template(official))


def _of_template(edition: Edition) -> str:
    """The text of the blank form, laid out like an official text, which the edition lacks."""
    lines = list[str]()
    for block in skeleton(edition).blank.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                lines += [*(f"\t{cell.text}" for cell in row.cells), ""]
        else:
            lines.append(block.text)
    return "\n".join(lines)
