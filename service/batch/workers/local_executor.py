"""The local executor: worker processes on this machine, which die with this one."""

from __future__ import annotations

import time
from pathlib import Path

from service.archive import Archive
from service.batch.jobs import item_queue
from service.batch.jobs.job_store import Job
from service.batch.workers.child_processes import GRACE, SLOTS, ChildProcesses, module_command, options_line
from service.config import Settings

_PROCESS = module_command("service.batch.workers.worker_main")


class LocalExecutor:
    """Worker processes on this machine, which die with this one. See `run.Executor`."""

    def __init__(
        self,
        archive: Archive,
        settings: Settings,
        folder: Path | None,
        job: Job,
        workers: int,
        slots: int = SLOTS,
        command: tuple[str, ...] = _PROCESS,
    ) -> None:
        self._grace = 2 * settings.deadline + GRACE
        told = options_line(settings, folder, job.id, slots)
        self._children = ChildProcesses(
            command, told, workers, lambda: recover(archive, job.id), settings.lease
        )

    def start(self) -> None:
        """Starts the processes."""
        self._children.start()

    def tend(self, ended: int) -> None:
        """Replaces processes that failed. Raises KexieError as `Children.tend` does."""
        self._children.tend(ended)

    def stop(self) -> None:
        """Lets running items finish; the others are handed back."""
        self._children.stop(self._grace)

    def kill(self) -> None:
        """Ends the processes at once."""
        self._children.kill()


def recover(archive: Archive, job: int | None = None) -> int:
    """Frees what dead workers of this machine hold; how many items."""
    with archive.writing() as connection:
        return item_queue.recover(connection, time.time(), job)
