"""The index database: opened, locked and migrated."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from service.archive import migrations
from service.archive.local_files import UNWRITABLE, unwritable
from service.config import public
from service.errors import ArchiveFault, ArchiveUnavailable, UsageError

_TIMEOUT = 30  # seconds to wait for a lock or for the server
_MIGRATION_LOCK = 0x6B657869  # the same in every process
_UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
_NO_SPACE = ("53100", "25006")  # disk_full, read_only_sql_transaction
_READING = "kexie_reading"


def open_database(url: URL, *, create: bool) -> Engine:
    """Opens a database by its URL and migrates its tables; creates them only with `create`.

    Every transaction of an SQLite engine takes the write lock at its start, except those of `reading`.
    Raises ArchiveUnavailable, ArchiveFault, and without `create` UsageError if no archive exists.
    """
    with database_errors(url):
        engine = _engine(url)
        try:
            _migrate(engine, create)
        except BaseException as error:
            engine.dispose()
            if isinstance(error, OSError):
                raise _unavailable(url, error) from error
            raise
        return engine


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None for a database server."""
    if url.get_backend_name() != "sqlite":
        return None
    if url.database in (None, "", ":memory:"):
        raise UsageError(
            "KEXIE_DATABASE_URL 须写明文件，如 sqlite:////var/lib/kexie/index.sqlite。",
            "KEXIE_DATABASE_URL must name a file, as sqlite:////var/lib/kexie/index.sqlite.",
        )
    return Path(str(url.database)).absolute()


def _engine(url: URL) -> Engine:
    if (file := sqlite_file(url)) is None:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_timeout=_TIMEOUT,
            connect_args={
                "connect_timeout": 10,
                "options": f"-c statement_timeout={_TIMEOUT}s -c timezone=UTC",
            },
        )
    plain = URL.create("sqlite", database=str(file))
    writable = all(os.access(path, os.W_OK, effective_ids=True) for path in (file, file.parent))
    if file.exists() and not writable:
        engine = create_engine(plain, creator=lambda: _connect_read_only(file))
    else:
        engine = create_engine(plain, connect_args={"timeout": _TIMEOUT})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _connect_read_only(file: Path) -> sqlite3.Connection:
    """Connects to a database that cannot be written (sqlite.org/wal.html, "Read-Only Databases").

    Without a writer's log beside it, the file is opened as immutable.
    """
    log = file.with_name(f"{file.name}-wal")
    unlogged = not log.exists() or not log.stat().st_size
    uri = f"file:{quote(str(file))}?mode=ro{'&immutable=1' if unlogged else ''}"
    return sqlite3.connect(uri, uri=True, timeout=_TIMEOUT, check_same_thread=False)


def _migrate(engine: Engine, create: bool) -> None:
    file = sqlite_file(engine.url)
    if file is None or file.exists():
        with reading(engine) as connection:
            if migrations.is_current(connection):
                return
            create = create or migrations.has_any(connection)
    if not create:
        where = _shown(engine.url)
        raise UsageError(
            f"“{where}”处没有档案。请检查 --archive。", f"No archive at '{where}': see --archive."
        )
    with _locked_file(engine, file) if file else _locked_server(engine) as connection:
        if not migrations.is_current(connection):
            migrations.upgrade(connection)


@contextlib.contextmanager
def _locked_file(engine: Engine, file: Path) -> Iterator[Connection]:
    file.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        with engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL")  # persistent in the file
            with connection.begin():
                yield connection
    finally:
        os.close(folder)


@contextlib.contextmanager
def _locked_server(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        yield connection


def _configure(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # only `_begin` starts transactions
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a reported record survives a power cut
    cursor.close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read-only connection that does not block writers."""
    with database_errors(engine.url), engine.connect() as connection:
        yield connection.execution_options(**{_READING: True})


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction: committed at the end, rolled back on an error."""
    with database_errors(engine.url), engine.begin() as connection:
        yield connection


@contextlib.contextmanager
def database_errors(url: URL | None = None) -> Iterator[None]:
    """Turns database errors into ArchiveUnavailable (retry) or ArchiveFault (needs repair)."""
    try:
        yield
    except OperationalError as error:
        raise _unavailable(url, error) from error
    except SQLAlchemyError as error:
        reason, (zh, en) = _reason(error), _where(url)
        raise ArchiveFault(
            f"档案数据库{zh}出错：{reason}。请检查数据库，必要时从备份恢复。",
            f"The archive's database{en} failed: {reason}. Repair it, or restore it from a backup.",
        ) from error


def _unavailable(url: URL | None, error: Exception) -> ArchiveUnavailable:
    reason, (zh, en) = _reason(error), _where(url)
    if url and _is_unwritable(error):
        return unwritable(_shown(url), reason)
    return ArchiveUnavailable(
        f"档案数据库{zh}暂不可用：{reason}。请检查数据库是否运行、可写，然后重试。",
        f"The archive's database{en} is not available: {reason}. Check that it runs and is writable, "
        "then try again.",
    )


def _is_unwritable(error: Exception) -> bool:
    """Whether the disk is full or read-only, by SQLite's code or PostgreSQL's SQLSTATE."""
    if isinstance(error, OSError):
        return error.errno in UNWRITABLE
    cause = error.orig if isinstance(error, DBAPIError) else None
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the primary result code
    return code in _UNWRITABLE or getattr(cause, "sqlstate", None) in _NO_SPACE


def _where(url: URL | None) -> tuple[str, str]:
    return (f"（{_shown(url)}）", f" ({_shown(url)})") if url else ("", "")


def _shown(url: URL) -> str:
    """The file of an SQLite database, else the URL without its password."""
    return str(sqlite_file(url) or public(url.render_as_string(hide_password=True)))


def _reason(error: Exception) -> str:
    """The message of the driver or the system, without statement and values, which may be personal."""
    reason = str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__
    if isinstance(error, OSError):
        reason = f"{error.strerror}: {error.filename}"
    return reason.strip().split("\n", 1)[0].rstrip(".")
