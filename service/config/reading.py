"""What a setting is, and how its text is read."""

from __future__ import annotations

import os
import re
import tempfile
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.errors import Bilingual

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each pool makes a folder of its own
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_HOST = re.compile(r"([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_LARGE = 512 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Setting:
    """One setting: the environment variable, its default as written there, how it is read, its help."""

    name: str
    field: str
    default: str
    read: Callable[[str], Any]
    help: Bilingual
    secret: bool = False  # may hold a password: its value is told to nobody

    @staticmethod
    def write(value: Any) -> str:
        """The text of which `read` makes `value`."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            return os.pathsep.join(map(str, value))
        if isinstance(value, frozenset):
            return ",".join(sorted(value))
        return str(int(value)) if isinstance(value, bool) else str(value)


def paths(text: str) -> tuple[Path, ...]:
    """Paths separated as in PATH."""
    return tuple(Path(part).absolute() for part in text.split(os.pathsep) if part)


def positive_int(text: str) -> int:
    """A whole number above 0."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def positive_float(text: str) -> float:
    """A number above 0."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def folder(text: str) -> Path:
    """By default a file system in memory, where it is large enough for many documents: 3 ms faster each."""
    if text:
        return Path(text).absolute()
    try:
        size = os.statvfs(_IN_MEMORY)
    except OSError:
        return Path(tempfile.gettempdir())
    large = size.f_blocks * size.f_frsize >= _LARGE and os.access(_IN_MEMORY, os.W_OK)
    return _IN_MEMORY if large else Path(tempfile.gettempdir())


def flag(text: str) -> bool:
    """0 or 1."""
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def level(text: str) -> str:
    """A level of the log."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def folder_name(text: str) -> Path:
    """A folder."""
    return Path(text).absolute()


def url(*schemes: str) -> Callable[[str], str | None]:
    """A URL of one of these schemes, or none."""

    def read(text: str) -> str | None:
        if text and (urlsplit(text).scheme not in schemes or "://" not in text):
            raise ValueError(text)
        return text or None

    return read


def public(url: str) -> str:
    """A URL without user, password, query and fragment, to be shown to people."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_origin(text: str) -> bool:
    """Whether it is an exact origin of a web page (RFC 6454), in lower case: no path, no wildcard."""
    return _ORIGIN.fullmatch(text) is not None


def hosts(text: str) -> frozenset[str]:
    """Hosts, with a port or without, separated by commas."""
    found = frozenset(part.strip().lower() for part in text.split(",") if part.strip())
    for host in found:
        if not _HOST.fullmatch(host) or urlsplit(f"//{host}").port == 0:
            raise ValueError(text)
    return found


def webhook_secret(text: str) -> str | None:
    """A secret of Standard Webhooks: whsec_ and 24 to 64 bytes in Base64, or none."""
    if text and not (text.startswith("whsec_") and 24 <= len(b64decode(text[6:], validate=True)) <= 64):
        raise ValueError(text)
    return text or None
