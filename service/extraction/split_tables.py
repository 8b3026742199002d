"""Joins tables that Word split in two: on a new page, or by an empty paragraph between."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from service.extraction.word_document import Document, Paragraph, Table

_CONTINUED = "续"
_SHORT = 30  # characters of a line such as 续表


def rejoined(
    document: Document, matched: Mapping[Table, Table], belongs: Callable[[Table, Table], bool]
) -> dict[Table, Table]:
    """The document's tables by the form's, `matched`, each with the parts of it that stand beside it.

    `belongs` says whether every row of a table may be of the form's.
    """
    official = {found: one for one, found in matched.items()}
    whole = dict(matched)
    for group in _groups(document):
        for at, table in enumerate(group):
            if (own := official.get(table)) is None:
                continue
            before = _beside(own, group[:at][::-1], official, belongs)[::-1]
            after = _beside(own, group[at + 1 :], official, belongs)
            if before or after:
                parts = (*before, table, *after)
                rows = tuple(row for part in parts for row in part.rows)
                whole[own] = replace(table, rows=rows, parts=parts)
    return whole


def _beside(
    own: Table,
    neighbours: list[Table],
    official: Mapping[Table, Table],
    belongs: Callable[[Table, Table], bool],
) -> list[Table]:
    found: list[Table] = []
    for table in neighbours:
        if table in official or not belongs(own, table):
            break
        found.append(table)
    return found


def _groups(document: Document) -> Iterator[list[Table]]:
    """The tables that nothing separates but empty paragraphs and lines such as 续表."""
    group: list[Table] = []
    for block in document.blocks:
        if isinstance(block, Table):
            group.append(block)
        elif _separates(block) and group:
            yield group
            group = []
    yield group


def _separates(paragraph: Paragraph) -> bool:
    text = paragraph.bare
    return bool(text) and not (_CONTINUED in text and len(text) <= _SHORT)
