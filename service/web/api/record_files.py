"""The files of a record as downloads, and the pages of its PDF as pictures."""

from pathlib import PurePath

from flask import Response, request

from service import catalog
from service.archive import Record
from service.archive.folder_names import safe_name
from service.archive.manifest import file_name
from service.conversion.pdf.page_images import page as draw
from service.web.http import parameters
from service.web.http.archive_handle import archive
from service.web.http.audit_log import happened
from service.web.http.urls import saved_as, with_version

MEDIA_TYPES = parameters.MEDIA_TYPES | {
    "payload": "application/json",
    "manifest": "application/json",
    "original": "application/octet-stream",
}
_EXTENSIONS = {"payload": "json", "manifest": "manifest.json"}


def part(found: Record, name: str) -> Response:
    """Responds with a file of a record, or its "manifest", as a download; 304 if the client has it."""
    happened(action="download", detail=name)
    digests = {"manifest": found.manifest} | {each: file.sha256 for each, file in found.files.items()}
    digest = digests.get(name, "")  # `read` reports a missing file
    response = Response(content_type=MEDIA_TYPES[name])
    response.set_etag(digest)
    response.headers["Cache-Control"] = "private, no-cache"  # the file never changes, but permissions do
    extension = _extension(found, name)
    response.headers["Content-Disposition"] = saved_as(f"record.{extension}", _name(found, extension))
    if not digest or response.make_conditional(request).status_code != 304:
        response.data = archive().read(found, name)
    return response


def picture(found: Record, number: int) -> Response:
    """Responds with a page of a record's PDF as PNG."""
    happened(action="read", detail="pdf")
    page = draw(archive().read(found, "pdf"), number)
    response = Response(page.png, content_type=MEDIA_TYPES["png"])
    response.headers["X-Page-Count"] = str(page.count)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = saved_as("page.png", _name(found, f"第{number}页.png"))
    response.set_etag(f"{found.files['pdf'].sha256}-{number}")
    response.make_conditional(request)
    return response


def named(record: Record, plain: str, name: str) -> str:
    """Content-Disposition of a file of a record, whose `name` ends its own."""
    return saved_as(plain, _name(record, name))


def _extension(record: Record, part: str) -> str:
    """The file name's extension; an original keeps its own."""
    if part == "original" and part in record.files:
        name = file_name(part, archive().manifest(record)["original_name"])
        return f"original{PurePath(name).suffix}"
    return _EXTENSIONS.get(part, part)


def _name(record: Record, extension: str) -> str:
    edition = catalog.find(record.form, record.year)
    title = edition.title if edition else record.form
    return f"{with_version(f'{title}（{safe_name(record.id)}）', record.version)}.{extension}"
