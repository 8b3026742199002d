"""The Celery task: claims the item of a message, renews its lease, processes it, marks it."""

import contextlib
import logging
import threading
import time

from service.archive import Archive
from service.batch.jobs import item_errors, item_outcome, item_queue, process_item
from service.batch.jobs.item_outcome import ItemProcessor, Outcome, Postponed
from service.batch.jobs.item_queue import RENEWALS, ItemClaim
from service.config import Settings
from service.errors import KexieError, NewerVersion

_TRIES = 8  # to mark an item: about two minutes; then its lease expires
_LONGEST = 30.0  # seconds between two tries

_log = logging.getLogger("kexie.batch")


class CeleryTask:
    """Processes items by id from any thread; a background thread renews their leases."""

    def __init__(
        self, archive: Archive, settings: Settings, worker: str, process: ItemProcessor = process_item.process
    ) -> None:
        self._archive = archive
        self._settings = settings
        self._worker = worker
        self._process = process
        self._held: dict[int, ItemClaim] = {}
        threading.Thread(target=self._keep_leases, daemon=True).start()

    def run(self, item: int) -> None:
        """Processes the item unless it is done, failed or claimed elsewhere: a message may arrive twice.

        Raises ArchiveUnavailable when the database cannot be reached: the sweeper resends the id.
        """
        now = time.time()
        with self._archive.writing() as connection:
            claim = item_queue.claim_one(connection, self._worker, item, now, self._settings.lease)
        if claim is None:
            return
        self._held[claim.id] = claim
        try:
            self._mark(claim, self._process(claim, self._archive, self._settings))
        finally:
            del self._held[claim.id]

    def _mark(self, claim: ItemClaim, outcome: Outcome) -> None:
        for number in range(_TRIES):
            try:
                with self._archive.writing() as connection:
                    item_outcome.mark(connection, self._archive, self._worker, claim, outcome, time.time())
            except NewerVersion as error:  # no later try can record it: the item is processed again
                outcome = Postponed(item_errors.errors_of(error))
            except KexieError as error:
                _log.warning("item %d cannot be marked: %s", claim.id, type(error).__name__)
                time.sleep(min(2.0**number, _LONGEST))
            else:
                return

    def _keep_leases(self) -> None:
        lease = self._settings.lease
        while True:
            time.sleep(lease / RENEWALS)
            if claims := list(self._held.values()):
                with contextlib.suppress(KexieError), self._archive.writing() as connection:
                    item_queue.renew(connection, self._worker, claims, time.time(), lease)
