"""Validates a payload by its edition and, from an embedded form, by what its portal says of the fields."""

from typing import Any

from schemas.tree import walk
from service.catalog import Edition
from service.errors import FieldError, InvalidPayload, Remarks
from service.payload_json import pointer, pointer_of_any_row
from service.portal_rules import PortalRules, disregarded, pointers
from service.submission import Submission, review, validate
from service.web.http.auth import caller


def reviewed(
    edition: Edition, payload: Any, *, complete: bool = False, more: PortalRules | None = None
) -> tuple[Submission, Remarks]:
    """The submission of a payload and the remarks on it; `more` are rules beside those of the caller's token.

    Raises InvalidPayload with every error of both, in the form's order, and the remarks.
    """
    more = more or PortalRules()
    wrong = _disregarded(edition, payload, more)
    try:
        submission, remarks = review(edition, payload, complete=complete)
    except InvalidPayload as error:
        error.remarks = _open_to(edition, error.remarks, more)
        if not wrong:
            raise
        raise _of_both(edition, wrong, error.errors, error.remarks) from error
    remarks = _open_to(edition, remarks, more)
    if wrong:
        raise _of_both(edition, wrong, (), remarks)
    return submission, remarks


def validated(edition: Edition, payload: Any, *, complete: bool = False) -> Submission:
    """The submission of a payload. Raises InvalidPayload as `reviewed`."""
    if caller().embedding is None:
        return validate(edition, payload, complete=complete)
    return reviewed(edition, payload, complete=complete)[0]


def _disregarded(edition: Edition, payload: Any, more: PortalRules) -> tuple[FieldError, ...]:
    """The errors by the token's rules, and what is blank by others, of which the service knows no data."""
    token = caller().embedding
    said = token.rules if token else PortalRules()
    rules = PortalRules(said.readonly, said.hidden, said.required + more.required)
    return tuple(disregarded(edition, payload, rules, token.data if token else {}))


def _open_to(edition: Edition, remarks: Remarks | None, more: PortalRules) -> Remarks:
    """The remarks without what is missing where the submitter cannot fill in anything."""
    found, token = remarks or Remarks(), caller().embedding
    rules = token.rules | more if token else more
    locked = pointers(edition, (*rules.readonly, *rules.hidden))
    missing = tuple(each for each in found.missing if pointer_of_any_row(each.pointer) not in locked)
    return Remarks(found.advice, missing)


def _of_both(
    edition: Edition, wrong: tuple[FieldError, ...], others: tuple[FieldError, ...], remarks: Remarks
) -> InvalidPayload:
    at = {each.pointer for each in wrong}
    order = {pointer(path): number for number, (path, _) in enumerate(walk(edition.schema))}
    errors = (*wrong, *(each for each in others if each.code != "missing" or each.pointer not in at))
    in_order = sorted(errors, key=lambda each: order.get(pointer_of_any_row(each.pointer), len(order)))
    found = InvalidPayload(tuple(in_order))
    found.remarks = remarks
    return found
