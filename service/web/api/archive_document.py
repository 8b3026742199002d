"""Archives a generated document, under the submitter's id or a running number."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app

from service import conversion, pipeline
from service.archive import Entry, Record
from service.archive.record import is_visible
from service.catalog import Edition
from service.errors import ConversionFault, FieldError, Forbidden, InvalidPayload, ProofFault
from service.payload_json import dump
from service.pipeline import Product
from service.submission import Submission
from service.web.api.portal_submission import validated
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, happened
from service.web.http.auth import caller, settings
from service.web.http.urls import link


def parse_submission(
    edition: Edition, payload: Any, errors: Sequence[FieldError], *, complete: bool
) -> Submission:
    """Validates a payload. Raises InvalidPayload with every error of it, behind the `errors` of its id."""
    try:
        submission = validated(edition, payload, complete=complete)
    except InvalidPayload as error:
        if not errors:
            raise
        raise InvalidPayload((*errors, *error.errors)) from error
    if errors:
        raise InvalidPayload(tuple(errors))
    return submission


def permitted_id(id: str | None) -> str | None:
    """The id under which the caller may archive; an embedded form's is its token's. None: a running number.

    Raises Forbidden for another one.
    """
    if (token := caller().embedding) is None:
        return id
    if id not in (None, token.id):
        raise Forbidden(
            f"这个嵌入令牌不能以编号“{id}”归档。",
            f"This token of an embedded form cannot archive under '{id}'.",
        )
    return token.id or None


def proved(submission: Submission) -> Product:
    """Both documents of a submission, proved by reading them back."""
    with counted_proof():
        return pipeline.produce(submission, settings=settings(), prove=True)


@contextlib.contextmanager
def counted_proof() -> Iterator[None]:
    """Counts the round-trip check of the enclosed code; a conversion that fails comes after it."""
    try:
        yield
    except ProofFault:
        conversion.count_proof(settings(), passed=False)
        raise
    except ConversionFault:
        conversion.count_proof(settings(), passed=True)
        raise
    conversion.count_proof(settings(), passed=True)


def add(
    submission: Submission, product: Product, id: str | None, after: str | None = None
) -> tuple[Record, bool]:
    """Archives a product; returns its record, and whether it is new. Without an id it gets a running number.

    `after` is the key of the version that was changed, "" for none; by default any may be the newest.
    Raises NewerVersion, ArchiveFault, ArchiveUnavailable.
    """
    edition = submission.edition
    entry = Entry(
        edition.form,
        edition.year,
        id or beginning(submission),
        edition.summary(),
        {"payload": dump(submission.payload), **product.documents},
        datetime.now(UTC),
        caller().tenant,
        [warning.as_dict() for warning in product.warnings],
    )
    if id is None:
        record = archive().add_numbered(entry, actor())
        happened(action=None)
        _sign()
        return record, True
    existing = archive().latest(entry.tenant, entry.form, entry.year, entry.id)
    record = archive().add(entry, after, actor())
    happened(action=None)  # the archive has logged it with the record
    _sign()
    return record, existing is None or existing.key != record.key


def _sign() -> None:
    """Has the record's PDF signed if the settings name a key; nobody waits for it."""
    if settings().sign_key:
        current_app.config["KEXIE_SUPERVISOR"].wake()


def beginning(submission: Submission) -> str:
    """What comes before the running number: form, year, and the submitter's name if it is given."""
    edition = submission.edition
    name = "".join(filter(is_visible, pipeline.submitter(submission))).strip()
    return "-".join(filter(None, (edition.form, str(edition.year), name)))


def located(response: Response, record: Record, new: bool) -> Response:
    """Sets Location, and the status: 201 for a new record, 200 for an existing one."""
    response.status_code = 201 if new else 200
    response.headers["Location"] = link("records.record", key=record.key)
    return response
