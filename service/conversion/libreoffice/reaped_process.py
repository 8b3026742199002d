"""A process under the reaper: nothing that it started outlives it, or us."""

from __future__ import annotations

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
_END_TIMEOUT = 5.0  # seconds for the reaper to end what it started


class ReapedProcess:
    """A command running under the reaper in a session of its own; it dies with a reaper that is killed."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int] = ()
    ) -> None:
        self._reaper = subprocess.Popen(  # noqa: S603 - our own reaper
            [sys.executable, "-I", "-S", str(_REAPER), *_die_with_parent(), *command],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=pass_fds,
        )

    def ends(self, seconds: float) -> bool:
        """Whether it ends within `seconds`; it is not reaped, so that its number stays its own."""
        if self._reaper.returncode is not None:
            return True
        ended = os.pidfd_open(self._reaper.pid)
        try:
            watch = select.poll()
            watch.register(ended, select.POLLIN)
            return bool(watch.poll(seconds * 1000))
        finally:
            os.close(ended)

    def end(self) -> int:
        """Ends it with all that it started, and whatever a reaper that was itself killed left; its exit code.

        Past a moment's patience a reaper that does not answer is killed with its whole group.
        """
        if self._reaper.returncode is None:
            if self._reaper.stdin:
                self._reaper.stdin.close()
            self.ends(_END_TIMEOUT)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._reaper.pid, signal.SIGKILL)
        return self._reaper.wait()


def _die_with_parent() -> list[str]:
    """Words before a command that make it die with the process that started it (prctl(2), PDEATHSIG)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def run(command: Sequence[str], environment: Mapping[str, str], deadline: float) -> int:
    """Runs `command` under the reaper for at most `deadline` seconds and returns its exit code.

    Nothing that it started is left afterwards. Raises TimeoutError past the deadline.
    """
    process = ReapedProcess(command, environment)
    try:
        if not process.ends(deadline):
            raise TimeoutError
    finally:
        code = process.end()
    return code
