"""Counters of the pool: documents by outcome, seconds by step, process restarts by reason, proofs."""

import threading
from collections import Counter
from typing import Any


class Metrics:
    """Monotonic counters; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: Counter[str] = Counter()
        self._restarts: Counter[str] = Counter()
        self._proofs: Counter[str] = Counter()
        self._seconds: dict[str, tuple[int, float]] = {}

    def document(self, outcome: str) -> None:
        """Counts a document: "converted" or the code of its error."""
        with self._lock:
            self._documents[outcome] += 1

    def restart(self, reason: str) -> None:
        """Counts a replaced process: "died", "hung", "documents" or "memory"."""
        with self._lock:
            self._restarts[reason] += 1

    def proof(self, result: str) -> None:
        """Counts a document that was read back: "proved" or "failed"."""
        with self._lock:
            self._proofs[result] += 1

    def step(self, name: str, seconds: float) -> None:
        """Counts a step of a document that took `seconds`."""
        with self._lock:
            count, total = self._seconds.get(name, (0, 0.0))
            self._seconds[name] = count + 1, total + seconds

    def snapshot(self) -> dict[str, Any]:
        """Counters for JSON: `documents`, `restarts`, `proofs`, and `steps` as {name: [count, seconds]}."""
        with self._lock:
            return {
                "documents": dict(self._documents),
                "restarts": dict(self._restarts),
                "proofs": dict(self._proofs),
                "steps": {name: list(counted) for name, counted in self._seconds.items()},
            }
