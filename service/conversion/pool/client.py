"""Pool client: starts the pool and holds a connection that keeps it alive."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from service.config import Settings
from service.conversion.conversion_errors import no_answer
from service.conversion.fonts import face_table
from service.conversion.libreoffice.worker_protocol import Converted
from service.conversion.pool import address, launcher, protocol
from service.conversion.pool.launcher import raise_error
from service.errors import KexieError, TemplateFault
from service.forms.form_folder import font_folders

_TRIES = 3
_LEAST = 0.001  # seconds; 0 would make the socket non-blocking


class PoolClient:
    """Client of the pool for one set of settings; thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = address.of(settings)
        self._tables = _tables(settings)
        self._timeout = 2 * settings.deadline + launcher.START_TIMEOUT
        self._lock = threading.Lock()
        self._presence: socket.socket | None = None
        self._free: list[socket.socket] = []
        self._failed = 0.0

    def convert(self, docx: bytes, meanwhile: Callable[[], object] = lambda: None) -> Converted:
        """Converts a .docx to the PDF as LibreOffice writes it; calls `meanwhile` during the conversion.

        Raises as `Pool.convert`, and what `meanwhile` raises.
        """
        answer = self._ask({"do": "convert"}, docx, meanwhile)
        assert answer.file
        return Converted(answer.file, answer.head["steps"])

    def warm(self) -> None:
        """Starts the pool with all its processes."""
        self._ask({"do": "warm"})

    def state(self) -> dict[str, Any] | None:
        """The pool's counters (`Pool.state`); None if no pool is running. Does not start one."""
        try:
            self._address.connect(1).close()
        except OSError:
            return None
        return self._ask({"do": "state"}).head

    def step(self, name: str, seconds: float) -> None:
        """Reports the duration of a step outside the pool if a connection is free."""
        with self._lock:
            presence, connection = self._presence, self._free.pop() if self._free else None
        if connection and presence:
            try:
                protocol.send(connection, {"do": "step", "name": name, "seconds": seconds})
            except OSError:  # the next document will notice
                connection.close()
            else:
                self._keep(presence, connection)

    def proof(self, result: str) -> None:
        """Counts a proof in the pool, "proved" or "failed"; ignores errors of the pool."""
        with contextlib.suppress(KexieError):
            self._ask({"do": "proof", "result": result})

    def follow_fonts(self) -> None:
        """Leaves the pool for one with the tables of faces as they are now, if one changed and is sound."""
        if self._tables == (tables := _tables(self._settings)):
            return
        with contextlib.suppress(TemplateFault), self._lock:
            self._address, self._tables = address.of(self._settings), tables
            self._drop()

    def leave(self) -> None:
        """Closes all connections; the pool ends when its last client has left."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        for connection in (*self._free, *([self._presence] if self._presence else ())):
            connection.close()
        self._free.clear()
        self._presence = None

    def _ask(
        self, head: protocol.Head, body: bytes = b"", meanwhile: Callable[[], object] = lambda: None
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
            except OSError:  # the pool has ended: the next try starts a new one
                connection.close()
                self._lost(presence)
                continue
            self._keep(presence, connection)
            raise_error(answer.head)
            return answer
        raise no_answer()

    def _keep(self, presence: socket.socket, connection: socket.socket) -> None:
        """Keeps a connection for the next document, unless its pool has ended or was left meanwhile."""
        with self._lock:
            if self._presence is presence:
                self._free.append(connection)
                return
        connection.close()

    def _lost(self, presence: socket.socket) -> None:
        """Drops the pool of `presence`, unless another thread has already connected to a new one."""
        with self._lock:
            if self._presence is presence:
                self._drop()

    def _connection(self) -> tuple[socket.socket, socket.socket]:
        asked = time.monotonic()
        with self._lock:
            if self._failed > asked:  # another thread failed while this one waited for the lock
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
            self._drop()  # the pool has ended
        if self._presence is None:
            self._presence = self._attach()
        return self._presence, self._free.pop() if self._free else self._open()

    def _attach(self) -> socket.socket:
        """Opens the connection that keeps the pool alive; starts the pool if necessary."""
        until = time.monotonic() + launcher.START_TIMEOUT
        while time.monotonic() < until:
            try:
                return self._announced(self._open())
            except (PermissionError, TimeoutError) as error:
                raise no_answer() from error
            except ConnectionRefusedError:
                launcher.start(self._settings)
            except OSError:  # the pool is just shutting down
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
    """The client of this process for these settings and fonts; a forked process gets its own."""
    key = os.getpid(), settings
    with _lock:
        if key not in _clients:
            _clients[key] = PoolClient(settings)
        _clients[key].follow_fonts()
        return _clients[key]


def _tables(settings: Settings) -> tuple[int, ...]:
    return face_table.changed(font_folders(settings))


def leave_all() -> None:
    """Leaves all pools of this process; pools without other clients end."""
    with _lock:
        for found in _clients.values():
            found.leave()
        _clients.clear()


def warm(settings: Settings) -> None:
    """Starts the pool with all its processes; errors are reported to the first document."""
    with contextlib.suppress(KexieError):
        client(settings).warm()


def ended(settings: Settings, seconds: float = 5.0) -> bool:
    """Whether the pool of these settings has ended, or ends within `seconds`."""
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
