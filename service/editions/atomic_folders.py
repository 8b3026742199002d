"""Writes new folders and one file, or nothing: under temporary names, then renamed."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def write(folders: Mapping[Path, Mapping[str, bytes]], path: Path, content: bytes) -> None:
    """Creates `folders`, which must not exist, with their files by name, then replaces `path` by `content`.

    On an error no folder is left and `path` is unchanged. Raises OSError.
    """
    left: list[Path] = []
    try:
        for folder, contents in folders.items():
            left.append(_temporary(folder))
            left[-1].mkdir(parents=True)
            for name, held in contents.items():
                _write(left[-1] / name, held)
        left.append(_temporary(path))
        _write(left[-1], content)
        for folder in folders:
            _temporary(folder).rename(folder)
            left.append(folder)
        _temporary(path).replace(path)
    except BaseException:
        for made in left:
            if made.is_dir():
                shutil.rmtree(made, ignore_errors=True)
            else:
                made.unlink(missing_ok=True)
        raise


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
