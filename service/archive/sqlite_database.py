"""The SQLite file of an archive: opened, locked, and watched, for a file that is gone keeps no record."""

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

from service.archive import private_files
from service.errors import ArchiveUnwritable, UsageError

TIMEOUT = 30  # seconds to wait for a lock or for the server
READING = "kexie_reading"  # the execution option of a connection that takes no write lock
_FILE = "kexie_file"


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


def engine(file: Path) -> Engine:
    """An engine on an existing file; it opens no other in its place."""
    connect = _connect_read_only if is_read_only(file) else _connect
    if connect is _connect:
        private_files.close_database(file)
    made = create_engine(URL.create("sqlite", database=str(file)), creator=lambda: connect(file))
    event.listen(made, "connect", _configure)
    event.listen(made, "connect", partial(_remember_file, file))
    event.listen(made, "checkout", partial(_renew_if_replaced, file))
    event.listen(made, "begin", _begin)
    return made


def is_read_only(file: Path) -> bool:
    """Whether a file is there and cannot be written; one that another process is making now can be."""
    there = file.exists()  # first: a file that appears after it must not be taken for unwritable
    return there and not all(os.access(path, os.W_OK, effective_ids=True) for path in (file, file.parent))


def _connect(file: Path) -> sqlite3.Connection:
    """Connects to an existing file: one that is gone must not come back empty."""
    uri = f"file:{quote(str(file))}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=TIMEOUT, check_same_thread=False)


def _connect_read_only(file: Path) -> sqlite3.Connection:
    """Connects to a database that cannot be written (sqlite.org/wal.html, "Read-Only Databases").

    Without a writer's log beside it, the file is opened as immutable.
    """
    log = file.with_name(f"{file.name}-wal")
    unlogged = not log.exists() or not log.stat().st_size
    uri = f"file:{quote(str(file))}?mode=ro{'&immutable=1' if unlogged else ''}"
    return sqlite3.connect(uri, uri=True, timeout=TIMEOUT, check_same_thread=False)


def _configure(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # only `_begin` starts transactions
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a reported record survives a power cut
    cursor.close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _identity(file: Path) -> tuple[int, int] | None:
    """The device and number of a file (stat(2)); None if there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remember_file(file: Path, _: Any, record: Any) -> None:
    record.info[_FILE] = _identity(file)


def _renew_if_replaced(file: Path, _: Any, record: Any, __: Any) -> None:
    """Replaces a pooled connection whose file was deleted or replaced."""
    if record.info.get(_FILE) != _identity(file):
        raise DisconnectionError


def check_in_place(connection: Connection) -> Callable[[], None]:
    """Raises ArchiveUnwritable if the file was deleted or replaced since the connection was opened.

    Returns the same check for after the transaction.
    """
    file, opened = sqlite_file(connection.engine.url), connection.info.get(_FILE)

    def check() -> None:
        if file and opened != _identity(file):
            raise gone(file)

    check()
    return check


def has_objects_beside(file: Path) -> bool:
    """Whether the files of an archive lie beside its index."""
    folder = file.with_name(private_files.OBJECTS)
    return folder.is_dir() and any(folder.iterdir())


def gone(file: Path) -> ArchiveUnwritable:
    """The error that the index was deleted or replaced."""
    return ArchiveUnwritable(
        f"档案索引不见了，或已被替换：{file}。请把它放回原处，或从备份恢复；在此之前什么也不会归档。",
        f"The archive's index was deleted or replaced: {file}. Put it back, or restore it from a backup; "
        "until then nothing is archived.",
    )
