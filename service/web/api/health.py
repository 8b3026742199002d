"""The routes of liveness, readiness, metrics and the API documentation."""

import threading
import time
from typing import Any

from flask import Response, current_app, render_template

from service import archive, conversion
from service.config import Settings
from service.errors import ArchiveFault, ConverterMissing, SandboxMissing
from service.web.http.auth import needs, settings
from service.web.http.json_blueprint import Blueprint, allow_unknown_parameters
from service.web.http.prometheus import CONTENT_TYPE as _PROMETHEUS
from service.web.http.prometheus import text as metrics_text
from service.web.openapi.parts import TEXT, raises
from service.web.schemas.forms import AliveSchema, ReadySchema

_CACHE_SECONDS, _ARCHIVE_SECONDS = 30.0, 1.0  # lifetime of a result

blueprint = Blueprint("health", __name__)


class Readiness:
    """Whether documents can be converted and archived, checked at most every 30 seconds and every second."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._checked = 0.0
        self._status: conversion.Status | None = None
        self._archive_checked = 0.0
        self._archive: ArchiveFault | None = None

    def status(self) -> conversion.Status:
        """The state of LibreOffice and the fonts."""
        with self._lock:
            if self._status is None or time.monotonic() - self._checked > _CACHE_SECONDS:
                self._status = conversion.status(self._settings)
                self._checked = time.monotonic()
            return self._status

    def archive_fault(self) -> ArchiveFault | None:
        """Why the archive cannot be written; None if it can, or does not exist yet."""
        with self._lock:
            if time.monotonic() - self._archive_checked > _ARCHIVE_SECONDS:
                self._archive = archive.write_fault(self._settings)
                self._archive_checked = time.monotonic()
            return self._archive


@blueprint.get("/healthz")
@blueprint.response(200, AliveSchema, description="存活 / alive")
def healthz() -> dict[str, str]:
    """存活 / alive"""
    return {"status": "alive"}


@blueprint.get("/readyz")
@blueprint.doc(**raises("converter_missing", "sandbox_missing", "archive_unavailable"))
@blueprint.response(
    200,
    ReadySchema,
    description="就绪：能转换 PDF、写入档案 / ready to convert to PDF and to archive",
)
def readyz() -> dict[str, Any]:
    """就绪：能否转换 PDF、写入档案 / readiness: whether it can convert to PDF and archive"""
    readiness: Readiness = current_app.config["KEXIE_READINESS"]
    status = readiness.status()
    if not status.sandbox.allowed:
        raise SandboxMissing(status.sandbox.text.zh, status.sandbox.text.en)
    if not status.ready:
        missing = [name for name, face in status.faces.items() if face is None]
        missing += [] if status.version else ["LibreOffice"]
        raise ConverterMissing(
            f"暂时无法转换 PDF，缺少：{'、'.join(missing)}。请执行 kexie-forms doctor。",
            f"Cannot convert to PDF; missing: {', '.join(missing)}. Run kexie-forms doctor.",
        )
    if fault := readiness.archive_fault():
        raise fault
    return {"status": "ready", "libreoffice": status.version, "fonts": status.faces}


@blueprint.get("/metrics")
@needs("admin")
@blueprint.response(200, TEXT, content_type=_PROMETHEUS, description="指标（Prometheus）/ metrics")
def metrics() -> Response:
    """指标 / metrics"""
    numbers = conversion.state(settings())
    return Response(
        metrics_text(numbers, current_app.config["KEXIE_REQUEST_METRICS"]), content_type=_PROMETHEUS
    )


@blueprint.get("/docs")
@allow_unknown_parameters
@blueprint.response(200, TEXT, content_type="text/html", description="网页 / HTML page")
def docs() -> Response:
    """接口文档 / API documentation (HTML)"""
    return Response(render_template("docs.html"))
