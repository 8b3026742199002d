"""An error of a page: an HTML page for a visitor, problem+json for the page's own script."""

from typing import Any

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import default_exceptions

from service.errors import KexieError, Unauthorized
from service.web.http import problems
from service.web.pages import error_texts, messages, render


def is_script() -> bool:
    """Whether the page's own script asks: it accepts problems."""
    return problems.MEDIA_TYPE in request.accept_mimetypes.values()


def register(blueprint: Blueprint) -> None:
    """Registers the handlers that turn every error of a page into a page."""
    blueprint.register_error_handler(KexieError, error_page)
    for status in default_exceptions:
        if status != 500:  # raised where the error page fails too: then the service sends a problem
            blueprint.register_error_handler(status, _other_error_page)
    blueprint.register_error_handler(Exception, _other_error_page)


def error_page(error: KexieError) -> Response:
    """An error as a problem for the page's own script; for people as a page with its headers."""
    answer = problems.problem_response(error)
    if is_script():
        return answer
    chosen = render.page_language()
    title, text = error.title.of(chosen), error_texts.of_problem(error, chosen)
    if isinstance(error, Unauthorized):
        texts = messages.of(chosen)
        title, text = (texts["key_invalid"], text) if error.sent else (title, texts["key_in_form"])
    id = problems.request_id() if error.status >= 500 else ""
    return _page(answer, title, text, id)


def _other_error_page(error: Exception) -> Any:
    """As `error_page` for an error that is none of ours, such as a body over its limit."""
    answer = problems.other_error(error)
    if is_script() or answer.mimetype != problems.MEDIA_TYPE:
        return answer
    chosen, status = render.page_language(), answer.status_code
    code, title, text = problems.status_texts(status)
    id = problems.request_id() if status >= 500 else ""
    return _page(answer, title.of(chosen), error_texts.of_status(code, text, chosen), id)


def fault(error: KexieError) -> str:
    """What is wrong with what a visitor sent, as text for the page that it came from.

    Raises the error itself where the page's own script asks, or where the service is at fault.
    """
    if error.status >= 500 or is_script():
        raise error
    return on_page(error)


def on_page(error: KexieError) -> str:
    """An error as text for a page, whoever asks for it; the audit log gets its code."""
    g.kexie_code = error.code
    return error_texts.of_problem(error, render.page_language())


def asks_for_page() -> bool:
    """Whether a browser follows an address, for a page rather than for JSON."""
    accepted = request.accept_mimetypes
    return request.method in ("GET", "HEAD") and accepted["text/html"] > accepted["application/json"]


def no_such_page() -> Response:
    """The page for an address that has none."""
    texts = messages.of(render.page_language())
    return _page(Response(status=404), texts["no_page"], texts["no_page_help"])


def _page(answer: Response, title: str, text: str, request_id: str = "") -> Response:
    answer.set_data(render.page("error", title=title, text=text, request_id=request_id))
    answer.content_type = "text/html; charset=utf-8"
    answer.content_language = [render.html_language(render.page_language())]
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Accept")
    return answer
