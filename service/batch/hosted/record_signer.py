"""The record signer: signs archived PDFs beside a supervisor's other work."""

import logging
import threading

from service.archive import Archive
from service.config import Settings
from service.outbound_http import DEADLINE
from service.sealed_copies.sign_records import sign_due

_POLL = 0.5  # seconds between two looks into the queue
_RETRY = 5.0  # seconds after a failure

_log = logging.getLogger("kexie.signing")


class RecordSigner:
    """Signs queued PDFs from its own thread until it is stopped, if the settings name a key."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="signing", daemon=True)

    def __enter__(self) -> "RecordSigner":
        if self._settings.sign_key:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(2 * DEADLINE)

    def _run(self) -> None:
        while not self._stopping.wait(_POLL):
            try:
                count = sign_due(self._archive, self._settings, self._stopping.is_set)
                if count.failed:
                    reason = count.reason.en
                    _log.warning("%d PDFs were not signed, to be tried again: %s", count.failed, reason)
            except Exception as error:  # of any kind: signing must continue once it is fixed
                _log.warning("PDFs cannot be signed: %s", type(error).__name__)
                self._stopping.wait(_RETRY)
