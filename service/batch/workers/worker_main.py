"""A local worker process.

It runs until its job is done, or until standard input ends or SIGTERM arrives; running items finish.
Without a job it processes all active batches and waits for more.
"""

import signal
import sys

from service.batch.jobs import process_item
from service.batch.jobs.item_outcome import ItemProcessor
from service.batch.workers import bootstrap
from service.batch.workers.worker_loop import WorkerLoop
from service.errors import ArchiveFault
from service.processes import process_identity


def main(process: ItemProcessor = process_item.process) -> None:
    """Reads its options and runs the worker loop."""
    with bootstrap.worker_process() as options:
        worker = process_identity.name()
        loop = WorkerLoop(options.archive, options.settings, worker, options.job, options.slots, process)
        signal.signal(signal.SIGTERM, lambda *_: loop.stop())
        bootstrap.on_stdin_end(loop.stop)
        try:
            loop.run()
        except ArchiveFault as error:  # it has been reported to the parent
            sys.exit(error.exit_code)
