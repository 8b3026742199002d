"""The page of the audit log, for auditors: who did what, filtered; the chain proved."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from flask import Response, request

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
from service.web.schemas.audit import read_action, read_moment, read_seq

_PAGE = 50  # rows per page
_RESULTS = {OK: "result_ok", BEGUN: "result_begun", SAME: "result_same"}
_FILTERS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "action": ("action", read_action),
    "form": ("form", read_printable),
    "year": ("year", read_year),
    "id": ("id", read_printable),
    "record": ("record", read_printable),
    "who": ("who", read_printable),
    "from": ("since", read_moment(audit_search.read_since)),
    "to": ("until", read_moment(audit_search.read_until)),
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
        hosted=audit_search.hosted,
        proof=None if found is None or fault else _proof(),
        next=found[-1]["seq"] if found and more else None,
        title=_title,
        act=log_rows.act,
        time=lambda text: time_in_china(datetime.fromisoformat(text)).replace(microsecond=0),
        **record_search.choices(),
        who=page_access.actor_words() if found is not None else str,
        result=lambda code: _result(code, texts),
    )


def _proof() -> Proof | None:
    """The proof of the chain if it is asked for."""
    return audit.proved() if read_flag("verify", request.args.get("verify", "false")) else None


def _found(asked: dict[str, str]) -> tuple[list[dict[str, Any]], bool]:
    wanted = {_FILTERS[name][0]: _FILTERS[name][1](name, value) for name, value in asked.items() if value}
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
