"""Checks a posted form, and archives it under its number, once it is confirmed and nobody was faster."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response

from service import payload_json, pipeline
from service.answers.changes import AnswerChange, answer_changes
from service.archive import Record
from service.audit.event import SAME
from service.batch.inputs.item_identity import id_errors
from service.catalog import Edition
from service.errors import (
    ArchiveFault,
    CharacterNotDrawable,
    FormNotDrawable,
    InvalidPayload,
    NewerVersion,
    NotJson,
    Remarks,
    UnknownRecord,
)
from service.submission import Submission
from service.web.api import archive_document, portal_submission, records
from service.web.controls import form_data
from service.web.http import idempotency
from service.web.http.archive_handle import archive
from service.web.http.audit_log import happened
from service.web.http.auth import caller, missing_scopes, settings
from service.web.pages.error_pages import is_script
from service.web.pages.review_page import Number, PostedForm, Reviewed, receipt, review

_WRITE = "archive:write"
_LOOKED_AT = 50  # newest records of which a name is a part of the submitter's


def check(form: PostedForm) -> Response:
    """The review of a form."""
    found = examined(form)
    return review(form, found, _number(form, found) if _may_archive(form) else None)


def archive_form(form: PostedForm) -> Response:
    """Archives a form; responds with its receipt, or with the review if it cannot be archived as it is."""
    if not _may_archive(form):
        raise missing_scopes([_WRITE], (_WRITE,))
    once = form.sent.get("once")
    return idempotency.once(once, lambda: _archived(form)) if once else _archived(form)


def _may_archive(form: PostedForm) -> bool:
    """Whether the caller may; in a portal its token must say so, even where no keys are needed."""
    return _WRITE in caller().scopes and (form.around is None or form.around.archives)


def _archived(form: PostedForm) -> Response:
    found = examined(form)
    number = _number(form, found)
    confirmed = bool(form.sent.get("confirmed")) or found.remarks == Remarks()
    again = bool(form.sent.get("again")) or not number.equal
    if found.submission is None or number.errors or not (confirmed and again):
        return _refused(form, found, number, 422)
    if number.newest and number.same:
        happened(number.newest, result=SAME)
        return receipt(form, number.newest, new=False)
    newest = number.newest.key if number.newest else ""
    if newest and form.sent.get("expected", "") != newest:
        return _refused(form, found, number, NewerVersion.status)
    try:
        product = archive_document.proved(found.submission)
        record, new = archive_document.add(found.submission, product, number.id, newest)
    except FormNotDrawable:  # the service's fault: no change of a field corrects it
        raise
    except CharacterNotDrawable as error:
        return _refused(form, replace(found, submission=None, errors=error.errors), number, error.status)
    except NewerVersion as error:
        return _refused(form, found, _number(form, found), error.status)
    return receipt(form, record, new=new)


def _refused(form: PostedForm, found: Reviewed, number: Number, status: int) -> Response:
    """The review again, so that nothing is archived; the page's script takes it as the answer that it is."""
    happened(action=None)
    response = review(form, found, number, refused=True)
    response.status_code = 200 if is_script() else status
    return response


def examined(form: PostedForm) -> Reviewed:
    """The submission of a form, or what is wrong with it, and the remarks on both."""
    payload = form_data.payload(form.edition, form.sent)
    try:
        more = form.around.rules if form.around else None
        submission, remarks = portal_submission.reviewed(form.edition, payload, more=more)
    except InvalidPayload as error:
        return Reviewed(payload, None, error.errors, error.remarks or Remarks())
    notices = pipeline.warnings(submission, settings())
    lost = tuple(each.as_error() for each in notices if each.code == CharacterNotDrawable.code)
    return Reviewed(payload, None if lost else submission, lost, remarks)


def _number(form: PostedForm, found: Reviewed) -> Number:
    """The number that a portal gives, or of the record that was changed, or that was typed, in this order.

    Only the first in an embedded form.
    """
    edition, embedded = form.edition, form.around is not None
    opened = _opened(form)
    if (form.given or embedded) and opened and opened.id != form.given:
        opened = None
    typed = "" if embedded else form.sent.get("number", "").strip()
    id = form.given or (opened.id if opened else typed) or None
    errors = tuple(id_errors(id)) if id else ()
    newest = archive().latest(caller().tenant, edition.form, edition.year, id) if id and not errors else None
    changes = {each.key: _changes(edition, each, found.payload) for each in (newest, opened) if each}
    before = () if id or embedded or found.submission is None else _before(found.submission)
    same = (each.key for each in before if _readable(form) and _changes(edition, each, found.payload) == [])
    return Number(
        id,
        fixed=bool(form.given or opened or embedded),
        newest=newest,
        opened=opened,
        lost=bool(form.sent.get("after")) and opened is None and not embedded,
        same=bool(newest and found.submission and changes[newest.key] == []),
        changes=_shown(changes[opened.key]) if opened and _readable(form) else (),
        errors=errors,
        running=0 if found.submission is None else _running(found.submission),
        before=before,
        equal=frozenset(same),
    )


def _running(submission: Submission) -> int:
    """The running number that the next record of the submitter gets."""
    edition, beginning = submission.edition, archive_document.beginning(submission)
    return archive().last_number(caller().tenant, edition.form, edition.year, beginning) + 1


def _before(submission: Submission) -> tuple[Record, ...]:
    """The submitter's records of this form and year, the last first; none where no submitter is named."""
    edition, name = submission.edition, submission.edition.schema.submitter_in(submission.data).strip()
    if not name:
        return ()
    found = archive().records(
        edition.form, edition.year, tenant=caller().tenant, name=name, sort="-created", limit=_LOOKED_AT
    )
    return tuple(each for each in found if each.submitter.strip() == name)


def _opened(form: PostedForm) -> Record | None:
    """The version that was changed, of this form; None if there is none, or none any more."""
    try:
        found = records.find(form.sent.get("after", ""))
    except UnknownRecord:
        return None
    return found if (found.form, found.year) == (form.edition.form, form.edition.year) else None


def _readable(form: PostedForm) -> bool:
    """Whether the caller may read what is in the archive; nobody in a portal."""
    return form.around is None and "archive:read" in caller().scopes


def _shown(changes: list[AnswerChange] | None) -> Sequence[AnswerChange]:
    """What is shown of a record to somebody who may read it, which the audit log says."""
    if changes:
        happened(action="read")
    return changes or ()


def _changes(edition: Edition, record: Record, payload: Any) -> list[AnswerChange] | None:
    """What a payload changes of a record's; None if that cannot be read."""
    try:
        before = payload_json.parse(archive().read(record, "payload"))
    except (ArchiveFault, NotJson, UnknownRecord):
        return None
    return list(answer_changes(edition, before, payload))
