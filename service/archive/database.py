"""The index database: opened, locked and migrated."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from service.archive import migrations, private_files, sqlite_database
from service.archive.local_files import UNWRITABLE, unwritable
from service.archive.sqlite_database import READING, TIMEOUT, sqlite_file
from service.audit import audit_chain
from service.config import public
from service.errors import ArchiveFault, ArchiveUnavailable, UsageError

_MIGRATION_LOCK = 0x6B657869  # the same in every process
_UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
_NO_SPACE = ("53100", "25006")  # disk_full, read_only_sql_transaction
# A host that acknowledges nothing is lost: within TIMEOUT, so that those who wait for its locks get them.
_LOST = 10  # seconds
_IDLE, _PROBE = 4, 2  # seconds until an idle connection is probed, and between two probes
_LOSS_OF_SERVER = {"keepalives_idle": _IDLE, "keepalives_interval": _PROBE, "tcp_user_timeout": _LOST * 1000}
_SESSION = (  # the server's limits, and by when it ends a lost client's transaction
    f"-c statement_timeout={TIMEOUT}s -c timezone=UTC -c tcp_keepalives_idle={_IDLE} "
    f"-c tcp_keepalives_interval={_PROBE} -c tcp_user_timeout={_LOST}s"
)


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


def _engine(url: URL) -> Engine:
    if file := sqlite_file(url):
        return sqlite_database.engine(file)
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_timeout=TIMEOUT,
        connect_args={"connect_timeout": 10, **_LOSS_OF_SERVER, "options": _SESSION},
    )


def _migrate(engine: Engine, create: bool) -> None:
    file = sqlite_file(engine.url)
    if file is None or file.exists():
        with reading(engine) as connection:
            if migrations.is_current(connection):
                return
            create = create or migrations.has_any(connection)
    if file and not file.exists() and sqlite_database.has_objects_beside(file):
        raise sqlite_database.gone(file)
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
    private_files.make_folder(file.parent)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        private_files.make_file(file)  # SQLite gives its log the same permissions
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


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read-only connection that does not block writers."""
    with database_errors(engine.url), engine.connect() as connection:
        yield connection.execution_options(**{READING: True})


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction: committed at the end, rolled back on an error.

    The rows of the audit log that were noted meanwhile are committed with it.
    Raises ArchiveUnavailable if the database's file was deleted or replaced meanwhile.
    """
    with database_errors(engine.url):
        with engine.begin() as connection:
            audit_chain.forget_noted(connection)
            yield connection
            audit_chain.append_noted(connection)
            check = sqlite_database.check_in_place(connection)
        check()


def is_read_only(engine: Engine) -> bool:
    """Whether nothing can be written: a file on a read-only disk, or a server that is read-only."""
    if file := sqlite_file(engine.url):
        return sqlite_database.is_read_only(file)
    with reading(engine) as connection:
        return bool(connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on")


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
    file = sqlite_file(url) if url and isinstance(error, DBAPIError) else None
    if file and not file.exists():
        return sqlite_database.gone(file)
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
