"""A local worker process: `python -m service.batch.workers.worker_main`.

It works until its job is done, or until standard input ends or SIGTERM comes: then running items finish.
Without a job it does those of all live batches, and waits for more.
"""

from __future__ import annotations

import signal
import sys

from service import process_identity
from service.batch.jobs.process_item import ItemProcessor, process
from service.batch.workers import bootstrap
from service.batch.workers.worker_loop import WorkerLoop, WorkerTerms
from service.errors import ArchiveFault


def main(doing: ItemProcessor = process) -> None:
    """Takes its orders, and works on them."""
    with bootstrap.worker_process() as orders:
        settings = orders.settings
        terms = WorkerTerms(
            process_identity.name(), orders.job, orders.slots, settings.lease, 2 * settings.deadline
        )
        desk = WorkerLoop(orders.archive, settings, terms, doing)
        signal.signal(signal.SIGTERM, lambda *_: desk.stop())
        bootstrap.on_stdin_end(desk.stop)
        try:
            desk.run()
        except ArchiveFault as error:  # the parent has been told
            sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
