"""Writes new folders and files, or nothing: under temporary names, then renamed."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from service.errors import UsageError, system_errors


def write(folders: Mapping[Path, Mapping[str, bytes]], files: Mapping[Path, bytes]) -> None:
    """Creates `folders`, which must not exist, with their files by name, then replaces `files`.

    On an error no folder is left, and no file is changed unless another was replaced before. Raises OSError.
    """
    left: list[Path] = []
    try:
        for folder, contents in folders.items():
            left.append(_temporary(folder))
            left[-1].mkdir(parents=True)
            for name, held in contents.items():
                _write(left[-1] / name, held)
        for path, content in files.items():
            left.append(_temporary(path))
            _write(left[-1], content)
        for folder in folders:
            _temporary(folder).rename(folder)
            left.append(folder)
        for path in files:
            _temporary(path).replace(path)
    except BaseException:
        for made in left:
            if made.is_dir():
                shutil.rmtree(made, ignore_errors=True)
            else:
                made.unlink(missing_ok=True)
        raise


def unwritable(error: OSError) -> UsageError:
    """The error for users where `write` fails."""
    why = system_errors.with_path(error)
    return UsageError(
        f"写不了，什么也没有改动：{why.zh}。请检查表单目录的写入权限和磁盘空间。",
        f"Cannot write, and nothing was changed: {why.en}. Check the folder's rights and free space.",
    )


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
