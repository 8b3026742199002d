"""Parsers of settings; each raises ValueError for an invalid text."""

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
    """Parses paths separated as in PATH."""
    return tuple(Path(part).absolute() for part in text.split(os.pathsep) if part)


def positive_int(text: str) -> int:
    """Parses an integer above 0."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def positive_float(text: str) -> float:
    """Parses a finite number above 0."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def temp_folder(text: str) -> Path:
    """Default temp folder: /dev/shm if it has 512 MB (saves 3 ms per document), else the system's."""
    if text:
        return Path(text).absolute()
    try:
        size = os.statvfs(_IN_MEMORY)
    except OSError:
        return Path(tempfile.gettempdir())
    large = size.f_blocks * size.f_frsize >= _LARGE and os.access(_IN_MEMORY, os.W_OK)
    return _IN_MEMORY if large else Path(tempfile.gettempdir())


def flag(text: str) -> bool:
    """Parses 0 or 1."""
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def one_of(*words: str) -> Callable[[str], str]:
    """Makes a parser of one of these words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def log_level(text: str) -> str:
    """Parses a log level."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def folder(text: str) -> Path:
    """Parses a folder path."""
    return Path(text).absolute()


def optional_path(text: str) -> Path | None:
    """Parses an optional path."""
    return Path(text).absolute() if text else None


def signing_key(text: str) -> Path | str | None:
    """Parses an optional path or pkcs11 URI."""
    return text if text.startswith("pkcs11:") else optional_path(text)


def url(*schemes: str) -> Callable[[str], str | None]:
    """Makes a parser of an optional URL with one of these schemes."""

    def read(text: str) -> str | None:
        if text and (urlsplit(text).scheme not in schemes or "://" not in text):
            raise ValueError(text)
        return text or None

    return read


def is_origin(text: str) -> bool:
    """Whether `text` is an exact lower-case web origin (RFC 6454), without path or wildcard."""
    return _ORIGIN.fullmatch(text) is not None


def hosts(text: str) -> frozenset[str]:
    """Parses hosts, with or without a port, separated by commas."""
    found = frozenset(part.strip().lower() for part in text.split(",") if part.strip())
    for host in found:
        if not _HOST.fullmatch(host) or urlsplit(f"//{host}").port == 0:
            raise ValueError(text)
    return found


def host_names(text: str) -> frozenset[str]:
    """Parses host names without ports, separated by commas."""
    found = hosts(text)
    if any(urlsplit(f"//{host}").port for host in found):
        raise ValueError(text)
    return found


def webhook_secret(text: str) -> str | None:
    """Parses an optional secret of Standard Webhooks: whsec_ and 24 to 64 bytes in Base64."""
    if text and not (text.startswith("whsec_") and 24 <= len(b64decode(text[6:], validate=True)) <= 64):
        raise ValueError(text)
    return text or None


def text(text: str) -> str | None:
    """Parses an optional text."""
    return text or None


def key_set(text: str) -> Path | str | None:
    """Parses an optional file path or https URL."""
    if "://" not in text:
        return Path(text).absolute() if text else None
    if urlsplit(text).scheme != "https" or not urlsplit(text).hostname:
        raise ValueError(text)
    return text


def count(text: str) -> int:
    """Parses an integer of 0 or more."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def origins(text: str) -> frozenset[str]:
    """Parses exact origins, separated by commas."""
    origins = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not all(map(is_origin, origins)):
        raise ValueError(text)
    return origins


def rate(text: str) -> str | None:
    """Parses an optional rate: requests per unit of time."""
    if text and not _RATE.fullmatch(text):
        raise ValueError(text)
    return text or None
