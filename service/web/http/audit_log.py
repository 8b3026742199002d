"""The audit log's row of a request: each route declares its act, and the row is queued with its response."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Response, current_app, g, request
from sqlalchemy import Connection
from werkzeug.routing import Rule

from service import catalog
from service.access import Caller
from service.archive.database import is_read_only
from service.audit import record_rows
from service.audit.event import OK, Actor, ArchivedRecord, Event, on_record
from service.audit.event_queue import EventQueue
from service.config import Settings
from service.web.http.archive_handle import archive
from service.web.http.auth import caller, require, settings

View = TypeVar("View", bound=Callable[..., Any])
_RECORD = re.compile(r"/records/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
_LIST = re.compile("[0-9a-f]{12}")
_PREFIXES = {4: 24, 6: 48}  # bits of an address that name its network


def audited(action: str) -> Callable[[View], View]:
    """Declares the act of a view, one of `ACTIONS`, of which `happened` says more."""

    def decorate(view: View) -> View:
        vars(view)["audit"] = {"action": action}
        return view

    return decorate


def happened(record: ArchivedRecord | None = None, **fields: Any) -> None:
    """Says of the current request's act on which record it is, and other fields of its row.

    With `action=None` it is none that is logged, or one that was logged in its transaction.
    """
    found = on_record(record) if record else {}
    g.kexie_audit = {**g.get("kexie_audit", {}), **found, **fields}


def also(record: ArchivedRecord, **fields: Any) -> None:
    """A further row of the current request's act, on another record."""
    g.setdefault("kexie_audit_also", []).append({**on_record(record), **fields})


def of_each(action: str, **fields: Any) -> Callable[[Iterable[ArchivedRecord]], None]:
    """What writes a row of the current request's act for each of many records, also while it is answered.

    It waits for the database, and raises as `Archive.writing`; an archive that is read-only gets no rows.
    """
    opened, by = archive(), actor()

    def write(records: Iterable[ArchivedRecord]) -> None:
        if not is_read_only(opened.engine):
            record_rows.append(opened.writing, records, by, action, **fields)

    return write


def allowed(action: str, *scopes: str) -> None:
    """Refuses an act to a caller who lacks one of `scopes`, and logs it. Raises as `require`."""
    happened(action=action)
    require(*scopes)


@contextmanager
def logged_transaction() -> Iterator[Connection]:
    """A transaction of the archive that writes the row of the current request's act itself."""
    with archive().writing() as connection:
        yield connection
    happened(action=None)


def actor() -> Actor:
    """Who made the current request, and from where. Raises as `caller`."""
    return Actor(_who(caller()), _origin(settings(), request.remote_addr))


def queue(response: Response) -> Response:
    """Queues the rows of an answered request, unless nobody is known or the caller is over the limit."""
    fields = {"result": _result(response), **_declared(request.url_rule), **g.get("kexie_audit", {})}
    if fields.get("action") and "kexie_caller" in g and response.status_code != 429:
        for further in ({}, *g.get("kexie_audit_also", ())):
            _queue().add(Event(actor(), **{**_of_route(), **fields, **further, **_replayed(response)}))
    return response


def written() -> None:
    """Waits until the rows of earlier requests to this process are there."""
    _queue().flush()


def _result(response: Response) -> str:
    return OK if response.status_code < 400 else g.get("kexie_code", str(response.status_code))


def _replayed(response: Response) -> dict[str, Any]:
    """Of a stored response: it was only read again."""
    if "Idempotent-Replayed" not in response.headers:
        return {}
    named = _RECORD.search(response.headers.get("Location", ""))
    return {"action": "read", "detail": "replayed", "record": named and named[1]}


def _of_route() -> dict[str, Any]:
    """The tenant, and the edition or destruction list in the URL: any other text is a stranger's."""
    named = request.view_args or {}
    form, year = str(named.get("form", "")), str(named.get("year", ""))
    edition = catalog.find(form, int(year)) if re.fullmatch("[0-9]{4}", year) else None
    of: dict[str, Any] = {"form": edition.form, "year": edition.year} if edition else {}
    if _LIST.fullmatch(listed := str(named.get("list", ""))):
        of["detail"] = listed
    return {"tenant": caller().tenant, **of}


def _declared(rule: Rule | None) -> dict[str, Any]:
    view = current_app.view_functions.get(rule.endpoint) if rule else None
    found: dict[str, Any] = vars(view).get("audit", {}) if view else {}
    return found


def _who(found: Caller) -> str:
    """`key:` and its id, `embed:` and that of the key behind a token, `jwt:` and a tenant; or `anyone`."""
    if not found.name or found.name.startswith("jwt:"):
        return found.name or "anyone"
    return f"{'embed' if found.embedding else 'key'}:{found.name}"


def _origin(chosen: Settings, address: str | None) -> str:
    """The caller's address, or its network: an address can be that of one person's machine."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return "-"
    if chosen.audit_address == "full":
        return str(known)
    if chosen.audit_address == "none":
        return "-"
    return str(ipaddress.ip_network((known, _PREFIXES[known.version]), strict=False))


def _queue() -> EventQueue:
    found: EventQueue = current_app.config["KEXIE_ARCHIVE_HANDLE"].event_queue
    return found
