"""Validates a payload by its edition and, from an embedded form, by what its portal says of the fields."""

import re
from typing import Any

from schemas.tree import walk
from service.catalog import Edition
from service.errors import FieldError, InvalidPayload, Remarks
from service.payload_json import pointer
from service.portal_rules import PortalRules, disregarded
from service.submission import Submission, review, validate
from service.web.http.auth import caller

_NUMBER = re.compile(r"(?<=/)\d+(?=/|$)")


def reviewed(
    edition: Edition, payload: Any, *, complete: bool = False, more: PortalRules | None = None
) -> tuple[Submission, Remarks]:
    """The submission of a payload and the remarks on it; `more` are rules beside those of the caller's token.

    Raises InvalidPayload with every error of both, in the form's order, and the remarks.
    """
    wrong = tuple(_disregarded(edition, payload, more or PortalRules()))
    try:
        submission, remarks = review(edition, payload, complete=complete)
    except InvalidPayload as error:
        if not wrong:
            raise
        raise _of_both(edition, wrong, error.errors, error.remarks) from error
    if wrong:
        raise _of_both(edition, wrong, (), remarks)
    return submission, remarks


def validated(edition: Edition, payload: Any, *, complete: bool = False) -> Submission:
    """The submission of a payload. Raises InvalidPayload as `reviewed`."""
    if caller().embedding is None:
        return validate(edition, payload, complete=complete)
    return reviewed(edition, payload, complete=complete)[0]


def _disregarded(edition: Edition, payload: Any, more: PortalRules) -> list[FieldError]:
    """The errors by the token's rules, and what is blank by others, of which the server knows no data."""
    token = caller().embedding
    said = token.rules if token else PortalRules()
    rules = PortalRules(said.readonly, said.hidden, said.required + more.required)
    return list(disregarded(edition, payload, rules, token.data if token else {}))


def _of_both(
    edition: Edition, wrong: tuple[FieldError, ...], others: tuple[FieldError, ...], remarks: Remarks | None
) -> InvalidPayload:
    at = {each.pointer for each in wrong}
    order = {pointer(path): number for number, (path, _) in enumerate(walk(edition.schema))}
    errors = (*wrong, *(each for each in others if each.code != "missing" or each.pointer not in at))
    found = InvalidPayload(
        tuple(sorted(errors, key=lambda each: order.get(_NUMBER.sub("*", each.pointer), len(order))))
    )
    found.remarks = remarks
    return found
