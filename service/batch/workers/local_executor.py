"""The local executor: worker processes on this machine that end with this process."""

import time
from pathlib import Path

from service.archive import Archive
from service.batch.jobs import item_queue
from service.batch.workers.child_processes import SLOTS, ChildProcesses, options_line
from service.config import Settings
from service.processes import startup

_PROCESS = startup.command("service.batch.workers.worker_main")


def local_executor(
    archive: Archive,
    settings: Settings,
    folder: Path | None,
    job: int | None,
    workers: int,
    slots: int = SLOTS,
    command: tuple[str, ...] = _PROCESS,
) -> ChildProcesses:
    """Worker processes for one job, or without `job` for all active batches. See `runner.Executor`."""
    options = options_line(settings, folder, job, slots)
    return ChildProcesses(command, options, workers, lambda: recover(archive, job), settings)


def recover(archive: Archive, job: int | None = None) -> int:
    """Frees the items of dead workers on this machine; returns how many."""
    with archive.writing() as connection:
        return item_queue.recover(connection, time.time(), job)
