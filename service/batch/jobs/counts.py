"""How far a job is: how many of its items are in each state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """How many items of a job are in each state."""

    queued: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def open(self) -> int:
        """Items that still need work."""
        return self.queued + self.running

    @property
    def ended(self) -> int:
        """Items that need none any more."""
        return self.done + self.failed + self.cancelled
