"""The official form prepared for comparison, once per edition."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from service.catalog import Edition
from service.extraction.skeleton import Skeleton, fixed, is_mark, skeleton
from service.extraction.word_document import Cell, Document, Paragraph, Table, TableRow
from service.layout.borders import Borders
from service.layout.compare_text import Standard, passage
from service.layout.formatting import Styles
from service.layout.grid import Grid
from service.layout.pagination import starts_of_pages
from service.wordml import property_of, value


@dataclass(frozen=True, eq=False)
class OfficialParagraph:
    """A paragraph outside tables: whether it is a heading or starts a page, and the tables above it.

    `is_text`: whether it is a long text alone, which may have any number of paragraphs.
    """

    paragraph: Paragraph
    standard: Standard
    is_heading: bool
    starts_a_page: bool
    tables_above: int
    is_text: bool

    @property
    def text(self) -> str:
        """The printed text."""
        return "".join(character for character in self.paragraph.text if not is_mark(character))


class Official:
    """An edition's form: document with marks, styles, tables' grids and lines, and passages' standards."""

    def __init__(self, made: Skeleton) -> None:
        self.document: Document = made.document
        self.styles = Styles(made.document.formatting)
        self.made = made
        self._cells: dict[Cell, Standard] = {}
        self.grids = {table: Grid(table) for table in self.document.tables}
        self.borders = {table: Borders(table, grid, self.styles) for table, grid in self.grids.items()}

    @cached_property
    def body(self) -> tuple[OfficialParagraph, ...]:
        """The paragraphs outside tables."""
        blanks = self.made.blank.paragraphs
        found: list[OfficialParagraph] = []
        tables, breaks = 0, starts_of_pages(self.document, self.styles)
        for block in self.document.blocks:
            if isinstance(block, Table):
                tables += 1
                continue
            standard = self._standard((block,), (blanks[len(found)],))
            slots = self.made.fields(block.text)
            is_text = bool(slots) and slots[0].many and not fixed(block.text)
            found.append(
                OfficialParagraph(block, standard, self._is_heading(block), block in breaks, tables, is_text)
            )
        return tuple(found)

    @cached_property
    def pictures(self) -> dict[str, tuple[float, float]]:
        """The width and height, in millimetres, of the place of each picture, by its mark."""
        return {mark: place for mark, slot in self.made.slots.items() if (place := slot.field.place)}

    def outer_columns(self, row: TableRow) -> frozenset[int]:
        """The columns whose cells are merged for the rows within a row of the form."""
        return frozenset(cell.column for cell in self.made.outer(row))

    @cached_property
    def framed(self) -> frozenset[str]:
        """The texts in frames, which some programs convert to text boxes."""
        return frozenset(
            each.standard.passage.text
            for each in self.body
            if property_of(each.paragraph.element, "pPr", "framePr") is not None
        )

    def _is_heading(self, paragraph: Paragraph) -> bool:
        outline = self.styles.paragraph(paragraph.element, "outlineLvl")
        return outline is not None or value(property_of(paragraph.element, "pPr", "pStyle")) == "Title"

    def cell(self, cell: Cell) -> Standard:
        """The standard for a cell of the form."""
        if cell not in self._cells:
            blank = self.made.blank_cells.get(cell)
            self._cells[cell] = self._standard(cell.paragraphs, blank.paragraphs if blank else None)
        return self._cells[cell]

    def _standard(self, official: tuple[Paragraph, ...], blank: tuple[Paragraph, ...] | None) -> Standard:
        empty = None if blank is None else passage(blank, self.styles)
        return Standard(passage(official, self.styles), empty, self.made.slots)


def official(edition: Edition) -> Official:
    """The official form of an edition, cached until its template changes. Raises TemplateFault."""
    return _prepared(skeleton(edition))


_prepared = lru_cache(maxsize=64)(Official)
