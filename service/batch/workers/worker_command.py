"""What `kexie-forms worker` runs: supervised Celery worker processes and a sweeper."""

import logging
import time

from service import conversion
from service.archive import Archive
from service.batch.workers.broker_executor import sweeper
from service.batch.workers.child_processes import (
    RESTART_WINDOW,
    SLOTS,
    ChildProcesses,
    options_line,
)
from service.batch.workers.local_executor import recover
from service.batch.workers.stop_signals import StopRequest
from service.config import Settings
from service.errors import UsageError
from service.processes import startup

_PROCESS = startup.command("service.batch.workers.celery_main")
_PAUSE = 1.0  # seconds between two sweeps


def serve(settings: Settings, workers: int, stop: StopRequest) -> None:
    """Runs `workers` Celery processes until `stop` is requested; running items finish.

    Raises UsageError without a broker, ArchiveFault, and KexieError as `ChildProcesses.tend` does.
    """
    if not settings.broker_url:
        raise UsageError(
            "未设置 KEXIE_BROKER_URL。只用本机时无需 worker：kexie-forms batch 自己启动进程。",
            "KEXIE_BROKER_URL is not set. One machine needs no worker: kexie-forms batch starts its own.",
        )
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    conversion.remove_command_folders(settings)
    with Archive.open(settings) as archive:
        options = options_line(settings, None, None, SLOTS)
        children = ChildProcesses(
            _PROCESS, options, workers, lambda: recover(archive), settings, endless=True
        )
        sweeping = sweeper(archive, settings)
        try:
            children.start()
            while not stop.asked.wait(_PAUSE):
                children.tend(int(time.monotonic() // RESTART_WINDOW))
                sweeping.sweep()
            stop.end(children.stop, children.kill)
        finally:
            children.kill()
