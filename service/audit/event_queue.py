"""The queue of the audit log in a web process: events wait in memory, one thread appends them."""

import atexit
import itertools
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from service.audit import audit_chain
from service.audit.event import Event, process_actor
from service.errors import KexieError

MOST = 10_000  # events that wait; further ones are counted as lost
_GATHER = 0.05  # seconds to collect events for one transaction
_AT_ONCE = 500
_RETRY = 1.0  # seconds after a database error
_REPORTED = 30.0  # seconds at least between two reports of one
_LAST_TRIES = 5.0  # seconds of tries when the process ends

_log = logging.getLogger("kexie.audit")

Writing = Callable[[], AbstractContextManager[Connection] | None]


class EventQueue:
    """Appends events behind the requests that they are of; safe in any thread and after a fork.

    What waits is lost if the process is killed. What cannot be kept meanwhile is counted, and a row says so.
    """

    def __init__(self, writing: Writing) -> None:
        """`writing` opens a transaction of the archive; None where there is no archive yet, and so no log."""
        self._writing = writing
        self._changed = threading.Condition()
        self._waiting: deque[Event] = deque()
        self._lost = 0
        self._thread: threading.Thread | None = None
        self._process: int | None = None  # that of the thread
        self._closing = threading.Event()
        self._silent_until = 0.0  # monotonic seconds

    def add(self, event: Event) -> None:
        """Has an event appended soon; never waits for the database."""
        with self._changed:
            if self._process != os.getpid():
                self._start()
            if len(self._waiting) < MOST:
                self._waiting.append(event)
            else:
                self._lost += 1
            self._changed.notify_all()

    def flush(self, seconds: float = _LAST_TRIES) -> bool:
        """Waits until all events are appended; returns whether they are."""
        with self._changed:
            if self._process != os.getpid():
                return True
            return self._changed.wait_for(lambda: not self._waiting and not self._lost, seconds)

    def close(self) -> None:
        """Appends what waits, and ends the thread."""
        self._closing.set()
        if not self.flush():
            _log.error("%d audit rows are lost", len(self._waiting) + self._lost)
        with self._changed:
            self._process = self._thread = None
            self._changed.notify_all()
        atexit.unregister(self.close)

    def _start(self) -> None:
        self._waiting = deque()  # what waits is another process's, or a closed queue's
        self._lost, self._process = 0, os.getpid()
        self._closing.clear()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def _run(self) -> None:
        me = threading.current_thread()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._lost or self._thread is not me)
                if self._thread is not me:
                    return
            self._closing.wait(_GATHER)
            try:
                self._append()
            except Exception as error:  # what waits must outlast any
                self._report(error)
                time.sleep(_RETRY)

    def _report(self, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + _REPORTED
            reason = error.code if isinstance(error, KexieError) else type(error).__name__
            _log.error("audit rows cannot be written: %s", reason)

    def _append(self) -> None:
        """Appends what waits in one transaction."""
        with self._changed:
            waiting, lost = self._waiting, self._lost
            taken = list(itertools.islice(waiting, _AT_ONCE))
        gap = [Event(process_actor("service"), "rows_lost", detail=str(lost))] if lost else []
        if (transaction := self._writing()) is not None:
            with transaction as connection:
                audit_chain.append(connection, [*taken, *gap])
        with self._changed:
            for _ in taken:
                waiting.popleft()
            self._lost -= lost
            self._changed.notify_all()
