"""The page that says which record a file is of; the file is not stored."""

from flask import Response, request

from service.errors import KexieError
from service.record_comparison import identified_words
from service.record_comparison.identified import (
    CONTINUED,
    DESTROYED,
    OTHER_DATA,
    SAME_DATA,
    SAME_FILE,
    Identified,
)
from service.web.api import identification
from service.web.http.audit_log import audited, happened
from service.web.http.auth import require
from service.web.http.parameters import take_sealed_copy
from service.web.openapi import page_operations
from service.web.openapi.parts import raises
from service.web.pages import error_pages, messages, page_access, render
from service.web.pages.comparison.comparison_view import rows
from service.web.pages.record_pages import title
from service.web.pages.sealed import sealed_rows

_OTHERS, _NAMED = 5, 100  # further records that are named, and characters of the file's name
_STATES = {
    SAME_FILE: "good",
    CONTINUED: "good",
    SAME_DATA: "doubtful",
    DESTROYED: "doubtful",
    OTHER_DATA: "bad",
}

blueprint = page_access.pages_blueprint("identify_page", take_sealed_copy)


@blueprint.get("/records/identify")
@audited("identify")
@blueprint.doc(**page_operations.page("核对文件 / a file identified", 401, 403, 500, 503, query=("lang",)))
def index() -> Response:
    """Asks for a file."""
    return _without_file()


@blueprint.post("/records/identify")
@audited("identify")
@blueprint.doc(**page_operations.upload_page("核对文件 / a file identified"), **raises("unreadable_document"))
def identify_file() -> Response | tuple[Response, int]:
    """Says which record a file is of; without a file as `index`, for a posted key."""
    sent = request.files.get("file")
    if sent is None:
        return _without_file()
    if not sent.filename:
        happened(action=None)
        return _faulty(messages.of(render.page_language())["identify_none"]), 400
    return _of_file(sent.read(), sent.filename)


def _of_file(content: bytes, name: str) -> Response | tuple[Response, int]:
    require("archive:read")
    try:
        return _page(identification.of_file(content, name))
    except KexieError as error:
        return _faulty(error_pages.fault(error)), error.status


def _without_file() -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("identify", locked=True)
    happened(action=None)
    return _faulty("")


def _faulty(fault: str) -> Response:
    """The page without an answer; `fault` says why, if a file was to be sent."""
    return page_access.tenant_page("identify", found=None, fault=fault)


def _page(found: Identified) -> Response:
    lang = render.page_language()
    return page_access.tenant_page(
        "identify",
        found=found,
        file_name=(request.files["file"].filename or "")[-_NAMED:],
        heading=identified_words.heading(found).of(lang),
        explanation=[each.of(lang) for each in identified_words.sentences(found)],
        is_closest=found.result == OTHER_DATA,
        state=_state(found),
        signatures=sealed_rows.signature_rows(found.finding, lang) if found.finding else (),
        titles=title,
        others=found.others[:_OTHERS],
        rows=rows(found.differences, lang),
        doubts=found.doubts,
        fault="",
    )


def _state(found: Identified) -> str:
    """The class of the answer: the worse of what the file is and what its signatures are worth."""
    own = "doubtful" if found.unproved else _STATES.get(found.result, "")
    of_signatures = sealed_rows.finding_state(found.finding) if found.finding else ""
    if found.sealed_copy:
        return of_signatures
    return next((each for each in ("bad", "doubtful") if each in (own, of_signatures)), own)
