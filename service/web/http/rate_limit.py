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
        if self._rate is None:
            return
        who = _who()
        try:
            if self._limiter.hit(self._rate, "kexie", who):
                return
            left = self._limiter.get_window_stats(self._rate, "kexie", who).reset_time - time.time()
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
        limiter: RateLimiter = current_app.config["KEXIE_RATE_LIMITER"]
        limiter.check()
