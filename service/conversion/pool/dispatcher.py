"""The pool: each document gets a process, a second try where the process ended, and its own error."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from service.conversion.conversion_errors import past_deadline
from service.conversion.libreoffice.worker_protocol import Converted, Worker, WorkerHung, WorkerLost
from service.conversion.pool.metrics import Metrics
from service.conversion.pool.quarantine import Strikes
from service.conversion.pool.worker_pool import Crew, Limits
from service.errors import KexieError

__all__ = ["Limits", "Pool"]


class Pool:
    """Converts documents on a crew of processes that `make` makes; any thread may call."""

    def __init__(self, make: Callable[[], Worker], limits: Limits) -> None:
        self.metrics = Metrics()
        self._deadline = limits.deadline
        self._crew = Crew(make, limits, self.metrics)
        self._strikes = Strikes()

    def convert(self, docx: bytes, deliver: Callable[[Converted], None]) -> None:
        """Gives the PDF of a .docx to `deliver`; after that its process forgets it and takes the next.

        Waits at most the deadline for a process, and gives it as long again. Raises QueueFull,
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
            self._crew.give_back(worker)
        self.metrics.document("converted")
        for name, taken in converted.steps.items():
            self.metrics.step(name, taken)

    def warm(self) -> None:
        """Starts every process that is not there yet."""
        self._crew.warm()

    def state(self) -> dict[str, Any]:
        """Numbers for JSON: those of `Crew.numbers` and of `Metrics.snapshot`."""
        return {**self._crew.numbers(), **self.metrics.snapshot()}

    def close(self) -> None:
        """Ends every process; who waits, or comes later, gets an error."""
        self._crew.close()

    def _convert(self, docx: bytes) -> tuple[Worker, Converted]:
        self._strikes.check(docx)
        began = time.monotonic()
        worker = self._crew.take(began + self._deadline)
        self.metrics.step("wait", time.monotonic() - began)
        until = time.monotonic() + self._deadline
        while True:
            converted = self._try(worker, docx, until - time.monotonic())
            if converted:
                self._strikes.clear(docx)
                return worker, converted
            worker = self._crew.take(until, again=True)

    def _try(self, worker: Worker, docx: bytes, seconds: float) -> Converted | None:
        """The PDF, or None where the process ended and another may try."""
        try:
            return worker.convert(docx, seconds)
        except WorkerHung as error:
            self._crew.lose(worker, "hung")
            self._strikes.add(docx)
            raise past_deadline(self._deadline) from error
        except WorkerLost:
            self._crew.lose(worker, "died")
            self._strikes.add(docx)
            return None
        except BaseException:
            self._crew.give_back(worker)
            raise
