"""Refuses what another web site's page does in a visitor's browser: forged posts (CSRF), DNS rebinding."""

import ipaddress
import socket
from urllib.parse import urlsplit

from flask import request

from service.errors import ArchiveFault, Forbidden, WrongHost
from service.web.http.auth import authenticator, credential, settings

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")  # RFC 9110, 9.2.1
_DEFAULT_PORTS = {"http": 80, "https": 443}


def refuse_other_sites() -> None:
    """Refuses a request with an unsafe method that another site's page sends. Raises Forbidden.

    Programs send neither header (Fetch Metadata; RFC 6454). A page that may send a key in a header is on
    KEXIE_CORS_ORIGINS, or the browser refuses to.
    """
    if request.method in _SAFE or credential() or _from_this_site():
        return
    raise Forbidden("请在本站的页面上提交。", "Submit this from this site's own page.")


def _from_this_site() -> bool:
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin in settings().cors_origins:
        return True
    if site is not None:
        return site in ("none", "same-origin")
    return origin is None or _authority(origin) == _authority(f"{request.scheme}://{request.host}")


def _authority(origin: str) -> tuple[str | None, int | None] | None:
    """Host and port, without the scheme, which a proxy may have changed."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return parts.hostname, None if port in _DEFAULT_PORTS.values() else port


def refuse_other_hosts() -> None:
    """Refuses a host name that is not the service's own, while it has no keys. Raises WrongHost.

    Any name may be made to resolve to this machine; a page of that name would read all answers.
    """
    try:
        closed = authenticator().configured()
    except ArchiveFault:  # then nothing of the archive is read either
        return
    host = request.headers.get("Host", request.host)
    if not (closed or _is_own(host)):
        raise WrongHost(host)


def _is_own(host: str) -> bool:
    """Whether a host is this machine; where other machines are served (KEXIE_OPEN), also any address."""
    opened = settings().open
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
        if name in {"localhost", *settings().host_names, *([socket.gethostname().lower()] if opened else ())}:
            return True
        return ipaddress.ip_address(name).is_loopback or opened
    except ValueError:
        return False
