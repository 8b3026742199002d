"""The Celery application: messages carry the numbers of items and nothing else; the truth is in the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from celery import Celery

from service.config import Settings

TASK = "kexie.item"
QUEUE = "kexie.items"


def make_app(settings: Settings) -> Celery:
    """The application of these settings, without tasks. `settings.broker_url` must be there.

    A message is acknowledged when its item is marked; one that is lost on the way is sent again by a sweeper.
    """
    app = Celery("kexie", broker=settings.broker_url, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport(settings),
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
    )
    return app


def _transport(settings: Settings) -> dict[str, Any]:
    """Redis sends a message that nobody acknowledged again after a lease; it takes the first two for that."""
    if not (settings.broker_url or "").startswith("redis"):
        return {}
    return {
        "visibility_timeout": settings.lease,
        "unacked_restore_interval": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 10,
    }


def send(app: Celery, ids: Sequence[int]) -> None:
    """Sends the numbers of items. Raises kombu's OperationalError where the broker cannot be reached."""
    with app.connection_for_write(connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
        for id in ids:
            app.send_task(TASK, (id,), connection=connection, retry=False)


def serve(app: Celery, do: Callable[[int], None], slots: int, name: str) -> None:
    """Runs a Celery worker in this process, which does items in `slots` threads, until SIGTERM."""
    app.task(do, name=TASK)
    worker = app.Worker(
        pool="threads",
        concurrency=slots,
        hostname=name,
        quiet=True,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()
