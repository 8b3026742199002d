"""The items of a batch: submissions as read from the input, and their places in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.errors import Bilingual, FieldError, Remarks

#: The names of places, by kind.
_PLACE_NAMES = {
    "line": Bilingual("第 {number} 行", "line {number}"),
    "row": Bilingual("第 {number} 行", "row {number}"),
    "item": Bilingual("第 {number} 条", "item {number}"),
}
_PLACE = re.compile(r"(line|row|item) ([0-9]+)")


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: its letter ("F") and its heading."""

    letter: str
    heading: str


@dataclass(frozen=True)
class InputPlace:
    """The place of an item: `number` (from 1) of a "line" (.ndjson), "item" (.json) or "row" (of a sheet).

    `columns` maps JSON Pointers to the columns of a row; the sheet of a .csv has no name.
    """

    kind: str
    number: int
    sheet: str = ""
    columns: Mapping[str, SheetColumn] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}" if self.sheet else f"{self.kind} {self.number}"

    @property
    def in_sheet(self) -> bool:
        """Whether the place is a row of a sheet."""
        return self.kind == "row"

    @property
    def named(self) -> Bilingual:
        """The name of the place for readers, without its sheet."""
        called = _PLACE_NAMES[self.kind]
        return Bilingual(called.zh.format(number=self.number), called.en.format(number=self.number))

    def locate(self, error: FieldError) -> FieldError:
        """Prefixes an error of a row with sheet, row and column."""
        if not self.in_sheet:
            return error
        return self.located(error, self.column(error.shown_at))

    def located(self, error: FieldError, column: SheetColumn | None) -> FieldError:
        """Prefixes an error with sheet, row and the given column."""
        zh = f"工作表“{self.sheet}”" if self.sheet else ""
        en = f"Sheet '{self.sheet}', row" if self.sheet else "Row"
        zh, en = f"{zh}第 {self.number} 行", f"{en} {self.number}"
        if column:
            zh = f"{zh} {column.letter} 列“{column.heading}”"
            en = f"{en}, column {column.letter} '{column.heading}'"
        return replace(error, message=Bilingual(f"{zh}：{error.message.zh}", f"{en}: {error.message.en}"))

    def column(self, pointer: str) -> SheetColumn | None:
        """The column of a field; the first column of a group; the column that contains a pointer."""
        if not pointer:
            return None
        if found := self.columns.get(pointer):
            return found
        inside = (column for known, column in self.columns.items() if known.startswith(f"{pointer}/"))
        around = (self.columns[known] for known in self.columns if pointer.startswith(f"{known}/"))
        return next(inside, None) or next(around, None)

    def column_of(self, error: FieldError) -> SheetColumn | None:
        """The column that a located error names, or that of its field."""
        return self._written_place(error)[0] or self.column(error.shown_at)

    def without_place(self, error: FieldError) -> Bilingual:
        """The message of a located error without its place."""
        column, begin = self._written_place(error)
        if not begin:
            return error.message
        place = self.located(replace(error, message=Bilingual("", "")), column).message
        return Bilingual(error.message.zh[begin:], error.message.en.removeprefix(place.en))

    def _written_place(self, error: FieldError) -> tuple[SheetColumn | None, int]:
        """The column in the place before an error's Chinese message, and where the message begins."""
        sheet = f"工作表“{self.sheet}”" if self.sheet else ""
        row = re.escape(f"{sheet}第 {self.number} 行")
        found = re.match(f"{row}(?: ([A-Z]+) 列“(.*?)”)?：", error.message.zh, re.DOTALL)
        if found is None:
            return None, 0
        return SheetColumn(found[1], found[2]) if found[1] else None, found.end()

    def in_columns_order(self, errors: Sequence[FieldError]) -> tuple[FieldError, ...]:
        """The errors of a row by the columns of its sheet, those of the whole row first."""

        def order(error: FieldError) -> tuple[int, str]:
            column = self.column_of(error)
            return (len(column.letter), column.letter) if column else (0, "")

        return tuple(sorted(errors, key=order))

    def names(self, errors: Sequence[FieldError]) -> str:
        """The fields of errors in a list: the heading of each one's own column, or its label."""
        found = (self.columns.get(error.pointer) for error in errors)
        names = (
            column.heading if column else error.label for column, error in zip(found, errors, strict=True)
        )
        return "、".join(dict.fromkeys(names))


@dataclass(frozen=True)
class FilePlace(InputPlace):
    """The path of a file, below the folder or in the zip that it came in."""

    path: str = ""

    def __str__(self) -> str:
        return self.path


def parse_place(text: str) -> InputPlace | None:
    """Parses a place such as "line 3"; None for a sheet row, a file or a record."""
    found = _PLACE.fullmatch(text)
    return InputPlace(found[1], int(found[2])) if found else None


@dataclass(frozen=True)
class Item:
    """One submission of a batch.

    `errors` are those of the input itself. `data` has everything that could be read, and the text of cells
    that could not, so that `validate` refuses those fields too. `warnings` are of the input as well. Of a
    `document`, the name of a file that is read later, `data` are the bytes. Without `id_given`, the id is
    only the name of its file.
    """

    place: InputPlace
    form: str | None
    year: int | None
    id: str | None
    data: Any
    errors: tuple[FieldError, ...] = ()
    warnings: tuple[FieldError, ...] = ()
    document: str | None = None
    id_given: bool = True


#: The errors of failed rows, by sheet name ("" for .csv) and row number.
FailedRows = Mapping[tuple[str, int], Sequence[FieldError]]

#: The remarks on rows, likewise.
RemarkedRows = Mapping[tuple[str, int], Remarks]
