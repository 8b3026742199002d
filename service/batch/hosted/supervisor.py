"""Sees to the batches that came over HTTP, from a thread of a web process: work, end, webhooks.

Of all processes that share an archive one does so at a time, which holds a lock; the others wait for it to
end. A keeper's thread is there only while there is something to do.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time

from service import conversion
from service.archive import Archive
from service.archive.database import sqlite_file
from service.archive.locations import locate
from service.batch.hosted.webhook_sender import WebhookSender
from service.batch.jobs import active_jobs, webhook_queue
from service.batch.jobs.leader_lock import LeaderLock
from service.batch.workers.child_processes import GRACE, SLOTS, ChildProcesses, module_command, options_line
from service.batch.workers.local_executor import recover
from service.batch.workers.runner import Executor
from service.config import Settings
from service.errors import UsageError

_LOOK = 0.3  # seconds between looks at the tables
_STANDBY = 1.0  # seconds between looks whether the process that has the lock still lives
_LINGER = 5.0  # seconds without work before the worker processes are ended
_TROUBLE = 5.0  # seconds after a failure
_MINUTE = 60.0  # seconds in which processes may not end over and over
_PROCESS = module_command("service.batch.workers.worker_main")

_log = logging.getLogger("kexie.batch")


class Supervisor:
    """The keeper of the settings' archive. Its calls may come from any thread, and after a fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mutex = threading.Lock()
        self._pid = 0
        self._thread: threading.Thread | None = None
        self._again = False
        self._stopping = threading.Event()

    def look(self) -> None:
        """Begins what an earlier process has left, at the first call in a process."""
        if self._pid != os.getpid() and self._may_be_there():
            self.wake()
        self._pid = os.getpid()

    def _may_be_there(self) -> bool:
        file = sqlite_file(locate(self._settings).database)
        return file is None or file.exists()

    def wake(self) -> None:
        """There is something to do."""
        with self._mutex:
            if self._pid != os.getpid():
                self._pid, self._thread, self._stopping = os.getpid(), None, threading.Event()
            self._again = True
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._run, name="batches", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def ask_to_stop(self) -> None:
        """Lets running items finish, and no other begin; may be called by a signal's handler."""
        self._stopping.set()

    def stop(self) -> None:
        """As `ask_to_stop`; returns when all that was started is gone, and what was not begun handed back."""
        self._stopping.set()
        thread = self._thread if self._pid == os.getpid() else None
        if thread is not None:
            thread.join(2 * self._settings.deadline + 2 * GRACE)
        atexit.unregister(self.stop)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._again = False
            try:
                with Archive.open(self._settings, create=False) as archive:
                    self._keep(archive)
            except UsageError:  # there is no archive
                pass
            except Exception as error:  # whatever it is, batches must go on once it is mended
                _log.warning("batches cannot be kept: %s", type(error).__name__)
                self._stopping.wait(_TROUBLE)
                continue
            with self._mutex:
                if not self._again:
                    self._thread = None
                    return

    def _keep(self, archive: Archive) -> None:
        """Works, or waits for the process that does, until there is nothing to do."""
        while not self._stopping.is_set() and self._needed(archive):
            lock = LeaderLock(archive.engine)
            if not lock.take():
                self._stopping.wait(_STANDBY)
                continue
            try:
                self._work(archive, lock)
            finally:
                lock.give_back()

    def _needed(self, archive: Archive) -> bool:
        self._again = False
        with archive.reading() as connection:
            return active_jobs.any_live(connection) or webhook_queue.any_pending(connection)

    def _work(self, archive: Archive, lock: LeaderLock) -> None:
        """Sees to batches and webhooks until there are none."""
        with WebhookSender(archive, self._settings):
            while self._needed(archive) and not self._stopping.wait(_LOOK):
                lock.check()
                if self._any_live(archive):
                    self._batches(archive, lock)

    def _any_live(self, archive: Archive) -> bool:
        with archive.reading() as connection:
            return active_jobs.any_live(connection)

    def _batches(self, archive: Archive, lock: LeaderLock) -> None:
        """Lets an executor work, and brings batches to their end, until there has been none for a while."""
        conversion.remove_probe_folders(self._settings)
        executor = self._executor(archive)
        last = time.monotonic()
        try:
            executor.start()
            while not self._stopping.wait(_LOOK) and time.monotonic() < last + _LINGER:
                lock.check()
                executor.tend(int(time.monotonic() // _MINUTE))
                active_jobs.settle(archive, time.time())
                if self._any_live(archive):
                    last = time.monotonic()
            executor.stop()
        finally:
            executor.kill()

    def _executor(self, archive: Archive) -> Executor:
        """Workers of any machine where there is a broker, else processes that end with this thread."""
        settings = self._settings
        if settings.broker_url:
            from service.batch.workers.broker_executor import BrokerExecutor  # Celery takes half a second

            return BrokerExecutor(archive, settings)
        return _Processes(archive, settings)


class _Processes:
    """Worker processes for all live batches. See `run.Executor`."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._grace = 2 * settings.deadline + GRACE
        told = options_line(settings, None, None, SLOTS)
        count = settings.batch_workers
        self._children = ChildProcesses(_PROCESS, told, count, lambda: recover(archive), settings.lease)
        self.start, self.tend, self.kill = self._children.start, self._children.tend, self._children.kill

    def stop(self) -> None:
        """Lets running items finish; the others are handed back."""
        self._children.stop(self._grace)
