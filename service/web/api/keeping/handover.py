"""The routes of hand-over: what would be handed over, the package, the bag, the report on four properties."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Response
from zipstream import ZIP_STORED, ZipStream  # type: ignore[import-untyped]

from service import catalog
from service.archive import ExportCount
from service.archive import export as export_bag
from service.archive.search import found_records
from service.audit import chain_proof
from service.errors import UsageError
from service.four_properties import report
from service.four_properties.assess import Assessment, assess
from service.handover import records_package
from service.handover.classification import CLASSED_BY, Classification
from service.handover.package_count import PackageCount
from service.handover.selection import Prospect, Selection, foresee, read_period
from service.retention import log_differences
from service.submission import date_in_china
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, audited, happened, of_each
from service.web.http.auth import caller, needs, settings
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import MEDIA_TYPES
from service.web.http.urls import saved_as
from service.web.http.verification_deadline import in_time
from service.web.openapi.parts import CONVERTING, DOWNLOAD_HEADERS, file_response, raises
from service.web.schemas.handover import (
    ExportQuery,
    PackageBody,
    PropertiesQuery,
    ProspectSchema,
    SelectionQuery,
)

AT_ONCE = 1_000  # submissions of a download: their package takes about as many hundredths of a second
_PREFIX, _ABANDONED = ".download-", 86_400  # of the folder of a download; seconds
_ZIP = MEDIA_TYPES["zip"]

blueprint = Blueprint(
    "handover", __name__, url_prefix="/api/v1/records", description="移交、四性检测 / hand-over"
)


@blueprint.get("/handover")
@blueprint.doc(operationId="getHandover")
@needs("archive:read")
@audited("search")
@blueprint.response(200, ProspectSchema, description="将移交的，和通常不移交的 / what would be handed over")
@blueprint.arguments(SelectionQuery)
def prospect(**wanted: Any) -> Prospect:
    """移交前先看：将移交多少件，哪些通常不移交 / what would be handed over, and what usually is not"""
    return foresee(archive(), selection(**wanted))


def selection(form: str | None, year: int | None, period: str, ids: Any, usual: bool) -> Selection:
    """The caller's submissions that are wanted. Raises UsageError."""
    filters = {"form": form, "year": year, "tenant": caller().tenant}
    return Selection(filters, read_period(period), frozenset(ids), usual)


@blueprint.post("/handover")
@blueprint.doc(
    operationId="postHandover",
    **file_response("电子档案移交包 / package for an archive", _ZIP, headers=DOWNLOAD_HEADERS),
    **raises("archive_fault"),
)
@needs("archive:read", "archive:write")
@audited("export")
@blueprint.arguments(PackageBody, location="json")
def post(body: dict[str, Any]) -> Response:
    """生成移交包，没有档号的编定档号 / make the package for an archive; gives archival codes"""
    return packed(body)


def packed(body: Mapping[str, Any]) -> Response:
    """The package as a download. Raises as `package.export`, and UsageError for too many submissions."""
    wanted = {name: body[name] for name in ("form", "year", "period", "ids", "usual")}
    classed = {name: body[name] for name in CLASSED_BY}
    classification, chosen = Classification.given(settings(), named=False, **classed), selection(**wanted)
    _log_selection(wanted["form"], wanted["year"])
    if foresee(archive(), chosen).items > AT_ONCE:
        raise _too_many()

    def make(folder: Path) -> str:
        count = records_package.export(
            archive(), folder, classification, chosen=chosen, renumber=body["renumber"]
        )
        return _logged(count)

    return _download("移交包", "package.zip", make)


@blueprint.get("/bag")
@blueprint.doc(
    operationId="getBag", **file_response("BagIt 归档包 / a BagIt bag", _ZIP, headers=DOWNLOAD_HEADERS)
)
@needs("archive:read")
@audited("export")
@blueprint.arguments(ExportQuery)
def bag(**wanted: Any) -> Response:
    """导出为归档包，不用本服务也能读 / export as a BagIt bag, readable without the service"""
    return bagged(**wanted)


def bagged(**wanted: Any) -> Response:
    """The bag as a download. Raises as `export`, and UsageError for too many records."""
    filters = {**wanted, "tenant": caller().tenant}
    _log_selection(wanted["form"], wanted["year"])
    if found_records.count(archive(), AT_ONCE + 1, **filters) > AT_ONCE:
        raise _too_many()

    def make(folder: Path) -> str:
        return _logged(export_bag(archive(), folder, fonds=settings().fonds, **filters))

    return _download("归档包", "bag.zip", make)


def _log_selection(form: str | None, year: int | None) -> None:
    """The form and year that are exported; text that is no form of ours may be a stranger's."""
    known = {each.form for each in catalog.editions()}
    happened(form=form if form in known else None, year=year)


def _logged(count: ExportCount | PackageCount) -> str:
    """Logs each record that leaves; what the row of the request says."""
    of_each("export", detail=count.logged_of_each)(archive().each(count.keys))
    return count.logged


def _too_many() -> UsageError:
    return UsageError(
        f"一次最多下载 {AT_ONCE} 件。请加上年度、表单等条件分几次下载，或请管理员在服务器上导出。",
        f"A download holds {AT_ONCE} submissions at most. Narrow it by year or form, or have the "
        "administrator export on the server.",
    )


def _download(name: str, plain: str, make: Callable[[Path], str]) -> Response:
    """What `make` writes into a folder, as a zip that is streamed from there; nothing stays of it."""
    given = settings().archive
    place = given if os.access(given, os.W_OK) else settings().temp_dir
    _sweep(place)
    root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    try:
        happened(detail=make(root / name))
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    response = Response(_zipped(root / name), content_type=_ZIP)
    response.call_on_close(lambda: shutil.rmtree(root, ignore_errors=True))
    named = f"{name}{date_in_china(datetime.now(UTC)):%Y%m%d}.zip"
    response.headers["Content-Disposition"] = saved_as(plain, named)
    response.headers["Cache-Control"] = "no-store"
    return response


def _sweep(place: Path) -> None:
    """Deletes what downloads of killed processes have left."""
    for folder in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)


def _zipped(folder: Path) -> Iterator[bytes]:
    pack = ZipStream(compress_type=ZIP_STORED)  # its documents are compressed already
    pack.add_path(str(folder), folder.name)
    yield from pack


@blueprint.get("/properties")
@blueprint.doc(
    operationId="getProperties",
    **file_response("报告 / the report", "application/json", MEDIA_TYPES["pdf"], headers=DOWNLOAD_HEADERS),
    **raises(*CONVERTING),
)
@needs("audit:read")
@audited("verify")
@blueprint.arguments(PropertiesQuery)
def properties(format: str) -> Response:
    """核对整个档案，出四性检测报告 / verify the whole archive; the report on the four properties"""
    return reported(format)


def reported(format: str) -> Response:
    """The report as a download; of faults it names the caller's records.

    Raises ArchiveUnavailable past the deadline, and as `report.to_pdf`.
    """
    found = _assessed()
    made = report.to_json(found) if format == "json" else report.to_pdf(found, settings())
    kind = "application/json" if format == "json" else MEDIA_TYPES["pdf"]
    response = Response(made, content_type=kind)
    name = f"四性检测报告{date_in_china(datetime.now(UTC)):%Y%m%d}.{format}"
    response.headers["Content-Disposition"] = saved_as(f"properties.{format}", name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _assessed() -> Assessment:
    check = in_time()
    verified = archive().verify(check, log_differences.faults)
    faults = list(verified)
    with archive().reading() as connection:
        log = chain_proof.prove(connection, on_progress=check)
    own = [each for each in faults if each.visible_to in (None, caller().tenant)]
    happened(detail=f"report records={verified.records} faults={verified.faults} audit={log.rows}")
    place = str(settings().archive.absolute())
    of = {"who": actor().who, "fonds": settings().fonds or "", "tenant": caller().tenant}
    found = assess(archive(), verified, faults, log, place, check, **of)
    return replace(found, faults=own)
