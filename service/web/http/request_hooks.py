"""Hooks around every request: request id, headers, metrics, a line in the log."""

import contextlib
import logging
import time

from flask import Response, current_app, g, request

from service.web.http import security_headers
from service.web.http.problems import request_id
from service.web.http.request_metrics import RequestMetrics

_log = logging.getLogger("kexie.web")


def begin() -> None:
    """Starts the clock and the metrics of a request."""
    g.kexie_began = time.monotonic()
    _metrics().began()


def finish(response: Response) -> Response:
    """Adds headers, counts and logs the response."""
    response.headers["X-Request-ID"] = request_id()
    security_headers.protect(response)
    security_headers.share(response)
    seconds = time.monotonic() - g.get("kexie_began", time.monotonic())
    # The route's rule, not the URL, which may contain personal data.
    rule = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.url_rule else "-"
    _metrics().answered(rule, method, response.status_code, seconds)
    _log.info("request", extra=_line(response, rule, method, seconds))
    return response


def end(_: BaseException | None = None) -> None:
    """Ends the metrics of a request and closes its files, also after an error."""
    for file in g.pop("kexie_files", ()):
        with contextlib.suppress(OSError):
            file.close()
    if g.pop("kexie_began", None) is not None:
        _metrics().ended()


def _line(response: Response, rule: str, method: str, seconds: float) -> dict[str, object]:
    caller = g.get("kexie_caller")
    return {
        "method": method,
        "route": rule,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "request_id": request_id(),
        "tenant": caller.tenant if caller else None,
        "key": caller.name if caller else None,
        "bytes_in": request.content_length,
        "bytes_out": None if response.is_streamed else response.calculate_content_length(),
    }


def _metrics() -> RequestMetrics:
    metrics: RequestMetrics = current_app.config["KEXIE_REQUEST_METRICS"]
    return metrics
