"""Runs a command and kills all its descendants once the command or the caller ends.

The caller holds the other end of standard input, so its death is noticed here. As child subreaper
(PR_SET_CHILD_SUBREAPER, prctl(2)) this process inherits orphaned descendants of any group or session
and can kill and reap them, including those that end earlier (LibreOffice's gpg). Linux only; few
imports, so that it starts in 20 ms.
"""

import ctypes
import os
import select
import signal
import sys
import time

_PR_SET_CHILD_SUBREAPER = 36
_KILLED = 128  # and the signal's number is the exit code of a killed command, as in a shell
_NICENESS = 5  # lower priority than the processes that answer requests (nice(2))


def main(command: list[str]) -> int:
    """Runs `command` until it or standard input ends; returns its exit code, 0 in the latter case."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child_exited = _child_exit_pipe()
    os.nice(_NICENESS)
    no_input = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=no_input)
    _lower_priority()
    try:
        while 0 not in select.select([0, child_exited], [], [])[0]:
            os.read(child_exited, 4096)
            code = _reap(child)
            if code is not None:
                return code
        return 0
    finally:
        _end_all()


def _lower_priority() -> None:
    """Sets the niceness of the session's autogroup; niceness counts only within a session (sched(7))."""
    for _ in range(3):
        try:
            session = os.open("/proc/self/autogroup", os.O_WRONLY)
            try:
                os.write(session, b"%d" % _NICENESS)
            finally:
                os.close(session)
        except BlockingIOError:  # the kernel accepts one change per 0.1 s
            time.sleep(0.11)
        except OSError:  # no autogroups, so not needed
            return
        else:
            return


def _child_exit_pipe() -> int:
    """A pipe that becomes readable when a child has ended."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    return readable


def _reap(child: int) -> int | None:
    """Reaps all ended children; returns the exit code of `child` if it has ended."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else _KILLED - code
        if not pid:
            return None


def _end_all() -> None:
    try:
        while True:
            for pid in _children():
                os.kill(pid, signal.SIGKILL)
            os.wait()
    except ChildProcessError:
        return
    except OSError:  # the kernel lists no children: kill the whole group, this process included
        os.killpg(0, signal.SIGKILL)


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as numbers:  # noqa: PTH123 - importing pathlib is slow
        return [int(number) for number in numbers.read().split()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
