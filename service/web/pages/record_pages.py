"""The page of a record: viewed, verified, downloaded, changed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from werkzeug.datastructures import MultiDict

from service import catalog, payload_json
from service.archive import Record, display_names
from service.archive.additions.addition import SEALED, SIGNED
from service.archive.manifest import FILE_NAME, NAMES
from service.archive.record import PARTS
from service.database.column_types import iso
from service.errors import Bilingual, RecordDestroyed
from service.record_history.archiving import Archiving, archivings
from service.record_history.destruction_entries import DestroyedRecord
from service.record_history.exports import Exports, exports
from service.record_history.keeping import keeping, period_of_destroyed
from service.retention import periods
from service.retention.holds import Hold
from service.sealed_copies import add_copy
from service.web.api import record_files, records, sealed_copies
from service.web.controls import form_data
from service.web.http.archive_handle import archive
from service.web.http.audit_log import allowed, audited, happened
from service.web.http.auth import caller, require
from service.web.http.json_fields import read_flag
from service.web.http.urls import link
from service.web.openapi import page_operations
from service.web.pages import page_access, render
from service.web.pages.messages import MESSAGES
from service.web.pages.review_page import version_name
from service.web.pages.sealed import sealed_rows

_VERSIONS, _EXPORTS = 200, 5
_ADDED = re.compile(f"{SIGNED}|({SEALED})-([1-9][0-9]{{0,5}})")

blueprint = page_access.pages_blueprint("record_pages")


@blueprint.get("/records/<key>")
@blueprint.doc(**page_operations.tenant_page("一条档案 / a record", "verify", more=(410,)))
@audited("read")
def record(key: str) -> Response | tuple[Response, int]:
    """Shows a record; with `verify=true` its hashes are verified."""
    return _record(key)


@blueprint.post("/records/<key>")
@blueprint.doc(
    **page_operations.tenant_page(
        "一条档案，或它的文件 / a record, or one of its files",
        "verify",
        posts=True,
        files=sorted({record_files.MEDIA_TYPES[part] for part in (*PARTS, "manifest")}),
        more=(410,),
    )
)
@audited("read")
def record_for_key(key: str) -> Response | tuple[Response, int]:
    """As `record`, without JavaScript, for a posted key; or downloads one of its files."""
    asked = request.form.get("do", "look")
    if asked == "change":
        require("archive:read")
        return _changing(records.find(key))
    if asked in (*PARTS, "manifest"):
        allowed("download", "archive:read")
        return records.part(key, asked)
    if added := _ADDED.fullmatch(asked):
        allowed("download", "archive:read")
        return sealed_copies.download(records.find(key), added[1] or SIGNED, int(added[2] or 1))
    if asked == "cover":
        allowed("download", "archive:read")
        return sealed_copies.cover_of(records.find(key))
    if asked != "look":
        known = "look", "change", "cover", *PARTS, "manifest", SIGNED, f"{SEALED}-1"
        raise page_access.unknown_action(*known)
    return _record(key)


def _changing(found: Record) -> Response:
    """The form with a record's data, which becomes its next version."""
    edition = catalog.edition(found.form, found.year)
    payload = payload_json.parse(archive().read(found, "payload"))
    values = form_data.texts(edition, payload) | {"after": found.key, "after_name": _name(found)}
    return page_access.private(render.form_page("form", edition, MultiDict(values)))


def _record(key: str) -> Response | tuple[Response, int]:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("record", record=None)
    found = records.known_or_destroyed(key)
    if isinstance(found, DestroyedRecord):
        return _destroyed(found), RecordDestroyed.status
    happened(found)
    return shown(found)


def _destroyed(found: DestroyedRecord) -> Response:
    """What is left of a destroyed record; the page's own script shows it, too."""
    files = {**found.files, "manifest": (found.manifest, 0)}
    happened(found, result=RecordDestroyed.code)
    return page_access.tenant_page(
        "destroyed_record",
        found=found,
        files=[(display_names.detail(name).of(render.page_language()), file) for name, file in files.items()],
        title=title(found),
        archiving=_archivings([found]).get(found.key),
        exports=_exports(found),
        **_period(found),
        who=page_access.actor_words(),
        iso=iso,
    )


def _period(found: DestroyedRecord) -> dict[str, Any]:
    """The period after which it was destroyed, and why that was set."""
    with archive().reading() as connection:
        period = period_of_destroyed(connection, found)
        reason = periods.reason_for(connection, period) if period else ""
    return {"period": period, "period_reason": reason}


def shown(found: Record, **more: Any) -> Response:
    """The page of a record; `more` are values of its template."""
    faults = (
        archive().verify_record(found) if read_flag("verify", request.args.get("verify", "false")) else None
    )
    versions = archive().versions(found, _VERSIONS + 1)
    archived = _archivings([found, *versions])
    copies, signed = sealed_rows.copy_rows(found, render.page_language()), sealed_rows.signed_files(found)
    files = [*_files(found), *signed]
    said = {fault.file: fault.message.of(render.page_language()) for fault in faults or ()}
    named = {each["name"] for each in files}.union(*(sealed_rows.names(each) for each in copies))
    return page_access.tenant_page(
        "record",
        record=found,
        title=title(found),
        editable=catalog.find(found.form, found.year) is not None,
        files=files,
        copies=copies,
        also_in=lambda other: add_copy.also_in(other).of(render.page_language()),
        may_add="archive:write" in caller().scopes,
        awaits_signature=sealed_rows.awaits_signature(found),
        checked=len(found.files) + 1 + 2 * (len(copies) + len(signed)),
        versions=versions[:_VERSIONS],
        older=versions[_VERSIONS:] and versions[_VERSIONS].version,
        iso=iso,
        keeping=keeping(archive(), found),
        archiving=archived.get(found.key),
        archivings=archived,
        exports=_exports(found),
        who=page_access.actor_words(),
        verified=None if faults is None else datetime.now(UTC),
        faults=said,
        other_faults={name: text for name, text in said.items() if name not in named},
        loaded=_loaded(found),
        **more,
    )


def _archivings(found: Sequence[Record | DestroyedRecord]) -> dict[str, Archiving]:
    with archive().reading() as connection:
        return archivings(connection, [each.key for each in found])


def _exports(found: Record | DestroyedRecord) -> Exports:
    """The latest exports of a record, for a caller who may see the audit log."""
    if "audit:read" not in caller().scopes:
        return Exports()
    with archive().reading() as connection:
        return exports(connection, found, _EXPORTS)


def _loaded(found: Record) -> dict[str, Any]:
    """The data with which the page's script works."""
    return {
        **{name: getattr(found, name) for name in ("key", "id", "form", "year")},
        "name": _name(found),
        "parts": {part: link(f"records.{part}", key=found.key) for part in found.files},
        "sealed": link("sealed_copies.copies", key=found.key),
    }


def _name(found: Record) -> str:
    """A version as the page of its form names it, which also says that there is a newer one."""
    name, newest = version_name(found), archive().versions(found, 1)[0].version
    if newest == found.version:
        return name
    return MESSAGES["version_superseded"].of(render.page_language()).format(name=name, newest=newest)


def _files(found: Record) -> list[dict[str, Any]]:
    """The files and the manifest as rows of the page's table."""
    files = [
        {"part": part, "name": NAMES[part], "size": file.size, "sha256": file.sha256}
        for part, file in found.files.items()
    ]
    files.append({"part": "manifest", "name": FILE_NAME, "size": None, "sha256": found.manifest})
    return [each | {"url": link(f"records.{each['part']}", key=found.key)} for each in files]


def title(found: Record | Hold | DestroyedRecord) -> Bilingual:
    """The form's name; its key if the service no longer has that edition."""
    edition = catalog.find(found.form, found.year)
    return edition.name if edition else Bilingual(found.form, found.form)
