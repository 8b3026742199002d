"""Rate limits: how many requests a caller may make in a period."""

import logging
import math
import time

from flask import current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from service.config import Settings
from service.errors import RateExceeded, Unauthorized
from service.web.http.auth import caller

_SECONDS = 1  # timeout of the shared store
_UNLIMITED_BLUEPRINTS = ("health", "description")
_log = logging.getLogger("kexie.web")


class RateLimiter:
    """Counts requests by caller, in this process or in a store shared by processes."""

    def __init__(self, settings: Settings) -> None:
        self._rate: RateLimitItem | None = parse(settings.rate) if settings.rate else None
        where = settings.rate_storage_url
        timeouts = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS} if where else {}
        store = storage_from_string(where or "memory://", wrap_exceptions=True, **timeouts)
        self._limiter = FixedWindowRateLimiter(store)

    def check(self) -> None:
        """Counts the current request. Raises RateExceeded, and what `caller` raises except Unauthorized."""
        if self._rate is not None:
            self._count(self._rate, "kexie")

    def check_rarer(self, rate: str, what: str) -> None:
        """Counts a request of a kind of which a caller may make few, as "30 per hour". Raises as `check`."""
        self._count(parse(rate), what)

    def _count(self, rate: RateLimitItem, what: str) -> None:
        who = _who()
        try:
            if self._limiter.hit(rate, what, who):
                return
            left = self._limiter.get_window_stats(rate, what, who).reset_time - time.time()
        except StorageError as error:  # serve uncounted rather than fail
            _log.error("requests are not counted: %s", type(error.storage_error).__name__)
            return
        raise RateExceeded(max(1, math.ceil(left)))


def _who() -> str:
    """The caller's key or tenant; the address of a caller without a valid key."""
    try:
        found = caller()
    except Unauthorized:
        return f"address {request.remote_addr}"
    return f"caller {found.tenant} {found.name}" if found.name else f"address {request.remote_addr}"


def check() -> None:
    """Counts a request, except for static files, health, metrics and the API description."""
    part = (request.blueprint or "").rpartition(".")[2]
    if part not in _UNLIMITED_BLUEPRINTS and not (request.endpoint or "").endswith(".static"):
        limiter().check()


def limiter() -> RateLimiter:
    """The limiter of the current application."""
    found: RateLimiter = current_app.config["KEXIE_RATE_LIMITER"]
    return found
