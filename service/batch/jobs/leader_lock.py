"""The lock of an archive's batches: one process of all that share it looks after them."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from service.archive.database import database_errors, sqlite_file

_NAME = "batches.lock"
_NUMBER = 0x6B657862  # any number that all processes agree on


class LeaderLock:
    """Held until it is given back, or until its process ends. Raises ArchiveUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: int | None = None
        self._session: Connection | None = None

    def take(self) -> bool:
        """Whether it is this one's now."""
        file = sqlite_file(self._engine.url)
        return self._take_file(file.with_name(_NAME)) if file else self._take_session()

    def _take_file(self, file: Path) -> bool:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def _take_session(self) -> bool:
        with database_errors():
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = session.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NUMBER})
            if taken:
                self._session = session
            else:
                session.close()
        return bool(taken)

    def check(self) -> None:
        """Raises ArchiveUnavailable where the database's server has lost the session that holds it."""
        if self._session is not None:
            with database_errors():
                self._session.execute(text("SELECT 1"))

    def give_back(self) -> None:
        """Lets another process have it."""
        if self._file is not None:
            os.close(self._file)
        if self._session is not None:
            self._session.invalidate()  # a pooled session would keep it
            self._session.close()
        self._file = self._session = None
