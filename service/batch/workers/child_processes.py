"""Worker processes and the one that started them: as many as asked for, until they are to end."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from service import process_identity
from service.archive.tool_versions import current_tool_versions
from service.batch.workers.outage import OutageReports
from service.config import Settings
from service.errors import ArchiveFault, KexieError

SLOTS = 2  # in a process: one item is rendered and archived while another waits for LibreOffice
GRACE = 5.0  # seconds to end, beyond what running items have themselves
_MOST_IN_VAIN = 5  # times that every process ends with nothing done


def module_command(module: str) -> tuple[str, ...]:
    """What runs a module of ours in a fresh process."""
    return (sys.executable, "-P", "-m", module)


def options_line(settings: Settings, folder: Path | None, job: int | None, slots: int) -> bytes:
    """The orders of a worker process: one line for its standard input."""
    told = {
        "settings": settings.as_env(),
        "folder": str(folder.absolute()) if folder else None,
        "job": job,
        "slots": slots,
        # Looked up here once: each process would start a LibreOffice to ask for its version.
        "makers": asdict(current_tool_versions(settings)),
    }
    return json.dumps(told).encode() + b"\n"


class ChildProcesses:
    """`count` processes with the same orders. Each ends when its standard input does, or its parent.

    One that ends by itself with exit code 0 has nothing left to do, unless the work is `endless`; another is
    started in any other's place, after `recover` has freed what it held. One that stands still for `patience`
    seconds is ended: it may hold the database's lock, and all others would wait for it.
    """

    def __init__(
        self,
        command: Sequence[str],
        orders: bytes,
        count: int,
        recover: Callable[[], object],
        patience: float,
        *,
        endless: bool = False,
    ) -> None:
        self._command = command
        self._orders = orders
        self._count = count
        self._recover = recover
        self._patience = patience
        self._still: dict[int, float] = {}  # since when a process stands still, by its number
        self._said = subprocess.DEVNULL if endless else subprocess.PIPE
        self._well = (None,) if endless else (None, 0)
        self._running: list[subprocess.Popen[bytes]] = []
        self._in_vain = 0
        self._progress = -1
        self._heard = OutageReports()

    def start(self) -> None:
        """Frees what dead processes of earlier runs held, and starts all."""
        self._recover()
        for _ in range(self._count):
            self._begin()

    def tend(self, progress: int) -> None:
        """Starts a process in the place of each that failed; a new `progress` tells that the work goes on.

        Raises KexieError where they end over and over and it does not, ArchiveFault where one of them could
        not write the archive for long.
        """
        if progress != self._progress:
            self._progress, self._in_vain = progress, 0
        self._end_stopped(self._patience)
        self._listen()
        failed = [child for child in self._running if child.poll() not in self._well]
        if any(child.returncode == ArchiveFault.exit_code for child in failed):
            raise self._heard.end()
        self._in_vain += len(failed)
        if self._in_vain > _MOST_IN_VAIN * self._count:
            raise KexieError(
                "批处理进程一启动就中止，已停止。请查看日志，并执行 kexie-forms doctor 检查环境。",
                "Worker processes end as soon as they are started, so this stopped. See the log, "
                "and run kexie-forms doctor.",
            )
        if failed:
            self._recover()
        for child in failed:
            self._running.remove(child)
            self._close(child)
            self._end_listening(child)
            self._begin()

    def stop(self, grace: float) -> None:
        """Lets all finish what they do, for `grace` seconds at most; returns when they are gone."""
        for child in self._running:
            self._close(child)
        self._end_stopped(0)
        until = time.monotonic() + grace
        for child in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(until - time.monotonic(), 0))
        self.kill()

    def kill(self) -> None:
        """Ends all at once; what they hold is freed by the next run."""
        for child in self._running:
            child.kill()
            child.wait()
            self._close(child)
            self._end_listening(child)

    def _end_stopped(self, patience: float) -> None:
        now = time.monotonic()
        stopped = [child for child in self._running if process_identity.stopped(child.pid)]
        self._still = {child.pid: self._still.get(child.pid, now) for child in stopped}
        for child in stopped:
            if now - self._still[child.pid] >= patience:
                child.kill()
                child.wait()

    def _listen(self) -> None:
        """Hears what the processes tell on standard output: that the archive cannot be written."""
        for child in self._running:
            for line in child.stdout.readlines() if child.stdout and not child.stdout.closed else ():
                self._heard.hear(line)

    def _end_listening(self, child: subprocess.Popen[bytes]) -> None:
        if child.stdout:
            child.stdout.close()

    def _begin(self) -> None:
        child = subprocess.Popen(  # noqa: S603 - our own module
            self._command, stdin=subprocess.PIPE, stdout=self._said
        )
        self._running.append(child)
        if child.stdout:
            os.set_blocking(child.stdout.fileno(), False)
        assert child.stdin
        with contextlib.suppress(BrokenPipeError):  # it has ended already: `tend` finds out
            child.stdin.write(self._orders)
            child.stdin.flush()

    def _close(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
