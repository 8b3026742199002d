"""A document that is archived as it is made: what comes in with it, the record, and its address."""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from service.archive import Entry
from service.batch.inputs.item_identity import id_errors
from service.catalog import Edition
from service.errors import InvalidPayload
from service.pipeline import Product
from service.submission import Submission, dump, validate
from service.web.http.archive_handle import archive
from service.web.http.auth import caller
from service.web.http.urls import link


def submitted(edition: Edition, payload: Any, id: str | None) -> tuple[Submission, str]:
    """The submission to be archived, and the submitter's own key.

    Raises InvalidPayload with every error of both.
    """
    errors = tuple(id_errors(id))
    try:
        submission = validate(edition, payload)
    except InvalidPayload as error:
        raise InvalidPayload((*errors, *error.errors)) from error
    if errors:
        raise InvalidPayload(errors)
    assert id is not None
    return submission, id


def kept(submission: Submission, id: str, product: Product, response: Response) -> Response:
    """Archives what was made; the response says where: 201 for a new record, 200 for the one there was.

    Raises ArchiveFault, ArchiveUnavailable.
    """
    edition = submission.edition
    entry = Entry(
        edition.form,
        edition.year,
        id,
        edition.summary(),
        {"payload": dump(submission.payload), **product.documents},
        datetime.now(UTC),
        caller().tenant,
        [warning.as_dict() for warning in product.warnings],
    )
    there = archive().latest(entry.tenant, entry.form, entry.year, entry.id)
    record = archive().add(entry)
    response.status_code = 200 if there and there.key == record.key else 201
    response.headers["Location"] = link("records.record", key=record.key)
    return response
