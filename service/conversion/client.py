"""A process's way to the pool: starts it where there is none, and stays in touch so that it lives."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from service import errors
from service.config import Settings
from service.conversion import address, wire
from service.conversion.faults import no_answer
from service.conversion.worker import Converted
from service.errors import KexieError

_START = 20.0  # seconds for the pool's process to come up
_TRIES = 3


class Client:
    """The pool of one set of settings, for all threads of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = address.of(settings)
        self._patience = 2 * settings.deadline + _START
        self._lock = threading.Lock()
        self._stay: socket.socket | None = None
        self._free: list[socket.socket] = []

    def convert(self, docx: bytes) -> Converted:
        """The PDF of a .docx, as LibreOffice wrote it. Raises as `Pool.convert` does."""
        answer = self._ask({"do": "convert"}, docx)
        assert answer.file
        return Converted(answer.file, answer.head["steps"])

    def warm(self) -> None:
        """Starts the pool with all of its processes."""
        self._ask({"do": "warm"})

    def state(self) -> dict[str, Any] | None:
        """The pool's numbers (`Pool.state`); None where there is no pool, which this does not start."""
        try:
            self._address.connect(1).close()
        except OSError:
            return None
        return self._ask({"do": "state"}).head

    def step(self, name: str, seconds: float) -> None:
        """Tells the pool how long a step outside it took, where a connection is at hand."""
        with self._lock:
            connection = self._free.pop() if self._free else None
        if connection:
            try:
                wire.send(connection, {"do": "step", "name": name, "seconds": seconds})
            except OSError:  # the next document finds out
                connection.close()
                return
            self._free.append(connection)

    def leave(self) -> None:
        """Ends every connection; the pool ends with the last process that does."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        for connection in (*self._free, *([self._stay] if self._stay else ())):
            connection.close()
        self._free.clear()
        self._stay = None

    def _ask(self, head: wire.Head, body: bytes = b"") -> wire.Message:
        for _ in range(_TRIES):
            stay, connection = self._connection()
            try:
                wire.send(connection, head, body)
                answer = wire.receive(connection)
            except TimeoutError as error:
                connection.close()
                raise no_answer() from error
            except OSError:  # the pool's process is gone: the next try starts a new one
                connection.close()
                self._lost(stay)
                continue
            self._free.append(connection)
            _raise_error(answer.head)
            return answer
        raise no_answer()

    def _lost(self, stay: socket.socket) -> None:
        """Gives up the pool that `stay` kept, unless another thread has found a new one already."""
        with self._lock:
            if self._stay is stay:
                self._drop()

    def _connection(self) -> tuple[socket.socket, socket.socket]:
        with self._lock:
            if self._stay is not None and not self._free:
                with contextlib.suppress(OSError):
                    return self._stay, self._open()
                self._drop()  # the pool's process is gone
            if self._stay is None:
                self._stay = self._arrive()
            return self._stay, self._free.pop() if self._free else self._open()

    def _arrive(self) -> socket.socket:
        """A connection that only tells the pool that this process is there."""
        until = time.monotonic() + _START
        while time.monotonic() < until:
            try:
                return self._welcomed(self._open())
            except PermissionError as error:
                raise no_answer() from error
            except ConnectionRefusedError:
                _start_host(self._settings)
            except OSError:  # it was just ending
                continue
        raise no_answer()

    def _welcomed(self, connection: socket.socket) -> socket.socket:
        try:
            wire.send(connection, {"do": "stay"})
            wire.receive(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> socket.socket:
        return self._address.connect(self._patience)


def _start_host(settings: Settings) -> None:
    """Starts the pool's process and returns when it serves. Raises the KexieError that it met, if any."""
    host = subprocess.Popen(
        [sys.executable, "-P", "-m", "service.conversion.host"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert host.stdin
    assert host.stdout
    with host.stdin, host.stdout:
        host.stdin.write(json.dumps(settings.as_env()).encode())
        host.stdin.close()
        said = host.stdout.readline() if select.select([host.stdout], [], [], _START)[0] else b""
    threading.Thread(target=host.wait, daemon=True).start()  # so that it leaves no zombie
    _raise_error(json.loads(said or b"{}"))


def _raise_error(head: wire.Head) -> None:
    if "error" in head:
        kind: type[KexieError] = getattr(errors, head["error"])
        raise kind(head["zh"], head["en"])


_clients: dict[tuple[int, Settings], Client] = {}
_lock = threading.Lock()


def client(settings: Settings) -> Client:
    """This process's client for these settings, made at its first call; a forked process gets its own."""
    key = os.getpid(), settings
    with _lock:
        if key not in _clients:
            _clients[key] = Client(settings)
        return _clients[key]


def leave_all() -> None:
    """Leaves every pool of this process; what no other process uses ends."""
    with _lock:
        for found in _clients.values():
            found.leave()
        _clients.clear()


def warm(settings: Settings) -> None:
    """Starts the pool with all of its processes; what hinders that is told to the first document."""
    with contextlib.suppress(KexieError):
        client(settings).warm()


def ended(settings: Settings, seconds: float = 5.0) -> bool:
    """Whether the pool of these settings is gone, or goes within `seconds`."""
    until = time.monotonic() + seconds
    place = address.of(settings)
    while time.monotonic() < until:
        try:
            place.connect(1).close()
        except ConnectionRefusedError:
            if not place.folder.exists():
                return True
        except OSError:
            pass
        time.sleep(0.02)
    return False
