"""Metrics of the pool and of requests in Prometheus' text format."""

from collections.abc import Iterator
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily

from service.web.http.request_metrics import RequestMetrics

__all__ = ["CONTENT_TYPE", "text"]

_GAUGES = {
    "size": ("kexie_pool_size", "LibreOffice processes allowed"),
    "workers": ("kexie_pool_workers", "running LibreOffice processes"),
    "busy": ("kexie_pool_busy_workers", "LibreOffice processes converting a document"),
    "starting": ("kexie_pool_starting_workers", "LibreOffice processes being started"),
    "queue": ("kexie_pool_queue_length", "documents waiting for a LibreOffice process"),
}
_COUNTERS = {
    "documents": (
        "kexie_pool_documents",
        "documents by outcome",
        "outcome",
    ),
    "restarts": ("kexie_pool_restarts", "LibreOffice processes replaced, by reason", "reason"),
    "proofs": ("kexie_proofs", "round-trip checks by result", "result"),
}


def text(numbers: dict[str, Any] | None, traffic: RequestMetrics) -> bytes:
    """Formats `service.conversion.state` (gauges are 0 without a pool) and `traffic`."""
    registry = CollectorRegistry()
    registry.register(_Collector(numbers or {}))
    registry.register(traffic)
    return generate_latest(registry)


class _Collector:
    def __init__(self, numbers: dict[str, Any]) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[Metric]:
        """Yields one metric family per metric."""
        for key, (name, help_text) in _GAUGES.items():
            yield GaugeMetricFamily(name, help_text, value=self._numbers.get(key, 0))
        for key, (name, help_text, label) in _COUNTERS.items():
            family = CounterMetricFamily(name, help_text, labels=[label])
            for value, count in self._numbers.get(key, {}).items():
                family.add_metric([value], count)
            yield family
        steps = SummaryMetricFamily("kexie_pool_step_seconds", "seconds of each step", labels=["step"])
        for step, (count, seconds) in self._numbers.get("steps", {}).items():
            steps.add_metric([step], count, seconds)
        yield steps
