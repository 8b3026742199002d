"""The pages: choose a form, fill it in with or without JavaScript, and the same form inside a portal."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request
from werkzeug.datastructures import MultiDict

from service import catalog, pipeline
from service.access import embed
from service.catalog import Edition
from service.config import Settings
from service.errors import Forbidden, InvalidPayload, KexieError, UsageError
from service.submission import validate
from service.web import headers, openapi_pages, paged, values, views, words
from service.web.access import needs
from service.web.api import download, find_edition

blueprint = paged.made("pages")

_FORMATS = ("docx", "pdf")


@blueprint.get("/")
@blueprint.doc(**openapi_pages.page("选择表单 / choose a form", query=("lang",)))
def index() -> str:
    """The forms, each with its years, the latest first."""
    forms: dict[str, list[Edition]] = {}
    for edition in reversed(catalog.editions()):
        forms.setdefault(edition.form, []).append(edition)
    glosses = words.GLOSSES if views.language() == "en" else {}
    return views.page("index", forms=dict(sorted(forms.items())), glosses=glosses)


@blueprint.get("/forms/<form>/<year>")
@blueprint.doc(**openapi_pages.page("填写页 / the page to fill in", 404, 503, query=("lang",)))
def form(form: str, year: str) -> str:
    """The form of an edition, empty."""
    return views.form_page("form", find_edition(form, year), MultiDict())


@blueprint.post("/forms/<form>/<year>")
@blueprint.doc(**openapi_pages.posted())
@needs("generate")
def posted(form: str, year: str) -> Response | tuple[str, int]:
    """The document of what a browser posts, or the page again: with its errors, or with a further row.

    Nothing is stored and nobody's rights are used, so that a forged post gains nothing.
    """
    edition = find_edition(form, year)
    sent = request.form
    if "add" in sent:
        return views.form_page("form", edition, sent), 200
    format = sent.get("format", "pdf")
    if format not in _FORMATS:
        raise UsageError("format 只能取 docx 或 pdf。", "format takes docx or pdf.")
    try:
        submission = validate(edition, values.payload(edition, sent))
        product = pipeline.produce(submission, (format,), _settings())
    except KexieError as error:
        if not error.errors:
            raise
        return views.form_page("form", edition, sent, error.errors), InvalidPayload.status
    return download(submission, product.documents[format], format, product.warnings)


@blueprint.get("/embed/<form>/<year>")
@blueprint.doc(
    **openapi_pages.page(
        "嵌入的填写页 / the form inside another site", 401, 403, 404, 503, query=("lang", "token", "origin")
    )
)
def embedded(form: str, year: str) -> Response:
    """The form without the site around it, for a portal's frame."""
    edition = find_edition(form, year)
    origin, data = _portal(edition)
    page = views.form_page("embed", edition, MultiDict(values.texts(data)), origin=origin)
    return Response(page, headers={"Cache-Control": "no-store"})  # it may hold a person's data


def _portal(edition: Edition) -> tuple[str, dict[str, Any]]:
    """The origin of the page around an embedded form, "" where none may have it, and the prefill.

    Lets that origin frame the page. Raises Unauthorized or Forbidden for a token that is not for this.
    """
    headers.embeddable()
    if token := request.args.get("token"):
        said = embed.read(token, _settings())
        if (said.form, said.year) != (edition.form, edition.year):
            raise Forbidden(
                f"这个嵌入令牌只能用于 {said.form} {said.year}。",
                f"This token of an embedded form is for {said.form} {said.year} only.",
            )
        headers.embeddable(said.origin)
        return said.origin, said.data
    asked = request.args.get("origin", "")
    return asked if asked in _settings().frame_ancestors else "", {}


def _settings() -> Settings:
    found: Settings = current_app.config["KEXIE_SETTINGS"]
    return found
