"""Alive, ready, and the readable API documentation."""

from __future__ import annotations

import threading
import time

from flask import Response, current_app, render_template
from flask_smorest import Blueprint

from service import conversion
from service.config import Settings
from service.errors import ConverterMissing
from service.web.http.auth import needs, settings
from service.web.http.problems import json_response
from service.web.http.prometheus import CONTENT_TYPE as _PROMETHEUS
from service.web.http.prometheus import text as metrics_text
from service.web.openapi import forms, schemas

_REMEMBERED = 30.0  # seconds between two looks at LibreOffice and the fonts

blueprint = Blueprint("operations", __name__)


class Readiness:
    """Whether documents can be converted, looked up at most every 30 seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._looked = 0.0
        self._status: conversion.Status | None = None

    def status(self) -> conversion.Status:
        """The state of LibreOffice and the fonts."""
        with self._lock:
            if self._status is None or time.monotonic() - self._looked > _REMEMBERED:
                self._status = conversion.status(self._settings)
                self._looked = time.monotonic()
            return self._status


@blueprint.get("/healthz")
@blueprint.doc(**forms.operation("存活 / alive", schema=schemas.ALIVE))
def healthz() -> Response:
    """The process is alive."""
    return json_response({"status": "alive"})


@blueprint.get("/readyz")
@blueprint.doc(**forms.operation("就绪：能否转换 PDF / ready: can it convert", 503, schema=schemas.READY))
def readyz() -> Response:
    """Documents can be converted. Raises ConverterMissing, a 503, where they cannot."""
    readiness: Readiness = current_app.config["KEXIE_READINESS"]
    status = readiness.status()
    if not status.ready:
        missing = [name for name, face in status.faces.items() if face is None]
        missing += [] if status.version else ["LibreOffice"]
        raise ConverterMissing(
            f"暂时无法转换 PDF，缺少：{'、'.join(missing)}。请执行 kexie-forms doctor。",
            f"Cannot convert to PDF; missing: {', '.join(missing)}. Run kexie-forms doctor.",
        )
    return json_response({"status": "ready", "libreoffice": status.version, "fonts": status.faces})


@blueprint.get("/metrics")
@blueprint.doc(
    summary="指标 / metrics",
    responses={
        "200": {
            "description": "指标（Prometheus）/ metrics",
            "content": {_PROMETHEUS: {"schema": {"type": "string"}}},
        }
    },
)
@needs("admin")
def metrics() -> Response:
    """The pool's numbers as Prometheus reads them."""
    numbers = conversion.state(settings())
    return Response(metrics_text(numbers, current_app.config["KEXIE_TRAFFIC"]), content_type=_PROMETHEUS)


@blueprint.get("/docs")
@blueprint.doc(
    summary="接口文档 / this documentation, readable",
    responses={
        "200": {
            "description": "网页 / a page",
            "content": {"text/html": {"schema": {"type": "string"}}},
        }
    },
)
def docs() -> str:
    """The API documentation, all of it served from here."""
    return render_template("docs.html")
