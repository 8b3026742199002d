"""What a page's forms ask for: done, or its refusal shown on the page."""

from collections.abc import Callable, Mapping

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from service.errors import KexieError
from service.web.http.audit_log import allowed
from service.web.http.json_fields import read_printable
from service.web.pages import error_pages, page_access

#: An action: its act in the audit log, the scopes that it needs, and what it does; it responds with a file,
#: or the page is shown again.
Actions = Mapping[str, tuple[str, tuple[str, ...], Callable[[], BaseResponse | None]]]


def answered(actions: Actions, shown: Callable[[str], Response]) -> BaseResponse | tuple[Response, int]:
    """Does what the form's field `do` names, `look` by default, and responds with a file or the page.

    A refusal is shown on the page, by `shown(fault)`; the page's own script gets it as a problem.
    """
    asked = request.form.get("do", "look")
    if asked == "look":
        return shown("")
    if asked not in actions:
        raise page_access.unknown_action("look", *actions)
    logged, scopes, act = actions[asked]
    allowed(logged, *scopes)
    try:
        return act() or shown("")
    except KexieError as error:
        return shown(error_pages.fault(error)), error.status


def posted(name: str) -> str:
    """A field of the posted form, without white space around. Raises UsageError for control characters."""
    return read_printable(name, request.form.get(name, "").strip())
