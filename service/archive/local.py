"""A file that is written once into a local folder: whole, on the disk, or not there at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Writes a file that has no name until it is whole and on the disk; a name is never taken from another.

    A process that ends in between leaves nothing (open(2), O_TMPFILE). Raises FileExistsError, OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        descriptor = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fdatasync(descriptor)
            # With dst_dir_fd Python calls linkat(2), which follows the descriptor to the file.
            os.link(f"/proc/self/fd/{descriptor}", path.name, dst_dir_fd=folder)
        os.fsync(folder)
    finally:
        with contextlib.suppress(OSError):
            os.close(folder)
