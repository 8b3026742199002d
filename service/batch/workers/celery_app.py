"""The Celery application: messages carry item ids only; all state is in the database."""

from collections.abc import Callable, Sequence
from typing import Any

from celery import Celery

from service.config import Settings

TASK = "kexie.item"
QUEUE = "kexie.items"


def make_app(settings: Settings) -> Celery:
    """Returns the application without tasks; `settings.broker_url` must be set.

    A message is acknowledged once its item is marked; a sweeper resends lost messages.
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
    """Redis redelivers unacknowledged messages after one lease: the first two options.

    A worker waits at most 21 s for a broker that no longer answers: the last option, twice, and a second.
    """
    if not (settings.broker_url or "").startswith("redis"):
        return {}
    return {
        "visibility_timeout": settings.lease,
        "unacked_restore_interval": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 10,
        "health_check_interval": 10,
    }


def send(app: Celery, ids: Sequence[int]) -> None:
    """Sends item ids. Raises kombu's OperationalError when the broker cannot be reached."""
    with app.connection_for_write(connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
        for id in ids:
            app.send_task(TASK, (id,), connection=connection, retry=False)


def serve(app: Celery, run: Callable[[int], None], slots: int, name: str) -> None:
    """Runs a Celery worker with `slots` threads in this process until SIGTERM."""
    app.task(run, name=TASK)
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
