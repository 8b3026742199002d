"""Atomic writes: temporary file, fsync, rename."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Opens a temporary file beside `path`; at the block's end it is synced and renamed to `path`.

    On an error the file is removed and an existing `path` stays unchanged. Permissions are those of a new
    file of this process. A device or pipe, as /dev/null, is written to and stays. Raises OSError.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def umask() -> int:
    """The file mode creation mask of this process (umask(2))."""
    current = os.umask(0)
    os.umask(current)
    return current
