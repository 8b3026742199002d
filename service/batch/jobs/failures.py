"""The failed items of a job with their errors, those with warnings or remarks; their places in the input."""

import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, Select, case, select

from schemas.characters import LOOK_ALIKE, REMOVED, REPLACED
from service.archive import Archive
from service.archive.search import search_text
from service.batch.documents.file_errors import PASSED_OVER
from service.batch.inputs.item import InputPlace, SheetColumn, parse_place
from service.batch.jobs import item_errors, item_remarks
from service.batch.jobs.job_tables import FAILED, items, jobs
from service.errors import Bilingual, FieldError, Remarks

_PAGE = 500
#: An item as it is shown: `payload` is data alone, for a document may be large.
_SHOWN = select(
    *(column for column in items.c if column is not items.c.payload),
    case((items.c.document.is_(None), items.c.payload)).label("payload"),
)

Columns = Mapping[str, Mapping[str, SheetColumn]]  # by sheet and JSON Pointer


@dataclass(frozen=True)
class Failure:
    """A failed item: its place in the input, its identity, its errors, and the remarks on it.

    `submitter` is the name in its payload, "" if there is none, or none that could be read.
    """

    position: int
    place: InputPlace | str
    form: str | None
    year: int | None
    id: str | None
    errors: tuple[FieldError, ...]
    remarks: Remarks = field(default_factory=Remarks)
    submitter: str = ""

    def as_dict(self, lang: str = "zh", errors: str = "errors") -> dict[str, Any]:
        """The failure for JSON, with messages in `lang`; `errors` is the name of their list."""
        return {**self._identity(), errors: [error.as_dict(lang) for error in self.errors]}

    def remarks_as_dict(self) -> dict[str, Any]:
        """The remarks for JSON."""
        return {**self._identity(), **self.remarks.as_dict()}

    def _identity(self) -> dict[str, Any]:
        of = {"form": self.form, "year": self.year, "id": self.id, "submitter": self.submitter}
        return {"place": str(self.place), **of}


def failures(archive: Archive, job: int, after: int = -1, most: int | None = None) -> Iterator[Failure]:
    """Yields up to `most` failed items of a job after a position, in input order, in constant memory.

    Errors of sheet rows name sheet, row and column.
    """
    columns = _columns_of(archive, job)
    rows = item_rows(archive, job, [FAILED], after, most)
    yield from (_failure(row, columns) for row in itertools.islice(rows, most))


def warned(archive: Archive, job: int, most: int | None = None) -> Iterator[Failure]:
    """Yields up to `most` items with warnings, in input order; `errors` are the warnings, located."""
    columns = _columns_of(archive, job)
    wanted = _SHOWN.where(items.c.job == job, items.c.warnings.is_not(None))
    with archive.reading() as connection:
        rows = connection.execute(wanted.order_by(items.c.position).limit(most)).all()
    for row in rows:
        warnings, place = item_errors.from_json(row.warnings), _place(row.place, columns)
        if isinstance(place, InputPlace):
            warnings = tuple(_noticed(each, place) for each in warnings)
        else:
            warnings = tuple(_in_file(each, place) for each in warnings)
        yield Failure(row.position, place, row.form, row.year, row.submitter, warnings)


def _noticed(warning: FieldError, place: InputPlace) -> FieldError:
    """A notice with its place; the reader's other warnings name it already."""
    if warning.code not in (REPLACED, REMOVED, LOOK_ALIKE):
        return warning
    if place.in_sheet:
        return place.locate(warning)
    where, message = place.named, warning.message
    zh, en = f"{where.zh}“{warning.label}”：{message.zh}", f"{where.en}, {warning.label}: {message.en}"
    return replace(warning, message=Bilingual(zh, en[:1].upper() + en[1:]))


def _in_file(warning: FieldError, path: str) -> FieldError:
    """A warning of a document, or of data in a file, with the path and the field; of no file as it is."""
    if warning.code == PASSED_OVER:
        return warning
    zh, en = (f"“{warning.label}”", f", {warning.label}") if warning.pointer else ("", "")
    message = warning.message
    return replace(warning, message=Bilingual(f"{path}{zh}：{message.zh}", f"{path}{en}: {message.en}"))


def remarked(archive: Archive, job: int, most: int | None = None) -> Iterator[Failure]:
    """Yields up to `most` items with remarks, done or failed, in input order, with located messages."""
    columns = _columns_of(archive, job)
    wanted = _SHOWN.where(items.c.job == job, items.c.remarks.is_not(None))
    pages = item_pages(archive, wanted, most=most)
    rows = itertools.islice(itertools.chain.from_iterable(pages), most)
    yield from (_failure(row, columns) for row in rows)


def _failure(row: Row[Any], columns: Columns) -> Failure:
    errors = item_errors.from_json(row.errors) if row.state == FAILED else ()
    remarks = item_remarks.remarks_from_json(row.remarks)
    place = _place(row.place, columns)
    if isinstance(place, InputPlace) and place.in_sheet:
        # An item without payload was refused by the reader, whose errors already name the cell.
        located = errors if row.payload is None else tuple(map(place.locate, errors))
        errors = place.in_columns_order(located)
        remarks = Remarks(*(tuple(map(place.locate, each)) for each in (remarks.advice, remarks.missing)))
    name = _name(row)
    return Failure(row.position, place, row.form, row.year, row.submitter, errors, remarks, name)


def _name(row: Row[Any]) -> str:
    """The submitter's name in the data of an item that is not archived."""
    data = row.document is None and row.payload is not None
    return search_text.submitter_of(row.form, row.year, row.payload) if data else ""


def item_rows(
    archive: Archive, job: int, states: Collection[str], after: int = -1, most: int | None = None
) -> Iterator[Row[Any]]:
    """Yields the items of a job after a position in any of these states, in order; `most` are needed."""
    wanted = _SHOWN.where(items.c.job == job, items.c.state.in_(states))
    for page in item_pages(archive, wanted, after, most):
        yield from page


def item_pages(
    archive: Archive, wanted: Select[Any], after: int = -1, most: int | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """Yields pages of the selected items of a job after a position, in order, none longer than `most`."""
    length = min(_PAGE, most or _PAGE)
    wanted = wanted.order_by(items.c.position).limit(length)
    while True:
        with archive.reading() as connection:
            found = connection.execute(wanted.where(items.c.position > after)).all()
        yield found
        if len(found) < length:
            return
        after = found[-1].position


def _columns_of(archive: Archive, job: int) -> Columns:
    with archive.reading() as connection:
        text = connection.scalar(select(jobs.c.columns).where(jobs.c.id == job))
    return {
        sheet: {pointer: SheetColumn(letter, heading) for pointer, (letter, heading) in columns.items()}
        for sheet, columns in json.loads(text or "{}").items()
    }


def _place(text: str, columns: Columns) -> InputPlace | str:
    """Parses the text of an `InputPlace`; returns the text itself for a file or a record."""
    sheet, _, number = text.rpartition("!")
    if found := parse_place(text):
        return replace(found, columns=columns.get("", {}))
    return InputPlace("row", int(number), sheet, columns[sheet]) if sheet in columns else text
