"""Traces of requests by OpenTelemetry, sent as OTLP over HTTP, where KEXIE_TRACES_URL is set.

A span has method, route, status and request id: no address, query, payload or name.
"""

import logging
from typing import Any

from flask import Flask, Response, g, request

from service import outbound_http
from service.config import Settings
from service.errors import UsageError
from service.version import VERSION
from service.web.http.problems import request_id

_log = logging.getLogger("kexie.web")
_HEADERS = {"Content-Type": "application/x-protobuf"}


def install(app: Flask, settings: Settings) -> None:
    """Traces the requests of an application; without KEXIE_TRACES_URL it imports and adds nothing.

    Raises UsageError if the extra `otel` is not installed or the URL is not allowed.
    """
    if not settings.traces_url:
        return
    try:
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind

        provider = _provider(settings)
    except ImportError as error:
        raise UsageError(
            "设置了 KEXIE_TRACES_URL，但没有安装 OpenTelemetry：pip install 'kexie-forms[otel]'。",
            "KEXIE_TRACES_URL is set, but OpenTelemetry is missing: pip install 'kexie-forms[otel]'.",
        ) from error
    tracer = provider.get_tracer("kexie-forms")

    def begin() -> None:
        found = request.url_rule is not None
        name = f"{request.method} {request.url_rule}" if found else "-"
        g.kexie_span = tracer.start_span(name, extract(request.headers), SpanKind.SERVER)
        if found:
            about = {"http.request.method": request.method, "http.route": str(request.url_rule)}
            g.kexie_span.set_attributes(about)

    app.extensions["kexie_tracing"] = provider
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    """Ends the span when the response starts, as the metrics do."""
    if span := g.pop("kexie_span", None):
        span.set_attribute("http.response.status_code", response.status_code)
        span.set_attribute("kexie.request_id", request_id())
        span.end()
    return response


def _provider(settings: Settings) -> Any:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": "kexie-forms", "service.version": VERSION}
    provider = TracerProvider(resource=Resource.create(named))
    exporter: Any = _Exporter(settings)  # its base class would be imported without the setting, too
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class _Exporter:
    """Posts spans to KEXIE_TRACES_URL, under the rules of all outbound requests."""

    def __init__(self, settings: Settings) -> None:
        self._target = outbound_http.target(settings.traces_url or "", settings.allowed_hosts)

    def export(self, spans: Any) -> Any:
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
        from opentelemetry.sdk.trace.export import SpanExportResult

        try:
            status = outbound_http.post(self._target, encode_spans(spans).SerializeToString(), _HEADERS)
        except outbound_http.Unreachable as error:
            status = 0
            _log.warning("traces cannot be sent: %s", error)
        return SpanExportResult.SUCCESS if status // 100 == 2 else SpanExportResult.FAILURE

    def shutdown(self) -> None:
        """Nothing is open between two posts."""

    def force_flush(self, timeout_millis: int = 0) -> bool:
        """Nothing is kept between two posts."""
        return True
