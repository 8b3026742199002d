"""The sweeper: sends the ids of due items to the broker, and resends those that no worker claimed."""

import logging
import time
from collections.abc import Callable, Sequence

from kombu.exceptions import OperationalError

from service.archive import Archive
from service.batch.jobs import item_queue
from service.errors import KexieError

WAITING = 256  # item ids that may wait at the broker: losing them costs little
_LONGEST = 30.0  # seconds between tries while the broker or the database cannot be reached

_log = logging.getLogger("kexie.batch")

Send = Callable[[Sequence[int]], None]


class Sweeper:
    """Sends the ids of due items. Any number of sweepers may run: the database assigns each id to one.

    An id that no worker claimed within `again` seconds is resent: the broker may have lost it.
    """

    def __init__(self, archive: Archive, send: Send, again: float) -> None:
        self._archive = archive
        self._send = send
        self._again = again
        self._failures = 0
        self._next = 0.0

    def sweep(self) -> int:
        """Sends due ids and frees the items of dead workers on this machine; returns how many it sent.

        A failure is logged, never raised, and followed by a pause in which this does nothing.
        """
        if time.monotonic() < self._next:
            return 0
        try:
            sent = self._swept()
        except (KexieError, OperationalError) as error:
            self._failures += 1
            self._next = time.monotonic() + min(2.0 ** (self._failures - 1), _LONGEST)
            _log.warning("broker or table cannot be reached: %s", type(error).__name__)
            return 0
        self._failures = 0
        return sent

    def _swept(self) -> int:
        now = time.time()
        with self._archive.writing() as connection:
            item_queue.recover(connection, now)
            ids = item_queue.to_send(connection, now, self._again, WAITING)
        if not ids:
            return 0
        try:
            self._send(ids)
        except BaseException:
            with self._archive.writing() as connection:
                item_queue.not_sent(connection, ids)
            raise
        return len(ids)
