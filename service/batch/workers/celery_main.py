"""A Celery worker process: `python -m service.batch.workers.celery_main`.

It does the items that messages name until standard input ends or SIGTERM comes: then running items finish.
"""

from __future__ import annotations

import os
import signal
import socket
import warnings

from celery.platforms import SecurityWarning

from service import process_identity
from service.batch.workers import bootstrap, celery_app
from service.batch.workers.celery_task import CeleryTask


def main() -> None:
    """Takes its orders, and serves."""
    warnings.simplefilter("ignore", SecurityWarning)  # whose process this is, its operator decides
    with bootstrap.worker_process() as orders:
        hand = CeleryTask(orders.archive, orders.settings, process_identity.name())
        bootstrap.on_stdin_end(lambda: os.kill(os.getpid(), signal.SIGTERM))
        name = f"kexie-{os.getpid()}@{socket.gethostname()}"
        celery_app.serve(celery_app.make_app(orders.settings), hand.do, orders.slots, name)


if __name__ == "__main__":
    main()
