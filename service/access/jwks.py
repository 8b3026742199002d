"""The public keys of a portal's issuer (JWKS, RFC 7517): from a file, or fetched from an allowed host."""

import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from service.config import Settings
from service.errors import AccessFault, UsageError

_DEADLINE = 5.0  # seconds for a fetch as a whole
_LIMIT = 256 * 1024  # bytes
_AGAIN = 60.0  # minimum seconds between two fetches
_OLD = 3600.0  # seconds after which keys are fetched again

_log = logging.getLogger("kexie.access")

_Found = dict[str | None, Key]


class KeySet(Protocol):
    """The public keys of an issuer."""

    def find(self, kid: str | None) -> Key | None:
        """The key with this id; without an id, the only key. Raises AccessFault if no key is available."""


def key_set(settings: Settings, clock: Callable[[], float] = time.monotonic) -> KeySet:
    """The keys of KEXIE_JWT_KEYS. Raises UsageError for an invalid location."""
    place = settings.jwt_keys
    if isinstance(place, Path):
        return _File(place)
    if place is None or not _names(place) & settings.allowed_hosts:
        raise UsageError(
            "KEXIE_JWT_KEYS 应为 JWKS 文件，或主机列在 KEXIE_ALLOWED_HOSTS 中的 https 网址。",
            "KEXIE_JWT_KEYS must be a JWKS file, or an https URL of a host in KEXIE_ALLOWED_HOSTS.",
        )
    return _Fetched(place, clock)


def _names(url: str) -> frozenset[str | None]:
    """The names by which KEXIE_ALLOWED_HOSTS may allow an https URL: its host, or host and port."""
    parts = urlsplit(url)
    return frozenset((parts.hostname, f"{parts.hostname}:{parts.port or 443}"))


class _File:
    """A file, reread when it changes; the last readable keys stay valid."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, ...] = ()
        self._keys: _Found = {}
        try:
            self._read()
        except (OSError, ValueError) as error:
            raise UsageError(
                f"KEXIE_JWT_KEYS：无法从“{path}”读出 JWKS 公钥。",
                f"KEXIE_JWT_KEYS: no JWKS of public keys can be read from '{path}'.",
            ) from error

    def find(self, kid: str | None) -> Key | None:
        with self._lock:
            try:
                self._read()
            except (OSError, ValueError) as error:
                _log.error("KEXIE_JWT_KEYS cannot be read, the earlier keys stay: %s", type(error).__name__)
            return _chosen(self._keys, kid)

    def _read(self) -> None:
        status = self._path.stat()
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if stamp != self._stamp:
            self._keys = read(self._path.read_bytes())
            self._stamp = stamp


class _Fetched:
    """A URL, fetched for the first token, then hourly, and at most once a minute for unknown keys."""

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        self._url = url
        self._clock = clock
        self._lock = threading.Lock()
        self._tried: float | None = None
        self._fetched = 0.0
        self._keys: _Found = {}

    def find(self, kid: str | None) -> Key | None:
        with self._lock:
            now = self._clock()
            wanted = _chosen(self._keys, kid) is None or now - self._fetched >= _OLD
            if wanted and (self._tried is None or now - self._tried >= _AGAIN):
                self._tried = now
                self._fetch(now)
            if not self._keys:
                raise AccessFault(
                    "暂时无法取得门户签发者的公钥，请稍后重试。",
                    "The public keys of the portal's issuer are unavailable at present: try again later.",
                )
            return _chosen(self._keys, kid)

    def _fetch(self, now: float) -> None:
        try:
            self._keys = read(_fetch(self._url))
            self._fetched = now
        except (httpx.HTTPError, OSError, ValueError) as error:
            _log.error("KEXIE_JWT_KEYS cannot be fetched, the earlier keys stay: %s", type(error).__name__)


def read(content: bytes) -> _Found:
    """Parses the keys by id, without symmetric and encryption keys. Raises ValueError."""
    try:
        listed: Any = json.loads(content)["keys"]
        keys = [key for data in listed if (key := _public(data)) is not None]
    except (KeyError, TypeError, AttributeError, RecursionError, JoseError) as error:
        raise ValueError("no JWKS") from error
    if not keys:
        raise ValueError("no public key")
    return {key.kid: key for key in keys}


def _public(data: dict[str, Any]) -> Key | None:
    # Anyone can sign with a symmetric key from a public list.
    if data.get("kty") not in ("RSA", "EC", "OKP") or data.get("use", "sig") != "sig":
        return None
    key = import_key(data)
    assert isinstance(key, RSAKey | ECKey | OKPKey)
    return key


def _chosen(keys: _Found, kid: str | None) -> Key | None:
    return next(iter(keys.values())) if kid is None and len(keys) == 1 else keys.get(kid)


def _fetch(url: str) -> bytes:
    until = time.monotonic() + _DEADLINE
    content = b""
    with httpx.stream("GET", url, timeout=_DEADLINE, follow_redirects=False) as response:
        if response.status_code != httpx.codes.OK:
            raise ValueError(response.status_code)
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > _LIMIT or time.monotonic() > until:
                raise ValueError("too large or too slow")
    return content
