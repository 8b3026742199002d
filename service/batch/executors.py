"""Who does the items of a job: processes of this machine, or workers that a broker tells of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from service.archive import Archive
from service.batch import celery_app, queue
from service.batch.children import SLOTS, Children, command, orders
from service.batch.job import Job
from service.batch.sweeper import Sweeper
from service.config import Settings

_PROCESS = command("service.batch.process")
_GRACE = 5.0  # seconds beyond what running items have themselves


class Local:
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
        self._grace = 2 * settings.deadline + _GRACE
        told = orders(settings, folder, job.id, slots)
        self._children = Children(command, told, workers, lambda: recover(archive, job.id))

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


class Remote:
    """Workers on any machine that share broker, database and objects. See `run.Executor`."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._sweeper = sweeper(archive, settings)

    def start(self) -> None:
        """Names the first items to the broker."""
        self._sweeper.sweep()

    def tend(self, _: int) -> None:
        """Names what is due."""
        self._sweeper.sweep()

    def stop(self) -> None:
        """Nothing: the workers go on, and sweep themselves."""

    def kill(self) -> None:
        """Nothing, as `stop`."""


def recover(archive: Archive, job: int | None = None) -> int:
    """Frees what dead workers of this machine hold; how many items."""
    with archive.writing() as connection:
        return queue.recover(connection, time.time(), job)


def sweeper(archive: Archive, settings: Settings) -> Sweeper:
    """A sweeper that names items to the broker of these settings."""
    app = celery_app.make(settings)
    return Sweeper(archive, lambda ids: celery_app.send(app, ids), settings.lease)


@contextlib.contextmanager
def serving(archive: Archive, settings: Settings, workers: int) -> Iterator[Children]:
    """Celery worker processes on this machine, ended with the block: running items finish."""
    told = orders(settings, None, None, SLOTS)
    served = Children(command("service.batch.celery_process"), told, workers, lambda: recover(archive))
    try:
        served.start()
        yield served
        served.stop(2 * settings.deadline + _GRACE)
    finally:
        served.kill()
