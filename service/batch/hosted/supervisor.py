"""The supervisor of what goes on over HTTP: a thread that runs workers, sends webhooks, and signs PDFs.

Of all processes that share an archive, the holder of the leader lock supervises; the others wait. The
thread runs only while a batch is active, a webhook or a signature is pending, or until the texts of earlier
records are read, by which they are found.
"""

import atexit
import logging
import os
import threading
import time

from service import conversion
from service.archive import Archive
from service.archive.additions import signing_queue
from service.archive.locations import locate
from service.archive.search import search_fill
from service.archive.sqlite_database import sqlite_file
from service.batch.hosted.leader_lock import LeaderLock
from service.batch.hosted.record_signer import RecordSigner
from service.batch.hosted.webhook_sender import WebhookSender
from service.batch.jobs import active_jobs, webhook_queue
from service.batch.workers.child_processes import GRACE, RESTART_WINDOW
from service.batch.workers.local_executor import local_executor
from service.batch.workers.runner import Executor
from service.config import Settings
from service.errors import UsageError

_POLL = 0.3  # seconds between two queries of the database
_STANDBY = 1.0  # seconds between two tries to acquire the lock
_LINGER = 5.0  # seconds without work before the worker processes are ended
_RETRY = 5.0  # seconds after a failure

_log = logging.getLogger("kexie.batch")


class Supervisor:
    """Supervises the batches of the settings' archive. May be called from any thread, and after a fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mutex = threading.Lock()
        self._pid = 0
        self._thread: threading.Thread | None = None
        self._again = False
        self._stopping = threading.Event()

    def resume(self) -> None:
        """Resumes the batches of earlier processes, at the first call in a process."""
        if self._pid != os.getpid() and self._archive_may_exist():
            self.wake()
        self._pid = os.getpid()

    def _archive_may_exist(self) -> bool:
        """Whether the archive's database is a server, or a file that exists."""
        file = sqlite_file(locate(self._settings).database)
        return file is None or file.exists()

    def wake(self) -> None:
        """Starts the thread unless it runs: there is a batch, a webhook, or a PDF to sign."""
        with self._mutex:
            if self._pid != os.getpid():
                self._pid, self._thread, self._stopping = os.getpid(), None, threading.Event()
            self._again = True
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._run, name="batches", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def ask_to_stop(self) -> None:
        """Lets running items finish and starts no other; safe to call from a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """As `ask_to_stop`; returns when every process has ended and waiting items are requeued."""
        self._stopping.set()
        thread = self._thread if self._pid == os.getpid() else None
        if thread is not None:
            thread.join(self._settings.longest_conversion + 2 * GRACE)
        atexit.unregister(self.stop)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._again = False
            try:
                with Archive.open(self._settings, create=False) as archive:
                    self._supervise(archive)
            except UsageError:  # no archive exists
                pass
            except Exception as error:  # of any kind: batches must continue once it is fixed
                _log.warning("batches cannot be supervised: %s", type(error).__name__)
                self._stopping.wait(_RETRY)
                continue
            with self._mutex:
                if not self._again:
                    self._thread = None
                    return

    def _supervise(self, archive: Archive) -> None:
        """Supervises, or waits for the leader, until nothing is active or pending."""
        while not self._stopping.is_set() and self._needed(archive):
            lock = LeaderLock(archive.engine)
            if not lock.acquire():
                self._stopping.wait(_STANDBY)
                continue
            try:
                self._work(archive, lock)
            finally:
                lock.release()

    def _needed(self, archive: Archive) -> bool:
        self._again = False
        with archive.reading() as connection:
            pending = active_jobs.any_active(connection) or webhook_queue.any_pending(connection)
            signing = bool(self._settings.sign_key) and signing_queue.any_pending(connection)
            return pending or signing or search_fill.unread(connection) > 0

    def _work(self, archive: Archive, lock: LeaderLock) -> None:
        """Runs workers, sends webhooks, signs PDFs and reads texts until nothing of it is left."""
        with WebhookSender(archive, self._settings), RecordSigner(archive, self._settings):
            while self._needed(archive) and not self._stopping.wait(_POLL):
                lock.check()
                search_fill.fill_some(archive)
                if self._any_active(archive):
                    self._batches(archive, lock)

    def _any_active(self, archive: Archive) -> bool:
        with archive.reading() as connection:
            return active_jobs.any_active(connection)

    def _batches(self, archive: Archive, lock: LeaderLock) -> None:
        """Runs an executor and ends finished batches until none has been active for a while."""
        conversion.remove_command_folders(self._settings)
        executor = self._executor(archive)
        last = time.monotonic()
        try:
            executor.start()
            while not self._stopping.wait(_POLL) and time.monotonic() < last + _LINGER:
                lock.check()
                search_fill.fill_some(archive)
                executor.tend(int(time.monotonic() // RESTART_WINDOW))
                active_jobs.finish_ended(archive, time.time())
                if self._any_active(archive):
                    last = time.monotonic()
            executor.stop()
        finally:
            executor.kill()

    def _executor(self, archive: Archive) -> Executor:
        """Workers on any machine if a broker is configured, else processes that end with this one."""
        settings = self._settings
        if settings.broker_url:
            from service.batch.workers.broker_executor import BrokerExecutor  # Celery takes half a second

            return BrokerExecutor(archive, settings)
        return local_executor(archive, settings, None, None, settings.batch_workers)
