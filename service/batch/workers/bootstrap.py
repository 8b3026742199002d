"""Start-up of every worker process: reads its options, opens the archive, ends with its parent."""

import contextlib
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service import catalog, conversion
from service.archive import Archive, tool_versions
from service.archive.manifest import ToolVersions
from service.config import Settings
from service.processes import process_identity
from service.submission import use_limits


@dataclass(frozen=True)
class WorkerOptions:
    """Options of a worker process: its job (None: all active batches) and how many items it runs at once."""

    settings: Settings
    archive: Archive
    job: int | None
    slots: int


@contextlib.contextmanager
def worker_process() -> Iterator[WorkerOptions]:
    """Reads the options from standard input (`child_processes.options_line`), and opens the archive."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the parent decides
    process_identity.tie_to_parent()
    options = json.loads(sys.stdin.readline())
    settings = Settings.from_env(options["settings"])
    tool_versions.remember(settings, ToolVersions(**options["tool_versions"]))
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    for name in ("alembic", "pikepdf"):
        logging.getLogger(name).setLevel(logging.WARNING)
    catalog.use(settings)
    use_limits(settings)
    with Archive.open(settings, Path(options["folder"]) if options["folder"] else None) as archive:
        try:
            yield WorkerOptions(settings, archive, options["job"], options["slots"])
        finally:
            conversion.leave_all()


def on_stdin_end(end: Callable[[], object]) -> None:
    """Calls `end` from its own thread when standard input ends."""

    def listen() -> None:
        sys.stdin.read()
        end()

    threading.Thread(target=listen, daemon=True).start()
