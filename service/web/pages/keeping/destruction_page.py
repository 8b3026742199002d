"""The page of a destruction list (销毁清册): to be checked, carried out by a second person, printed, kept."""

from flask import Response, g
from werkzeug.wrappers import Response as BaseResponse

from service.audit.event import same_person
from service.database.column_types import iso
from service.errors import ArchiveUnavailable, UsageError
from service.retention import list_entries
from service.retention.destruction_list import DestructionList
from service.retention.list_file import STATES
from service.retention.retention_tables import DESTROYED, PROPOSED
from service.submission import time_in_china
from service.web.api.keeping import destruction
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, audited, happened
from service.web.http.auth import caller, settings
from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi import page_operations
from service.web.openapi.parts import raises
from service.web.pages import page_access
from service.web.pages.keeping.posted_action import Actions, answered, posted

_PRINTED = 10_000  # records; more are in the spreadsheet
_DIGITS = 9
_FILES = ("xlsx", "csv")

blueprint = page_access.pages_blueprint("destruction_pages")


@blueprint.get("/records/destructions/<list>")
@blueprint.doc(
    operationId="getDestructionPage", **page_operations.tenant_page("销毁清册 / a destruction list")
)
@audited("read")
def index(list: str) -> Response:
    """Shows a destruction list, to be printed too."""
    return _index(list)


@blueprint.post("/records/destructions/<list>")
@blueprint.doc(
    operationId="postDestructionPage",
    **page_operations.tenant_page(
        "销毁清册，执行或撤回 / a destruction list, carried out or withdrawn",
        posts=True,
        files=[MEDIA_TYPES[name] for name in _FILES],
        more=(409,),
    ),
    **raises("destruction_refused"),
)
@audited("read")
def index_posted(list: str) -> BaseResponse | tuple[Response, int]:
    """As `index` for a posted key; or the list as a file, or carries it out, or withdraws it."""
    destroying = ("archive:read", "archive:destroy")
    actions: Actions = {
        "xlsx": ("list", ("archive:read",), lambda: destruction.file(destruction.find(list), "xlsx")),
        "csv": ("list", ("archive:read",), lambda: destruction.file(destruction.find(list), "csv")),
        "destroy": ("deletion", destroying, lambda: _destroy(list)),
        "withdraw": ("deletion_withdrawn", destroying, lambda: _withdraw(list)),
    }
    return answered(actions, lambda fault: _index(list, fault))


def _destroy(list: str) -> None:
    """Carries out a list; of one whose database could not be cleaned up at once, the page says so."""
    count = posted("records")
    if not (count.isascii() and count.isdecimal() and len(count) < _DIGITS):
        raise UsageError("请填写核对过的条数。", "Give the number of records that you have checked.")
    try:
        destruction.destroy(list, int(count))
    except ArchiveUnavailable:
        if destruction.find(list).state != DESTROYED:
            raise
        happened(action=None)  # logged with each record
        g.kexie_uncleaned = True


def _withdraw(list: str) -> None:
    destruction.withdraw(list)


def _index(list: str, fault: str = "") -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("destruction", found=None, list=list)
    found, may = destruction.find(list), "archive:destroy" in caller().scopes
    second = settings().second_person and same_person(found.proposed_by, actor().who)
    return page_access.tenant_page(
        "destruction",
        list=list,
        found=found,
        fault=fault,
        entries=found.entries[:_PRINTED],
        left=len(found.entries) - _PRINTED,
        state=STATES[found.state],
        proposed=found.state == PROPOSED,
        destroyed=found.state == DESTROYED,
        held=_held(found),
        uncleaned=g.get("kexie_uncleaned", False),
        second=second,
        missing=None if may and not second else destruction.second_person_missing(found.proposed_by),
        may_destroy=may,
        in_china=time_in_china,
        iso=iso,
        who=page_access.actor_words(),
    )


def _held(found: DestructionList) -> list[str]:
    """The ids of a proposed list's records that are on hold."""
    with archive().reading() as connection:
        return list_entries.held(connection, found.entries) if found.state == PROPOSED else []
