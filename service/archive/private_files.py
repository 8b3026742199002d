"""Permissions of an archive: its folders 0700, its files 0600, under any umask."""

import contextlib
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
OBJECTS, LOCK = "objects", "batches.lock"
_LOGS = ("", "-wal", "-shm", "-journal")  # of SQLite, beside its file


def make_folder(path: Path) -> None:
    """Makes a folder of an archive if it is missing, and closes it to others. Raises OSError."""
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    _close(path / OBJECTS, lambda objects: objects.rglob("*"))
    names = {entry.name for entry in path.iterdir()}
    if all(name in (OBJECTS, LOCK) or ".sqlite" in name or name.startswith(".") for name in names):
        _close(path)  # a folder with other files is not the archive's alone


def make_file(path: Path) -> None:
    """Makes an empty file if it is missing. Raises OSError.

    One that is there is not opened: closing it would end all locks that SQLite holds on it in this process
    (sqlite.org/howtocorrupt.html, 2.2), and another process could then discard what this one writes.
    """
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE))


def close_database(file: Path) -> None:
    """Closes an SQLite file and its logs to others, if earlier versions made them."""
    for suffix in _LOGS:
        _close(file.with_name(file.name + suffix))


def open_to_others(path: Path) -> bool:
    """Whether others than owner and group can use a file or folder. False if there is none."""
    with contextlib.suppress(OSError):
        return bool(path.stat().st_mode & stat.S_IRWXO)
    return False


def _close(path: Path, inside: Callable[[Path], Iterable[Path]] = lambda _: ()) -> None:
    """Takes the permissions of others and of the group, if others have any; the owner may choose a group."""
    if not open_to_others(path):
        return
    with contextlib.suppress(OSError):  # of another owner, or read-only: `doctor` reports it
        for each in (path, *inside(path)):
            if not each.is_symlink():
                each.chmod(FOLDER if each.is_dir() else FILE)
