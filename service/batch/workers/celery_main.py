"""A Celery worker process.

It processes the items named by messages until standard input ends or SIGTERM arrives; running items finish.
"""

import os
import signal
import socket
import warnings

from celery.platforms import SecurityWarning

from service.batch.workers import bootstrap, celery_app
from service.batch.workers.celery_task import CeleryTask
from service.processes import process_identity


def main() -> None:
    """Reads its options and serves the queue."""
    warnings.simplefilter("ignore", SecurityWarning)  # the operator chooses the user of this process
    with bootstrap.worker_process() as options:
        task = CeleryTask(options.archive, options.settings, process_identity.name())
        bootstrap.on_stdin_end(lambda: os.kill(os.getpid(), signal.SIGTERM))
        name = f"kexie-{os.getpid()}@{socket.gethostname()}"
        celery_app.serve(celery_app.make_app(options.settings), task.run, options.slots, name)
