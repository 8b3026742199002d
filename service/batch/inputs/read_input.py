"""Reads the input of a batch in any format as a stream of items."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO

from service.batch.inputs import csv_table, json_items
from service.batch.inputs.input_errors import field_error, unreadable
from service.batch.inputs.item import Item
from service.batch.inputs.table_items import SEARCHED, open_table
from service.batch.inputs.table_model import SheetTable
from service.batch.inputs.xlsx import Workbook

FORMATS = ("ndjson", "json", "csv", "xlsx")
SHEETS = ("csv", "xlsx")
SUFFIXES = {".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json", ".xlsx": "xlsx", ".xlsm": "xlsx"}
SUFFIXES |= {".csv": "csv", ".tsv": "csv", ".txt": "csv"}
_BEGIN = 64  # bytes


def read(
    source: Path | str | IO[bytes],
    form: str | None = None,
    year: int | None = None,
    *,
    name: str | None = None,
    temporary: Path | None = None,
    id: str | None = None,
) -> Iterator[Item]:
    """Yields the items of a file or a binary stream; .ndjson, .csv and .xlsx rows in constant memory.

    `form` and `year` are defaults for items without them, `id` that of a .json with a single one. The suffix
    of `name` (by default the file's own) gives the format, else the first bytes do. A stream that cannot seek
    is spooled to a file in `temporary`, except .ndjson. Raises UnreadableInput, possibly while it is read, if
    nothing of it can be read.
    """
    with ExitStack() as stack:
        if isinstance(source, (str, Path)):
            name = name or str(source)
            source = stack.enter_context(Path(source).open("rb"))
        format = named_format(name)
        if format != "ndjson" and not source.seekable():
            spooled = stack.enter_context(tempfile.TemporaryFile(dir=temporary))
            shutil.copyfileobj(source, spooled)
            spooled.seek(0)
            source = spooled
        empty = True
        format = format or _guessed(source, name)
        for item in _items(source, format, (form, year, id), stack):
            empty = False
            yield item
        if empty:
            raise unreadable("no_records")


def named_format(name: str | None) -> str | None:
    """The format, one of FORMATS, that a file name's suffix means, or None."""
    return SUFFIXES.get(Path(name or "").suffix.lower())


def format_of(source: Path) -> str:
    """The format, one of FORMATS, in which `read` reads a file. Raises UnreadableInput."""
    with source.open("rb") as file:
        return named_format(source.name) or _guessed(file, str(source))


def _items(
    file: IO[bytes], format: str, defaults: tuple[str | None, int | None, str | None], stack: ExitStack
) -> Iterator[Item]:
    form, year, id = defaults
    if format == "ndjson":
        return json_items.lines(file, form, year)
    if format == "json":
        return json_items.array(file, form, year, id)
    return _table_items(_tables(file, format, stack), form, year)


def open_tables(source: Path, stack: ExitStack, name: str | None = None) -> Iterator[SheetTable]:
    """The visible tables of a .csv or .xlsx, open until the stack closes; `name` replaces the file's own.

    Raises UnreadableInput, also for other formats.
    """
    file = stack.enter_context(source.open("rb"))
    name = name or source.name
    format = named_format(name) or _guessed(file, name)
    if format not in SHEETS:
        raise unreadable("no_table", name=name)
    return (table for table in _tables(file, format, stack) if not table.hidden)


def _tables(file: IO[bytes], format: str, stack: ExitStack) -> Iterator[SheetTable]:
    if format == "csv":
        return iter([csv_table.table(file)])
    return stack.enter_context(Workbook(file)).tables()


def _table_items(tables: Iterator[SheetTable], form: str | None, year: int | None) -> Iterator[Item]:
    """Yields the items of every visible table with headings; the first has warnings of hidden ones."""
    any_headings, every = False, list(tables)
    warnings = [
        field_error("hidden_sheet", name=table.sheet) for table in every if table.hidden and _has_items(table)
    ]
    for sheet in every:
        if not sheet.hidden and (opened := open_table(sheet, form, year)):
            any_headings = True
            for _, item in opened.rows:
                yield replace(item, warnings=(*warnings, *item.warnings)) if warnings else item
                warnings = []
    if not any_headings:
        raise unreadable("no_headings", searched=SEARCHED)


def _has_items(table: SheetTable) -> bool:
    """Whether a table has headings and a row below them."""
    opened = open_table(table, None, None)
    return opened is not None and next(opened.rows, None) is not None


def _guessed(file: IO[bytes], name: str | None) -> str:
    begin = file.read(_BEGIN)
    file.seek(0)
    if not begin:
        raise unreadable("no_records")
    plain = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    if plain.startswith(b"["):
        return "json"
    if plain.startswith(b"{"):
        return "ndjson"
    raise unreadable("unknown_format", name=name or "-")
