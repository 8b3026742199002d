"""Renders the page templates: an edition's outline, a form's values and errors, in either language."""

import functools
import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask.sansio.app import App
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from schemas.tree import walk
from service import catalog, pipeline, portal_rules, wordcount
from service.catalog import Edition
from service.errors import Bilingual, FieldError
from service.payload_json import pointer
from service.submission import time_in_china
from service.web.controls import form_data, lookup, official_text, outline
from service.web.controls.posted_rows import row_counts
from service.web.http.auth import authenticator, settings
from service.web.http.urls import link
from service.web.pages import error_labels, error_texts, messages
from service.web.pages.field_marks import Marks
from service.web.pages.portal import QUERY, Portal

#: What a form posts beside its fields that stays with it: the version that was changed, how it is named, the
#: number that was typed.
KEPT = ("after", "after_name", "number")


def page_language() -> str:
    """ "en" if the address asks for it, else "zh"."""
    return "en" if request.args.get("lang") == "en" else "zh"


def china_time(at: str) -> str:
    """A moment in ISO 8601 as clocks in China show it, to the minute; a filter of the templates."""
    return f"{time_in_china(datetime.fromisoformat(at).astimezone(UTC)):%Y-%m-%d %H:%M}"


def html_language(chosen: str) -> str:
    """The language of a page as HTML and HTTP name it (BCP 47)."""
    return "en" if chosen == "en" else "zh-CN"


def page(template: str, **more: Any) -> str:
    """Renders a page in the request's language."""
    chosen = page_language()
    data = more.pop("page_data", None) or common_data()
    return render_template(
        f"kexie/{template}.html",
        page=template,
        w=messages.of(chosen),
        lang=chosen,
        html_lang=html_language(chosen),
        here=linked(),
        counted=functools.partial(messages.counted, chosen),
        other=_other(chosen),
        embedded=data.get("embedded", False),
        page_data=_for_script(data),
        as_json=_for_script,
        edition_titles=edition_titles,
        **more,
    )


def _for_script(data: dict[str, Any]) -> Markup:
    """Data as JSON inside of a page, in UTF-8: shorter than with escapes for Chinese."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))  # noqa: S704


def form_page(
    template: str,
    edition: Edition,
    sent: MultiDict[str, str],
    errors: tuple[FieldError, ...] = (),
    advice: tuple[FieldError, ...] = (),
    *,
    around: Portal | None = None,
) -> str:
    """Renders the form of an edition with the values `sent`, and errors and advice beside the fields.

    `around` is the portal of an embedded form.
    """
    chosen, notes, counts = page_language(), official_text.of(edition).notes(), row_counts(sent)
    return page(
        template,
        edition=edition,
        sections=outline.sections(edition),
        notes=[Bilingual(note, edition.schema.english(note)) for note in notes],
        limits={pointer: limit for limit in edition.limits() for pointer in limit["fields"]},
        values=sent,
        errors=[error_labels.listed(edition, error, chosen) for error in errors],
        field_messages=field_messages(errors, chosen),
        advice_messages=field_messages(advice, chosen),
        glosses=_glosses(edition),
        computed=portal_rules.computed(edition),
        marks=Marks(edition, around.rules if around else None),
        around=around,
        bonus=_bonus(edition, chosen),
        reads=not (around and request.args.get("token")),  # with a token, no documents
        rows=lambda pointer, block: range(_rows(counts.get(pointer, 0), sent, pointer, block)),
        at=at,
        action=action(edition, around),
        kept=KEPT,
        closed=authenticator().configured() and not around,  # a portal gives a token in place of a key
        draft_days=settings().draft_days,
        page_data=_data(edition, around),
    )


def check_controls(app: App) -> None:
    """Raises TypeError for a field whose kind of control the pages cannot draw."""
    macros = app.jinja_env.get_template("kexie/controls.html").module
    for edition in catalog.editions():
        for path, field in walk(edition.schema):
            if field.inside is None and not hasattr(macros, field.control.kind):
                where = f"{edition.form} {edition.year}, {pointer(path)}"
                raise TypeError(f"{where}: {type(field).__name__} has no macro '{field.control.kind}'")


def field_messages(errors: tuple[FieldError, ...], lang: str) -> dict[str, list[str]]:
    """The messages of the errors by the pointer of their field."""
    found: dict[str, list[str]] = {}
    for error in errors:
        found.setdefault(error.shown_at, []).append(error_texts.of_fault(error, lang))
    return found


def _rows(filled: int, sent: MultiDict[str, str], pointer: str, block: outline.Block) -> int:
    """The number of rows to show of the table at a pointer, at most its maximum."""
    return max(filled + (sent.get("add") == pointer and filled < block.maximum), block.minimum)


def at(pointer: str, numbers: Iterable[object]) -> str:
    """A pointer in the rows of these numbers, the outer one first; "*" is any row."""
    given = iter(numbers)
    return re.sub(r"\*", lambda _: str(next(given, "*")), pointer)


def _bonus(edition: Edition, chosen: str) -> str:
    """The name of the bonus points; "" if the form has none."""
    found = lookup.bonus(edition)
    if found is None:
        return ""
    return found.english.lower() if chosen == "en" else found.label.rpartition(" ")[2]


def _glosses(edition: Edition) -> dict[str, str]:
    """The English of each field by JSON Pointer, on an English page."""
    return lookup.glosses(edition) if page_language() == "en" else {}


def _limits(edition: Edition) -> list[dict[str, Any]]:
    """The joint limits, with their label in the page's language."""
    glosses = _glosses(edition)
    return [
        {**limit, "name": ", ".join(filter(None, map(glosses.get, limit["fields"]))) or limit["label"]}
        for limit in edition.limits()
    ]


def edition_titles() -> dict[str, str]:
    """The names of all editions in the page's language, by form and year."""
    chosen = page_language()
    return {f"{each.form} {each.year}": each.name.of(chosen) or each.title for each in catalog.editions()}


def _data(edition: Edition, around: Portal | None) -> dict[str, Any]:
    """The data of the form page's JavaScript."""
    return {
        **common_data(),
        "words": messages.of_scripts(page_language(), "form", "shared"),
        "form": edition.form,
        "year": edition.year,
        "title": edition.title,
        "titles": edition_titles(),
        "draft_days": settings().draft_days,
        "embedded": around is not None,
        "closed": authenticator().configured() and not request.args.get("token"),
        **(_of_portal(edition, around) if around else {}),
        "labels": error_labels.labels(edition),
        "limits": _limits(edition),
        "glosses": _glosses(edition),
        "counted": wordcount.ecmascript(),
        "digits": form_data.DIGITS,
        "submitter": pointer(edition.schema.submitter),
        "unsafe": pipeline.UNSAFE,
    }


def _of_portal(edition: Edition, around: Portal) -> dict[str, Any]:
    return {
        "origin": around.origin,
        "unknown": around.unknown,
        "required": sorted(portal_rules.required(edition, around.rules)),
        "steps": around.steps,
        "keeps_draft": around.keeps_draft,
        "archives": around.archives,
        "numbered": bool(around.id),
    }


def action(edition: Edition, around: Portal | None) -> str:
    """The address to which the form of an edition is posted, with what this one's says of it."""
    route = "pages.embedded_posted" if around else "pages.posted"
    said = {name: request.args[name] for name in ("lang", "id", *QUERY) if name in request.args}
    if around and said.get("origin") != around.origin:
        said.pop("origin", None)
    return link(route, form=edition.form, year=edition.year, **said)


def common_data() -> dict[str, Any]:
    """The data of every page's JavaScript: language, messages, URLs."""
    chosen = page_language()
    return {
        "lang": chosen,
        "api": link("api.forms").removesuffix("/forms"),
        "pages": link("pages.index"),
        "words": messages.of_scripts(chosen),
        **error_texts.for_script(chosen),
        "timeout": round(1000 * (settings().longest_request + 10)),  # ms
    }


def linked() -> Callable[..., str]:
    """`link`, with the current language."""
    return functools.partial(link, lang="en") if page_language() == "en" else link


def _other(chosen: str) -> str:
    """This page's URL in the other language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "?" + urlencode(kept + ([] if chosen == "en" else [("lang", "en")]))
