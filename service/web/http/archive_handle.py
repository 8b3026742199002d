"""The archive of an application, opened at first use in each process."""

import os
import threading
from contextlib import AbstractContextManager

from flask import current_app
from sqlalchemy import Connection

from service.archive import Archive
from service.archive.database import writing
from service.archive.database_handle import DatabaseHandle
from service.audit.event_queue import EventQueue
from service.config import Settings


class ArchiveHandle:
    """The archive of the settings and its audit log; safe in any thread and after a fork."""

    def __init__(self, settings: Settings, database: DatabaseHandle) -> None:
        self._settings = settings
        self._database = database
        self._lock = threading.Lock()
        self._opened: tuple[int, Archive] | None = None  # by the process that opened it
        self.event_queue = EventQueue(self._writing)

    def archive(self) -> Archive:
        """The archive, created if missing. Raises ArchiveUnavailable or ArchiveFault."""
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = os.getpid(), Archive.on(self._database.engine(), self._settings)
            return self._opened[1]

    def close(self) -> None:
        """Appends what the audit log lacks, closes the connections and ends the archive's threads."""
        self.event_queue.close()
        with self._lock:
            if self._opened and self._opened[0] == os.getpid():
                self._opened[1].objects.close()
            self._opened = None
            self._database.close()

    def _writing(self) -> AbstractContextManager[Connection] | None:
        """A transaction; None if there is no archive yet: it begins with the first record or key."""
        engine = self._database.existing()
        return writing(engine) if engine else None


def archive() -> Archive:
    """The archive of the current application. Raises as `ArchiveHandle.archive`."""
    handle: ArchiveHandle = current_app.config["KEXIE_ARCHIVE_HANDLE"]
    return handle.archive()
