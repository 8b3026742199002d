"""What every answer of ours carries: request id, security headers, a line in the log."""

from __future__ import annotations

import logging
import time

from flask import Response, g, request

from service.web.problems import request_id

_CSP_API = "default-src 'none'; frame-ancestors 'none'"
_CSP_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-ancestors {}; base-uri 'none'; form-action 'self'"
)

_log = logging.getLogger("kexie.web")


def begin() -> None:
    """The first moment of a request."""
    g.kexie_began = time.monotonic()


def may_frame(origins: str) -> None:
    """The page at hand may stand in a frame of these origins, separated by spaces, and of its own."""
    g.kexie_frame_ancestors = f"'self' {origins}".strip()


def finish(response: Response) -> Response:
    """The answer, ready to be sent."""
    page = response.mimetype == "text/html" or (request.endpoint or "").endswith(".static")
    response.headers["X-Request-ID"] = request_id()
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = (
        _CSP_PAGE.format(g.get("kexie_frame_ancestors", "'none'")) if page else _CSP_API
    )
    if not page:
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.update(("Accept", "Accept-Language"))
    rule = request.url_rule.rule if request.url_rule else "-"
    took = (time.monotonic() - g.get("kexie_began", time.monotonic())) * 1000
    # The route's rule, never the address: an address may hold personal data.
    _log.info("%s %s %s %.0f ms %s", request.method, rule, response.status_code, took, request_id())
    return response
