"""The route that checks a package that was received; nothing of it is stored."""

from typing import Any

from service.handover.check_process import check_zip
from service.handover.package_check import PackageCheck
from service.web.http.audit_log import audited, happened
from service.web.http.auth import needs, settings
from service.web.http.json_blueprint import Blueprint
from service.web.openapi.parts import raises
from service.web.schemas.handover import PackageCheckSchema, ReceivedPackageForm

blueprint = Blueprint(
    "received_package", __name__, url_prefix="/api/v1/records", description="移交、四性检测 / hand-over"
)


@blueprint.post("/handover/check")
@audited("verify")
@blueprint.doc(
    operationId="postHandoverCheck",
    **raises("unreadable_package", "package_timeout", "sandbox_missing", "temp_folder_fault"),
)
@needs("archive:read")
@blueprint.response(200, PackageCheckSchema, description="核对的结果 / what was checked")
@blueprint.arguments(ReceivedPackageForm, location="files", content_type="multipart/form-data")
def check_package(body: dict[str, Any]) -> PackageCheck:
    """核对收到的移交包：清单、元数据、校验值 / check a package that was received"""
    return checked(body["file"])


def checked(content: bytes) -> PackageCheck:
    """What a package, a zip, holds and what is wrong with it. Raises as `check_zip`."""
    found = check_zip(content, settings())
    named = f"tagmanifest={found.tagmanifest} " if found.tagmanifest else ""
    happened(detail=f"package {named}items={found.items} faults={found.faults_count}")
    return found
