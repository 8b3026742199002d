"""The pages of forms: choose one, fill it in with or without JavaScript, embed it in a portal."""

from flask import Response, g, request
from werkzeug.datastructures import MultiDict

from schemas.form_schema import Programme
from service import catalog, pipeline
from service.catalog import Edition
from service.character_notices import notice
from service.errors import CharacterNotDrawable, FormNotDrawable, InvalidPayload, UsageError
from service.submission import place
from service.web.api.document_response import download
from service.web.api.portal_submission import reviewed
from service.web.controls import form_data
from service.web.http import security_headers
from service.web.http.audit_log import audited, happened
from service.web.http.auth import authenticator, needs, settings
from service.web.openapi import page_operations
from service.web.pages import filing, page_access, render
from service.web.pages.portal import QUERY, Portal, portal, sent_token, with_filled_in
from service.web.pages.review_page import PostedForm
from service.web.schemas.forms import find_edition

_FORMATS = ("docx", "pdf")
_ACTS = {"print": "generate", "archive": "archive"}
_FILING = {"check": filing.check, "archive": filing.archive_form}


def _token_of_an_embedded_form() -> None:
    """Authenticates a posted embedded form by its token."""
    if request.endpoint and request.endpoint.endswith(".embedded_posted"):
        security_headers.embeddable()  # errors show inside the portal's frame too
        if token := sent_token():
            g.kexie_caller = authenticator().caller(token)


blueprint = page_access.pages_blueprint("pages", _token_of_an_embedded_form)


@blueprint.get("/")
@blueprint.doc(**page_operations.page("选择表单 / choose a form", query=("lang",)))
def index() -> str:
    """Shows what can be done, and the forms by programme with their years, the latest first."""
    forms: dict[str, list[Edition]] = {}
    for edition in reversed(catalog.editions()):
        forms.setdefault(edition.form, []).append(edition)
    programmes: dict[Programme | None, list[list[Edition]]] = {}
    for _, editions in sorted(forms.items()):
        programmes.setdefault(editions[0].schema.programme, []).append(editions)
    return render.page("index", programmes=programmes)


@blueprint.get("/forms/<form>/<year>")
@blueprint.doc(**page_operations.page("填写页 / the page to fill in", 404, 503, query=("lang", "id")))
def form(form: str, year: str) -> str:
    """Shows the empty form of an edition."""
    return render.form_page("form", find_edition(form, year), MultiDict())


@blueprint.post("/forms/<form>/<year>")
@blueprint.doc(**page_operations.form_submission())
@needs("generate")
@audited("generate")
def posted(form: str, year: str) -> Response | tuple[str, int]:
    """Responds with the document of a posted form, its review or receipt, or the page again.

    No cookie is used, so a forged post gains nothing.
    """
    return _answered("form", find_edition(form, year))


@blueprint.get("/embed/<form>/<year>")
@blueprint.doc(
    **page_operations.page("嵌入的填写页 / embedded form", 400, 401, 403, 404, 503, query=("lang",), **QUERY)
)
def embedded(form: str, year: str) -> Response:
    """Shows the form alone, for a portal's frame."""
    edition = find_edition(form, year)
    around = portal(edition)
    values = MultiDict(form_data.texts(edition, around.data))
    return page_access.private(render.form_page("embed", edition, values, around=around))


@blueprint.post("/embed/<form>/<year>")
@blueprint.doc(**page_operations.form_submission(**QUERY))
@needs("generate")
@audited("generate")
def embedded_posted(form: str, year: str) -> Response | tuple[str, int]:
    """As `posted`, in a portal's frame; the token in the URL replaces the key."""
    edition = find_edition(form, year)
    return _answered("embed", edition, portal(edition))


def _answered(template: str, edition: Edition, around: Portal | None = None) -> Response | tuple[str, int]:
    sent = form_data.with_pictures(edition, request.form, request.files, settings().pictures)
    sent = with_filled_in(edition, sent)
    asked = sent.get("do")
    if key := sent.get("next_of"):  # a record that the review lists
        sent["after"], asked = key, "check"
    happened(action=None if "add" in sent else _ACTS.get(asked or "print"))
    if "add" in sent:
        return render.form_page(template, edition, sent, around=around), 200
    form = PostedForm(edition, sent, around, around.id if around else request.args.get("id", ""))
    if asked in _FILING:
        return _FILING[asked](form)
    if asked == "edit":
        found = filing.examined(form)
        said = found.errors, found.remarks.advice
        return render.form_page(template, edition, sent, *said, around=around), 200
    if asked not in (None, "print"):
        raise page_access.unknown_action("edit", *_FILING, "print")
    return _document(template, edition, sent, around)


def _document(
    template: str, edition: Edition, sent: MultiDict[str, str], around: Portal | None
) -> Response | tuple[str, int]:
    """The document of a posted form, or the form with its errors; to be printed, it is not saved."""
    format = sent.get("format", "pdf")
    if format not in _FORMATS:
        raise UsageError("format 只能取 docx 或 pdf。", "format takes docx or pdf.")
    attach = format == "pdf" and "attach" in sent
    try:
        payload, more = form_data.payload(edition, sent), around.rules if around else None
        submission, _ = reviewed(edition, payload, more=more)
        product = pipeline.produce(submission, (format,), settings(), attach=attach)
    except FormNotDrawable:  # the service's fault: no change of a field corrects it
        raise
    except (InvalidPayload, CharacterNotDrawable) as error:
        advice = error.remarks.advice if error.remarks else ()
        return render.form_page(template, edition, sent, error.errors, advice, around=around), error.status
    typed = (notice(change, *place(edition, path)) for path, change in form_data.made_plain(edition, sent))
    warnings, version = (*typed, *product.warnings), sent.get("version", 1, int)  # of a receipt
    response = download(submission, product.documents[format], format, warnings, version=version)
    if sent.get("do") == "print":
        response.headers["Content-Disposition"] = "inline"
    return response
