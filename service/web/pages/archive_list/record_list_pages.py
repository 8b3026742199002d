"""The pages that list records: the search of the archive, and the register on paper."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from service.archive.search import found_records, search_fill
from service.database.column_types import iso
from service.record_history import destroyed_search, destruction_entries
from service.submission import date_in_china, time_in_china
from service.web.api import record_list, records
from service.web.http.archive_handle import archive
from service.web.http.audit_log import allowed, audited
from service.web.http.auth import caller
from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi import page_operations
from service.web.pages import page_access, render
from service.web.pages.archive_list import record_search
from service.web.pages.record_pages import title

_PAGE = 50  # records per page
_COUNTED = 1_000  # records
REGISTERED = 10_000  # records of a register
_ASKED = record_search.NAMES
_FILES = ("xlsx", "csv")

blueprint = page_access.pages_blueprint("record_list_pages")


@blueprint.get("/records")
@blueprint.doc(**page_operations.tenant_page("查找档案 / the archive searched", *_ASKED, "after"))
@audited("search")
def index() -> Response:
    """Searches records."""
    return _index()


@blueprint.post("/records")
@blueprint.doc(
    **page_operations.tenant_page(
        "查找档案，或目录 / the archive searched, or the list as a file",
        *_ASKED,
        "after",
        posts=True,
        files=[MEDIA_TYPES[name] for name in _FILES],
    )
)
@audited("search")
def index_for_key() -> Response:
    """As `index`, without JavaScript, for a posted key; or the list as a file."""
    asked = request.form.get("do", "look")
    if asked in _FILES:
        allowed("list", "archive:read")
        return record_list.file(asked, record_search.read().filters)
    if asked != "look":
        raise page_access.unknown_action("look", *_FILES)
    return _index()


def _index() -> Response:
    search = record_search.read() if page_access.has_scopes("archive:read") else None
    return page_access.tenant_page(
        "records",
        asked=search.asked if search else {name: request.args.get(name, "") for name in _ASKED},
        has_more=search is not None and search.has_more,
        titles=title,
        gone=lambda found: destruction_entries.gone(archive(), found).text.of(render.page_language()),
        iso=iso,
        listing=search.listing if search else {},
        whole_of=caller().tenant if search and not search.is_narrowed else "",
        **record_search.choices(),
        **(_found(search) if search else {"records": None}),
    )


def _found(search: record_search.RecordSearch) -> dict[str, Any]:
    """A page of records, the cursor of the next one, the number found, and of those not indexed yet."""
    if (after := request.args.get("after")) is not None:
        records.known(after)
    most = _COUNTED + 1 if after is None else _PAGE + 1
    page, count = found_records.page(archive(), _PAGE, most, after, **search.filters)
    with archive().reading() as connection:
        unread = search_fill.unread(connection)
    following = page[-1].key if count > len(page) else None
    return {
        "records": page,
        "destroyed": [] if after else destroyed_search.matching(archive(), **search.filters),
        "most_destroyed": destroyed_search.MOST,
        "unnamed": None if after else _unnamed(search),
        "next": following,
        "count": None if after else count,
        "most": _COUNTED,
        "unread": unread,
    }


def _unnamed(search: record_search.RecordSearch) -> str | None:
    """What is said of destroyed records that are not found by name."""
    count = destroyed_search.unnamed(archive(), **search.filters)
    said = destroyed_search.of_unnamed(count, **search.filters)
    return said.of(render.page_language()) if count else None


@blueprint.get("/records/register")
@blueprint.doc(**page_operations.tenant_page("归档登记表 / the register of records", *_ASKED))
@audited("list")
def register() -> Response:
    """The register of the records found, to be printed."""
    return _register()


@blueprint.post("/records/register")
@blueprint.doc(**page_operations.tenant_page("归档登记表 / the register of records", *_ASKED, posts=True))
@audited("list")
def register_for_key() -> Response:
    """As `register`, without JavaScript, for a posted key."""
    return _register()


def _register() -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("register", records=None)
    search = record_search.read(sort="id")
    record_list.refuse_more(search.filters, REGISTERED)
    return page_access.tenant_page(
        "register",
        records=list(archive().records(**search.filters)),
        asked=search.asked,
        titles=title,
        days=time_in_china,
        today=date_in_china(datetime.now(UTC)),
    )
