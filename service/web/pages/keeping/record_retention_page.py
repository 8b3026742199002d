"""The page on how long a record is kept, on which it is put on hold."""

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from service.access.actors import Actors
from service.database.column_types import iso
from service.record_history.keeping import Keeping, bars
from service.retention.second_person import may_destroy
from service.submission import date_in_china
from service.web.api import records
from service.web.api.keeping import retention
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited
from service.web.http.auth import caller, settings
from service.web.openapi import page_operations
from service.web.pages import messages, page_access, render
from service.web.pages.keeping.posted_action import Actions, answered, posted
from service.web.pages.record_pages import title

blueprint = page_access.pages_blueprint("record_retention_pages")


@blueprint.get("/records/<key>/retention")
@blueprint.doc(**page_operations.tenant_page("一条档案的保管 / how long a record is kept", more=(410,)))
@audited("read")
def index(key: str) -> Response:
    """Shows how long a record is kept, and its hold."""
    return _index(key)


@blueprint.post("/records/<key>/retention")
@blueprint.doc(
    **page_operations.tenant_page(
        "一条档案的保管，冻结 / how long a record is kept; holds", posts=True, more=(410,)
    )
)
@audited("read")
def index_posted(key: str) -> BaseResponse | tuple[Response, int]:
    """As `index` for a posted key; or puts the record on hold, or lifts its hold."""

    def hold() -> None:
        retention.hold(records.find(key), posted("reason"))

    def lift() -> None:
        retention.lift(records.find(key), posted("reason"))

    destroying = ("archive:read", "archive:destroy")
    actions: Actions = {"hold": ("hold", destroying, hold), "lift": ("hold_lifted", destroying, lift)}
    return answered(actions, lambda fault: _index(key, fault))


def _index(key: str, fault: str = "") -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("record_retention", record=None, key=key)
    found = records.find(key)
    kept, actors = retention.of_record(found), Actors.of(archive(), caller().tenant)
    return page_access.tenant_page(
        "record_retention",
        key=key,
        record=found,
        title=title(found),
        fault=fault,
        kept=kept,
        due_after=_due_after(kept),
        barred=[words.of(render.page_language()) for _, words in bars(kept, actors)],
        destroyers=may_destroy(archive(), found.tenant),
        second_person=settings().second_person,
        may_destroy="archive:destroy" in caller().scopes,
        iso=iso,
        who=page_access.actor_words(),
    )


def _due_after(kept: Keeping) -> str:
    """When a record may be destroyed, in words; "" for one that is kept for good."""
    if kept.due is None:
        return ""
    if kept.due > date_in_china():
        name = "may_destroy_due_held" if kept.hold else "may_destroy_due"
    elif kept.hold:
        name = "may_destroy_lifted"
    else:
        name = "may_destroy_listed" if kept.listed else "may_destroy_over"
    return messages.of(render.page_language())[name]
