"""The page on hand-over: what would be handed over, the package, the bag, the report on four properties."""

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from service import catalog
from service.errors import UsageError
from service.handover.classification import CLASSED_BY, SECRECIES
from service.handover.package_check import PackageCheck
from service.handover.selection import SHORT, Prospect, foresee
from service.web.api.keeping import handover, received_package
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited
from service.web.http.auth import caller, settings
from service.web.http.json_fields import read_printable
from service.web.http.parameters import MEDIA_TYPES, take_sealed_copy
from service.web.openapi import page_operations
from service.web.openapi.parts import raises
from service.web.pages import messages, page_access, render
from service.web.pages.keeping.posted_action import Actions, answered, posted
from service.web.pages.keeping.retention_page import OFFERED_PERIODS, form_titles
from service.web.schemas.handover import SelectionQuery

_ASKED = ("form", "year", "period", "ids", "usual")
_NAMED = 100  # characters of a file's name that are shown
_FILES = (MEDIA_TYPES["zip"], MEDIA_TYPES["pdf"], "application/json")

blueprint = page_access.pages_blueprint("handover_pages", take_sealed_copy)


@blueprint.get("/records/handover")
@blueprint.doc(**page_operations.tenant_page("移交与检测 / hand-over and verification", *_ASKED))
@audited("search")
def index() -> Response:
    """Shows what would be handed over."""
    return _index()


@blueprint.post("/records/handover")
@blueprint.doc(
    **page_operations.tenant_page(
        "移交包、归档包、报告、核对 / package, bag, report, check",
        *_ASKED,
        posts=True,
        files=_FILES,
        more=(422,),
    ),
    **raises("unreadable_package", "package_timeout"),
)
@audited("search")
def index_posted() -> BaseResponse | tuple[Response, int]:
    """As `index` for a posted key; or the package, the bag or the report as a file, or a package checked."""
    actions: Actions = {
        "package": ("export", ("archive:read", "archive:write"), _package),
        "bag": ("export", ("archive:read",), _bag),
        "pdf": ("verify", ("audit:read",), lambda: handover.reported("pdf")),
        "json": ("verify", ("audit:read",), lambda: handover.reported("json")),
        "check": ("verify", ("archive:read",), _checked),
    }
    return answered(actions, _index)


def _package() -> Response:
    classed = {name: posted(name) or None for name in CLASSED_BY}
    return handover.packed({**_wanted(), **classed, "renumber": posted("renumber") == "true"})


def _bag() -> Response:
    wanted = _wanted()
    return handover.bagged(form=wanted["form"], year=wanted["year"])


def _checked() -> Response:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise UsageError("请选择要核对的移交包（zip）。", "Choose the package that is to be checked, a zip.")
    _wanted()  # a bad address is refused before
    return _index(checked=received_package.checked(sent.read()))


def _asked() -> dict[str, str]:
    """What the address asks for, as it is there, without what is blank."""
    given = {name: read_printable(name, request.args.get(name, "").strip()) for name in _ASKED}
    return {name: value for name, value in given.items() if value}


def _wanted() -> dict[str, Any]:
    """The selection of the address. Raises UsageError."""
    labels = {"year": messages.of(render.page_language())["year"]}
    return {**SelectionQuery(labels=labels).load(_asked())}


def _index(fault: str = "", checked: PackageCheck | None = None) -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("handover", locked=True, asked=_asked())
    chosen = any(name in request.args for name in _ASKED)
    prospect: Prospect | None = foresee(archive(), handover.selection(**_wanted())) if chosen else None
    scopes = caller().scopes
    return page_access.tenant_page(
        "handover",
        locked=False,
        fault=fault,
        checked=checked,
        checking=request.form.get("do") == "check",
        file_name=checked and (request.files["file"].filename or "")[-_NAMED:],
        most_mib=settings().sealed_limit // 1024**2,
        asked=_asked(),
        seen=prospect,
        tenant_note=page_access.tenant_note() if chosen else "",
        most=handover.AT_ONCE,
        short=SHORT,
        who=page_access.actor_words(),
        classed={name: posted(name) or getattr(settings(), name) or "" for name in CLASSED_BY},
        secrecies=SECRECIES,
        forms=form_titles(),
        years=sorted({each.year for each in catalog.editions()}, reverse=True),
        periods=OFFERED_PERIODS,
        may_export="archive:write" in scopes,
        may_report="audit:read" in scopes,
    )
