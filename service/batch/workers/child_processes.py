"""Child processes: keeps the requested number of worker processes running until they are stopped."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from service.archive.tool_versions import current_tool_versions
from service.batch.workers.outage import OutageReports
from service.config import Settings
from service.errors import ArchiveFault, KexieError
from service.processes import process_identity

SLOTS = 2  # in a process: one item is rendered and archived while another waits for LibreOffice
GRACE = 5.0  # seconds to end, beyond what running items have themselves
RESTART_WINDOW = 60.0  # seconds in which the processes of an endless service may not end over and over
_MOST_IN_VAIN = 5  # times that every process ends with nothing done


def options_line(settings: Settings, folder: Path | None, job: int | None, slots: int) -> bytes:
    """The options of a worker process: one line for its standard input."""
    options = {
        "settings": settings.as_env(),
        "folder": str(folder.absolute()) if folder else None,
        "job": job,
        "slots": slots,
        # Looked up here once: each process would start a LibreOffice to ask for its version.
        "tool_versions": asdict(current_tool_versions(settings)),
    }
    return json.dumps(options).encode() + b"\n"


class ChildProcesses:
    """`count` processes with the same options; each ends when its standard input or its parent does.

    A process that exits with 0 has finished, unless the work is `endless`; any other exit starts a
    replacement after `recover` has freed its items. A process that stays stopped (SIGSTOP) for a lease is
    killed: it may hold the database's lock, for which all others wait. See `runner.Executor`.
    """

    def __init__(
        self,
        command: Sequence[str],
        options: bytes,
        count: int,
        recover: Callable[[], object],
        settings: Settings,
        *,
        endless: bool = False,
    ) -> None:
        self._command = command
        self._options = options
        self._count = count
        self._recover = recover
        self._stopped_limit = settings.lease
        self._grace = settings.longest_conversion + GRACE
        self._stopped_since: dict[int, float] = {}  # by process id
        self._stdout = subprocess.DEVNULL if endless else subprocess.PIPE
        self._good_exits = (None,) if endless else (None, 0)
        self._running: list[subprocess.Popen[bytes]] = []
        self._in_vain = 0
        self._progress = -1
        self._reports = OutageReports()

    def start(self) -> None:
        """Frees the items of dead processes of earlier runs, and starts all processes."""
        self._recover()
        for _ in range(self._count):
            self._begin()

    def tend(self, progress: int) -> None:
        """Replaces failed processes; a new value of `progress` means that the work advances.

        Raises KexieError when processes keep ending without progress, ArchiveFault when one of them could
        not write the archive for too long.
        """
        if progress != self._progress:
            self._progress, self._in_vain = progress, 0
        self._kill_stopped(self._stopped_limit)
        self._read_reports()
        if self._stopped_since:  # `recover` would wait for the lock of such a process
            return
        failed = [child for child in self._running if child.poll() not in self._good_exits]
        if any(child.returncode == ArchiveFault.exit_code for child in failed):
            raise self._reports.final_error()
        self._in_vain += len(failed)
        if self._in_vain > _MOST_IN_VAIN * self._count:
            raise KexieError(
                "批处理进程一启动就中止，已停止。请查看日志，并执行 kexie-forms doctor 检查环境。",
                "Worker processes end as soon as they start, so the batch stopped. Check the log, "
                "and run kexie-forms doctor.",
            )
        if failed:
            self._recover()
        for child in failed:
            self._running.remove(child)
            self._close(child)
            self._begin()

    def stop(self) -> None:
        """Lets running items finish within the grace period; returns when every process has ended."""
        for child in self._running:
            self._close_stdin(child)
        self._kill_stopped(0)
        until = time.monotonic() + self._grace
        for child in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(until - time.monotonic(), 0))
        self.kill()

    def kill(self) -> None:
        """Ends every process at once; the next run frees their items."""
        for child in self._running:
            child.kill()
            child.wait()
            self._close(child)

    def _kill_stopped(self, limit: float) -> None:
        now = time.monotonic()
        stopped = [child for child in self._running if process_identity.stopped(child.pid)]
        self._stopped_since = {child.pid: self._stopped_since.get(child.pid, now) for child in stopped}
        for child in stopped:
            if now - self._stopped_since[child.pid] >= limit:
                child.kill()
                child.wait()
                del self._stopped_since[child.pid]

    def _read_reports(self) -> None:
        """Reads from the processes' standard output that the archive cannot be written."""
        for child in self._running:
            for line in child.stdout.readlines() if child.stdout and not child.stdout.closed else ():
                self._reports.receive(line)

    def _begin(self) -> None:
        child = subprocess.Popen(  # noqa: S603 - our own module
            self._command, stdin=subprocess.PIPE, stdout=self._stdout
        )
        self._running.append(child)
        if child.stdout:
            os.set_blocking(child.stdout.fileno(), False)
        assert child.stdin
        with contextlib.suppress(BrokenPipeError):  # it has ended already: `tend` finds out
            child.stdin.write(self._options)
            child.stdin.flush()

    def _close(self, child: subprocess.Popen[bytes]) -> None:
        self._close_stdin(child)
        if child.stdout:
            child.stdout.close()

    def _close_stdin(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
