"""The items of a batch that failed or have remarks, as table rows: place, field, error."""

from dataclasses import dataclass, replace

from service import catalog
from service.batch.inputs.item import InputPlace, SheetColumn
from service.batch.jobs.failures import Failure
from service.errors import Bilingual, FieldError
from service.web.pages import error_labels, error_texts

_LACKING = Bilingual("未填 {count} 项", "{count} blank")
_OWN = {"/id": "Id", "/form": "Form", "/year": "Year", "/data": "Data"}
_NAMED = 12  # of the missing fields


@dataclass(frozen=True)
class FailureCell:
    """One error: the sheet's column ("" if there is none), the field's label and its English, the message."""

    column: str
    label: str
    message: str
    gloss: str = ""


@dataclass(frozen=True)
class FailureRow:
    """A failed item: the sheet ("" if there is none), the row or line, id and name, its errors."""

    sheet: str
    place: str
    id: str
    faults: tuple[FailureCell, ...]
    name: str = ""


def row(failure: Failure, lang: str) -> FailureRow:
    """The table row of a failed item, in `lang`."""
    place = failure.place
    faults = tuple(_fault(error, failure, lang) for error in failure.errors)
    if isinstance(place, InputPlace):
        return FailureRow(place.sheet, place.named.of(lang), failure.id or "", faults, failure.submitter)
    return FailureRow("", place, failure.id or "", faults, failure.submitter)


def remarks_row(failure: Failure, lang: str) -> FailureRow:
    """The table row of an item with its remarks: the advice, and the names of the first missing fields."""
    advice, missing, place = failure.remarks.advice, failure.remarks.missing, failure.place
    found = row(replace(failure, errors=advice), lang)
    if not missing:
        return found
    names = (place if isinstance(place, InputPlace) else InputPlace("item", 0)).names(missing[:_NAMED])
    more = "……" * (len(missing) > _NAMED)
    cell = FailureCell("", _LACKING.of(lang).format(count=len(missing)), names + more)
    return replace(found, faults=(*found.faults, cell))


def _fault(error: FieldError, failure: Failure, lang: str) -> FailureCell:
    """The error without the place that its message starts with: the place has its own columns."""
    place, gloss = failure.place, _gloss(error, failure, lang)
    if not isinstance(place, InputPlace) or not place.in_sheet:
        return FailureCell("", error.label, error_texts.of_fault(error, lang), gloss)
    column = place.column_of(error)
    named = _named(column, error.label) if column else ""
    return FailureCell(
        named, error.label, error_texts.of_fault(error, lang, place.without_place(error)), gloss
    )


def _gloss(error: FieldError, failure: Failure, lang: str) -> str:
    """The English of the field's label: of the item's edition, or of its id, form and year."""
    if lang != "en":
        return ""
    if own := _OWN.get(error.pointer):
        return own
    edition = catalog.find(failure.form, failure.year)
    return error_labels.gloss_of(edition, error, lang) if edition else ""


def _named(column: SheetColumn, label: str) -> str:
    """The column's letter, with its heading if that differs from the label."""
    return column.letter if column.heading == label else f"{column.letter} {column.heading}"
