"""The executor of batches that machines share: names items to the broker, and lets workers do them."""

from __future__ import annotations

from service.archive import Archive
from service.batch.workers import celery_app
from service.batch.workers.sweeper import Sweeper
from service.config import Settings


class BrokerExecutor:
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


def sweeper(archive: Archive, settings: Settings) -> Sweeper:
    """A sweeper that names items to the broker of these settings."""
    app = celery_app.make_app(settings)
    return Sweeper(archive, lambda ids: celery_app.send(app, ids), settings.lease)
