"""The pages: choose a form, fill it in with or without JavaScript, and the same form inside a portal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, render_template, request
from flask_smorest import Blueprint
from werkzeug.datastructures import MultiDict

from service import catalog, pipeline, wordcount
from service.catalog import Edition
from service.config import Settings
from service.errors import FieldError, InvalidPayload, KexieError, UsageError
from service.submission import validate
from service.web import outline, printed, values, words
from service.web.access import needs
from service.web.api import download, find_edition
from service.web.links import link

blueprint = Blueprint("pages", __name__)

_ROWS = 3  # of a table, where fewer are filled
_FORMATS = ("docx", "pdf")


@blueprint.get("/")
@blueprint.doc(responses={"200": {"description": "选择表单 / choose a form"}})
def index() -> str:
    """The forms, each with its years, the latest first."""
    forms: dict[str, list[Edition]] = {}
    for edition in reversed(catalog.editions()):
        forms.setdefault(edition.form, []).append(edition)
    return _page("index", forms=dict(sorted(forms.items())))


@blueprint.get("/forms/<form>/<year>")
@blueprint.doc(responses={"200": {"description": "填写页 / the page to fill in"}})
def form(form: str, year: str) -> str:
    """The form of an edition, empty."""
    return _form_page(find_edition(form, year), MultiDict())


@blueprint.post("/forms/<form>/<year>")
@blueprint.doc(responses={"200": {"description": "文书，或填写页 / the document, or the page again"}})
@needs("generate")
def posted(form: str, year: str) -> Response | tuple[str, int]:
    """The document of what a browser posts, or the page again: with its errors, or with a further row.

    Nothing is stored and nobody's rights are used, so that a forged post gains nothing.
    """
    edition = find_edition(form, year)
    sent = request.form
    if "add" in sent:
        return _form_page(edition, sent), 200
    format = sent.get("format", "pdf")
    if format not in _FORMATS:
        raise UsageError("format 只能取 docx 或 pdf。", "format takes docx or pdf.")
    try:
        submission = validate(edition, values.payload(edition, sent))
        product = pipeline.produce(submission, (format,), _settings())
    except KexieError as error:
        if not error.errors:
            raise
        return _form_page(edition, sent, error.errors), InvalidPayload.status
    return download(submission, product.documents[format], format, product.warnings)


@blueprint.errorhandler(KexieError)
def _failed(error: KexieError) -> tuple[str, int]:
    """An error as a page for people."""
    language = _language()
    return _page("error", title=error.title.of(language), text=error.text.of(language)), error.status


def _form_page(edition: Edition, sent: MultiDict[str, str], errors: tuple[FieldError, ...] = ()) -> str:
    return _page("form", **view(edition, sent, errors))


def view(
    edition: Edition,
    sent: MultiDict[str, str],
    errors: tuple[FieldError, ...] = (),
    *,
    embedded: bool = False,
) -> dict[str, Any]:
    """What the templates of a form page show of an edition: its outline, what is filled in, its errors."""
    language = _language()
    told: dict[str, list[str]] = {}
    for error in errors:
        told.setdefault(error.pointer, []).append(error.message.of(language))
    return {
        "edition": edition,
        "sections": outline.sections(edition),
        "notes": printed.of(edition).notes(),
        "limits": {pointer: limit for limit in edition.limits() for pointer in limit["fields"]},
        "values": sent,
        "errors": errors,
        "told": told,
        "computed": set(_pointers(edition.schema.totals(validate(edition, {}).data))),
        "rows": lambda pointer: _rows(sent, pointer),
        "page_data": _data(edition, language, embedded),
    }


def _pointers(computed: dict[str, Any], above: str = "") -> Iterator[str]:
    """The JSON Pointers of what a form computes: a field that is among them may be left to the service."""
    for key, value in computed.items():
        yield f"{above}/{key}"
        if isinstance(value, dict):
            yield from _pointers(value, f"{above}/{key}")


def _rows(sent: MultiDict[str, str], pointer: str) -> int:
    filled = values.rows(sent, pointer)
    return max(filled + (sent.get("add") == pointer), _ROWS)


def _data(edition: Edition, language: str, embedded: bool) -> dict[str, Any]:
    """What the page's JavaScript needs to know, as JSON."""
    of_edition = {"form": edition.form, "year": edition.year}
    return {
        **of_edition,
        "title": edition.title,
        "lang": language,
        "embedded": embedded,
        "api": link("api.forms").removesuffix("/forms"),
        "pages": link("pages.index"),
        "limits": edition.limits(),
        "counted": wordcount.ecmascript(),
        "words": words.of(language),
    }


def _settings() -> Settings:
    found: Settings = current_app.config["KEXIE_SETTINGS"]
    return found


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "zh"


def _page(template: str, **more: Any) -> str:
    language = _language()
    return render_template(
        f"kexie/{template}.html",
        page=template,
        w=words.of(language),
        lang=language,
        html_lang="en" if language == "en" else "zh-CN",
        here=_linked(language),
        other=_other(language),
        **more,
    )


def _linked(language: str) -> Callable[..., str]:
    """`url_for` that keeps the language."""

    kept: dict[str, Any] = {"lang": "en"} if language == "en" else {}

    def here(endpoint: str, **arguments: Any) -> str:
        return link(endpoint, **arguments, **kept)

    return here


def _other(language: str) -> str:
    """This page's address in the other language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "?" + urlencode(kept + ([] if language == "en" else [("lang", "en")]))
