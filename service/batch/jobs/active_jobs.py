"""Active batches over HTTP: items claimed, batches cancelled, resumed and finished."""

import random

from sqlalchemy import Connection, select, update

from service.archive import Archive
from service.batch.jobs import item_queue, job_store, webhook_queue
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_tables import CANCELLED, QUEUED, RUNNING, items, jobs

_ACTIVE = jobs.c.public.is_not(None) & jobs.c.ended.is_(None) & jobs.c.state.in_((RUNNING, CANCELLED))


def any_active(connection: Connection) -> bool:
    """Whether any batch has not ended."""
    return connection.execute(select(jobs.c.id).where(_ACTIVE).limit(1)).first() is not None


def claim(connection: Connection, worker: str, count: int, now: float, lease: float) -> list[ItemClaim]:
    """Claims up to `count` items of one randomly chosen active batch for `lease` seconds.

    The random choice keeps a small batch from waiting for the end of a large one.
    """
    running = list(connection.scalars(select(jobs.c.id).where(_ACTIVE, jobs.c.state == RUNNING)))
    random.shuffle(running)
    for job in running:
        if claimed := item_queue.claim(connection, worker, count, now, lease, job):
            return claimed
    return []


def next_due(connection: Connection) -> float | None:
    """The time when the next item of an active batch is due; None when no item is open."""
    running = connection.scalars(select(jobs.c.id).where(_ACTIVE, jobs.c.state == RUNNING)).all()
    dues = (item_queue.next_due(connection, job) for job in running)
    return min((due for due in dues if due is not None), default=None)


def finish_ended(archive: Archive, now: float) -> None:
    """Ends active batches without open items, and cancels the waiting items of cancelled batches."""
    with archive.reading() as connection:
        active = connection.execute(select(jobs.c.id, jobs.c.state).where(_ACTIVE)).all()
        ready = [
            row.id
            for row in active
            if row.state == CANCELLED or item_queue.next_due(connection, row.id) is None
        ]
    if ready:
        with archive.writing() as connection:
            for job in ready:
                end(connection, job, now)


def end(connection: Connection, job: int, now: float) -> None:
    """Cancels the waiting items of a cancelled batch, and ends a batch without open items."""
    state = connection.scalar(select(jobs.c.state).where(jobs.c.id == job))
    if state == CANCELLED:
        item_queue.recover(connection, now, job)
        late = (items.c.state == RUNNING) & (items.c.due <= now)  # its worker has not renewed the lease
        waiting = (items.c.job == job) & ((items.c.state == QUEUED) | late)
        cancelled = update(items).where(waiting)
        connection.execute(cancelled.values(state=CANCELLED, due=None, worker=None, sent=None))
    if item_queue.next_due(connection, job) is None:
        job_store.finish(connection, job, finished=True)


def cancel(connection: Connection, job: int, now: float) -> None:
    """Cancels a batch: running items finish, waiting items are cancelled. An ended batch is left as it is."""
    running = (jobs.c.id == job) & (jobs.c.state == RUNNING)
    if connection.execute(update(jobs).where(running).values(state=CANCELLED)).rowcount:
        end(connection, job, now)


def resume(connection: Connection, job: int, now: float) -> None:
    """Requeues the cancelled items of a batch, if any."""
    cancelled = (items.c.job == job) & (items.c.state == CANCELLED)
    again = update(items).where(cancelled).values(state=QUEUED, due=now, sent=None)
    if connection.execute(again).rowcount:
        job_store.finish(connection, job, finished=False)
        webhook_queue.batch_resumed(connection, job)
