"""Where the pool of a machine is found: one name for all processes with the same settings and user.

The name is a Linux abstract socket's (unix(7)): binding it is the lock that keeps the pool
single, and it vanishes with its process, so that nothing is ever stale.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from service.config import Settings
from service.conversion.fonts import faces
from service.conversion.libreoffice import temp_folders

# What the pool works by; processes that differ in other settings share one.
_THE_POOLS = (
    "KEXIE_SOFFICE",
    "KEXIE_TEMP_DIR",
    "KEXIE_FONT_DIRS",
    "KEXIE_DEADLINE",
    "KEXIE_CONVERTERS",
    "KEXIE_QUEUE",
    "KEXIE_RECYCLE_DOCUMENTS",
    "KEXIE_RECYCLE_MEMORY",
    "KEXIE_UNO_PYTHON",
)
_CREDENTIALS = struct.Struct("3i")  # unix(7): process, user and group of the other side


@dataclass(frozen=True)
class Address:
    """The pool's socket name, and the folder in which it works."""

    name: str
    folder: Path

    @property
    def socket_name(self) -> str:
        """The abstract name for `socket.bind` and `socket.connect`."""
        return f"\0{self.name}"

    def connect(self, seconds: float) -> socket.socket:
        """A connection to the pool, whose calls end after `seconds`.

        Raises ConnectionRefusedError where there is no pool, OSError where its process is another user's.
        """
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(self.socket_name)
            if not is_ours(connection):
                raise PermissionError("another user's process holds the pool's name")
        except BaseException:
            connection.close()
            raise
        return connection


def of(settings: Settings) -> Address:
    """The address of the pool of these settings and fonts, this user, this version and this container."""
    values = settings.as_env()
    ours = [values[name] for name in _THE_POOLS]
    space = os.stat("/proc/self/ns/mnt").st_ino  # noqa: PTH116 - containers may share a network, not files
    seen = faces.stamp(settings.font_dirs)
    mark = json.dumps([ours, seen, os.getuid(), space, version("kexie-forms"), __file__], sort_keys=True)
    name = temp_folders.POOL + hashlib.sha256(mark.encode()).hexdigest()[:24]
    return Address(name, settings.temp_dir.absolute() / name)


def is_ours(connection: socket.socket) -> bool:
    """Whether the process at the other side is of the same user."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(raw)[1]
    return user == os.getuid()
