"""Invented blank forms for the tests, drawn with little notation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from service.blank_forms import blank_document, find_places
from service.blank_forms.place import Place
from service.wordml import W

UP = "^"
"""A cell that goes on with the cell above it."""


@dataclass(frozen=True)
class Cell:
    """A cell of so many grid columns, or of a row of so many lines."""

    text: str
    span: int = 1
    lines: int = 1
    width: int = 2000


def run(text: str) -> str:
    """Runs: `~` is an underlined space, `→` a tab, `⏎` a line break."""
    out = []
    for piece in text.replace("~", "\0~\0").split("\0"):
        if piece == "~":
            out.append('<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve"> </w:t></w:r>')
        elif piece:
            inner = escape(piece)
            inner = inner.replace("→", '</w:t><w:tab/><w:t xml:space="preserve">')
            inner = inner.replace("⏎", '</w:t><w:br/><w:t xml:space="preserve">')
            out.append(f'<w:r><w:t xml:space="preserve">{inner}</w:t></w:r>')
    return "".join(out)


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph; one that begins with `<` is XML already."""
    if text.startswith("<w:"):
        return text
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text)}</w:p>"


def table(*rows: list[str | Cell]) -> str:
    """A table; `|` in a cell begins a paragraph, and one that begins with `<` is XML already."""
    drawn = []
    for at, row in enumerate(rows):
        cells = [each if isinstance(each, Cell) else Cell(each) for each in row]
        height = max(cell.lines for cell in cells)
        size = f'<w:trPr><w:trHeight w:val="{height * 320}"/></w:trPr>' if height > 1 else ""
        below = rows[at + 1] if at + 1 < len(rows) else []
        inner = "".join(
            _cell(cell, below, sum(map(_span, row[:number]))) for number, cell in enumerate(cells)
        )
        drawn.append(f"<w:tr>{size}{inner}</w:tr>")
    return f"<w:tbl>{''.join(drawn)}</w:tbl>"


def _cell(cell: Cell, below: list[str | Cell], column: int) -> str:
    merge = '<w:vMerge w:val="restart"/>' if _at(below, column) == UP else ""
    text = cell.text
    if text == UP:
        merge, text = "<w:vMerge/>", ""
    inner = text if text.startswith("<w:") else "".join(map(paragraph, text.split("|")))
    properties = f'<w:tcW w:w="{cell.width}"/><w:gridSpan w:val="{cell.span}"/>{merge}'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def _span(each: str | Cell) -> int:
    return each.span if isinstance(each, Cell) else 1


def _at(row: list[str | Cell], column: int) -> str:
    at = 0
    for each in row:
        if at == column:
            return each.text if isinstance(each, Cell) else each
        at += _span(each)
    return ""


def places(*blocks: str) -> list[Place]:
    """The places found in a form of paragraphs and tables."""
    body = "".join(map(paragraph, blocks))
    root = etree.fromstring(
        f'<w:body xmlns:w="{W[1:-1]}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">{body}</w:body>'
    )
    return find_places.find(blank_document.read(root))


def found(*blocks: str) -> list[str]:
    """The places as a person would list them: label, kind, unit or options; columns of lists."""
    return [line(place) for place in places(*blocks)]


def line(place: Place) -> str:
    """A place in one line."""
    words = [place.label, place.kind]
    if place.unit:
        words.append(place.unit)
    if place.options:
        words.append("/".join(place.options) + ("+" if place.other else ""))
    if place.columns:
        words.append(f"{len(place.rows)} " + "/".join(f"{each.label}:{each.kind}" for each in place.columns))
    return " ".join(words)


def official_forms() -> dict[str, tuple[list[str], list[str]]]:
    """The blocks and the places of the forms in `official_forms.toml` by name."""
    text = Path(__file__).with_name("official_forms.toml").read_text("utf-8")
    return {
        form["name"]: (list(_blocks(form["blank"])), form["places"].splitlines())
        for form in tomllib.loads(text)["form"]
    }


def _blocks(blank: str) -> Iterator[str]:
    """The paragraphs and tables of lines of text."""
    for is_table, lines in groupby(blank.splitlines(), lambda line: "¦" in line):
        if is_table:
            yield table(*([_drawn(cell) for cell in _CELLS.split(line.removeprefix("¦ "))] for line in lines))
        else:
            yield from (line for line in lines if line != "---")


def _drawn(cell: str) -> str | Cell:
    found = re.match(r"(?:([0-9]+)>)?(?:([0-9]+)%)?", cell)
    assert found is not None
    return Cell(cell[found.end() :], int(found[1] or 1), int(found[2] or 1))


_CELLS = re.compile(" ?¦ ?")
