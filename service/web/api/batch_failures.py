"""The failed items of a batch as rows of a table: place, field, error."""

import itertools
import re
from dataclasses import dataclass

from service.archive import Archive
from service.batch.hosted.http_batch import HttpBatch
from service.batch.inputs.item import InputPlace, SheetColumn
from service.batch.jobs.failures import Failure, failures
from service.errors import Bilingual, FieldError, UsageError


@dataclass(frozen=True)
class Fault:
    """One fault: the sheet's column ("" where there is none), the field's official label, what is wrong."""

    column: str
    label: str
    message: str


@dataclass(frozen=True)
class Row:
    """A failed item: the sheet ("" where there is none), the row or line, the submitter's id, its faults."""

    sheet: str
    place: str
    id: str
    faults: tuple[Fault, ...]


def page(
    archive: Archive, batch: HttpBatch, after: str | None, limit: int
) -> tuple[list[Failure], int | None]:
    """At most `limit` failed items behind the position `after`; that of the last, if there are more.

    Raises UsageError where `after` is no position.
    """
    if after is not None and not re.fullmatch("[0-9]{1,9}", after):
        raise UsageError("after 应取自上一页的 next。", "after must be taken from `next` of the page before.")
    behind = -1 if after is None else int(after)
    found = list(itertools.islice(failures(archive, batch.job, behind), limit + 1))
    return found[:limit], found[limit - 1].position if len(found) > limit else None


def row(failure: Failure, lang: str) -> Row:
    """A failed item as the table shows it, in `lang`."""
    place = failure.place
    faults = tuple(_fault(error, place, lang) for error in failure.errors)
    if isinstance(place, InputPlace):
        return Row(place.sheet, place.named.of(lang), failure.id or "", faults)
    return Row("", place, failure.id or "", faults)


def _fault(error: FieldError, place: InputPlace | str, lang: str) -> Fault:
    """The error without the place that begins its message: the place has columns of its own."""
    message = error.message.of(lang)
    column = place.column(error.shown_at) if isinstance(place, InputPlace) else None
    if isinstance(place, InputPlace) and place.in_sheet:
        for named in (column, None):
            message = message.removeprefix(_prefix(place, named).of(lang))
    return Fault(_named(column, error.label) if column else "", error.label, message)


def _named(column: SheetColumn, label: str) -> str:
    """The column's letter, and its heading where that is another than the label."""
    return column.letter if column.heading == label else f"{column.letter} {column.heading}"


def _prefix(place: InputPlace, column: SheetColumn | None) -> Bilingual:
    return place.located(FieldError("", "", "", Bilingual("", "")), column).message
