"""The database of the index: how it is opened, locked and brought up to date."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from service.archive import migrations
from service.config import public
from service.errors import ArchiveFault, ArchiveUnavailable

_PATIENCE = 30  # seconds that a call waits for a lock, or for the server
_MIGRATION_LOCK = 0x6B657869  # any number that all processes agree on
_READING = "kexie_reading"


def open_database(url: str) -> Engine:
    """The engine of a database by its URL, its tables made or brought up to date.

    Every transaction of an SQLite engine takes the write lock when it begins, unless it is one of `reading`.
    Raises ArchiveUnavailable, ArchiveFault.
    """
    with faults(url):
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(Path(parsed.database or ""))
        return _postgresql(url)


def _sqlite(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    file.parent.mkdir(parents=True, exist_ok=True)
    with reading(engine) if file.exists() else contextlib.nullcontext() as connection:
        if connection is not None and migrations.is_current(connection):
            return engine
    with _locked(file.parent), engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA journal_mode = WAL")  # of the file, once for all
        with connection.begin():
            if not migrations.is_current(connection):
                migrations.upgrade(connection)
    return engine


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _configure(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # no transaction but those that `_begin` begins
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a record that was told is there after a power cut too
    cursor.close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: str) -> Engine:
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        pool_pre_ping=True,
        pool_timeout=_PATIENCE,
        connect_args={
            "connect_timeout": 10,
            "options": f"-c statement_timeout={_PATIENCE}s -c timezone=UTC",
        },
    )
    with reading(engine) as connection:
        if migrations.is_current(connection):
            return engine
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        if not migrations.is_current(connection):
            migrations.upgrade(connection)
    return engine


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, and keeps no other from writing."""
    with faults(), engine.connect() as connection:
        yield connection.execution_options(**{_READING: True})


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction: committed at the end, rolled back on an error."""
    with faults(), engine.begin() as connection:
        yield connection


@contextlib.contextmanager
def faults(url: str | None = None) -> Iterator[None]:
    """Turns the database's errors into ArchiveUnavailable (try again) or ArchiveFault (look after it)."""
    where = f"（{public(url)}）" if url else ""
    try:
        yield
    except OperationalError as error:
        raise ArchiveUnavailable(
            f"档案数据库{where}暂不可用：{_said(error)}。请检查数据库是否运行、可写，然后重试。",
            f"The archive's database {where} is not available: {_said(error)}. "
            "See that it runs and can be written, then try again.",
        ) from error
    except SQLAlchemyError as error:
        raise ArchiveFault(
            f"档案数据库{where}出错：{_said(error)}。请检查数据库，必要时从备份恢复。",
            f"The archive's database {where} is at fault: {_said(error)}. "
            "Look after it, or restore it from a backup.",
        ) from error


def _said(error: SQLAlchemyError) -> str:
    """What the driver said, without statement and values, which may be personal."""
    said = str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__
    return said.strip().split("\n", 1)[0].rstrip(".")
