"""The sweeper: names to the broker what is due in the table, and once more what nobody has taken for long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from kombu.exceptions import OperationalError

from service.archive import Archive
from service.batch.jobs import item_queue
from service.errors import KexieError

WAITING = 256  # numbers of items that may wait at the broker: what it loses costs little
_LONGEST = 30.0  # seconds between tries while broker or table cannot be reached

_log = logging.getLogger("kexie.batch")

Send = Callable[[Sequence[int]], None]


class Sweeper:
    """Sends the numbers of due items; any number of sweepers may run, the table tells who sends which.

    A number that nobody took for `again` seconds is sent once more: the broker may have lost it.
    """

    def __init__(self, archive: Archive, send: Send, again: float) -> None:
        self._archive = archive
        self._send = send
        self._again = again
        self._failures = 0
        self._next = 0.0

    def sweep(self) -> int:
        """Sends what is to be sent, and frees what dead workers of this machine hold; how many were sent.

        Nothing while it waits after a failure, which is told in the log and never raised.
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
