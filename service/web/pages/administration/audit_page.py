"""The page of the audit log, for auditors: who did what, filtered; the chain proved."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from flask import Response, request
from markupsafe import Markup, escape

from service import catalog, errors
from service.audit import audit_search
from service.audit.chain_proof import Proof
from service.audit.event import ACTIONS, BEGUN, OK, SAME
from service.errors import UsageError
from service.record_history import log_rows
from service.submission import time_in_china
from service.web.api import audit
from service.web.http.audit_log import audited
from service.web.http.json_fields import read_flag, read_printable, read_year
from service.web.openapi import page_operations
from service.web.pages import error_pages, messages, page_access, render
from service.web.pages.archive_list import record_search
from service.web.schemas.audit import read_action, read_moment, read_seq, read_sha256

_PAGE = 50  # rows per page
_ADDING = ("seal", "sign")
_HASH, _SHORTENED = re.compile("([0-9a-f]{16})[0-9a-f]{48}"), r'<span title="\g<0>">\1…</span>'
_RESULTS = {OK: "result_ok", BEGUN: "result_begun", SAME: "result_same"}
_Read = Callable[[str, str], Any]
#: The filters by their names in the URL: that of `Wanted`, what parses it, and the message that labels it.
_FILTERS: dict[str, tuple[str, _Read, str]] = {
    "action": ("action", read_action, "audit_action"),
    "form": ("form", read_printable, "form"),
    "year": ("year", read_year, "year"),
    "id": ("id", read_printable, "id"),
    "record": ("record", read_printable, "audit_on"),
    "who": ("who", read_printable, "audit_who"),
    "sha256": ("sha256", read_sha256, "audit_sha256"),
    "from": ("since", read_moment(audit_search.read_since), "audit_from"),
    "to": ("until", read_moment(audit_search.read_until), "audit_to"),
}

blueprint = page_access.pages_blueprint("audit_pages")


@blueprint.get("/audit")
@blueprint.doc(**page_operations.tenant_page("审计日志 / the audit log", *_FILTERS, "after", "verify"))
@audited("audit")
def index() -> tuple[Response, int]:
    """Shows the latest rows, filtered by act, id, caller and days."""
    return _index()


@blueprint.post("/audit")
@blueprint.doc(
    **page_operations.tenant_page("审计日志 / the audit log", *_FILTERS, "after", "verify", posts=True)
)
@audited("audit")
def index_for_key() -> tuple[Response, int]:
    """As `index`, without JavaScript, for a posted key."""
    return _index()


def _index() -> tuple[Response, int]:
    """The page; a wrong filter stays in the form, with what is wrong, for the page's own script too."""
    asked = {name: request.args.get(name, "").strip() for name in _FILTERS}
    if not page_access.has_scopes("audit:read"):
        return _shown(asked, None), 200
    try:
        return _shown(asked, *_found(asked)), 200
    except UsageError as error:
        return _shown(asked, [], fault=error_pages.on_page(error)), error.status


def _shown(
    asked: dict[str, str], found: list[dict[str, Any]] | None, more: bool = False, fault: str = ""
) -> Response:
    texts = messages.of(render.page_language())
    return page_access.tenant_page(
        "audit",
        fault=fault,
        asked=asked,
        given={name: value for name, value in asked.items() if value},
        actions=ACTIONS,
        rows=found,
        tenant_note="" if found is None or fault else page_access.tenant_note(),
        hosted=audit_search.hosted,
        proof=None if found is None or fault else _proof(),
        next=found[-1]["seq"] if found and more else None,
        title=_title,
        act=_act,
        time=lambda text: time_in_china(datetime.fromisoformat(text)).replace(microsecond=0),
        **record_search.choices(),
        who=page_access.actor_words() if found is not None else str,
        result=lambda code: _result(code, texts),
    )


def _act(row: Mapping[str, Any]) -> Markup:
    """What a row says was done; the hash of a file that was added is shortened."""
    text = escape(log_rows.act(row).of(render.page_language()))
    if row["action"] not in _ADDING:
        return text
    return Markup(_HASH.sub(_SHORTENED, str(text)))  # noqa: S704


def _proof() -> Proof | None:
    """The proof of the chain if it is asked for."""
    return audit.proved() if read_flag("verify", request.args.get("verify", "false")) else None


def _found(asked: dict[str, str]) -> tuple[list[dict[str, Any]], bool]:
    texts, wanted = messages.of(render.page_language()), {}
    for name, value in asked.items():
        if value:
            loaded, read, label = _FILTERS[name]
            wanted[loaded] = read(texts[label], value)
    after = request.args.get("after")
    behind = read_seq("after", after) if after else None
    return audit.page(wanted, behind, _PAGE)


def _title(row: Mapping[str, Any]) -> str:
    """The name of a row's form; its key if the service no longer has it."""
    years = [each.year for each in catalog.editions() if each.form == row["form"]]  # of a row without: newest
    edition = catalog.find(row["form"], row["year"] or max(years, default=0))
    if edition is None:
        return str(row["form"])
    return edition.gloss if edition.gloss and render.page_language() == "en" else edition.title


def _result(code: str, texts: dict[str, str]) -> str:
    if code in _RESULTS:
        return texts[_RESULTS[code]]
    title = _titles().get(code)
    return texts["result_failed"].format(cause=title.of(render.page_language()) if title else code)


@cache
def _titles() -> dict[str, errors.Bilingual]:
    """The titles of our errors by code."""
    found: dict[str, errors.Bilingual] = {}
    kinds = [errors.KexieError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        found.setdefault(kind.code, kind.title)
    return found
