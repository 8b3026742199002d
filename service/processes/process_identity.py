"""Identity of worker processes: unique names, from which liveness can be checked."""

import ctypes
import os
import signal
import socket
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class _Process:
    """A process: its pid and its start time in ticks since boot (proc(5)), unique together."""

    number: int
    start: int

    @classmethod
    def of(cls, number: int) -> "_Process | None":
        """Looks up the process with that pid; None if it has ended."""
        state, *fields = _stat(number)
        return None if state in "ZX" else cls(number, int(fields[18]))

    @classmethod
    def read(cls, text: str) -> "_Process":
        number, start = text.split(".")
        return cls(int(number), int(start))

    def __str__(self) -> str:
        return f"{self.number}.{self.start}"

    @property
    def alive(self) -> bool:
        return _Process.of(self.number) == self


def _stat(number: int) -> list[str]:
    """Reads the fields of /proc/PID/stat from the state on; ["X"] (dead) if the process has ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["X"]


@cache
def _machine() -> str:
    """Identifies where a pid is valid: host name, boot id and pid namespace."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    space = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 - a dangling link
    return f"{socket.gethostname()}/{boot}/{space}"


def name() -> str:
    """Returns the worker name of this process: machine, parent process, process."""
    return f"{_machine()}/{_Process.of(os.getppid()) or '0.0'}/{_Process.of(os.getpid())}"


def dead(worker: str) -> bool:
    """Returns whether the worker is known to have ended; False if it runs on another machine."""
    machine, _, process = worker.rsplit("/", 2)
    return machine == _machine() and not _Process.read(process).alive


def died_alone(worker: str) -> bool:
    """Returns whether the parent of a dead worker is still alive."""
    return _Process.read(worker.rsplit("/", 2)[1]).alive


def stopped(number: int) -> bool:
    """Returns whether the process with that pid is stopped (SIGSTOP)."""
    return _stat(number)[0] in "Tt"


def tie_to_parent() -> None:
    """Kills this process when its parent dies (prctl(2), PDEATHSIG)."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the parent has just ended
        sys.exit(1)
