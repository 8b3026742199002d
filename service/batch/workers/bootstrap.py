"""What every worker process does first: take its orders, open the archive, live and end with its parent."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service import conversion, process_identity
from service.archive import Archive, tool_versions
from service.archive.manifest import ToolVersions
from service.config import Settings


@dataclass(frozen=True)
class WorkerOptions:
    """What a worker process works on: the job, if it is for one alone, and how many items at once."""

    settings: Settings
    archive: Archive
    job: int | None
    slots: int


@contextlib.contextmanager
def worker_process() -> Iterator[WorkerOptions]:
    """The orders on standard input (`children.orders`), and the archive, which is closed afterwards."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the parent decides
    process_identity.tie_to_parent()
    told = json.loads(sys.stdin.readline())
    settings = Settings.from_env(told["settings"])
    tool_versions.remember(settings, ToolVersions(**told["makers"]))
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with Archive.open(settings, Path(told["folder"]) if told["folder"] else None) as archive:
        try:
            yield WorkerOptions(settings, archive, told["job"], told["slots"])
        finally:
            conversion.leave_all()


def on_stdin_end(end: Callable[[], object]) -> None:
    """Calls `end`, in a thread of its own, when standard input ends."""

    def listen() -> None:
        sys.stdin.read()
        end()

    threading.Thread(target=listen, daemon=True).start()
