"""The database engine of an application: one for all that use the archive's database, opened at first use."""

import os
import threading
import weakref

from sqlalchemy import Engine

from service.archive.database import open_database
from service.archive.locations import locate
from service.archive.sqlite_database import sqlite_file
from service.config import Settings
from service.errors import UsageError


class DatabaseHandle:
    """One engine a process, disposed with this object. May be asked from any thread, and after a fork.

    Raises UsageError for settings that name no database.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = locate(settings).database
        self._file = sqlite_file(self._url)
        self._lock = threading.Lock()
        self._opened: tuple[int, Engine] | None = None  # by the process that opened it
        self._disposal: weakref.finalize[[int, Engine], DatabaseHandle] | None = None

    def engine(self, *, create: bool = True) -> Engine:
        """The engine; the database is made if it is missing.

        Raises ArchiveUnavailable or ArchiveFault, and without `create` UsageError if there is no archive.
        """
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                engine = open_database(self._url, create=create)
                # Not every application is closed: then this happens when it is collected, or at exit.
                self._disposal = weakref.finalize(self, _dispose, os.getpid(), engine)
                self._opened = os.getpid(), engine
            return self._opened[1]

    def close(self) -> None:
        """Closes the connections; the next use opens the database again."""
        with self._lock:
            if self._disposal:
                self._disposal()
            self._opened = None

    def existing(self) -> Engine | None:
        """The engine; None if there is no archive. Raises ArchiveUnavailable or ArchiveFault."""
        if self._opened is None and self._file is not None and not self._file.exists():
            return None
        try:
            return self.engine(create=False)
        except UsageError:
            return None


def _dispose(pid: int, engine: Engine) -> None:
    if pid == os.getpid():  # a child has copies of its parent's connections, which the parent still uses
        engine.dispose()
