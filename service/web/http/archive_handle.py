"""The archive of an application, opened at first use in each process."""

import os
import threading

from flask import current_app

from service.archive import Archive
from service.archive.database_handle import DatabaseHandle
from service.config import Settings


class ArchiveHandle:
    """The archive of the settings; safe in any thread and after a fork."""

    def __init__(self, settings: Settings, database: DatabaseHandle) -> None:
        self._settings = settings
        self._database = database
        self._lock = threading.Lock()
        self._opened: tuple[int, Archive] | None = None  # by the process that opened it

    def archive(self) -> Archive:
        """The archive, created if missing. Raises ArchiveUnavailable or ArchiveFault."""
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = os.getpid(), Archive.on(self._database.engine(), self._settings)
            return self._opened[1]

    def close(self) -> None:
        """Closes the database's connections and ends the archive's threads."""
        with self._lock:
            if self._opened and self._opened[0] == os.getpid():
                self._opened[1].objects.close()
            self._opened = None
            self._database.close()


def archive() -> Archive:
    """The archive of the current application. Raises as `ArchiveHandle.archive`."""
    handle: ArchiveHandle = current_app.config["KEXIE_ARCHIVE_HANDLE"]
    return handle.archive()
