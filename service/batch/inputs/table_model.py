"""The model of a sheet: rows of cells, merged areas, the heading row and the meanings of its columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.cells import Value
from service import catalog
from service.batch.inputs.input_errors import field_error
from service.batch.inputs.item import SheetColumn
from service.batch.inputs.sheet_columns import (
    EditionColumns,
    FieldColumn,
    UnclearHeading,
    edition_columns,
    special,
)
from service.errors import FieldError


@dataclass(frozen=True)
class MergedArea:
    """Merged cells, or other neighbours: first and last row (from 1), first and last column (from 0)."""

    name: str
    top: int
    bottom: int
    left: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class CellDoubt:
    """A reason to check the cell in a column: the code of its warning, and a text for it."""

    column: int
    code: str
    text: str = ""


@dataclass(frozen=True)
class SheetRow:
    """A non-blank row: its number from 1, its cells by column from 0, the merged areas it touches.

    `hidden` says whether the sheet does not show it, `hidden_columns` which columns it does not show.
    """

    number: int
    cells: Mapping[int, Value]
    areas: tuple[MergedArea, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    doubts: Sequence[CellDoubt] = ()


@dataclass(frozen=True)
class SheetTable:
    """The rows of a sheet, whether it is hidden, and the `form` and `year` stored in it."""

    sheet: str
    rows: Iterable[SheetRow]
    form: str | None = None
    year: int | None = None
    hidden: bool = False


@dataclass
class HeadingRow:
    """The heading row of a table; `unclear` are columns whose heading is struck out or not to be read."""

    number: int
    texts: Mapping[int, str]
    unclear: frozenset[int] = frozenset()
    special: Mapping[str, int] = field(init=False)
    ignored: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        certain = self.texts.keys() - self.unclear
        kinds = {column: special(text) for column, text in self.texts.items() if column in certain}
        self.special = {kind: column for column, kind in reversed(kinds.items()) if kind}
        known = self.special.values()
        self.ignored = frozenset(column for column, kind in kinds.items() if kind == "" or column in known)
        self._meanings: dict[tuple[str, int], ColumnMeanings] = {}

    def column(self, column: int) -> SheetColumn:
        """The letter and heading of a column."""
        return SheetColumn(column_letter(column), self.texts.get(column, ""))

    @property
    def named(self) -> dict[str, SheetColumn]:
        """The columns of id, form and year, by JSON Pointer."""
        return {f"/{kind}": self.column(column) for kind, column in self.special.items()}

    def meanings(self, form: str, year: int) -> "ColumnMeanings":
        """The meanings of the columns in an edition."""
        if (form, year) not in self._meanings:
            self._meanings[form, year] = ColumnMeanings.of(self, edition_columns(catalog.edition(form, year)))
        return self._meanings[form, year]


@dataclass(frozen=True)
class ColumnMeanings:
    """The columns of a sheet in one edition: their fields, and the errors of their headings."""

    known: EditionColumns
    leaves: Mapping[int, FieldColumn]
    faults: Mapping[int, FieldError]
    columns: Mapping[str, SheetColumn]

    @classmethod
    def of(cls, head: HeadingRow, known: EditionColumns) -> "ColumnMeanings":
        """Matches the columns below `head`; the second of two columns for one field is an error."""
        leaves: dict[int, FieldColumn] = {}
        faults: dict[int, FieldError] = {}
        first: dict[str, int] = {}
        for column, text in head.texts.items():
            if column in head.ignored:
                continue
            if column in head.unclear:
                faults[column] = field_error("unclear_heading", "", text, name=text)
                continue
            found = known.find(text)
            if kind := special(text):
                faults[column] = _duplicate("", text, head.special[kind])
            elif isinstance(found, UnclearHeading):
                faults[column] = field_error(found.code, "", text, **found.values)
            elif found.name in first:
                faults[column] = _duplicate(found.pointer, text, first[found.name])
            else:
                leaves[column], first[found.name] = found, column
        columns = {leaf.pointer: head.column(c) for c, leaf in leaves.items()}
        return cls(known, leaves, faults, {**head.named, **columns})


def _duplicate(pointer: str, text: str, first: int) -> FieldError:
    return field_error("duplicate_heading", pointer, text, name=text, column=column_letter(first))


def column_letter(column: int) -> str:
    """The letters of a column from 0, as spreadsheets write it: 0 is "A", 26 is "AA"."""
    letters = ""
    column += 1
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(65 + last) + letters
    return letters
