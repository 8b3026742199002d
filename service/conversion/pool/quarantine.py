"""Quarantine for documents that repeatedly crash or hang their process."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from service.errors import DocumentRefused

ALLOWED = 2
_KEPT = 1024  # documents
_FORGOTTEN_AFTER = 600.0  # seconds; the document may not have been the cause


class Quarantine:
    """Counts failures by the document's SHA-256; thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: OrderedDict[bytes, tuple[int, float]] = OrderedDict()

    def check(self, docx: bytes) -> None:
        """Raises DocumentRefused if the document recently crashed or hung its process twice."""
        with self._lock:
            count = self._live(_key(docx))
        if count >= ALLOWED:
            raise DocumentRefused(
                "这份文书两次使 LibreOffice 崩溃或停止响应，十分钟内不再尝试。请改用 .docx，并告知管理员。",
                "This document crashed or hung LibreOffice twice and is not retried for ten minutes. "
                "Use the .docx and inform the administrator.",
            )

    def add(self, docx: bytes) -> None:
        """Counts a process that crashed or hung on the document. Raises DocumentRefused at the second."""
        key = _key(docx)
        with self._lock:
            self._found[key] = self._live(key) + 1, self._clock() + _FORGOTTEN_AFTER
            self._found.move_to_end(key)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        self.check(docx)

    def clear(self, docx: bytes) -> None:
        """Forgets a document that was converted."""
        with self._lock:
            self._found.pop(_key(docx), None)

    def _live(self, key: bytes) -> int:
        count, until = self._found.get(key, (0, 0.0))
        return count if self._clock() < until else 0


def _key(docx: bytes) -> bytes:
    return hashlib.sha256(docx).digest()
