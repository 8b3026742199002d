"""The pages that list records: the search of the archive, and the register on paper."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from service.archive.search import found_records, search_fill
from service.batch.jobs.failed_items import failed_items
from service.database.column_types import iso
from service.errors import UsageError
from service.record_history import destroyed_search, destruction_entries
from service.submission import date_in_china, time_in_china
from service.web.api import record_list, records
from service.web.http.archive_handle import archive
from service.web.http.audit_log import allowed, audited
from service.web.http.auth import caller
from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi import page_operations
from service.web.pages import error_pages, error_texts, page_access, render
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
def index() -> tuple[Response, int]:
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
def index_for_key() -> tuple[Response, int]:
    """As `index`, without JavaScript, for a posted key; or the list as a file."""
    asked = request.form.get("do", "look")
    if asked in _FILES:
        allowed("list", "archive:read")
        return record_list.file(asked, record_search.read().filters), 200
    if asked != "look":
        raise page_access.unknown_action("look", *_FILES)
    return _index()


def _index() -> tuple[Response, int]:
    """The page; a wrong filter stays in the form, with what is wrong, for the page's own script too."""
    asked = record_search.asked()
    if not page_access.has_scopes("archive:read"):
        return _shown(asked, {"records": None}), 200
    try:
        search = record_search.read()
        return _shown(asked, _found(search), search), 200
    except UsageError as error:
        if error.status != 400:
            raise
        return _shown(asked, {"records": []}, fault=error_pages.on_page(error)), error.status


def _shown(
    asked: dict[str, str],
    found: dict[str, Any],
    search: record_search.RecordSearch | None = None,
    fault: str = "",
) -> Response:
    return page_access.tenant_page(
        "records",
        asked=asked,
        fault=fault,
        has_more=record_search.has_more(asked),
        titles=title,
        fault_text=error_texts.of_fault,
        gone=lambda found: destruction_entries.gone(archive(), found).text.of(render.page_language()),
        iso=iso,
        listing=search.listing if search else {},
        tenant=caller().tenant if search else "",
        tenant_note=page_access.tenant_note() if search else "",
        narrowed=search is not None and search.is_narrowed,
        **record_search.choices(),
        **found,
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
        "failed": [] if after or len(page) == _PAGE else failed_items(archive(), **search.filters),
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
