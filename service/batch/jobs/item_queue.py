"""The item queue in the database: claims with leases, and how each ends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, func, or_, select, update

from service.archive import Record
from service.batch.jobs import retries
from service.batch.jobs.counts import Counts
from service.batch.jobs.item_errors import from_json, to_json, worker_lost
from service.batch.jobs.job_tables import DONE, FAILED, HERE, QUEUED, RUNNING, items, jobs
from service.errors import FieldError
from service.processes import process_identity

RENEWALS = 4  # per lease: one may be late, and the next is still in time
_ACTIVE = items.c.job.in_(select(jobs.c.id).where(jobs.c.state == RUNNING))


@dataclass(frozen=True)
class ItemClaim:
    """An item claimed by one worker until its lease expires.

    `attempt` distinguishes the claims of one item; `created` is the time of its first claim. `payload` is the
    file `document`, if that is given: form and year are "" and 0 if they are to be recognised. Without
    `id_given`, `submitter` is only the name of the item's file. `batch` is the job's public name, or its key.
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
    warnings: tuple[FieldError, ...] = ()
    complete: bool = False
    document: str | None = None
    id_given: bool = True
    batch: str = ""


def claim(
    connection: Connection, worker: str, count: int, now: float, lease: float, job: int
) -> list[ItemClaim]:
    """Claims up to `count` items of a job for `lease` seconds from `now` (seconds since 1970, UTC).

    Items that failed before are claimed one at a time and last: they may crash the worker.
    """
    due = (items.c.job == job) & (items.c.due <= now)
    first = _claim(connection, worker, due & (items.c.faults == 0), count, now, lease)
    return first or _claim(connection, worker, due & (items.c.faults > 0), 1, now, lease)


def claim_one(connection: Connection, worker: str, item: int, now: float, lease: float) -> ItemClaim | None:
    """Claims one item; returns None if it is done, failed, not due or claimed by another worker."""
    found = _claim(connection, worker, (items.c.id == item) & (items.c.due <= now), 1, now, lease)
    return found[0] if found else None


def _claim(
    connection: Connection, worker: str, which: ColumnElement[bool], count: int, now: float, lease: float
) -> list[ItemClaim]:
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
    """Selects the `most` items due first that no other transaction has locked."""
    ready = select(items.c.id).where(which).order_by(items.c.due, items.c.id).limit(most)
    locked = ready.with_for_update(skip_locked=True).cte("ready")
    return items.c.id.in_(select(locked.c.id))


def _as_claim(row: Row[Any], job: Row[Any]) -> ItemClaim:
    return ItemClaim(
        row.id,
        job.tenant,
        tuple(job.formats.split(",")),
        row.form or "",
        row.year or 0,
        row.submitter,
        row.payload,
        row.attempts,
        row.faults,
        row.first_claimed,
        from_json(row.warnings),
        bool(job.complete),
        row.document,
        row.id_given is not False,
        job.public or job.key,
    )


def renew(
    connection: Connection, worker: str, claims: Collection[ItemClaim], now: float, lease: float
) -> None:
    """Renews the leases that `worker` still holds."""
    held = items.c.id.in_([claim.id for claim in claims]) & (items.c.worker == worker)
    connection.execute(update(items).where(held).values(due=now + lease, heartbeat=now))


def _settled(**values: Any) -> Update:
    """The statement that ends a claim of `_held`; building it takes longer than executing it."""
    held = (items.c[name] == bindparam(f"held_{name}") for name in ("id", "worker", "attempts"))
    return update(items).where(*held).values(worker=None, sent=None, **values)


_DONE = _settled(state=DONE, due=None, payload=None, errors=None)
_THIS = items.c.id == bindparam("held_id")
_KEEP = update(items).where(_THIS).values(record=bindparam("key"), errors=bindparam("report"))
_EDITION = update(items).where(_THIS).values(form=bindparam("of_form"), year=bindparam("of_year"))


def _held(worker: str, claim: ItemClaim) -> dict[str, Any]:
    return {"held_id": claim.id, "held_worker": worker, "held_attempts": claim.attempt}


def _settle(connection: Connection, worker: str, claim: ItemClaim, **values: Any) -> None:
    """Ends a claim, unless its lease has expired and another worker has the item."""
    connection.execute(_settled(**values), _held(worker, claim))


def done(connection: Connection, worker: str, claim: ItemClaim) -> bool:
    """Marks the item done; False if another worker has it: then nothing must be archived for this claim."""
    return connection.execute(_DONE, _held(worker, claim)).rowcount == 1


def set_record(
    connection: Connection, claim: ItemClaim, record: Record | None, report: str | None = None
) -> None:
    """Sets the record of a done item, its edition if that was read from a document, its report as JSON."""
    values: dict[str, Any] = {"held_id": claim.id, "key": record.key if record else None, "report": report}
    connection.execute(_KEEP, values)
    if record and claim.document is not None:
        connection.execute(_EDITION, {"held_id": claim.id, "of_form": record.form, "of_year": record.year})


def fail(connection: Connection, worker: str, claim: ItemClaim, errors: Sequence[FieldError]) -> None:
    """Marks an invalid item failed, until a retry is requested."""
    _settle(connection, worker, claim, state=FAILED, due=None, errors=to_json(errors))


def release(
    connection: Connection, worker: str, claim: ItemClaim, errors: Sequence[FieldError], now: float
) -> None:
    """Requeues an item after a transient error, or marks it failed after the last try."""
    next_try = retries.after_fault(claim.faults + 1, claim.id, now)
    _settle(connection, worker, claim, errors=to_json(errors), **next_try)


def requeue(connection: Connection, worker: str, claim: ItemClaim, now: float) -> None:
    """Returns an unprocessed item to the queue, due at `now`; the claim does not count."""
    _settle(connection, worker, claim, state=QUEUED, due=now, attempts=items.c.attempts - 1)


def recover(connection: Connection, now: float, job: int | None = None) -> int:
    """Frees the items of dead workers on this machine before their leases expire; returns how many.

    A worker that died while its parent lives may have been crashed by its item: that counts as a fault.
    """
    running = (_ACTIVE if job is None else items.c.job == job) & (items.c.state == RUNNING)
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
    values = retries.after_fault(faults, item, now)
    if values["state"] == FAILED:
        values["errors"] = to_json([worker_lost()])
    mine = (items.c.id == item) & (items.c.worker == worker) & (items.c.state == RUNNING)
    return connection.execute(update(items).where(mine).values(worker=None, sent=None, **values)).rowcount


def retry_failed(connection: Connection, job: int, now: float) -> int:
    """Requeues the failed items of a job, except those that could not be read; returns how many."""
    failed = (items.c.job == job) & (items.c.state == FAILED) & items.c.payload.is_not(None)
    values = {"state": QUEUED, "due": now, "faults": 0, "errors": None, "remarks": None, "sent": None}
    return connection.execute(update(items).where(failed).values(values)).rowcount


def counts(connection: Connection, job: int) -> Counts:
    """The counts of a job."""
    return counts_of(connection, [job])[job]


def counts_of(connection: Connection, wanted: Collection[int]) -> dict[int, Counts]:
    """The counts of several jobs, by job."""
    key = items.c.job, items.c.state
    found = select(*key, func.count()).where(items.c.job.in_(wanted)).group_by(*key)
    states: dict[int, dict[str, int]] = {job: {} for job in wanted}
    for job, state, count in connection.execute(found):
        states[job][state] = count
    return {job: Counts(**numbers) for job, numbers in states.items()}


def next_due(connection: Connection, job: int) -> float | None:
    """The time when the next item of a job is due; None when no item is open."""
    due: float | None = connection.scalar(select(func.min(items.c.due)).where(items.c.job == job))
    return due


def to_send(connection: Connection, now: float, again: float, most: int) -> list[int]:
    """Selects due items to send to the broker: not sent within `again` seconds, `most` waiting there.

    Marks them as sent in this transaction, so that only one sweeper sends each.
    """
    waiting = (items.c.state == QUEUED) & (items.c.sent > now - again)
    shared = items.c.job.in_(select(jobs.c.id).where(jobs.c.state == RUNNING, jobs.c.formats.not_in(HERE)))
    room = max(most - (connection.scalar(select(func.count()).where(shared, waiting)) or 0), 0)
    unsent = or_(items.c.sent.is_(None), items.c.sent <= now - again)
    marked = update(items).where(_first(room, shared & (items.c.due <= now) & unsent)).values(sent=now)
    return sorted(connection.scalars(marked.returning(items.c.id)))


def not_sent(connection: Connection, ids: Collection[int]) -> None:
    """Clears the mark of items that could not be sent."""
    connection.execute(update(items).where(items.c.id.in_(ids)).values(sent=None))
