"""Temporary folders of conversion: locked while in use, removed once their process has ended."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from service.config import Settings
from service.conversion.conversion_errors import temp_folder_fault
from service.conversion.libreoffice import profile

# Name prefixes of the folders of a pool, of reading a document, and of one command.
POOL, READING, COMMAND = "kexie-pool-", "kexie-read-", "kexie-command-"
_NEW = 60.0  # seconds; a new folder is not locked yet for some microseconds


def hold(folder: Path) -> int:
    """Locks a folder until the returned descriptor is closed, at the latest by the process's end.

    Unlike a pool's socket name, the lock is visible to all containers that share the folder. Raises
    BlockingIOError if it is locked, OSError if it is missing.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def left_behind(temp_dir: Path, *kinds: str) -> list[Path]:
    """The folders of `kinds` (POOL, READING, COMMAND) in `temp_dir` whose process has ended."""
    found = []
    for kind in kinds:
        for folder in temp_dir.glob(f"{kind}*"):
            with contextlib.suppress(OSError):
                os.close(hold(folder))
                found.append(folder)
    return found


def sweep(folder: Path) -> None:
    """Removes a folder and the sockets that killed processes left for its profiles."""
    if folder.is_symlink():  # another user's
        return
    for home in (*folder.glob("worker-*/profile"), folder / "profile"):
        profile.forget(home.absolute().as_uri())
    shutil.rmtree(folder, ignore_errors=True)


def tidy(temp_dir: Path, *kinds: str) -> None:
    """Removes private folders of `kinds` left by killed processes."""
    for folder in left_behind(temp_dir, *kinds):
        sweep(folder)
    for folder in (new for kind in kinds for new in temp_dir.glob(f".{kind}*")):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < time.time() - _NEW:
                sweep(folder)


@contextlib.contextmanager
def private(temp_dir: Path, kind: str) -> Iterator[Path]:
    """A folder of `kind`, removed afterwards; folders left by killed processes are removed before.

    A forked child does not remove it. Raises OSError if it cannot be created.
    """
    owner = os.getpid()
    tidy(temp_dir, kind)
    made = Path(tempfile.mkdtemp(prefix=f".{kind}", dir=temp_dir))
    held = hold(made)
    try:
        # Gets its final name only once it is locked.
        made = made.rename(made.with_name(made.name[1:]))
        yield made
    finally:
        if os.getpid() == owner:
            sweep(made)
        os.close(held)


@contextlib.contextmanager
def command_folder(settings: Settings) -> Iterator[Path]:
    """A private folder of one command, removed afterwards. Raises TempFolderFault."""
    try:
        with private(settings.temp_dir, COMMAND) as folder:
            yield folder
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error


def remove_command_folders(settings: Settings) -> None:
    """Removes the folders of killed commands."""
    tidy(settings.temp_dir, COMMAND)
