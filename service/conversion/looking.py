"""A private folder for a look at LibreOffice; what a killed process left of one is removed by the next."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from service.config import Settings
from service.conversion import folders
from service.conversion.faults import temp_folder_fault

_NEW, _HELD = "kexie-new-", "kexie-look-"
_MOMENT = 60.0  # seconds, of which a folder is new for some microseconds


@contextlib.contextmanager
def folder(settings: Settings) -> Iterator[Path]:
    """The folder, removed with all that is in it. Raises TempFolderFault."""
    try:
        tidy(settings)
        new = Path(tempfile.mkdtemp(prefix=_NEW, dir=settings.temp_dir))
        held = folders.hold(new)
        try:
            yield (made := new.rename(new.with_name(new.name.replace(_NEW, _HELD))))
        finally:
            shutil.rmtree(made, ignore_errors=True)
            os.close(held)
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error


def tidy(settings: Settings) -> None:
    """Removes the folders of processes that were killed while they looked."""
    for left in settings.temp_dir.glob(f"{_HELD}*"):
        with contextlib.suppress(OSError):
            held = folders.hold(left)
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)
    for left in settings.temp_dir.glob(f"{_NEW}*"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - _MOMENT:
                shutil.rmtree(left, ignore_errors=True)
