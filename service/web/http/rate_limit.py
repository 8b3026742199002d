"""How many requests a caller may make in a while."""

from __future__ import annotations

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

_SECONDS = 1  # that the shared store may take
_FREE = ("operations", "description")  # our parts
_log = logging.getLogger("kexie.web")


class Rates:
    """The counts of callers, in this process or in the store that processes share."""

    def __init__(self, settings: Settings) -> None:
        self._rate: RateLimitItem | None = parse(settings.rate) if settings.rate else None
        where = settings.rate_storage_url
        patience = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS} if where else {}
        store = storage_from_string(where or "memory://", wrap_exceptions=True, **patience)
        self._limiter = FixedWindowRateLimiter(store)

    def check(self) -> None:
        """Counts the request at hand. Raises RateExceeded, or what `caller` raises but for Unauthorized."""
        if self._rate is None:
            return
        who = _who()
        try:
            if self._limiter.hit(self._rate, "kexie", who):
                return
            left = self._limiter.get_window_stats(self._rate, "kexie", who).reset_time - time.time()
        except StorageError as error:  # better uncounted than unanswered
            _log.error("requests are not counted: %s", type(error.storage_error).__name__)
            return
        raise RateExceeded(max(1, math.ceil(left)))


def _who() -> str:
    """The key or tenant that calls; without one, or with a wrong one, the address it comes from."""
    try:
        found = caller()
    except Unauthorized:
        return f"address {request.remote_addr}"
    return f"caller {found.tenant} {found.name}" if found.name else f"address {request.remote_addr}"


def check() -> None:
    """Counts a request; the files of a page, and what only tells how the service is, stay free."""
    part = (request.blueprint or "").rpartition(".")[2]
    if part not in _FREE and not (request.endpoint or "").endswith(".static"):
        rates: Rates = current_app.config["KEXIE_RATES"]
        rates.check()
