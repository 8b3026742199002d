"""Address of a machine's pool: one name for all processes with the same settings and user.

The name is that of a Linux abstract socket (unix(7)): binding it is the lock that keeps the pool
single, and it disappears with its process, so it is never stale.
"""

import hashlib
import json
import os
import socket
import struct
from dataclasses import astuple, dataclass
from pathlib import Path

from service.config import Settings
from service.conversion.fonts import font_substitutes
from service.conversion.fonts.face_table import faces
from service.conversion.libreoffice import soffice, temp_folders
from service.forms.form_folder import font_folders
from service.version import VERSION

# The settings that define a pool; processes that differ in other settings share one.
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
    "KEXIE_SANDBOX",
    "KEXIE_LIBREOFFICE_MEMORY",
)
_CREDENTIALS = struct.Struct("3i")  # unix(7): pid, uid and gid of the peer


@dataclass(frozen=True)
class Address:
    """The pool's socket name and working folder."""

    name: str
    folder: Path

    @property
    def socket_name(self) -> str:
        """The abstract name for `socket.bind` and `socket.connect`."""
        return f"\0{self.name}"

    def connect(self, seconds: float) -> socket.socket:
        """Connects to the pool with a socket timeout of `seconds`.

        Raises ConnectionRefusedError if no pool is running, OSError if another user owns it.
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
    """The pool's address for these settings, LibreOffice and fonts, this user, version and container."""
    values = settings.as_env()
    ours = [values[name] for name in _THE_POOLS]
    space = os.stat("/proc/self/ns/mnt").st_ino  # noqa: PTH116 - containers may share a network but not files
    folders = font_folders(settings)
    office = soffice.stamp(settings.soffice)
    seen = [office, *font_substitutes.stamp(folders), *map(astuple, faces(folders))]
    mark = json.dumps([ours, seen, os.getuid(), space, VERSION, __file__], sort_keys=True)
    name = temp_folders.POOL + hashlib.sha256(mark.encode()).hexdigest()[:24]
    return Address(name, settings.temp_dir.absolute() / name)


def is_ours(connection: socket.socket) -> bool:
    """Whether the peer process belongs to the same user."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(raw)[1]
    return user == os.getuid()
