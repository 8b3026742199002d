"""What pages share: keys sent without JavaScript, permissions."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint

from service.archive.search import found_records
from service.errors import Unauthorized, UsageError
from service.web.http.archive_handle import archive
from service.web.http.auth import authenticator, caller, require
from service.web.http.form_parser import FORMS, unreadable
from service.web.pages import error_pages, messages, render
from service.web.schemas.actor_names import actors


def pages_blueprint(name: str, *before: Callable[[], None]) -> Blueprint:
    """A blueprint of pages; `before` is called before the body is read."""
    blueprint = Blueprint(name, __name__)
    for each in (*before, _refuse_other_bodies, _key_of_a_form):
        blueprint.before_request(each)
    error_pages.register(blueprint)
    return blueprint


def requires_credentials() -> bool:
    """Whether the service requires keys."""
    return authenticator().configured()


def has_scopes(*scopes: str) -> bool:
    """Whether the caller has `scopes`; False without a credential: the page then asks for a key.

    Raises Unauthorized for a wrong key, or for none from the page's own script, and Forbidden.
    """
    try:
        require(*scopes)
    except Unauthorized:
        if _credential() or error_pages.is_script():
            raise
        return False
    return True


def unknown_action(*known: str) -> UsageError:
    """The error for a form whose field `do` is none of these."""
    return UsageError(f"do 只能取 {'、'.join(known)}。", f"do takes one of: {', '.join(known)}.")


def private(page: str) -> Response:
    """Responds with a page that no cache stores."""
    return Response(page, headers={"Cache-Control": "no-store"})


def tenant_page(template: str, **values: Any) -> Response:
    """A page on a tenant's batches or records."""
    return private(render.page(template, closed=requires_credentials(), sees_log=_sees_log(), **values))


def actor_words() -> Callable[[str], str]:
    """Words for who acted on what the caller's tenant has, in the page's language."""
    names, language = actors(), render.page_language()
    return lambda who: names.words(who).of(language)


def tenant_note() -> str:
    """Whose records the caller sees, in the page's language; "" where there are no others."""
    words, tenant = messages.of(render.page_language()), caller().tenant
    if tenant:
        return words["records_of_tenant"].format(tenant=tenant)
    return words["records_of_no_tenant"] if found_records.of_tenants(archive()) else ""


def _sees_log() -> bool:
    """Whether the caller may see the audit log."""
    try:
        return "audit:read" in caller().scopes
    except Unauthorized:
        return False


def _credential() -> bool:
    sent = request.headers
    return "Authorization" in sent or "X-API-Key" in sent or bool(request.form.get("key"))


def _refuse_other_bodies() -> None:
    """Refuses a body that is no form, which a page would take for an empty one. Raises UsageError."""
    sent = request.content_length or "Transfer-Encoding" in request.headers
    if request.method == "POST" and sent and request.mimetype not in FORMS:
        raise unreadable()


def _key_of_a_form() -> None:
    """Authenticates a form posted without JavaScript by its field `key`."""
    if request.method == "POST" and (key := request.form.get("key")):
        g.kexie_caller = authenticator().caller(key)
