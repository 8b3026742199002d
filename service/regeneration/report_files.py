"""Writes the report of a regeneration or an import as JSON, sheet and text, in constant memory."""

import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from sqlalchemy import Row

from service.archive import Archive
from service.atomic_file import atomic_write
from service.batch.jobs.failures import item_rows
from service.batch.jobs.job_store import Job
from service.batch.jobs.job_tables import DONE, FAILED
from service.batch.sheets import payload_row
from service.regeneration.document_folder import PassedOver

_CELL_MAXIMUM = 32_000  # characters; a cell takes 32,767
_MOST_KINDS = 2_000  # kinds counted in the summary; further ones appear only in the files
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_HEAD = PatternFill("solid", fgColor="D9D9D9")

ReportEntry = dict[str, Any]


@dataclass(frozen=True)
class ReportColumn:
    """A column of the sheet: its heading, its width in characters, and its text for a record."""

    heading: str
    width: int
    text: Callable[[ReportEntry], Any]


@dataclass
class ReportSummary:
    """The numbers of records by state, by edition and state, and by kind of change or error."""

    states: Counter[str] = field(default_factory=Counter)
    editions: Counter[tuple[Any, Any, str]] = field(default_factory=Counter)
    kinds: Counter[tuple[Any, Any, str, str]] = field(default_factory=Counter)
    passed_over: Sequence[PassedOver] | None = None  # by an import; None for a regeneration
    more: Callable[[], dict[str, Any]] = dict  # what the kind of report adds

    def count(self, entry: ReportEntry, kinds: Iterable[tuple[str, str]]) -> None:
        """Counts one record, and its kinds in Chinese and English."""
        edition = entry["form"] or "?", entry["year"]
        self.states[entry["state"]] += 1
        self.editions[*edition, entry["state"]] += 1
        for zh, en in dict.fromkeys(kinds):
            if (*edition, zh, en) in self.kinds or len(self.kinds) < _MOST_KINDS:
                self.kinds[*edition, zh, en] += 1

    def as_dict(self) -> dict[str, Any]:
        """The summary for JSON."""
        others = {} if self.passed_over is None else {"passed_over": [e.as_dict() for e in self.passed_over]}
        return {
            "states": dict(self.states),
            "editions": [
                {"form": form, "year": year, "state": state, "records": count}
                for (form, year, state), count in sorted(self.editions.items(), key=str)
            ],
            **others,
            **self.more(),
        }


@dataclass(frozen=True)
class ReportKind:
    """A kind of report: name of its files, title and columns of its sheet, entry and kinds of a record.

    `more` is what it adds to the summary once all records are counted.
    """

    name: str
    title: str
    columns: Sequence[ReportColumn]
    entry: Callable[[Row[Any]], ReportEntry]
    kinds: Callable[[ReportEntry], Iterable[tuple[str, str]]]
    more: Callable[[], dict[str, Any]] = dict


def write(
    archive: Archive,
    job: Job,
    kind: ReportKind,
    folder: Path,
    temporary: Path,
    lines: Callable[[ReportSummary], list[str]],
    passed_over: Sequence[PassedOver] | None = None,
) -> tuple[ReportSummary, tuple[Path, ...]]:
    """Writes NAME.json, NAME.xlsx and NAME.txt (the text of `lines`) into the folder.

    openpyxl's temporary files are in the folder `temporary`. Raises OSError, ArchiveFault.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(folder / f"{kind.name}.{suffix}" for suffix in ("json", "xlsx", "txt"))
    with _temporaries_in(temporary), contextlib.ExitStack() as stack:
        data, sheet, text = (stack.enter_context(atomic_write(name)) for name in names)
        book = openpyxl.Workbook(write_only=True)
        summary = ReportSummary(passed_over=passed_over, more=kind.more)
        _write_records(kind, item_rows(archive, job.id, (DONE, FAILED)), data, book, summary)
        book.save(sheet)
        text.write("".join(f"{line}\n" for line in lines(summary)).encode("utf-8", "backslashreplace"))
    return summary, names


def _write_records(
    kind: ReportKind,
    rows: Iterable[Row[Any]],
    data: IO[bytes],
    book: openpyxl.Workbook,
    summary: ReportSummary,
) -> None:
    """Writes each record to `data` as JSON and into a sheet of `book`, and their summary."""
    page = _page(book, kind)
    data.write(b'{"records": [')
    for number, row in enumerate(rows):
        entry = kind.entry(row)
        summary.count(entry, kind.kinds(entry))
        data.write((b",\n" if number else b"\n") + _json(entry))
        page.append([_cell(page, column.text(entry)) for column in kind.columns])
    data.write(b'\n], "summary": ' + _json(summary.as_dict()) + b"}\n")
    others = summary.passed_over or ()
    for each in others:
        page.append([_cell(page, column.text(each.as_entry())) for column in kind.columns])
    last = summary.states.total() + len(others) + 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(kind.columns))}{last}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _page(book: openpyxl.Workbook, kind: ReportKind) -> WriteOnlyWorksheet:
    page = book.create_sheet(kind.title)
    page.freeze_panes = "A2"
    for number, column in enumerate(kind.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    head = [_cell(page, column.heading) for column in kind.columns]
    for cell in head:
        cell.font, cell.fill = Font(bold=True), _HEAD
    page.append(head)
    return page


def _cell(page: WriteOnlyWorksheet, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(page)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value).encode("utf-8", "replace").decode()
        value = value if len(value) <= _CELL_MAXIMUM else f"{value[:_CELL_MAXIMUM]}……"
    payload_row.set_cell(cell, value)
    cell.alignment = _WRAPPED
    return cell


@contextlib.contextmanager
def _temporaries_in(folder: Path) -> Iterator[None]:
    """Directs openpyxl's temporary files to the folder."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
