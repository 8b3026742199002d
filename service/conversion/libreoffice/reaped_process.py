"""Runs a command under the process reaper: no descendant outlives the command or this process."""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_REAPER = Path(__file__).with_name("process_reaper.py")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_END_TIMEOUT = 5.0  # seconds for the reaper to kill all descendants


class ReapedProcess:
    """A command in its own session under the reaper; it is killed if the reaper dies."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int] = ()
    ) -> None:
        setpriv = shutil.which("setpriv")  # kills the command when the reaper dies (prctl(2), PDEATHSIG)
        tied = [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
        self._reaper = subprocess.Popen(  # noqa: S603 - our own reaper
            [sys.executable, "-I", "-S", str(_REAPER), *tied, *command],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=pass_fds,
        )

    def ends(self, seconds: float) -> bool:
        """Whether the process ends within `seconds`. Does not reap it, so that its pid is not reused."""
        if self._reaper.returncode is not None:
            return True
        ended = os.pidfd_open(self._reaper.pid)
        try:
            watch = select.poll()
            watch.register(ended, select.POLLIN)
            return bool(watch.poll(seconds * 1000))
        finally:
            os.close(ended)

    def memory(self) -> int:
        """The resident memory in bytes of all processes of the command."""
        found, total = [self._reaper.pid], 0
        for number in found:
            with contextlib.suppress(OSError):  # it has just ended
                found += _children(number)
                total += int(Path(f"/proc/{number}/statm").read_text().split()[1]) * _PAGE
        return total

    def end(self) -> int:
        """Ends the command with all descendants and returns the exit code.

        Kills the whole process group if the reaper does not end in time or was itself killed.
        """
        if self._reaper.returncode is None:
            if self._reaper.stdin:
                self._reaper.stdin.close()
            self.ends(_END_TIMEOUT)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._reaper.pid, signal.SIGKILL)
        return self._reaper.wait()


def _children(number: int) -> list[int]:
    return [
        int(child)
        for thread in Path(f"/proc/{number}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]


def run(command: Sequence[str], environment: Mapping[str, str], deadline: float) -> int:
    """Runs `command` under the reaper for at most `deadline` seconds and returns its exit code.

    No descendant is left running. Raises TimeoutError after the deadline.
    """
    process = ReapedProcess(command, environment)
    try:
        if not process.ends(deadline):
            raise TimeoutError
    finally:
        code = process.end()
    return code
