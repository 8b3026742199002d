"""Local files written once: complete and on disk, or absent."""

import contextlib
import errno
import os
import secrets
from pathlib import Path

from service.archive import private_files
from service.errors import ArchiveUnwritable

_NO_NAMELESS_FILES = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL)  # NFS and the like
#: The disk is full or read-only.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
UNWRITABLE = (*DISK_FULL, errno.EACCES, errno.EPERM, errno.ENOTDIR)
TEMPORARY_PREFIX = ".aside-"


def write_once(path: Path, content: bytes) -> None:
    """Writes a file that gets its name once it is complete and on disk; never replaces another.

    A crash in between leaves nothing (open(2), O_TMPFILE); on file systems without O_TMPFILE it leaves a
    file whose name begins with `TEMPORARY_PREFIX`. Raises FileExistsError, OSError.
    """
    if not path.parent.is_dir():
        for above in (path.parent.parent, path.parent):
            above.mkdir(mode=private_files.FOLDER, exist_ok=True)
        sync(path.parent)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            _nameless(folder, path.name, content)
        except OSError as error:
            if error.errno not in _NO_NAMELESS_FILES:
                raise
            _write_by_link(folder, path.name, content)
        os.fsync(folder)
    finally:
        os.close(folder)


def sync(path: Path) -> None:
    """Flushes the name of a file or folder to disk, which another process may just have created."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _nameless(folder: int, name: str, content: bytes) -> None:
    descriptor = os.open(".", os.O_TMPFILE | os.O_WRONLY, private_files.FILE, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fdatasync(descriptor)
        # With dst_dir_fd Python calls linkat(2), which follows the descriptor to its file.
        os.link(f"/proc/self/fd/{descriptor}", name, dst_dir_fd=folder)


def _write_by_link(folder: int, name: str, content: bytes) -> None:
    temporary = TEMPORARY_PREFIX + secrets.token_hex(8)
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, private_files.FILE, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fdatasync(descriptor)
        os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)


def unwritable(where: str, reason: str) -> ArchiveUnwritable:
    """The error that the archive at `where` cannot be written."""
    return ArchiveUnwritable(
        f"档案写不进：{where}（{reason}）。请腾出磁盘空间，或检查该目录能否写入。",
        f"The archive cannot be written: {where} ({reason}). Free space on that disk, or check that "
        "the folder is writable.",
    )
