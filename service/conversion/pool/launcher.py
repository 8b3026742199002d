"""Starts the pool's process."""

import json
import select
import subprocess
import sys
import threading
from pathlib import Path

from service import errors
from service.config import Settings
from service.conversion.conversion_errors import no_answer
from service.conversion.pool import protocol
from service.errors import KexieError

START_TIMEOUT = 20.0  # seconds for the pool's process to start

_log: list[int | None] = [subprocess.DEVNULL]


def log_here() -> None:
    """Makes pools started by this process log to its standard error.

    For the service. A command does not, since readers of its output would wait for the pool's end.
    """
    _log[0] = None


def start(settings: Settings) -> None:
    """Starts the pool's process and waits until it serves. Raises the KexieError that it reports, if any."""
    try:
        line = _first_line(settings)
        head: protocol.Head = json.loads(line)
    except (OSError, ValueError) as error:
        raise no_answer() from error
    raise_error(head)


def _first_line(settings: Settings) -> bytes:
    """The process's status line; empty if it ended, or sent none in time and was killed."""
    server = subprocess.Popen(  # noqa: S603 - our own module
        [_python(), "-P", "-m", "service.conversion.pool.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=_log[0],
        start_new_session=True,
    )
    threading.Thread(target=server.wait, daemon=True).start()  # reaps it
    assert server.stdin
    assert server.stdout
    with server.stdin, server.stdout:
        server.stdin.write(json.dumps(settings.as_env(secrets=False)).encode())
        server.stdin.close()
        watch = select.poll()
        watch.register(server.stdout, select.POLLIN)
        line = server.stdout.readline() if watch.poll(START_TIMEOUT * 1000) else b""
    if not line:
        server.kill()
    return line


def _python() -> str:
    """This process's Python; in a server with an embedded Python, that of the same environment."""
    if Path(sys.executable).name.startswith("python"):
        return sys.executable
    return str(Path(sys.exec_prefix, "bin", "python3"))


def raise_error(head: protocol.Head) -> None:
    """Raises the KexieError that a message of the pool carries, if any."""
    if "error" in head:
        kind: type[KexieError] = getattr(errors, head["error"])
        raise kind(head["zh"], head["en"])
