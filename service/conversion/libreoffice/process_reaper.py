"""Runs a command, and ends everything it started as soon as the command or the caller is gone.

The caller holds the other end of standard input, so that its death, however sudden, is seen
here. Grandchildren whose parent died fall to this process (PR_SET_CHILD_SUBREAPER, prctl(2)):
it can kill and reap every one of them, whatever group or session it moved to, and reaps those
that end before (LibreOffice's gpg). Linux only;
few imports, so that it starts in 20 ms.
"""

import ctypes
import os
import select
import signal
import sys
import time

_PR_SET_CHILD_SUBREAPER = 36
_STEP_BACK = 5  # behind the processes that answer requests (nice(2))


def main(command: list[str]) -> int:
    """Runs `command` to its end, or to that of standard input; returns its exit code, 0 for the latter."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    rung = _bell()
    os.nice(_STEP_BACK)
    no_input = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=no_input)
    _step_back()
    try:
        while 0 not in select.select([0, rung], [], [])[0]:
            os.read(rung, 4096)
            code = _reap(child)
            if code is not None:
                return code
        return 0
    finally:
        _end_all()


def _step_back() -> None:
    """The same for the session, whose members' own niceness counts among themselves only (sched(7))."""
    for _ in range(3):
        try:
            session = os.open("/proc/self/autogroup", os.O_WRONLY)
            try:
                os.write(session, b"%d" % _STEP_BACK)
            finally:
                os.close(session)
        except BlockingIOError:  # the kernel takes one of all in a tenth of a second
            time.sleep(0.11)
        except OSError:  # not there, and then not needed
            return
        else:
            return


def _bell() -> int:
    """A pipe from which there is something to read after a child has ended."""
    rung, ringer = os.pipe()
    os.set_blocking(ringer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
    return rung


def _reap(child: int) -> int | None:
    """Reaps all that has ended; the exit code of `child` where it has."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == child:
            return os.waitstatus_to_exitcode(status)
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
    except OSError:  # a kernel that does not tell the children: then the whole group, this process too
        os.killpg(0, signal.SIGKILL)


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as numbers:  # noqa: PTH123 - a dear import
        return [int(number) for number in numbers.read().split()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
