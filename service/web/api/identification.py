"""The route that says which record a file is of; the file is not stored."""

from typing import Any

from flask import request

from service.record_comparison.identified import Identified
from service.record_comparison.identify import identify
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited, happened
from service.web.http.auth import caller, needs, settings
from service.web.http.idempotency import do_not_store, replayable
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import take_sealed_copy
from service.web.openapi.parts import READING, raises
from service.web.schemas.identification import IdentifiedFileForm, IdentifiedSchema

_NAME = 300  # characters of a file's name

blueprint = Blueprint(
    "identification", __name__, url_prefix="/api/v1", description="核对文件 / identification"
)


@blueprint.post("/identify")
@audited("identify")
@blueprint.doc(operationId="postIdentification", **raises("temp_folder_fault", *READING))
@needs("archive:read")
@replayable(take_sealed_copy)
@blueprint.response(200, IdentifiedSchema, description="是哪条档案的 / which record it is of")
@blueprint.arguments(IdentifiedFileForm, location="files", content_type="multipart/form-data")
def identify_file(body: dict[str, Any]) -> Identified:
    """核对文件：是不是归档的那一份 / find which record a file is of, and whether it is the archived one"""
    found = of_file(body["file"], request.files["file"].filename or "")
    if found.unfinished:
        do_not_store()
    return found


def of_file(content: bytes, name: str) -> Identified:
    """What a file of that name is among the caller's records. Raises as `identify`."""
    found = identify(archive(), content, settings(), caller().tenant, name[-_NAME:])
    happened(found.record or found.destroyed, detail=found.detail)
    return found
