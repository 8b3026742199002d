"""The archive of an application, opened when it is first asked for, in each process anew."""

from __future__ import annotations

import os
import threading

from flask import current_app

from service.archive import Archive
from service.config import Settings


class Shelf:
    """The archive that the settings name. May be asked from any thread, and after a fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: tuple[int, Archive] | None = None  # by the process that opened it

    def archive(self) -> Archive:
        """The archive; made where it is not there. Raises ArchiveUnavailable or ArchiveFault."""
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = os.getpid(), Archive.open(self._settings)
            return self._opened[1]

    def close(self) -> None:
        """Gives connections and threads back."""
        with self._lock:
            if self._opened and self._opened[0] == os.getpid():
                self._opened[1].close()
            self._opened = None


def archive() -> Archive:
    """The archive of the application that answers. Raises as `Shelf.archive`."""
    shelf: Shelf = current_app.config["KEXIE_SHELF"]
    return shelf.archive()
