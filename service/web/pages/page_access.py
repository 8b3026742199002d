"""What all pages have in common: keys sent without JavaScript, error pages, permissions."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint

from service.errors import KexieError, Unauthorized, UsageError
from service.web.http import problems
from service.web.http.auth import authenticator, require
from service.web.pages import messages, render


def pages_blueprint(name: str, *before: Callable[[], None]) -> Blueprint:
    """A blueprint of pages; `before` is called before the body is read."""
    blueprint = Blueprint(name, __name__)
    for each in (*before, _key_of_a_form):
        blueprint.before_request(each)
    blueprint.register_error_handler(KexieError, _failed)
    return blueprint


def requires_credentials() -> bool:
    """Whether the service asks for keys."""
    return authenticator().configured()


def has_scopes(*scopes: str) -> bool:
    """Whether the caller has `scopes`; False without a credential: then the page asks for a key.

    Raises Unauthorized for a wrong key, or for none from the page's own script, and Forbidden.
    """
    try:
        require(*scopes)
    except Unauthorized:
        if _credential() or _scripted():
            raise
        return False
    return True


def unknown_action(*known: str) -> UsageError:
    """The error for a form whose field `do` is none of these."""
    return UsageError(f"do 只能取 {'、'.join(known)}。", f"do takes one of: {', '.join(known)}.")


def private(page: str) -> Response:
    """A page with a tenant's data, which no cache keeps."""
    return Response(page, headers={"Cache-Control": "no-store"})


def tenant_page(template: str, **values: Any) -> Response:
    """A page on a tenant's batches or records."""
    return private(render.page(template, closed=requires_credentials(), **values))


def _credential() -> bool:
    sent = request.headers
    return "Authorization" in sent or "X-API-Key" in sent or bool(request.form.get("key"))


def _scripted() -> bool:
    """Whether the page's own script asks: it accepts problems."""
    return problems.MEDIA_TYPE in request.accept_mimetypes.values()


def _key_of_a_form() -> None:
    """Without JavaScript, the access key is a field of the form."""
    if request.method == "POST" and (key := request.form.get("key")):
        g.kexie_caller = authenticator().caller(key)


def _failed(error: KexieError) -> Response:
    """An error as a problem for the page's own script; for people as a page with its headers."""
    answer = problems.problem_response(error)
    if _scripted():
        return answer
    chosen = render.page_language()
    title, text = error.title.of(chosen), error.text.of(chosen)
    if isinstance(error, Unauthorized):
        texts = messages.of(chosen)
        title, text = (texts["key_invalid"], text) if error.sent else (title, texts["key_in_form"])
    id = problems.request_id() if error.status >= 500 else ""
    answer.set_data(render.page("error", title=title, text=text, request_id=id))
    answer.content_type = "text/html; charset=utf-8"
    answer.content_language = [render.html_language(chosen)]
    return answer
