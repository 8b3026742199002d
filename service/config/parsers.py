"""How the text of a setting is parsed; each raises ValueError for a text that it does not accept."""

import os
import re
import tempfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each pool makes a folder of its own
_LARGE = 512 * 1024 * 1024  # bytes
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_HOST = re.compile(r"([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_RATE = re.compile("[1-9][0-9]{0,8} per (second|minute|hour|day)")


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


def temp_folder(text: str) -> Path:
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


def log_level(text: str) -> str:
    """A level of the log."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def folder(text: str) -> Path:
    """A folder."""
    return Path(text).absolute()


def url(*schemes: str) -> Callable[[str], str | None]:
    """A URL of one of these schemes, or none."""

    def read(text: str) -> str | None:
        if text and (urlsplit(text).scheme not in schemes or "://" not in text):
            raise ValueError(text)
        return text or None

    return read


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


def text(text: str) -> str | None:
    """Any text, or none."""
    return text or None


def key_set(text: str) -> Path | str | None:
    """A file, an https URL, or none."""
    if "://" not in text:
        return Path(text).absolute() if text else None
    if urlsplit(text).scheme != "https" or not urlsplit(text).hostname:
        raise ValueError(text)
    return text


def count(text: str) -> int:
    """A whole number of 0 or more."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def origins(text: str) -> frozenset[str]:
    """Exact origins, separated by commas."""
    origins = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not all(map(is_origin, origins)):
        raise ValueError(text)
    return origins


def rate(text: str) -> str | None:
    """Requests per unit of time, or none."""
    if text and not _RATE.fullmatch(text):
        raise ValueError(text)
    return text or None
