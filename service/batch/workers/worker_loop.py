"""One worker process at work: slots that do items, and a desk that claims, renews and marks for them."""

from __future__ import annotations

import contextlib
import logging
import math
import queue as queues
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from service.archive import Archive
from service.batch.jobs import active_jobs, item_errors, item_queue, process_item
from service.batch.jobs.item_queue import RENEWALS, Claim
from service.batch.jobs.process_item import (
    ArchiveUnwritten,
    ItemProcessor,
    Outcome,
    Postponed,
    Reported,
    Stored,
)
from service.batch.workers.outage import Outage
from service.config import Settings
from service.errors import ArchiveUnwritable, KexieError

_NEWEST = 0.3  # the share of the last round in the pace
_GATHER = 0.05  # seconds in which outcomes are gathered for one transaction
_AHEAD = 0.2  # seconds' worth of items that lie ready, for the tables may be another process's meanwhile
_MOST_AT_ONCE = 64
_IDLE = 0.5  # seconds between looks for items that others may have to give up
_TROUBLE = 1.0  # seconds before a database that failed is asked again,
_SHORT = 0.1  # once it is to stop
_LAST = 5.0  # seconds in which it is asked then, where nothing runs any more

_log = logging.getLogger("kexie.batch")

Finished = tuple[Claim, Outcome]


@dataclass(frozen=True)
class WorkerTerms:
    """How a process works: its name as a worker, the job, items at once, seconds of a lease and of grace.

    Without a job it works on all live ones, and waits for more. The grace is what running items have to
    finish once the process is to stop.
    """

    worker: str
    job: int | None
    slots: int
    lease: float
    grace: float


class WorkerLoop:
    """Does the items of a job until none is left, or until it is stopped.

    The slots never wait for the database: whatever they finish lies here until the desk marks it, many in
    one transaction, which claims the next and renews the leases as well.
    """

    def __init__(
        self,
        archive: Archive,
        settings: Settings,
        terms: WorkerTerms,
        doing: ItemProcessor = process_item.process,
    ) -> None:
        self._archive = archive
        self._settings = settings
        self._terms = terms
        self._doing = doing
        self._todo: queues.SimpleQueue[Claim | None] = queues.SimpleQueue()
        self._finished: queues.SimpleQueue[Finished] = queues.SimpleQueue()
        self._held: dict[int, Claim] = {}  # claimed and not marked, by item
        self._stopping = threading.Event()
        self._renewed = time.monotonic()
        self._pace = 0.0  # items a second of late
        self._tables, self._objects = Outage(terms.grace), Outage(terms.grace)

    def stop(self) -> None:
        """Lets running items finish and no other begin; may be called by a signal's handler."""
        self._stopping.set()

    def run(self) -> None:
        """Returns when no item of the job needs work any more, or when it was stopped.

        Raises ArchiveFault where the archive cannot be written for as long as the grace.
        """
        slots = [threading.Thread(target=self._slot, daemon=True) for _ in range(self._terms.slots)]
        for slot in slots:
            slot.start()
        try:
            while not self._stopping.is_set() and self._round():
                pass
            self._finish()
        finally:
            for _ in slots:
                self._todo.put(None)

    def _slot(self) -> None:
        while claim := self._todo.get():
            if self._stopping.is_set():
                self._todo.put(claim)  # to be handed back
                return
            self._finished.put((claim, self._doing(claim, self._archive, self._settings)))

    def _round(self) -> bool:
        """Marks what is finished and claims as much as is needed; False when the job is at its end."""
        began = time.monotonic()
        finished = self._gather(self._patience())
        claimed = self._write(finished, self._wanted(len(finished)))
        for claim in claimed:
            self._held[claim.id] = claim
            self._todo.put(claim)
        taken = time.monotonic() - began
        self._pace += _NEWEST * (len(finished) / max(taken, 0.001) - self._pace)
        return bool(self._held) or self._more()

    def _patience(self) -> float:
        """Seconds to wait for the first outcome."""
        if not self._held:
            return 0
        renewal = self._renewed + self._terms.lease / RENEWALS - time.monotonic()
        return max(min(renewal, _IDLE), 0)

    def _gather(self, seconds: float) -> list[Finished]:
        finished: list[Finished] = []
        until = time.monotonic() + seconds
        while len(finished) < _MOST_AT_ONCE:
            try:
                finished.append(self._finished.get(timeout=max(until - time.monotonic(), 0)))
            except queues.Empty:
                break
            if len(finished) == 1:
                until = time.monotonic() + (0 if self._todo.empty() else _GATHER)
        return finished

    def _wanted(self, finished: int) -> int:
        """How many items to claim: one for each slot, and as many as are begun before the next look.

        While the archive cannot be written, one at a time tries whether it can be again.
        """
        if self._objects:
            return 0 if len(self._held) > finished else 1
        ahead = max(self._terms.slots, math.ceil(self._pace * _AHEAD))
        held = len(self._held) - finished
        return min(max(self._terms.slots + ahead - held, 0), _MOST_AT_ONCE)

    def _write(self, finished: Sequence[Finished], wanted: int) -> list[Claim]:
        """Marks, leases, claims in one transaction; where that fails, each by itself."""
        try:
            claimed = self._transaction(finished, wanted)
            self._forget(finished)
        except KexieError as error:
            _log.debug("the tables cannot be written: %s", type(error).__name__)
            left = [each for each in finished if not self._mark(*each)]
            claimed = self._tried([], wanted) or []
            if left or not finished:
                self._wait(error)
        self._look_at(finished)
        return claimed

    def _wait(self, error: KexieError) -> None:
        if not self._stopping.is_set():
            self._tables.met(error)
        if self._stopping.wait(_TROUBLE):
            time.sleep(_SHORT)

    def _look_at(self, finished: Sequence[Finished]) -> None:
        """Whether the files of the archive can be written. Raises ArchiveUnwritable as `run` does."""
        outcomes = [outcome for _, outcome in finished]
        if any(isinstance(outcome, (Stored, Reported)) for outcome in outcomes):
            self._objects.over()
        for outcome in outcomes:
            if isinstance(outcome, ArchiveUnwritten) and not self._stopping.is_set():
                self._objects.met(outcome.error)

    def _mark(self, claim: Claim, outcome: Outcome) -> bool:
        """Marks an item by itself: it may be the only one that cannot be. Else it waits for the tables."""
        try:
            self._transaction([(claim, outcome)], 0)
        except KexieError as error:
            instead: Outcome = Postponed(item_errors.errors_of(error))
            if isinstance(error, ArchiveUnwritable):
                instead = ArchiveUnwritten(error)
            if self._tried([(claim, instead)], 0) is None:
                self._finished.put((claim, outcome))
                return False
        self._forget([(claim, outcome)])
        return True

    def _tried(self, finished: Sequence[Finished], wanted: int) -> list[Claim] | None:
        try:
            return self._transaction(finished, wanted)
        except KexieError:
            return None

    def _transaction(self, finished: Sequence[Finished], wanted: int) -> list[Claim]:
        now = time.time()
        terms = self._terms
        renewing = time.monotonic() > self._renewed + terms.lease / RENEWALS
        if not (finished or wanted or renewing):
            return []
        with self._archive.writing() as connection:
            for claim, outcome in finished:
                process_item.mark(connection, self._archive, terms.worker, claim, outcome, now)
            if renewing and self._held:
                item_queue.renew(connection, terms.worker, self._held.values(), now, terms.lease)
            claimed = self._claim(connection, wanted, now) if wanted else []
        self._tables.over()
        if renewing:
            self._renewed = time.monotonic()
        return claimed

    def _claim(self, connection: Connection, wanted: int, now: float) -> list[Claim]:
        terms = self._terms
        if terms.job is None:
            return active_jobs.claim(connection, terms.worker, wanted, now, terms.lease)
        return item_queue.claim(connection, terms.worker, wanted, now, terms.lease, terms.job)

    def _forget(self, finished: Sequence[Finished]) -> None:
        for claim, _ in finished:
            self._held.pop(claim.id, None)

    def _more(self) -> bool:
        """Waits until an item may be due; False when there is none left."""
        try:
            with self._archive.reading() as connection:
                job = self._terms.job
                due = (
                    active_jobs.next_due(connection) if job is None else item_queue.next_due(connection, job)
                )
        except KexieError:
            self._stopping.wait(_TROUBLE)
            return True
        if due is None and job is not None:
            return False
        due = math.inf if due is None else due
        self._stopping.wait(min(max(due - time.time(), 0), _IDLE))
        return True

    def _finish(self) -> None:
        """Hands back what is not begun, and marks what finishes in time.

        What cannot be marked then is done again by the next run, which finds its files stored.
        """
        until = time.monotonic() + self._terms.grace
        self._hand_back()
        while self._held and time.monotonic() < until:
            self._write(self._gather(self._patience()), 0)
            self._hand_back()
            if self._finished.qsize() >= len(self._held):  # nothing runs, and what is done cannot be marked
                until = min(until, time.monotonic() + _LAST)

    def _hand_back(self) -> None:
        unbegun = []
        while not self._todo.empty():
            try:
                claim = self._todo.get_nowait()
            except queues.Empty:
                break
            if claim:
                unbegun.append(claim)
        if not unbegun:
            return
        for claim in unbegun:
            del self._held[claim.id]
        # Where it cannot be written, the next run finds that this worker is gone.
        with contextlib.suppress(KexieError), self._archive.writing() as connection:
            for claim in unbegun:
                item_queue.requeue(connection, self._terms.worker, claim, time.time())
