"""The batches that the service works on: claimed from in turn, cancelled, resumed, brought to an end."""

from __future__ import annotations

import random

from sqlalchemy import Connection, select, update

from service.archive import Archive
from service.batch.jobs import item_queue, job_store, webhook_queue
from service.batch.jobs.item_queue import Claim
from service.batch.jobs.job_tables import CANCELLED, QUEUED, RUNNING, items, jobs

_LIVE = jobs.c.public.is_not(None) & jobs.c.ended.is_(None) & jobs.c.state.in_((RUNNING, CANCELLED))


def any_live(connection: Connection) -> bool:
    """Whether any batch is not at its end."""
    return connection.execute(select(jobs.c.id).where(_LIVE).limit(1)).first() is not None


def claim(connection: Connection, worker: str, count: int, now: float, lease: float) -> list[Claim]:
    """At most `count` items of one live batch, for `lease` seconds: of another each time, as chance has it.

    So a small batch does not wait for the end of a large one.
    """
    running = list(connection.scalars(select(jobs.c.id).where(_LIVE, jobs.c.state == RUNNING)))
    random.shuffle(running)
    for job in running:
        if claimed := item_queue.claim(connection, worker, count, now, lease, job):
            return claimed
    return []


def next_due(connection: Connection) -> float | None:
    """When the next item of a live batch may be claimed; None where no item needs work."""
    running = connection.scalars(select(jobs.c.id).where(_LIVE, jobs.c.state == RUNNING)).all()
    dues = (item_queue.next_due(connection, job) for job in running)
    return min((due for due in dues if due is not None), default=None)


def settle(archive: Archive, now: float) -> None:
    """Ends live batches of which no item needs work, and cancels what cancelled ones still hold."""
    with archive.reading() as connection:
        live = connection.execute(select(jobs.c.id, jobs.c.state).where(_LIVE)).all()
        ready = [
            row.id
            for row in live
            if row.state == CANCELLED or item_queue.next_due(connection, row.id) is None
        ]
    if ready:
        with archive.writing() as connection:
            for job in ready:
                end(connection, job, now)


def end(connection: Connection, job: int, now: float) -> None:
    """Cancels the waiting items of a cancelled batch; a batch of which no item needs work is at its end."""
    state = connection.scalar(select(jobs.c.state).where(jobs.c.id == job))
    if state == CANCELLED:
        item_queue.recover(connection, now, job)
        late = (items.c.state == RUNNING) & (items.c.due <= now)  # its worker gave no sign of life
        waiting = (items.c.job == job) & ((items.c.state == QUEUED) | late)
        gone = update(items).where(waiting)
        connection.execute(gone.values(state=CANCELLED, due=None, worker=None, sent=None))
    if item_queue.next_due(connection, job) is None:
        job_store.finish(connection, job, finished=True)


def cancel(connection: Connection, job: int, now: float) -> None:
    """Cancels a batch: items that run are finished, the others cancelled. One at its end stays so."""
    running = (jobs.c.id == job) & (jobs.c.state == RUNNING)
    if connection.execute(update(jobs).where(running).values(state=CANCELLED)).rowcount:
        end(connection, job, now)


def resume(connection: Connection, job: int, now: float) -> None:
    """Queues the cancelled items of a batch again; nothing where there are none."""
    cancelled = (items.c.job == job) & (items.c.state == CANCELLED)
    again = update(items).where(cancelled).values(state=QUEUED, due=now, sent=None)
    if connection.execute(again).rowcount:
        job_store.finish(connection, job, finished=False)
        webhook_queue.batch_resumed(connection, job)
