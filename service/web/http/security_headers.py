"""Security headers and CORS: what responses may do in browsers, and which sites may read them."""

from flask import Response, g, request

from service.web.http.auth import settings

_API = "default-src 'none'"
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
)
# No page uses any of these; sites that embed a page must not get them through it.
_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
_MAY_SEND = (
    "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, "
    "X-API-Key, X-Request-ID"
)
_MAY_READ = (
    "Content-Disposition, Content-Language, ETag, Idempotent-Replayed, Location, Retry-After, "
    "X-Advice, X-Advice-Count, X-Missing-Count, X-Page-Count, X-Request-ID, X-Section-Pages, "
    "X-Warning-Count, X-Warnings"
)
_PREFLIGHT_SECONDS = "600"


def embeddable(origin: str | None = None) -> None:
    """Allows KEXIE_FRAME_ANCESTORS, or only `origin` of them, to show the current page in a frame."""
    allowed = settings().frame_ancestors
    g.kexie_ancestors = allowed & {origin} if origin else allowed


def protect(response: Response) -> None:
    """Sets the security headers of every response.

    Strict-Transport-Security is left to the proxy that terminates TLS: it applies to the whole host.
    """
    static = (request.endpoint or "").endswith(".static")
    page = response.mimetype == "text/html"
    ancestors = " ".join(sorted(g.get("kexie_ancestors", ()))) or "'none'"
    response.headers["Content-Security-Policy"] = (
        f"{_PAGE if page or static else _API}; frame-ancestors {ancestors}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = _POLICY
    # Only the files of <kexie-form> are meant for the pages of others.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if static else "same-origin"
    if static:
        response.headers["Access-Control-Allow-Origin"] = "*"  # its parts are modules, which browsers ask for
    if page and "kexie_ancestors" not in g:
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.mimetype == "text/event-stream":
        response.headers["X-Accel-Buffering"] = "no"  # nginx forwards each event at once
    if not (page or static):
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.update(("Accept", "Accept-Language"))


def share(response: Response) -> None:
    """Allows pages of KEXIE_CORS_ORIGINS to read the response (Fetch standard, CORS protocol).

    Never with credentials of the browser: a portal's page sends its key or token.
    """
    if not (allowed := settings().cors_origins):
        return
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in allowed:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _MAY_READ
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        response.headers["Access-Control-Allow-Headers"] = _MAY_SEND
        response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
