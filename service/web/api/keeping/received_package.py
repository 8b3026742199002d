"""The route that checks a package that was received; nothing of it is stored."""

import io
from typing import Any

from service.handover.package_check import PackageCheck, check
from service.handover.received_zip import unpacked
from service.web.http.audit_log import audited, happened
from service.web.http.auth import needs, settings
from service.web.http.json_blueprint import Blueprint
from service.web.http.verification_deadline import PACKAGE, in_time
from service.web.openapi.parts import raises
from service.web.schemas.handover import PackageCheckSchema, ReceivedPackageForm

_EXPANSION = 4  # times its bytes that a package has at most when it is unpacked: its files hardly shrink

blueprint = Blueprint(
    "received_package", __name__, url_prefix="/api/v1/records", description="移交、四性检测 / hand-over"
)


@blueprint.post("/handover/check")
@audited("verify")
@blueprint.doc(operationId="postHandoverCheck", **raises("unreadable_package"))
@needs("archive:read")
@blueprint.response(200, PackageCheckSchema, description="核对的结果 / what was checked")
@blueprint.arguments(ReceivedPackageForm, location="files", content_type="multipart/form-data")
def check_package(body: dict[str, Any]) -> PackageCheck:
    """核对收到的移交包：清单、元数据、校验值 / check a package that was received"""
    return checked(body["file"])


def checked(content: bytes) -> PackageCheck:
    """What a package, a zip, holds and what is wrong with it.

    Raises UnreadablePackage; ArchiveUnavailable past the deadline, or without room for it; OSError.
    """
    within = in_time(PACKAGE)
    with unpacked(io.BytesIO(content), settings().temp_dir, within, _EXPANSION) as folder:
        found = check(folder, within)
    happened(detail=f"package tagmanifest={found.tagmanifest} items={found.items} faults={len(found.faults)}")
    return found
