"""The queue that the table of items is: who may work on what, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, func, or_, select, update

from service import process_identity
from service.batch.jobs.counts import Counts
from service.batch.jobs.item_errors import to_json, worker_lost
from service.batch.jobs.job_tables import DONE, FAILED, HERE, QUEUED, RUNNING, items, jobs
from service.errors import FieldError

MOST_FAULTS = 5
RENEWALS = 4  # in the time of a lease: one may be late, and the next still comes in time
_BACK_OFF = 4.0  # times as long at each fault
_LIVE = items.c.job.in_(select(jobs.c.id).where(jobs.c.state == RUNNING))


@dataclass(frozen=True)
class Claim:
    """An item that one worker works on: nobody else may before its lease is over.

    `attempt` tells it from every other claim of the same item; `created` is the time of the first.
    """

    id: int
    tenant: str
    formats: tuple[str, ...]
    form: str
    year: int
    submitter: str
    payload: bytes
    attempt: int
    faults: int
    created: float


def claim(connection: Connection, worker: str, count: int, now: float, lease: float, job: int) -> list[Claim]:
    """At most `count` items of a job, for `lease` seconds from `now` (everywhere seconds since 1970, UTC).

    An item that something befell before is claimed alone, after all others: it may end its worker again.
    """
    due = (items.c.job == job) & (items.c.due <= now)
    first = _claim(connection, worker, due & (items.c.faults == 0), count, now, lease)
    return first or _claim(connection, worker, due & (items.c.faults > 0), 1, now, lease)


def claim_one(connection: Connection, worker: str, item: int, now: float, lease: float) -> Claim | None:
    """The item of that number, or None where it is done, failed, not due yet, or somebody else's."""
    found = _claim(connection, worker, (items.c.id == item) & (items.c.due <= now), 1, now, lease)
    return found[0] if found else None


def _claim(
    connection: Connection, worker: str, which: ColumnElement[bool], count: int, now: float, lease: float
) -> list[Claim]:
    taken = connection.execute(
        update(items)
        .where(_first(count, which))
        .values(
            state=RUNNING,
            due=now + lease,
            heartbeat=now,
            worker=worker,
            attempts=items.c.attempts + 1,
            first_claimed=func.coalesce(items.c.first_claimed, now),
        )
        .returning(items)
    ).all()
    if not taken:
        return []
    found = select(jobs).where(jobs.c.id.in_({row.job for row in taken}))
    of = {row.id: row for row in connection.execute(found)}
    return [_as_claim(row, of[row.job]) for row in sorted(taken, key=lambda row: row.id)]


def _first(most: int, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The `most` items that are due first, of those that no other transaction is just taking."""
    ready = select(items.c.id).where(which).order_by(items.c.due, items.c.id).limit(most)
    locked = ready.with_for_update(skip_locked=True).cte("ready")
    return items.c.id.in_(select(locked.c.id))


def _as_claim(row: Row[Any], job: Row[Any]) -> Claim:
    return Claim(
        row.id,
        job.tenant,
        tuple(job.formats.split(",")),
        row.form,
        row.year,
        row.submitter,
        row.payload,
        row.attempts,
        row.faults,
        row.first_claimed,
    )


def renew(connection: Connection, worker: str, claims: Collection[Claim], now: float, lease: float) -> None:
    """Renews the leases of claims that `worker` still holds."""
    held = items.c.id.in_([claim.id for claim in claims]) & (items.c.worker == worker)
    connection.execute(update(items).where(held).values(due=now + lease, heartbeat=now))


def _settled(**values: Any) -> Update:
    """The statement that ends a claim of `_held`; built anew it takes longer than its execution."""
    held = (items.c[name] == bindparam(f"held_{name}") for name in ("id", "worker", "attempts"))
    return update(items).where(*held).values(worker=None, sent=None, **values)


_DONE = _settled(state=DONE, due=None, payload=None, errors=None)
_KEEP = (
    update(items)
    .where(items.c.id == bindparam("held_id"))
    .values(record=bindparam("key"), errors=bindparam("told"))
)


def _held(worker: str, claim: Claim) -> dict[str, Any]:
    return {"held_id": claim.id, "held_worker": worker, "held_attempts": claim.attempt}


def _settle(connection: Connection, worker: str, claim: Claim, **values: Any) -> None:
    """Ends a claim, unless its lease was over and the item is somebody else's now."""
    connection.execute(_settled(**values), _held(worker, claim))


def done(connection: Connection, worker: str, claim: Claim) -> bool:
    """The item is archived, in this very transaction; False where another has it: then it must not be."""
    return connection.execute(_DONE, _held(worker, claim)).rowcount == 1


def set_record(connection: Connection, claim: Claim, record: str | None, told: str | None = None) -> None:
    """Notes the key of the record that a done item became, and what is told of it as JSON."""
    connection.execute(_KEEP, {"held_id": claim.id, "key": record, "told": told})


def fail(connection: Connection, worker: str, claim: Claim, errors: Sequence[FieldError]) -> None:
    """The item's own fault: it stays failed until someone asks for another try."""
    _settle(connection, worker, claim, state=FAILED, due=None, errors=to_json(errors))


def release(
    connection: Connection, worker: str, claim: Claim, errors: Sequence[FieldError], now: float
) -> None:
    """Something befell the item that may pass: it is tried again later, or has failed at the last time."""
    faults = claim.faults + 1
    if faults >= MOST_FAULTS:
        _settle(connection, worker, claim, state=FAILED, due=None, errors=to_json(errors), faults=faults)
        return
    due = now + back_off(faults, claim.id)
    _settle(connection, worker, claim, state=QUEUED, due=due, errors=to_json(errors), faults=faults)


def back_off(faults: int, item: int) -> float:
    """Seconds to wait after so many faults: 1, 4, 16, 64, each up to half longer, item by item.

    Items that were lost together come back one by one, so that the one to blame is found.
    """
    return float(_BACK_OFF ** (faults - 1)) * (1 + (item * 7 % 11) / 22)


def requeue(connection: Connection, worker: str, claim: Claim, now: float) -> None:
    """The item was claimed in vain and is as it was; anyone may have it from `now` on."""
    _settle(connection, worker, claim, state=QUEUED, due=now, attempts=items.c.attempts - 1)


def recover(connection: Connection, now: float, job: int | None = None) -> int:
    """Frees what dead workers of this machine hold, without waiting for their leases; how many items.

    A worker that died while the process that started it lives may have died of its item: that is a fault.
    """
    running = (_LIVE if job is None else items.c.job == job) & (items.c.state == RUNNING)
    holders = connection.scalars(select(items.c.worker).where(running).distinct()).all()
    freed = 0
    for worker in filter(process_identity.dead, holders):
        held = running & (items.c.worker == worker)
        if not process_identity.died_alone(worker):
            free = update(items).where(held).values(state=QUEUED, due=now, worker=None, sent=None)
            freed += connection.execute(free).rowcount
            continue
        for row in connection.execute(select(items.c.id, items.c.faults).where(held)).all():
            freed += _blame(connection, worker, row.id, row.faults + 1, now)
    return freed


def _blame(connection: Connection, worker: str, item: int, faults: int, now: float) -> int:
    values: dict[str, Any] = {"state": QUEUED, "due": now + back_off(faults, item)}
    if faults >= MOST_FAULTS:
        values = {"state": FAILED, "due": None, "errors": to_json([worker_lost()])}
    mine = (items.c.id == item) & (items.c.worker == worker) & (items.c.state == RUNNING)
    freed = update(items).where(mine).values(worker=None, sent=None, faults=faults, **values)
    return connection.execute(freed).rowcount


def retry_failed(connection: Connection, job: int, now: float) -> int:
    """Queues the failed items of a job again, those excepted that could not be read; how many."""
    failed = (items.c.job == job) & (items.c.state == FAILED) & items.c.payload.is_not(None)
    again = update(items).where(failed).values(state=QUEUED, due=now, faults=0, errors=None, sent=None)
    return connection.execute(again).rowcount


def counts(connection: Connection, job: int) -> Counts:
    """How far a job is."""
    found = select(items.c.state, func.count()).where(items.c.job == job).group_by(items.c.state)
    return Counts(**dict(connection.execute(found).tuples().all()))


def next_due(connection: Connection, job: int) -> float | None:
    """When the next item of a job may be claimed; None where no item needs work any more."""
    due: float | None = connection.scalar(select(func.min(items.c.due)).where(items.c.job == job))
    return due


def to_send(connection: Connection, now: float, again: float, most: int) -> list[int]:
    """Items to name to the broker: due, and not named within `again` seconds; `most` may wait there.

    They are marked as sent in this transaction, so that of all sweepers only one sends each.
    """
    waiting = (items.c.state == QUEUED) & (items.c.sent > now - again)
    live = items.c.job.in_(select(jobs.c.id).where(jobs.c.state == RUNNING, jobs.c.formats.not_in(HERE)))
    room = max(most - (connection.scalar(select(func.count()).where(live, waiting)) or 0), 0)
    unsent = or_(items.c.sent.is_(None), items.c.sent <= now - again)
    marked = update(items).where(_first(room, live & (items.c.due <= now) & unsent)).values(sent=now)
    return sorted(connection.scalars(marked.returning(items.c.id)))


def not_sent(connection: Connection, ids: Collection[int]) -> None:
    """These could not be sent after all."""
    connection.execute(update(items).where(items.c.id.in_(ids)).values(sent=None))
