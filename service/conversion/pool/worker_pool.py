"""Pool of converter processes: assignment in order of arrival, replacement by policy."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future
from dataclasses import dataclass

from service.conversion.conversion_errors import closing, not_started, past_deadline, queue_full
from service.conversion.libreoffice.worker_protocol import Worker
from service.conversion.pool.metrics import Metrics
from service.errors import KexieError

_SETTLING = 10.0  # seconds for a process to close a delivered document

_log = logging.getLogger("kexie.conversion")


@dataclass(frozen=True)
class Limits:
    """Number of processes, queue length, deadline in seconds, and thresholds for replacing a process."""

    size: int
    queue: int
    deadline: float
    documents: int
    memory: int  # bytes


class WorkerPool:
    """At most `limits.size` processes, started on demand, and one more during a replacement.

    A process that dies or hangs is replaced at once; one that reached its number of documents or
    memory limit, as soon as its successor is ready.
    """

    def __init__(self, make: Callable[[], Worker], limits: Limits, metrics: Metrics) -> None:
        self._make = make
        self._limits = limits
        self._metrics = metrics
        self._lock = threading.Lock()
        self._served: dict[Worker, int] = {}  # running processes and their document counts
        self._idle: list[Worker] = []
        self._leaving: set[Worker] = set()  # a successor is ready or starting
        self._starting = 0
        self._waiters: deque[Future[Worker]] = deque()
        self._threads: set[threading.Thread] = set()
        self._closed = False

    def take(self, until: float, *, again: bool = False) -> Worker:
        """A free process, waiting until `until` (monotonic); in order of arrival, retries (`again`) first.

        Raises QueueFull, ConversionTimeout, or the reason why no process can be started.
        """
        with self._lock:
            if self._closed:
                raise closing()
            if worker := self._healthy():
                return worker
            waiter = self._queue(again)
        futures.wait([waiter], max(until - time.monotonic(), 0))
        with self._lock:
            if not waiter.done():
                self._waiters.remove(waiter)
                raise past_deadline(self._limits.deadline)
        return waiter.result()

    def give_back(self, worker: Worker) -> None:
        """Returns a process in the background, once it has closed its document."""
        self._in_background(lambda: self._take_back(worker))

    def lose(self, worker: Worker, reason: str) -> None:
        """Replaces a process that failed for `reason`."""
        with self._lock:
            if worker in self._served:
                self._replace(worker, reason)

    def warm(self) -> None:
        """Starts all missing processes and waits until they are ready, at most the deadline."""
        until = time.monotonic() + self._limits.deadline
        with self._lock:
            while self._has_room():
                self._begin()
        while self.numbers()["starting"] and time.monotonic() < until:
            time.sleep(0.02)

    def numbers(self) -> dict[str, int]:
        """Processes allowed, running, busy and starting; documents waiting."""
        with self._lock:
            return {
                "size": self._limits.size,
                "workers": len(self._served),
                "busy": len(self._served) - len(self._idle),
                "starting": self._starting,
                "queue": len(self._waiters),
            }

    def close(self) -> None:
        """Ends all processes; waiting and later requests get an error."""
        with self._lock:
            self._closed = True
            workers = list(self._served)
            self._served.clear()
            self._idle.clear()
            self._fail_waiters(closing())
        for worker in workers:
            worker.stop()
        for thread in list(self._threads):
            thread.join(_SETTLING)

    # The methods below are called with the lock held, except _take_back, _start and _not_started.

    def _take_back(self, worker: Worker) -> None:
        sound = worker.settle(_SETTLING) and worker.healthy()
        with self._lock:
            if worker not in self._served:  # closed in the meantime
                return
            if not sound:
                self._replace(worker, "died")
                return
            self._served[worker] += 1
            self._renew(worker)
            self._idle.append(worker)
            self._dismiss()
            self._serve()

    def _healthy(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.healthy():
                return worker
            self._replace(worker, "died")
        return None

    def _queue(self, again: bool) -> Future[Worker]:
        """Queues a request; a retry goes to the front."""
        waiter = Future[Worker]()
        if again:
            self._waiters.appendleft(waiter)
        else:
            self._waiters.append(waiter)
        if self._has_room() and self._starting < len(self._waiters):
            self._begin()
        if not again and len(self._waiters) - self._starting > self._limits.queue:
            self._waiters.remove(waiter)
            raise queue_full(self._limits.queue)
        return waiter

    def _has_room(self) -> bool:
        return len(self._served) + self._starting < self._limits.size

    def _replace(self, worker: Worker, reason: str) -> None:
        self._remove(worker, reason)
        if self._has_room():
            self._begin(after=worker.stop)
        else:
            self._in_background(worker.stop)

    def _renew(self, worker: Worker) -> None:
        """Starts the successor of a process that reached a threshold, one process at a time."""
        alone = not self._starting and len(self._served) <= self._limits.size
        if alone and self._over(worker) and not self._leaving - {worker}:
            self._leaving.add(worker)
            self._begin()

    def _over(self, worker: Worker) -> str | None:
        if self._served[worker] >= self._limits.documents:
            return "documents"
        return "memory" if worker.memory() > self._limits.memory else None

    def _dismiss(self) -> None:
        """Ends idle processes whose successor is ready."""
        for worker in self._leaving & set(self._idle):
            if len(self._served) > self._limits.size:
                self._idle.remove(worker)
                self._remove(worker, self._over(worker) or "memory")
                self._in_background(worker.stop)

    def _remove(self, worker: Worker, reason: str) -> None:
        del self._served[worker]
        self._leaving.discard(worker)
        self._metrics.restart(reason)
        _log.info("LibreOffice process replaced: %s", reason)

    def _begin(self, after: Callable[[], None] | None = None) -> None:
        self._starting += 1
        self._in_background(lambda: self._start(after))

    def _start(self, after: Callable[[], None] | None) -> None:
        began = time.monotonic()
        try:
            if after:
                after()
            worker = self._make()
            worker.start(self._limits.deadline)
        except KexieError as error:
            self._not_started(error)
            return
        except Exception:  # otherwise the slot would stay occupied
            _log.exception("LibreOffice did not start")
            self._not_started(not_started())
            return
        self._metrics.step("start", time.monotonic() - began)
        with self._lock:
            self._starting -= 1
            if not self._closed:
                self._served[worker] = 0
                self._idle.append(worker)
                self._dismiss()
                self._serve()
                return
        worker.stop()

    def _not_started(self, error: KexieError) -> None:
        _log.error("LibreOffice did not start: %s", error.text.en)
        with self._lock:
            self._starting -= 1
            self._leaving.clear()
            if not self._served and not self._starting:
                self._fail_waiters(error)

    def _serve(self) -> None:
        while self._waiters and self._idle:
            self._waiters.popleft().set_result(self._idle.pop())

    def _fail_waiters(self, error: KexieError) -> None:
        while self._waiters:
            self._waiters.popleft().set_exception(error)

    def _in_background(self, work: Callable[[], None]) -> None:
        def working() -> None:
            try:
                work()
            finally:
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=working, daemon=True)
        thread.start()
        if thread.is_alive():
            self._threads.add(thread)
