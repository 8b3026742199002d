"""Restores the order that Word or people changed: tables split in two, a total above its items."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from service.extraction.word_document import Document, Paragraph, Table, TableRow

_CONTINUED = re.compile(r".*续.*|\(?(接|承|上接)[上前]?[表页]\)?|\(?(金额)?单位:?(人民币)?:?万元\)?")
_SHORT = 30  # characters of a line such as 续表


def rejoined(
    document: Document, matched: Mapping[Table, Table], belongs: Callable[[Table, Table], bool]
) -> dict[Table, Table]:
    """The document's tables by the form's, `matched`, each joined with its parts beside it.

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


def total_last(rows: tuple[TableRow, ...], is_total: Callable[[TableRow], bool]) -> tuple[TableRow, ...]:
    """The rows of a table, the only total at their end if it is written above or below the headings."""
    totals = [row for row in rows if is_total(row)]
    is_above = len(totals) == 1 and totals[0] in rows[:2] and len(rows) > 2
    return (*(row for row in rows if row not in totals), *totals) if is_above else rows


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
    """The tables that nothing separates but empty paragraphs and lines such as 续表 or 单位：万元."""
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
    return bool(text) and not (len(text) <= _SHORT and _CONTINUED.fullmatch(text))
