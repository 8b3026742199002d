"""The counts of a job's items by state."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """The number of a job's items in each state."""

    queued: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def open(self) -> int:
        """Items that are queued or running."""
        return self.queued + self.running

    @property
    def ended(self) -> int:
        """Items that are done, failed or cancelled."""
        return self.done + self.failed + self.cancelled
