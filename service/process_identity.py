"""Who a worker is: a name that no other process ever has, from which can be told whether it still lives."""

from __future__ import annotations

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
    """A process's number and its start in ticks since the machine's (proc(5)): together used once only."""

    number: int
    start: int

    @classmethod
    def of(cls, number: int) -> _Process | None:
        """The process that has that number now; None where it has ended."""
        state, *fields = _stat(number)
        return None if state in "ZX" else cls(number, int(fields[18]))

    @classmethod
    def read(cls, text: str) -> _Process:
        number, start = text.split(".")
        return cls(int(number), int(start))

    def __str__(self) -> str:
        return f"{self.number}.{self.start}"

    @property
    def alive(self) -> bool:
        return _Process.of(self.number) == self


def _stat(number: int) -> list[str]:
    """The fields behind a process's name (proc(5)), the state first; "X", dead, alone where it is gone."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["X"]


@cache
def _machine() -> str:
    """The running machine, and the container in which process numbers mean something."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    space = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 - a link that leads nowhere
    return f"{socket.gethostname()}/{boot}/{space}"


def name() -> str:
    """The name of this process as a worker; it holds the process that started it as well."""
    return f"{_machine()}/{_Process.of(os.getppid()) or '0.0'}/{_Process.of(os.getpid())}"


def dead(worker: str) -> bool:
    """Whether the worker is known to have ended; False for another machine's, of which nothing is known."""
    machine, _, process = worker.rsplit("/", 2)
    return machine == _machine() and not _Process.read(process).alive


def died_alone(worker: str) -> bool:
    """Whether the process that started a dead worker still lives."""
    return _Process.read(worker.rsplit("/", 2)[1]).alive


def stopped(number: int) -> bool:
    """Whether the process of that number stands still (SIGSTOP), with whatever lock it holds."""
    return _stat(number)[0] in "Tt"


def tie_to_parent() -> None:
    """Lets this process end with the one that started it, however that ends (prctl(2), PDEATHSIG)."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it has just ended
        sys.exit(1)
