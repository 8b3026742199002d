"""Loads a .docx as its reader sees it: paragraphs, and tables of rows of cells, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from lxml import etree

from service.errors import UnreadableDocument
from service.extraction.characters import bare
from service.extraction.displayed import Display
from service.extraction.paragraph_note import Note
from service.extraction.paragraph_text import read_paragraph
from service.wordml import W, is_too_low, properties_of, property_of, value, whole, word_package
from service.wordml.document_styles import Formatting, formatting
from service.wordml.limits import is_too_large
from service.wordml.off_page import is_table_off
from service.wordml.word_package import CORE, MAIN, TITLE

_LONG = 500  # characters
_DELETED, _HEIGHT = W + "del", W + "trHeight"
_MERGES, _DELETED_CELL, _JOINED = (W + "vMerge", W + "hMerge"), W + "cellDel", W + "cellMerge"
_PARAGRAPH, _TABLE, _ROW, _CELL, _SPAN = (W + name for name in ("p", "tbl", "tr", "tc", "gridSpan"))
_PROPERTIES = "pPr tcPr trPr tblPr tblPrEx tblGrid sectPr sdtPr"
_CLOSED = {W + name for name in (*_PROPERTIES.split(), "del", "moveFrom")}


@dataclass(eq=False)  # not frozen, as Cell: made in a third of the time
class Paragraph:
    """A paragraph: its text without deleted parts, notes on non-text content, and its element.

    `joined` are the elements before it whose deleted marks joined them to it.
    """

    text: str
    notes: tuple[Note, ...]
    element: etree._Element
    joined: tuple[etree._Element, ...] = ()

    @cached_property
    def bare(self) -> str:
        """Its normalised text."""
        return bare(self.text)


@dataclass(eq=False)
class Cell:
    """A cell: paragraphs, first grid column from 0, width in columns, whether it continues from above.

    `text` is its paragraphs' text, one line each.
    """

    paragraphs: tuple[Paragraph, ...]
    column: int
    span: int
    continues: bool
    element: etree._Element
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = "\n".join([paragraph.text for paragraph in self.paragraphs])

    @cached_property
    def bare(self) -> str:
        """Its normalised text."""
        return bare(self.text)


@dataclass(frozen=True, eq=False)
class TableRow:
    """A row that is not deleted."""

    cells: tuple[Cell, ...]
    element: etree._Element

    @cached_property
    def text(self) -> str:
        """Its cells' text, a space between them."""
        return " ".join([cell.text for cell in self.cells])

    @cached_property
    def bares(self) -> tuple[str, ...]:
        """The normalised text of each cell."""
        return tuple([cell.bare for cell in self.cells])


@dataclass(frozen=True, eq=False)
class Table:
    """A table; `number` counts from 1 within the body; `parts` are the tables that it was joined from."""

    number: int
    rows: tuple[TableRow, ...]
    element: etree._Element
    parts: "tuple[Table, ...]" = ()

    @cached_property
    def positions(self) -> dict[TableRow, tuple[int, int]]:
        """The numbers of the table and the row that each row has in the document, from 1."""
        parts = self.parts or (self,)
        return {row: (part.number, at) for part in parts for at, row in enumerate(part.rows, 1)}

    @cached_property
    def bares(self) -> frozenset[str]:
        """The normalised texts of its cells, without those longer than any label."""
        cells = (cell for row in self.rows for cell in row.cells)
        return frozenset(cell.bare for cell in cells if len(cell.text) < _LONG)


@dataclass(frozen=True, eq=False)
class Document:
    """The body of a .docx, block by block, its title (core property), and its root element."""

    blocks: tuple[Paragraph | Table, ...]
    title: str
    element: etree._Element
    parts: dict[str, bytes] = field(repr=False)
    formatting: Formatting = field(repr=False)
    display: Display = field(repr=False)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the body."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def cells(self) -> Iterator[Cell]:
        """The cells of all tables."""
        return (cell for table in self.tables for row in table.rows for cell in row.cells)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the body outside tables."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))


def load(docx: bytes) -> Document:
    """The document in a .docx (ECMA-376, transitional). Raises UnreadableDocument."""
    parts = word_package.opened(docx)
    root, core = word_package.part(parts, MAIN), word_package.part(parts, CORE)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise word_package.incomplete()
    if is_too_large(root):
        raise UnreadableDocument(
            "文书的段落、表格或单元格太多，不是填好的表单。请删去多余的内容后重试。",
            "The document has too many paragraphs, tables or cells for a filled form.",
        )
    display = Display(parts)
    display.rewrite(root, MAIN)
    title = "" if core is None else core.findtext(TITLE) or ""
    format = formatting(partial(word_package.shared_part, parts), root)
    blocks = tuple(_numbered(_blocks(body, format), format))
    return Document(blocks, title, root, parts, format, display)


def _numbered(
    blocks: Iterator[Paragraph | etree._Element], format: Formatting
) -> Iterator[Paragraph | Table]:
    number = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            number += 1
            yield Table(number, tuple(_rows(block, format)), block)


def _children(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The children called `wanted`, also inside content controls, insertions and unknown elements."""
    for child in element:
        if child.tag == wanted:
            yield child
        elif child.tag not in _CLOSED and len(child):
            yield from _children(child, wanted)


def _blocks(element: etree._Element, format: Formatting) -> Iterator[Paragraph | etree._Element]:
    """Paragraphs and table elements; a paragraph with a deleted mark continues in the next."""
    text, notes, joined = "", tuple[Note, ...](), tuple[etree._Element, ...]()
    for child in _flat(element):
        if child.tag == _TABLE:
            yield child
            continue
        more, new, continues = read_paragraph(child, format)
        text, notes = text + more, (*notes, *new)
        if continues:
            joined = (*joined, child)
        else:
            yield Paragraph(text, notes, child, joined)
            text, notes, joined = "", (), ()
    if joined:
        yield Paragraph(text, notes, joined[-1], joined)


def _flat(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == _PARAGRAPH or child.tag == _TABLE:
            yield child
        elif child.tag not in _CLOSED and len(child):
            if next(child.iter(_PARAGRAPH, _TABLE), None) is not None:
                yield from _flat(child)
            elif child.xpath("normalize-space()"):
                yield child  # text that no paragraph holds


def _rows(table: etree._Element, format: Formatting) -> Iterator[TableRow]:
    is_off = is_table_off(properties_of(table, "tblPr"))
    for row in _children(table, _ROW):
        properties = properties_of(row, "trPr")
        if _DELETED not in properties:
            cells = _cells(row, format)
            is_hidden = _HEIGHT in properties and is_too_low(properties[_HEIGHT], "val", "hRule")
            yield TableRow(tuple(map(_hidden, cells) if is_hidden or is_off else cells), row)


def _hidden(cell: Cell) -> Cell:
    """A cell that is not shown: its row is too low, or its table off the page."""
    hidden = tuple(
        replace(each, text="", notes=(Note("hidden_text", each.text), *each.notes)) if each.bare else each
        for each in cell.paragraphs
    )
    return replace(cell, paragraphs=hidden)


def _cells(row: etree._Element, format: Formatting) -> Iterator[Cell]:
    column = whole(value(property_of(row, "trPr", "gridBefore")), 0)
    for cell in _children(row, _CELL):
        properties = properties_of(cell, "tcPr")
        span = whole(value(properties.get(_SPAN)), 1)
        if _DELETED_CELL not in properties:
            merged = [properties[each] for each in _MERGES if each in properties]
            continues = bool(merged) and any(value(each) != "restart" for each in merged)
            continues |= _JOINED in properties and properties[_JOINED].get(_MERGES[0]) == "cont"
            yield Cell(tuple(_cell_paragraphs(cell, format)), column, span, continues, cell)
        column += span


def _cell_paragraphs(cell: etree._Element, format: Formatting) -> Iterator[Paragraph]:
    for block in _blocks(cell, format):
        if isinstance(block, Paragraph):
            yield block
        else:  # a nested table: its text with a note
            note: tuple[Note, ...] = (Note("nested_table", ""),)
            for row in _rows(block, format):
                for inner in row.cells:
                    for paragraph in inner.paragraphs:
                        yield replace(paragraph, notes=(*note, *paragraph.notes))
                        note = ()
