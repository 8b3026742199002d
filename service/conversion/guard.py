"""Runs a command in a session of its own and kills all of it once standard input closes.

The parent holds the other end of standard input, so that its death, however
sudden, ends the command with every process that it started. Standard library only.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys


def main(command: list[str]) -> int:
    """Runs `command` and returns its exit code; afterwards nothing of its process group is left."""
    child = subprocess.Popen(  # noqa: S603 - the caller is the service itself
        command, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        ended = os.pidfd_open(child.pid)
        select.select([sys.stdin, ended], [], [])
        return child.poll() or 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
