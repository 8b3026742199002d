"""The webhook queue: URLs to notify when a batch ends, their messages, their retries.

A webhook is `waiting` until its batch ends, then `pending` until it is `delivered` or has `failed` after the
last try.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from service.batch.jobs import item_queue
from service.batch.jobs.job_tables import CANCELLED, jobs, webhooks
from service.database.column_types import iso
from service.errors import UsageError

WAITING, PENDING, DELIVERED, FAILED = "waiting", "pending", "delivered", "failed"
MOST_TRIES = 8
_MOST = 8  # webhooks of a batch
_TIMES = 4.0  # factor of the wait per try


@dataclass(frozen=True)
class WebhookMessage:
    """A message to send: `row` is its webhook, `tries` the number of earlier tries."""

    row: int
    url: str
    id: str
    body: str
    tries: int


def register(connection: Connection, job: int, url: str, address: str, now: float) -> None:
    """Registers `url` for the end of a batch, once; queues the message if it has ended. Raises UsageError."""
    # Locked, the batch ends before or after this: two transactions at once do not see each other's rows.
    ended = connection.scalar(select(jobs.c.ended).where(jobs.c.id == job).with_for_update())
    mine = webhooks.c.job == job
    if connection.scalar(select(webhooks.c.id).where(mine, webhooks.c.url == url)) is not None:
        return
    if (connection.scalar(select(func.count()).where(mine)) or 0) >= _MOST:
        raise UsageError(f"一个批次最多 {_MOST} 个回调地址。", f"A batch has at most {_MOST} webhooks.")
    new = {"job": job, "url": url, "address": address, "state": WAITING, "message": _message(), "tries": 0}
    connection.execute(insert(webhooks).values(new))
    if ended is not None:
        batch_ended(connection, job, now)


def batch_ended(connection: Connection, job: int, now: float) -> None:
    """Queues the messages of all webhooks that wait for the end of the batch."""
    waiting = connection.execute(
        select(webhooks.c.id, webhooks.c.address).where(webhooks.c.job == job, webhooks.c.state == WAITING)
    ).all()
    for row in waiting:
        body = _body(connection, job, row.address, now)
        this = update(webhooks).where(webhooks.c.id == row.id)
        connection.execute(this.values(state=PENDING, body=body, due=now))


def _body(connection: Connection, job: int, address: str, now: float) -> str:
    row = connection.execute(select(jobs.c.public, jobs.c.state).where(jobs.c.id == job)).one()
    counts = item_queue.counts(connection, job)
    body = {
        "type": "batch.cancelled" if row.state == CANCELLED else "batch.finished",
        "timestamp": iso(datetime.fromtimestamp(now, UTC)),
        "data": {"batch": row.public, "state": row.state, "counts": vars(counts), "url": address},
    }
    return json.dumps(body, ensure_ascii=False)


def batch_resumed(connection: Connection, job: int) -> None:
    """Resets the webhooks of a resumed batch: its next end is a new message."""
    for row in connection.scalars(select(webhooks.c.id).where(webhooks.c.job == job)).all():
        again = {"state": WAITING, "message": _message(), "body": None, "due": None, "tries": 0, "said": None}
        connection.execute(update(webhooks).where(webhooks.c.id == row).values(again))


def any_pending(connection: Connection) -> bool:
    """Whether any message is to be sent, now or later."""
    pending = select(webhooks.c.id).where(webhooks.c.due.is_not(None)).limit(1)
    return connection.execute(pending).first() is not None


def due(connection: Connection, now: float, most: int) -> list[WebhookMessage]:
    """Up to `most` messages due now."""
    wanted = select(webhooks).where(webhooks.c.due <= now).order_by(webhooks.c.due).limit(most)
    return [
        WebhookMessage(row.id, row.url, row.message, row.body, row.tries)
        for row in connection.execute(wanted)
    ]


def mark(
    connection: Connection, sent: WebhookMessage, result: str, now: float, wait: float, outcome: str
) -> None:
    """Records a try: DELIVERED, FAILED for good, or PENDING for a retry after `wait` seconds.

    The wait is four times as long each time; the last of `MOST_TRIES` ends as FAILED.
    """
    tries = sent.tries + 1
    values: dict[str, Any] = {"state": outcome, "due": None, "tries": tries, "said": result}
    if outcome == PENDING:
        over = tries >= MOST_TRIES
        values |= {"state": FAILED} if over else {"due": now + wait * _TIMES**sent.tries}
    same = (webhooks.c.id == sent.row) & (webhooks.c.message == sent.id)  # it was not resumed meanwhile
    connection.execute(update(webhooks).where(same).values(values))


def of_batch(connection: Connection, job: int) -> Sequence[Row[Any]]:
    """The webhooks of a batch."""
    return connection.execute(select(webhooks).where(webhooks.c.job == job).order_by(webhooks.c.id)).all()


def _message() -> str:
    return f"msg_{uuid.uuid4().hex}"
