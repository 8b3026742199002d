"""Remembers documents that ended or hung their process, so that none does it over and over."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from service.errors import DocumentRefused

ALLOWED = 2
_KEPT = 1024  # documents
_FORGOTTEN_AFTER = 600.0  # seconds: the cause may have been another than the document


class Quarantine:
    """Counts by a document's SHA-256; any thread may call."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: OrderedDict[bytes, tuple[int, float]] = OrderedDict()

    def check(self, docx: bytes) -> None:
        """Raises DocumentRefused for a document that has ended or hung its process twice of late."""
        if self._count(_key(docx)) >= ALLOWED:
            raise DocumentRefused(
                "这份文书两次使 LibreOffice 崩溃或停止响应，十分钟内不再尝试。请改用 .docx，并告知管理员。",
                "This document ended or hung LibreOffice twice and is not tried again for ten minutes: "
                "take the .docx, and tell the administrator.",
            )

    def add(self, docx: bytes) -> None:
        """One more process ended or hung over this document. Raises DocumentRefused at the second."""
        key = _key(docx)
        with self._lock:
            self._found[key] = self._live(key) + 1, self._clock() + _FORGOTTEN_AFTER
            self._found.move_to_end(key)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        self.check(docx)

    def clear(self, docx: bytes) -> None:
        """The document was converted after all."""
        with self._lock:
            self._found.pop(_key(docx), None)

    def _count(self, key: bytes) -> int:
        with self._lock:
            return self._live(key)

    def _live(self, key: bytes) -> int:
        count, until = self._found.get(key, (0, 0.0))
        return count if self._clock() < until else 0


def _key(docx: bytes) -> bytes:
    return hashlib.sha256(docx).digest()
