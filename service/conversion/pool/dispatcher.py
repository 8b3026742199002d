"""Dispatches documents to worker processes, with a retry if a process dies."""

import time
from collections.abc import Callable
from typing import Any

from service.conversion.conversion_errors import past_deadline
from service.conversion.libreoffice.worker_protocol import Converted, Worker, WorkerHung, WorkerLost
from service.conversion.pool.metrics import Metrics
from service.conversion.pool.quarantine import Quarantine
from service.conversion.pool.worker_pool import Limits, WorkerPool
from service.errors import KexieError

__all__ = ["Limits", "Pool"]


class Pool:
    """Converts documents in worker processes created by `make`; thread-safe."""

    def __init__(self, make: Callable[[], Worker], limits: Limits) -> None:
        self.metrics = Metrics()
        self._deadline = limits.deadline
        self._workers = WorkerPool(make, limits, self.metrics)
        self._quarantine = Quarantine()

    def convert(self, docx: bytes, deliver: Callable[[Converted], None]) -> None:
        """Converts a .docx and passes the PDF to `deliver`; then the process is free for the next.

        Waits at most the deadline for a process and as long again for the conversion. Raises QueueFull,
        ConversionTimeout, DocumentRefused, ConverterMissing, TempFolderFault, or ConversionFault.
        """
        try:
            worker, converted = self._convert(docx)
        except KexieError as error:
            self.metrics.document(error.code)
            raise
        try:
            deliver(converted)
        finally:
            self._workers.give_back(worker)
        self.metrics.document("converted")
        for name, taken in converted.steps.items():
            self.metrics.step(name, taken)

    def warm(self) -> None:
        """Starts all missing processes."""
        self._workers.warm()

    def state(self) -> dict[str, Any]:
        """Counters for JSON: `WorkerPool.numbers` and `Metrics.snapshot`."""
        return {**self._workers.numbers(), **self.metrics.snapshot()}

    def close(self) -> None:
        """Ends all processes; waiting and later calls get an error."""
        self._workers.close()

    def _convert(self, docx: bytes) -> tuple[Worker, Converted]:
        self._quarantine.check(docx)
        began = time.monotonic()
        worker = self._workers.take(began + self._deadline)
        self.metrics.step("wait", time.monotonic() - began)
        until = time.monotonic() + self._deadline
        while True:
            converted = self._try(worker, docx, until - time.monotonic())
            if converted:
                self._quarantine.clear(docx)
                return worker, converted
            worker = self._workers.take(until, again=True)

    def _try(self, worker: Worker, docx: bytes, seconds: float) -> Converted | None:
        """The PDF, or None if the process died and another may retry."""
        try:
            return worker.convert(docx, seconds)
        except WorkerHung as error:
            self._workers.lose(worker, "hung")
            self._quarantine.add(docx)
            raise past_deadline(self._deadline) from error
        except WorkerLost:
            self._workers.lose(worker, "died")
            self._quarantine.add(docx)
            return None
        except BaseException:
            self._workers.give_back(worker)
            raise
