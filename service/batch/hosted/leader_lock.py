"""The leader lock: of all processes that share an archive, one supervises its batches."""

import contextlib
import fcntl
import os
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from service.archive import private_files
from service.archive.database import database_errors
from service.archive.sqlite_database import sqlite_file

_NUMBER = 0x6B657862  # the same in every process


class LeaderLock:
    """A lock held until it is released or its process ends. Raises ArchiveUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: int | None = None
        self._session: Connection | None = None

    def acquire(self) -> bool:
        """Tries to take the lock; returns whether this process holds it now."""
        file = sqlite_file(self._engine.url)
        return self._lock_file(file.with_name(private_files.LOCK)) if file else self._lock_session()

    def _lock_file(self, file: Path) -> bool:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, private_files.FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def _lock_session(self) -> bool:
        with database_errors():
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = session.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NUMBER})
            if taken:
                self._session = session
            else:
                session.close()
        return bool(taken)

    def check(self) -> None:
        """Raises ArchiveUnavailable when the database server has lost the session that holds the lock."""
        if self._session is not None:
            with database_errors():
                self._session.execute(text("SELECT 1"))

    def release(self) -> None:
        """Releases the lock."""
        if self._file is not None:
            os.close(self._file)
        if self._session is not None:
            with contextlib.suppress(SQLAlchemyError):  # a lost session has no lock any more
                self._session.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _NUMBER})
            self._session.invalidate()  # a pooled session would keep a lock that was not released
            self._session.close()
        self._file = self._session = None
