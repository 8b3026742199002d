"""The remarks on an item, done or failed, and its notices: stored as JSON, like its errors."""

from collections.abc import Sequence

from sqlalchemy import Connection, update

from service.batch.jobs.item_errors import from_json, to_json
from service.batch.jobs.job_tables import items
from service.errors import FieldError, IncompletePayload, Remarks


def remarks_to_json(remarks: Remarks | None, errors: Sequence[FieldError] = ()) -> str | None:
    """Serialises remarks for the `remarks` column, but those that are among `errors`; None for none."""
    found = [each for each in (*remarks.advice, *remarks.missing) if each not in errors] if remarks else []
    return to_json(found) if found else None


def remarks_from_json(text: str | None) -> Remarks:
    """Parses what `remarks_to_json` wrote."""
    found = from_json(text)
    missing = tuple(each for each in found if each.code == IncompletePayload.code)
    return Remarks(tuple(each for each in found if each not in missing), missing)


def store(
    connection: Connection, item: int, remarks: Remarks | None, errors: Sequence[FieldError] = ()
) -> None:
    """Stores the remarks on an item, if any, but those that are among its `errors`."""
    if (text := remarks_to_json(remarks, errors)) is not None:
        connection.execute(update(items).where(items.c.id == item).values(remarks=text))


def add_warnings(
    connection: Connection, item: int, known: Sequence[FieldError], noticed: Sequence[FieldError]
) -> None:
    """Stores the notices of a payload, if any, behind the warnings that are `known` of its item."""
    if noticed:
        text = to_json([*known, *noticed])
        connection.execute(update(items).where(items.c.id == item).values(warnings=text))
