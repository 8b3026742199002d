"""A private folder for a look at LibreOffice, and for what else lasts no longer than its process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from service.config import Settings
from service.conversion.conversion_errors import temp_folder_fault
from service.conversion.libreoffice import temp_folders


@contextlib.contextmanager
def folder(settings: Settings) -> Iterator[Path]:
    """The folder, removed with all that is in it. Raises TempFolderFault."""
    try:
        with temp_folders.private(settings.temp_dir, temp_folders.LOOK) as made:
            yield made
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error


def tidy(settings: Settings) -> None:
    """Removes the folders of processes that were killed while they looked."""
    temp_folders.tidy(settings.temp_dir, temp_folders.LOOK)
