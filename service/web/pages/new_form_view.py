"""Renders the page for new forms: a draft's fields, the blank's pages with their places, errors."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from werkzeug.datastructures import MultiDict

from service import wordcount
from service.errors import FieldError, KexieError
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import form_of_draft, page_positions
from service.form_authoring.drafts.draft import Draft
from service.form_authoring.drafts.field_kinds import OF_BOXES, printed_options
from service.web.controls import form_data
from service.web.http.auth import settings
from service.web.pages import page_access, posted_draft, render
from service.web.pages.error_pages import is_script
from service.web.pages.new_form_doubts import doubts
from service.web.pages.new_form_faults import FormFault
from service.web.pages.posted_draft import PostedDraft

_ACCEPTED = (".docx", ".doc", ".wps", ".odt", ".rtf")
#: What the scripts of the form page need before there is a form; the tried form brings its own.
_NO_FORM = {"form": "new", "year": "try", "embedded": False, "labels": {}, "limits": [], "glosses": {}}


def start(error: KexieError | None = None) -> Response:
    """The page without a blank; after an error with its text."""
    fault = error.text.of(render.page_language()) if error else ""
    return _page(error.status if error else 200, draft=None, fault=fault)


def draft(
    posted: PostedDraft,
    blank: BlankForm,
    found: Draft,
    faults: tuple[FieldError, ...] = (),
    *,
    places: bool = False,
    pictures: bool = False,
    installed: bool = False,
    form_faults: Sequence[FormFault] = (),
    opened: int = 0,
    refusal: KexieError | None = None,
) -> Response:
    """The page with a draft. For its own script the pages' `places` and `pictures` only if they are new.

    `opened` is the number of the place that is opened; `refusal` is why the form was not installed.
    """
    pictures, lang = pictures or not is_script(), render.page_language()
    shown = found.as_dict(lang)
    if faults:
        _show_labels(shown["fields"], posted.changes["fields"])
    sheets = page_positions.pages(blank, found.fields, settings()) if places or pictures else []
    return _page(
        refusal.status if refusal else 422 if faults and not is_script() else 200,
        posted=posted,
        sent=request.form if faults else MultiDict(),
        draft=shown,
        faults=faults,
        kinds={each["kind"]: each for each in shown["kinds"]},
        by_number={each["number"]: each for each in shown["fields"]},
        doubts=doubts(shown["fields"], posted.as_read(blank).as_dict(lang)["fields"], posted, lang),
        checked=posted.checked,
        printed={each.number: printed_options(each.field.place) for each in found.fields},
        form_faults=form_faults,
        opened=opened,
        with_options=OF_BOXES,
        place_text=posted_draft.place_text,
        sheets=sheets,
        picture=lambda sheet: base64.b64encode(sheet.png).decode(),
        pictures=pictures,
        folder=form_of_draft.writable_folder(settings()),
        installed=installed,
        refusal=refusal.text.of(lang) if refusal else "",
    )


def _show_labels(fields: Sequence[dict[str, Any]], changes: Mapping[str, Any]) -> None:
    """Gives fields that are shown as they were read the labels and groups that were sent."""
    for field in fields:
        change = changes.get(str(field["number"]), {})
        field |= {name: change[name] for name in ("label", "group") if change.get(name)}


def _page(status: int, **values: Any) -> Response:
    data = {**render.common_data(), **_NO_FORM, "counted": wordcount.ecmascript(), "digits": form_data.DIGITS}
    response = page_access.tenant_page(
        "new_form", accept=",".join(_ACCEPTED), limit=settings().file_limit, page_data=data, **values
    )
    response.status_code = status
    return response
