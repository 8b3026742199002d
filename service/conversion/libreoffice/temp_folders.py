"""The folders that conversion works in: held while they are in use, swept once their process is gone."""

from __future__ import annotations

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

# What the names begin with: of a pool's folder, a reading's, and that of a look at LibreOffice.
POOL, READING, PROBE = "kexie-pool-", "kexie-read-", "kexie-probe-"
_MOMENT = 60.0  # seconds, of which a folder is not held yet for some microseconds


def hold(folder: Path) -> int:
    """Marks a folder as in use until the descriptor returned is closed, by its process's end too.

    Unlike a pool's socket name, which containers with networks of their own do not share, all that share the
    folder see the mark. Raises BlockingIOError where it is held, OSError where it is not there.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def left_behind(temp_dir: Path, *kinds: str) -> list[Path]:
    """The folders of `kinds` (POOL, READING, PROBE) in `temp_dir` whose process is gone."""
    found = []
    for kind in kinds:
        for folder in temp_dir.glob(f"{kind}*"):
            with contextlib.suppress(OSError):
                os.close(hold(folder))
                found.append(folder)
    return found


def sweep(folder: Path) -> None:
    """Removes a folder, and the sockets that killed processes left for the profiles in it."""
    if folder.is_symlink():  # somebody else's
        return
    for home in (*folder.glob("worker-*/profile"), folder / "profile"):
        profile.forget(home.absolute().as_uri())
    shutil.rmtree(folder, ignore_errors=True)


def tidy(temp_dir: Path, *kinds: str) -> None:
    """Removes what killed processes left of private folders of `kinds`."""
    for folder in left_behind(temp_dir, *kinds):
        sweep(folder)
    for folder in (new for kind in kinds for new in temp_dir.glob(f".{kind}*")):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < time.time() - _MOMENT:
                sweep(folder)


@contextlib.contextmanager
def private(temp_dir: Path, kind: str) -> Iterator[Path]:
    """A folder of `kind`, gone afterwards; what killed processes left of that kind goes before.

    A process forked meanwhile leaves it alone. Raises OSError where there can be none.
    """
    owner = os.getpid()
    tidy(temp_dir, kind)
    made = Path(tempfile.mkdtemp(prefix=f".{kind}", dir=temp_dir))
    held = hold(made)
    try:
        made = made.rename(made.with_name(made.name[1:]))  # only now others see it, and see it held
        yield made
    finally:
        if os.getpid() == owner:
            sweep(made)
        os.close(held)


@contextlib.contextmanager
def probe_folder(settings: Settings) -> Iterator[Path]:
    """A private folder for probing LibreOffice, removed afterwards. Raises TempFolderFault."""
    try:
        with private(settings.temp_dir, PROBE) as folder:
            yield folder
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error


def remove_probe_folders(settings: Settings) -> None:
    """Removes the probe folders of killed processes."""
    tidy(settings.temp_dir, PROBE)
