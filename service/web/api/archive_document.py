"""Archives a generated document and sets Location."""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from service.archive import Entry
from service.batch.inputs.item_identity import id_errors
from service.catalog import Edition
from service.errors import InvalidPayload
from service.payload_json import dump
from service.pipeline import Product
from service.submission import Submission, validate
from service.web.http.archive_handle import archive
from service.web.http.auth import caller
from service.web.http.urls import link


def parse_submission(
    edition: Edition, payload: Any, id: str | None, *, complete: bool
) -> tuple[Submission, str]:
    """Validates payload and id. Raises InvalidPayload with every error of both."""
    errors = tuple(id_errors(id))
    try:
        submission = validate(edition, payload, complete=complete)
    except InvalidPayload as error:
        if not errors:
            raise
        raise InvalidPayload((*errors, *error.errors)) from error
    if errors:
        raise InvalidPayload(errors)
    assert id is not None
    return submission, id


def archive_and_respond(submission: Submission, id: str, product: Product, response: Response) -> Response:
    """Archives the product and sets Location: 201 for a new record, 200 for an existing one.

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
    existing = archive().latest(entry.tenant, entry.form, entry.year, entry.id)
    record = archive().add(entry)
    response.status_code = 200 if existing and existing.key == record.key else 201
    response.headers["Location"] = link("records.record", key=record.key)
    return response
