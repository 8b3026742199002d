"""What runs on this machine, and waiting for it to change; a clock that a test sets."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path


def awaited(condition, seconds=300.0):
    """Whether `condition` comes true within `seconds`, which only what hangs needs."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


class Clock:
    """A clock of the test, in seconds: it moves when the test sets `now`."""

    now = 1000.0

    def __call__(self):
        return self.now


def numbers():
    """The numbers of all processes."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def commands(mark):
    """The words of each command line that holds `mark`, and its process's number."""
    for number in numbers():
        with suppress(OSError):  # it has just ended
            words = os.fsdecode(Path(f"/proc/{number}/cmdline").read_bytes()).split("\0")
            if any(mark in word for word in words):
                yield words, number


def running(mark):
    """The processes whose command line holds `mark`: (name of the program, number) of each."""
    return [(Path(words[0]).name, number) for words, number in commands(mark)]


def kill(*numbers, how=signal.SIGKILL):
    """Signals processes, of which some may have ended already."""
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, how)


def stat(number):
    """A process's state, such as "Z", and its parent's number; None where there is none (proc(5))."""
    try:
        state, parent = Path(f"/proc/{number}/stat").read_bytes().rpartition(b")")[2].split()[:2]
    except OSError:
        return None
    return state.decode(), int(parent)


def pause(*numbers):
    """Stops processes until SIGCONT; returns once none of their threads runs."""
    kill(*numbers, how=signal.SIGSTOP)

    def stopped(number):
        threads = [f"{number}/task/{each.name}" for each in Path(f"/proc/{number}/task").iterdir()]
        return all((stat(thread) or "T")[0] == "T" for thread in threads)

    assert awaited(lambda: all(map(stopped, numbers)))


def below(number: int) -> list[int]:
    """A process with all that descend from it."""
    parents = {each: stat(each) for each in numbers()}
    found = [number]
    for one in found:
        found += [child for child, seen in parents.items() if seen and seen[1] == one]
    return found


def gone(mark):
    """Whether no process names `mark` any more, after a wait where one still does."""
    return awaited(lambda: not running(mark))
