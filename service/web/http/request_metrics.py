"""Metrics of requests: count, duration, number in progress; per process or of a server's processes."""

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # seconds
_shared: list[Path] = []  # the folder that a server's processes share, if any


def share(folder: Path) -> None:
    """Shares the metrics of this process and its forks in `folder`; call before any `RequestMetrics`."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    _shared[:] = [folder]


def leave(process: int) -> None:
    """Removes an ended process from the in-progress gauge."""
    for folder in _shared:
        mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]


class RequestMetrics:
    """The counts of one application's requests."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kexie_http_requests",
            "requests by route, method and status",
            ["rule", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "kexie_http_request_seconds",
            "seconds until the response started, by route and method",
            ["rule", "method"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._in_flight = Gauge(
            "kexie_http_requests_in_flight",
            "requests in progress",
            multiprocess_mode="livesum",
            registry=self._registry,
        )

    def began(self) -> None:
        """Counts a request as started."""
        self._in_flight.inc()

    def ended(self) -> None:
        """Counts a request as ended."""
        self._in_flight.dec()

    def answered(self, rule: str, method: str, status: int, seconds: float) -> None:
        """Counts a response and its duration."""
        self._requests.labels(rule, method, str(status)).inc()
        self._seconds.labels(rule, method).observe(seconds)

    def collect(self) -> Iterator[Metric]:
        """Yields one metric family per metric, of all processes that share `folder`."""
        shared = MultiProcessCollector(None, str(_shared[0])) if _shared else None  # type: ignore[no-untyped-call]
        for family in (shared or self._registry).collect():
            family.samples = [one for one in family.samples if not one.name.endswith("_created")]
            yield family
