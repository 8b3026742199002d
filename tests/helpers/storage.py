"""Storage that is read-only or full: a small file system of its own, where this machine allows one."""

from __future__ import annotations

import contextlib
import os
import subprocess

from tests.helpers.servers import folder

NOBODY = 65534


def _mounted(*words):
    return subprocess.run(["mount", *map(str, words)], capture_output=True, timeout=20).returncode == 0


@contextlib.contextmanager
def small(size):
    """A folder that holds so many bytes, or None where no file system can be mounted."""
    with folder() as root:
        if not _mounted("-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", root):
            yield None
            return
        try:
            yield root
        finally:
            subprocess.run(["umount", "-l", root], check=True, timeout=20)


def fill(archive):
    """Fills the file system of an archive in `small`; elsewhere its objects can no longer be written."""
    if not archive.parent.is_mount():
        (archive / "objects").rename(archive / "away")
        (archive / "objects").write_text("no folder")
        return
    with contextlib.suppress(OSError), (archive / "ballast").open("wb", 0) as ballast:
        while True:
            ballast.write(b"x" * 4096)


def empty(archive):
    """Undoes what `fill` did."""
    if not archive.parent.is_mount():
        (archive / "objects").unlink()
        (archive / "away").rename(archive / "objects")
        return
    (archive / "ballast").unlink()


@contextlib.contextmanager
def read_only(place):
    """Nothing below `place` can be written meanwhile."""
    if _mounted("--bind", place, place):
        try:
            assert _mounted("-o", "remount,bind,ro", place)
            yield
        finally:
            subprocess.run(["umount", "-l", place], check=True, timeout=20)
        return
    inside = [place, *place.rglob("*")]
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with _without_privileges():
            yield
    finally:
        for path in inside:
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextlib.contextmanager
def _without_privileges():
    """Root may write everywhere: it is nobody meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
