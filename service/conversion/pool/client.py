"""A process's way to the pool: starts it where there is none, and stays in touch so that it lives."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from service.config import Settings
from service.conversion.conversion_errors import no_answer
from service.conversion.libreoffice.worker_protocol import Converted
from service.conversion.pool import address, launcher, protocol
from service.conversion.pool.launcher import raise_error
from service.errors import KexieError

_TRIES = 3
_LEAST = 0.001  # seconds: 0 would be another mode


def _nothing() -> None:
    """What is done meanwhile where nothing else is."""


class PoolClient:
    """The pool of one set of settings, for all threads of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = address.of(settings)
        self._timeout = 2 * settings.deadline + launcher.START_TIMEOUT
        self._lock = threading.Lock()
        self._presence: socket.socket | None = None
        self._free: list[socket.socket] = []
        self._failed = 0.0

    def convert(self, docx: bytes, meanwhile: Callable[[], object] = _nothing) -> Converted:
        """The PDF of a .docx, as LibreOffice wrote it; `meanwhile` is called while that is at work.

        Raises as `Pool.convert` does, and what `meanwhile` raises.
        """
        answer = self._ask({"do": "convert"}, docx, meanwhile)
        assert answer.file
        return Converted(answer.file, answer.head["steps"])

    def warm(self) -> None:
        """Starts the pool with all of its processes."""
        self._ask({"do": "warm"})

    def state(self) -> dict[str, Any] | None:
        """The pool's numbers (`Pool.state`); None where there is no pool: this is no reason for one."""
        try:
            self._address.connect(1).close()
        except OSError:
            return None
        return self._ask({"do": "state"}).head

    def step(self, name: str, seconds: float) -> None:
        """Tells the pool how long a step outside it took, where a connection is at hand."""
        with self._lock:
            presence, connection = self._presence, self._free.pop() if self._free else None
        if connection and presence:
            try:
                protocol.send(connection, {"do": "step", "name": name, "seconds": seconds})
            except OSError:  # the next document finds out
                connection.close()
            else:
                self._keep(presence, connection)

    def proof(self, result: str) -> None:
        """Has the pool count a proof, "proved" or "failed". What hinders that hinders no document."""
        with contextlib.suppress(KexieError):
            self._ask({"do": "proof", "result": result})

    def leave(self) -> None:
        """Ends every connection; the pool ends with the last process that does."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        for connection in (*self._free, *([self._presence] if self._presence else ())):
            connection.close()
        self._free.clear()
        self._presence = None

    def _ask(
        self, head: protocol.Head, body: bytes = b"", meanwhile: Callable[[], object] = _nothing
    ) -> protocol.Message:
        until = time.monotonic() + self._timeout
        for _ in range(_TRIES):
            presence, connection = self._connection()
            try:
                connection.settimeout(max(until - time.monotonic(), _LEAST))
                protocol.send(connection, head, body)
                meanwhile()
                answer = protocol.receive(connection)
            except TimeoutError as error:
                connection.close()
                raise no_answer() from error
            except KexieError:
                connection.close()
                raise
            except OSError:  # the pool's process is gone: the next try starts a new one
                connection.close()
                self._lost(presence)
                continue
            self._keep(presence, connection)
            raise_error(answer.head)
            return answer
        raise no_answer()

    def _keep(self, presence: socket.socket, connection: socket.socket) -> None:
        """Keeps a connection for the next document, unless its pool is gone or left meanwhile."""
        with self._lock:
            if self._presence is presence:
                self._free.append(connection)
                return
        connection.close()

    def _lost(self, presence: socket.socket) -> None:
        """Gives up the pool that `presence` kept, unless another thread has found a new one already."""
        with self._lock:
            if self._presence is presence:
                self._drop()

    def _connection(self) -> tuple[socket.socket, socket.socket]:
        asked = time.monotonic()
        with self._lock:
            if self._failed > asked:  # another thread tried in vain while this one waited for it
                raise no_answer()
            try:
                return self._connected()
            except (KexieError, OSError) as error:
                self._failed = time.monotonic()
                raise error if isinstance(error, KexieError) else no_answer() from error

    def _connected(self) -> tuple[socket.socket, socket.socket]:
        if self._presence is not None and not self._free:
            with contextlib.suppress(OSError):
                return self._presence, self._open()
            self._drop()  # the pool's process is gone
        if self._presence is None:
            self._presence = self._attach()
        return self._presence, self._free.pop() if self._free else self._open()

    def _attach(self) -> socket.socket:
        """A connection that only tells the pool that this process is there."""
        until = time.monotonic() + launcher.START_TIMEOUT
        while time.monotonic() < until:
            try:
                return self._announced(self._open())
            except (PermissionError, TimeoutError) as error:
                raise no_answer() from error
            except ConnectionRefusedError:
                launcher.start(self._settings)
            except OSError:  # it was just ending
                time.sleep(0.01)
        raise no_answer()

    def _announced(self, connection: socket.socket) -> socket.socket:
        try:
            protocol.send(connection, {"do": "stay"})
            protocol.receive(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> socket.socket:
        return self._address.connect(launcher.START_TIMEOUT)


_clients: dict[tuple[int, Settings], PoolClient] = {}
_lock = threading.Lock()


def client(settings: Settings) -> PoolClient:
    """This process's client for these settings, made at its first call; a forked process gets its own."""
    key = os.getpid(), settings
    with _lock:
        if key not in _clients:
            _clients[key] = PoolClient(settings)
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
