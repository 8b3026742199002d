"""The routes of the archive: records listed, and each with its files."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from service import catalog
from service.archive import Record
from service.archive.folder_names import safe_name
from service.archive.manifest import file_name
from service.archive.record_tables import iso
from service.conversion.pdf.page_images import page as draw
from service.errors import UnknownForm, UnknownRecord, UnknownYear
from service.web.http import parameters
from service.web.http.archive_handle import archive
from service.web.http.auth import caller, needs
from service.web.http.parameters import document_format, flag, limit, page_number, text, year
from service.web.http.problems import json_response, language
from service.web.http.urls import following, link, saved_as
from service.web.openapi import records as openapi_archive

MEDIA_TYPES = parameters.MEDIA_TYPES | {
    "payload": "application/json",
    "manifest": "application/json",
    "original": "application/octet-stream",
}
_EXTENSIONS = {"payload": "json", "manifest": "manifest.json"}

_KEY = re.compile("[0-9a-f-]{36}")

blueprint = Blueprint("records", __name__, url_prefix="/api/v1", description="档案")


@blueprint.get("/records")
@blueprint.doc(**openapi_archive.records())
@needs("archive:read")
def records() -> Response:
    """列出档案 / the archive, page by page: by year, form and id"""
    count, after = limit(), request.args.get("after")
    if after is not None:
        find(after)
    found = archive().records(
        text("form"),
        year(),
        text("id"),
        caller().tenant,
        flag("all_versions"),
        after,
        count + 1,
        text("holding"),
    )
    page = list(itertools.islice(found, count))
    more = next(found, None) is not None
    return json_response(
        {
            "records": [_told(record) for record in page],
            "next": following(page[-1].key) if more else None,
        }
    )


@blueprint.get("/records/<key>")
@blueprint.doc(**openapi_archive.record())
@needs("archive:read")
def record(key: str) -> Response:
    """一条档案 / one record, its files with their hashes"""
    return json_response(_told(find(key)))


@blueprint.get("/records/<key>/docx")
@blueprint.doc(**openapi_archive.part("Word 文书 / the .docx", MEDIA_TYPES["docx"]))
@needs("archive:read")
def docx(key: str) -> Response:
    """档案中的 .docx / the archived .docx"""
    return part(key, "docx")


@blueprint.get("/records/<key>/pdf")
@blueprint.doc(**openapi_archive.pdf())
@needs("archive:read")
def pdf(key: str) -> Response:
    """档案中的 PDF，或其中一页的图像 / the archived PDF/A, or a picture of one of its pages"""
    format = document_format(("pdf", "png"))
    number = page_number(format)
    return _picture(key, number) if format == "png" else part(key, "pdf")


def _picture(key: str, number: int) -> Response:
    found = find(key)
    page = draw(archive().read(found, "pdf"), number)
    response = Response(page.png, content_type=MEDIA_TYPES["png"])
    response.headers["X-Page-Count"] = str(page.count)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = saved_as("page.png", _name(found, f"第{number}页.png"))
    response.set_etag(f"{found.files['pdf'].sha256}-{number}")
    response.make_conditional(request)
    return response


@blueprint.get("/records/<key>/verify")
@blueprint.doc(**openapi_archive.verification())
@needs("archive:read")
def verify(key: str) -> Response:
    """重新计算校验值 / the record's files hashed anew, and what `kexie-forms verify` would say of it"""
    found = find(key)
    faults = archive().verify_record(found)
    return json_response(
        {
            "key": found.key,
            "verified": iso(datetime.now(UTC)),
            "files": len(found.files) + 1,
            "faults": [fault.as_dict(language()) for fault in faults],
        }
    )


@blueprint.get("/records/<key>/payload")
@blueprint.doc(**openapi_archive.part("报文 / the payload", "application/json"))
@needs("archive:read")
def payload(key: str) -> Response:
    """档案中的报文 / the archived payload"""
    return part(key, "payload")


@blueprint.get("/records/<key>/manifest")
@blueprint.doc(**openapi_archive.part("清单 / the manifest", "application/json"))
@needs("archive:read")
def manifest(key: str) -> Response:
    """清单：来源、校验值 / what made the documents, and their hashes"""
    return part(key, "manifest")


@blueprint.get("/records/<key>/original")
@blueprint.doc(**openapi_archive.part("导入的原件 / what was imported", "application/octet-stream"))
@needs("archive:read")
def original(key: str) -> Response:
    """导入的原件 / the filled document of which the record was made, where there was one"""
    return part(key, "original")


def _own(key: str) -> Record | None:
    """The caller's record of that key; another tenant's is none."""
    found = archive().named([key]).get(key) if _KEY.fullmatch(key) else None
    return found if found and found.tenant == caller().tenant else None


def find(key: str) -> Record:
    """The caller's record of that key. Raises UnknownRecord, for another tenant's as for none."""
    found = _own(key)
    if found is None:
        raise UnknownRecord(
            "档案中没有这条记录。请用 GET /api/v1/records 查看全部记录。",
            "The archive has no such record: see GET /api/v1/records.",
        )
    return found


def part(key: str, name: str) -> Response:
    """A file of a record, or its "manifest", to be saved; 304 where the caller has it."""
    found = find(key)
    digests = {"manifest": found.manifest} | {each: file.sha256 for each, file in found.files.items()}
    digest = digests.get(name, "")  # that there is no such file, `read` tells
    response = Response(content_type=MEDIA_TYPES[name])
    response.set_etag(digest)
    response.headers["Cache-Control"] = "private, no-cache"  # it never changes, but who may see it does
    extension = _extension(found, name)
    response.headers["Content-Disposition"] = saved_as(f"record.{extension}", _name(found, extension))
    if not digest or response.make_conditional(request).status_code != 304:
        response.data = archive().read(found, name)
    return response


def _extension(record: Record, part: str) -> str:
    """What a file's name ends in; an original has its own ending."""
    if part == "original" and part in record.files:
        name = file_name(part, archive().manifest(record)["original_name"])
        return f"original{PurePath(name).suffix}"
    return _EXTENSIONS.get(part, part)


def _name(record: Record, extension: str) -> str:
    try:
        title = catalog.edition(record.form, record.year).title
    except (UnknownForm, UnknownYear):  # an edition that this service has no longer
        title = record.form
    return f"{title}（{safe_name(record.id)}）.{extension}"


def _told(record: Record) -> dict[str, Any]:
    return {
        "key": record.key,
        "form": record.form,
        "year": record.year,
        "id": record.id,
        "version": record.version,
        "created": iso(record.created),
        "edition_hash": record.edition_hash,
        "warnings": record.warnings,
        "manifest_sha256": record.manifest,
        "files": {
            part: {"sha256": file.sha256, "size": file.size, "url": link(f"records.{part}", key=record.key)}
            for part, file in record.files.items()
        },
        "links": {
            "self": link("records.record", key=record.key),
            "manifest": link("records.manifest", key=record.key),
            "verify": link("records.verify", key=record.key),
            **{part: link(f"records.{part}", key=record.key) for part in record.files},
        },
    }
