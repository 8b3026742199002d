"""The broker executor: sends item ids to the broker; workers on any machine process them."""

from service.archive import Archive
from service.batch.workers import celery_app
from service.batch.workers.sweeper import Sweeper
from service.config import Settings


class BrokerExecutor:
    """Implements `runner.Executor` with workers that share the broker, the database and the object store."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._sweeper = sweeper(archive, settings)

    def start(self) -> None:
        """Sends the first item ids."""
        self._sweeper.sweep()

    def tend(self, _: int) -> None:
        """Sends the ids of due items."""
        self._sweeper.sweep()

    def stop(self) -> None:
        """Does nothing: the workers continue, and sweep themselves."""

    def kill(self) -> None:
        """Does nothing, as `stop`."""


def sweeper(archive: Archive, settings: Settings) -> Sweeper:
    """Returns a sweeper for the broker of these settings."""
    app = celery_app.make_app(settings)
    return Sweeper(archive, lambda ids: celery_app.send(app, ids), settings.lease)
