"""The page for new forms: a blank in, its places changed, the form downloaded or installed."""

from collections.abc import Callable

from flask import Response, request

from service.errors import FieldError, InvalidPayload, TemplateFault, UnreadableDocument, UsageError
from service.form_authoring import blank_form, new_form
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import added_places, draft_changes, form_of_draft
from service.form_authoring.drafts.draft import Draft, propose
from service.lint.lint_report import LintReport
from service.web.http.auth import needs, settings
from service.web.http.parameters import MEDIA_TYPES
from service.web.http.urls import saved_as
from service.web.openapi import page_operations
from service.web.pages import new_form_faults, new_form_view, page_access, posted_draft
from service.web.pages.error_pages import is_script
from service.web.pages.messages import MESSAGES
from service.web.pages.new_form_faults import FormFault
from service.web.pages.posted_draft import PostedDraft
from service.web.pages.render import page_language

Action = Callable[[PostedDraft, BlankForm, Draft], Response]

blueprint = page_access.pages_blueprint("new_form_pages", posted_draft.prepare)
_SHOWN = ("left_out", "required")


@blueprint.get("/forms/new")
@blueprint.doc(**page_operations.page("由空白表新建表单 / make a form of a blank document", query=("lang",)))
def index() -> Response:
    """Shows where to put the blank."""
    return new_form_view.start()


@blueprint.post("/forms/new")
@blueprint.doc(
    **page_operations.new_form(
        "找到的位置，或建成的表单 / the places found, or the form", page_operations.PAGE_OR_ZIP, "lang"
    )
)
@needs("admin")
def posted() -> Response:
    """Shows what is found in the blank, with changes; downloads or installs the form.

    Nothing is stored between requests: the page carries the blank.
    """
    action = request.form.get("do", "read")
    if action == "read":
        return _read()
    if action not in _ACTIONS:
        raise page_access.unknown_action("read", *_ACTIONS)
    return _done(posted_draft.posted(), _ACTIONS[action])


def _read() -> Response:
    """Shows what is found in the file that was chosen."""
    try:
        file = posted_draft.chosen()
        blank = blank_form.read(file.blank, settings())
        if not (blank.places or any(added_places.cells(blank.document))):
            raise new_form.no_places()
    except (UnreadableDocument, UsageError) as error:
        if is_script():
            raise
        return new_form_view.start(error)
    carried = PostedDraft(blank.docx, file.name, {})
    return new_form_view.draft(carried, blank, propose(blank), places=True, pictures=True)


def _done(sent: PostedDraft, action: Action) -> Response:
    """Responds to an action; for people with the page again if it cannot be done."""
    blank = blank_form.read(sent.blank, settings())
    try:
        return action(sent, blank, sent.draft(blank))
    except InvalidPayload as error:
        if is_script() and action not in _ON_PAGE:
            raise
        faults = tuple(map(posted_draft.at_entry, error.errors))
        return new_form_view.draft(sent, blank, _as_sent(blank, sent), faults)
    except (UsageError, TemplateFault) as error:
        if is_script():
            raise
        return new_form_view.draft(sent, *_untagged(sent), refusal=error)


def _as_sent(blank: BlankForm, sent: PostedDraft) -> Draft:
    """The draft with the places that were sent, without what may be wrong about them."""
    fields = {
        number: {name: each[name] for name in _SHOWN} for number, each in sent.changes["fields"].items()
    }
    known = len(sent.changes["added"]) - bool(posted_draft.place_to_add())
    try:
        changes = {"fields": fields, "added": sent.changes["added"][:known]}
        return draft_changes.changed(blank, changes, page_language())
    except InvalidPayload:
        return propose(blank)


def _untagged(sent: PostedDraft) -> tuple[BlankForm, Draft]:
    """The blank again, without the tags that an action wrote into it, and its draft."""
    blank = blank_form.read(sent.blank, settings())
    return blank, sent.draft(blank)


def _check(sent: PostedDraft, blank: BlankForm, draft: Draft) -> Response:
    """Shows what is wrong with the changes; without script also what lint finds."""
    return new_form_view.draft(sent, blank, draft) if is_script() else _lint(sent, blank, draft)


def _lint(sent: PostedDraft, blank: BlankForm, draft: Draft) -> Response:
    found = _form_faults(draft, form_of_draft.linted(blank, draft))
    return new_form_view.draft(sent, *_untagged(sent), form_faults=found)


def _form_faults(draft: Draft, report: LintReport) -> list[FormFault]:
    return new_form_faults.faults(draft, report.faults, page_language())


def _add(sent: PostedDraft, blank: BlankForm, draft: Draft) -> Response:
    if not posted_draft.place_to_add():
        chosen = FieldError("/add", MESSAGES["add_place"].zh, "required", MESSAGES["choose_first"])
        return new_form_view.draft(sent, blank, draft, (chosen,))
    added = max(each.number for each in draft.fields)
    return new_form_view.draft(sent, blank, draft, places=True, opened=added)


def _zip(_: PostedDraft, blank: BlankForm, draft: Draft) -> Response:
    response = Response(form_of_draft.zipped(blank, draft), content_type=MEDIA_TYPES["zip"])
    response.headers["Content-Disposition"] = saved_as("form.zip", f"{draft.form}-{draft.year}.zip")
    return response


def _install(sent: PostedDraft, blank: BlankForm, draft: Draft) -> Response:
    made = form_of_draft.install(blank, draft, settings())
    found = _form_faults(draft, made.report)
    return new_form_view.draft(sent, *_untagged(sent), installed=True, form_faults=found)


_ACTIONS: dict[str, Action] = {
    "check": _check,
    "add": _add,
    "lint": _lint,
    "zip": _zip,
    "install": _install,
}
_ON_PAGE = (_check, _add, _lint, _install)  # whose errors are shown beside the entries
