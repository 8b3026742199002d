"""The worker loop: threads process items while the loop claims, renews and marks them in batches."""

import contextlib
import logging
import math
import queue
import threading
import time
from collections.abc import Sequence

from sqlalchemy import Connection

from service.archive import Archive
from service.batch.jobs import active_jobs, item_errors, item_outcome, item_queue, process_item
from service.batch.jobs.item_outcome import ArchiveUnwritten, Done, ItemProcessor, Outcome, Postponed
from service.batch.jobs.item_queue import RENEWALS, ItemClaim
from service.batch.workers.outage import Outage
from service.config import Settings
from service.errors import ArchiveUnwritable, KexieError

_NEWEST = 0.3  # weight of the last round in the pace
_GATHER = 0.05  # seconds to collect outcomes for one transaction
_AHEAD = 0.2  # seconds of work claimed ahead: another process may hold the database meanwhile
_MOST_AT_ONCE = 64
_IDLE = 0.5  # seconds between checks for items that other workers release
_RETRY = 1.0  # seconds before the next try after a database error,
_RETRY_STOPPING = 0.1  # while stopping
_LAST_TRIES = 5.0  # seconds of tries while stopping, once nothing runs any more

_log = logging.getLogger("kexie.batch")

Finished = tuple[ItemClaim, Outcome]


class WorkerLoop:
    """Processes the items of a job until none is left, or of all active jobs, until it is stopped.

    The slots (threads) never wait for the database: finished items are queued here until the loop marks
    many of them in one transaction, which also claims the next items and renews the leases.
    """

    def __init__(
        self,
        archive: Archive,
        settings: Settings,
        worker: str,
        job: int | None,
        slots: int,
        process: ItemProcessor = process_item.process,
    ) -> None:
        """`worker` is the name of this process; without `job` the loop waits for more active jobs."""
        self._archive = archive
        self._settings = settings
        self._worker = worker
        self._job = job
        self._slots = slots
        self._grace = settings.longest_conversion  # seconds in which running items may finish after `stop`
        self._process = process
        self._todo: queue.SimpleQueue[ItemClaim | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[Finished] = queue.SimpleQueue()
        self._held: dict[int, ItemClaim] = {}  # claimed and not marked, by item
        self._stopping = threading.Event()
        self._renewed = time.monotonic()
        self._pace = 0.0  # recent items per second
        self._database, self._store = Outage(self._grace), Outage(self._grace)

    def stop(self) -> None:
        """Lets running items finish and starts no other; safe to call from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Runs until no item of the job is open, or until it is stopped.

        Raises ArchiveFault when the archive cannot be written for the whole grace period.
        """
        slots = [threading.Thread(target=self._slot, daemon=True) for _ in range(self._slots)]
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
                self._todo.put(claim)  # to be requeued
                return
            self._finished.put((claim, self._process(claim, self._archive, self._settings)))

    def _round(self) -> bool:
        """Marks finished items and claims new ones; returns False when the job has ended."""
        began = time.monotonic()
        finished = self._gather(self._timeout())
        claimed = self._write(finished, self._wanted(len(finished)))
        for claim in claimed:
            self._held[claim.id] = claim
            self._todo.put(claim)
        taken = time.monotonic() - began
        self._pace += _NEWEST * (len(finished) / max(taken, 0.001) - self._pace)
        return bool(self._held) or self._more()

    def _timeout(self) -> float:
        """Seconds to wait for the first outcome."""
        if not self._held:
            return 0
        renewal = self._renewed + self._settings.lease / RENEWALS - time.monotonic()
        return max(min(renewal, _IDLE), 0)

    def _gather(self, seconds: float) -> list[Finished]:
        finished: list[Finished] = []
        until = time.monotonic() + seconds
        with contextlib.suppress(queue.Empty):
            while len(finished) < _MOST_AT_ONCE:
                finished.append(self._finished.get(timeout=max(until - time.monotonic(), 0)))
                if len(finished) == 1:
                    until = time.monotonic() + (0 if self._todo.empty() else _GATHER)
        return finished

    def _wanted(self, finished: int) -> int:
        """The number of items to claim: one per slot, plus those that start before the next round.

        While the archive cannot be written, one item at a time tests whether it can be again.
        """
        if self._store:
            return 0 if len(self._held) > finished else 1
        ahead = max(self._slots, math.ceil(self._pace * _AHEAD))
        held = len(self._held) - finished
        return min(max(self._slots + ahead - held, 0), _MOST_AT_ONCE)

    def _write(self, finished: Sequence[Finished], wanted: int) -> list[ItemClaim]:
        """Marks, renews and claims in one transaction; if that fails, each item on its own."""
        try:
            claimed = self._transaction(finished, wanted)
            self._forget(finished)
        except KexieError as error:
            _log.debug("the database cannot be written: %s", type(error).__name__)
            left = [each for each in finished if not self._mark(*each)]
            claimed = self._try_transaction([], wanted) or []
            if left or not finished:
                self._pause_after(error)
        self._check_store(finished)
        return claimed

    def _pause_after(self, error: KexieError) -> None:
        """Reports that the database cannot be written, and waits for the next try. Raises as `run` does."""
        if not self._stopping.is_set():
            self._database.occurred(error)
        if self._stopping.wait(_RETRY):
            time.sleep(_RETRY_STOPPING)

    def _check_store(self, finished: Sequence[Finished]) -> None:
        """Notes whether the object store can be written. Raises ArchiveUnwritable as `run` does."""
        outcomes = [outcome for _, outcome in finished]
        if any(isinstance(outcome, Done) and outcome.ends_outage for outcome in outcomes):
            self._store.end()
        for outcome in outcomes:
            if isinstance(outcome, ArchiveUnwritten) and not self._stopping.is_set():
                self._store.occurred(outcome.error)

    def _mark(self, claim: ItemClaim, outcome: Outcome) -> bool:
        """Marks one item alone, as it may be the only one that fails; otherwise it waits for the database."""
        try:
            self._transaction([(claim, outcome)], 0)
        except KexieError as error:
            instead: Outcome = Postponed(item_errors.errors_of(error))
            if isinstance(error, ArchiveUnwritable):
                instead = ArchiveUnwritten(error)
            if self._try_transaction([(claim, instead)], 0) is None:
                self._finished.put((claim, outcome))
                return False
        self._forget([(claim, outcome)])
        return True

    def _try_transaction(self, finished: Sequence[Finished], wanted: int) -> list[ItemClaim] | None:
        try:
            return self._transaction(finished, wanted)
        except KexieError:
            return None

    def _transaction(self, finished: Sequence[Finished], wanted: int) -> list[ItemClaim]:
        began, now, lease = time.monotonic(), time.time(), self._settings.lease
        renewing = began > self._renewed + lease / RENEWALS
        if not (finished or wanted or renewing):
            return []
        with self._archive.writing() as connection:
            for claim, outcome in finished:
                item_outcome.mark(connection, self._archive, self._worker, claim, outcome, now)
            if renewing and self._held:
                item_queue.renew(connection, self._worker, self._held.values(), now, lease)
            claimed = self._claim(connection, wanted, now) if wanted else []
        self._database.end()
        if renewing:
            self._renewed = began
        return claimed

    def _claim(self, connection: Connection, wanted: int, now: float) -> list[ItemClaim]:
        wish = connection, self._worker, wanted, now, self._settings.lease
        return active_jobs.claim(*wish) if self._job is None else item_queue.claim(*wish, self._job)

    def _forget(self, finished: Sequence[Finished]) -> None:
        for claim, _ in finished:
            self._held.pop(claim.id, None)

    def _more(self) -> bool:
        """Waits until an item may be due; returns False when none is left."""
        try:
            with self._archive.reading() as connection:
                if self._job is None:
                    due = active_jobs.next_due(connection)
                else:
                    due = item_queue.next_due(connection, self._job)
        except KexieError:
            self._stopping.wait(_RETRY)
            return True
        if due is None and self._job is not None:
            return False
        self._stopping.wait(_IDLE if due is None else min(max(due - time.time(), 0), _IDLE))
        return True

    def _finish(self) -> None:
        """Requeues items that have not started, and marks those that finish within the grace period.

        The next run repeats items that could not be marked, and finds their files stored.
        """
        until = time.monotonic() + self._grace
        self._requeue()
        while self._held and time.monotonic() < until:
            self._write(self._gather(self._timeout()), 0)
            self._requeue()
            if self._finished.qsize() >= len(self._held):  # nothing runs, and finished items cannot be marked
                until = min(until, time.monotonic() + _LAST_TRIES)

    def _requeue(self) -> None:
        not_started = []
        with contextlib.suppress(queue.Empty):
            while True:
                if claim := self._todo.get_nowait():
                    not_started.append(claim)
        if not not_started:
            return
        for claim in not_started:
            del self._held[claim.id]
        # If this fails, the next run finds that this worker is gone.
        with contextlib.suppress(KexieError), self._archive.writing() as connection:
            for claim in not_started:
                item_queue.requeue(connection, self._worker, claim, time.time())
