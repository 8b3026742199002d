"""A gthread worker with deadlines for receiving a request and sending a response."""

import contextlib
import socket
import time
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import ThreadWorker

from service.config import Settings
from service.web.http import problems


class _TooSlow(NoMoreData, TimeoutError):  # type: ignore[misc]
    """The rest of a request was not received in time."""


class _TimedSocket:
    """A socket with a deadline for receiving a request and for sending each part of a response."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """Starts the deadline of the next request."""
        self._until = time.monotonic() + self._seconds

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Receives data. Raises _TooSlow past the deadline."""
        before = self._connection.gettimeout()
        left = self._until - time.monotonic()
        if before is not None:  # gunicorn drains or closes the connection
            return self._connection.recv(size, flags)
        if left <= 0:
            raise _TooSlow
        self._connection.settimeout(left)
        try:
            return self._connection.recv(size, flags)
        except TimeoutError as error:
            raise _TooSlow from error
        finally:
            self._connection.settimeout(before)

    def sendall(self, data: bytes) -> None:
        """Sends a part of a response. Raises TimeoutError if the client does not receive it in time."""
        before = self._connection.gettimeout()
        self._connection.settimeout(self._seconds)
        try:
            self._connection.sendall(data)
        finally:
            self._connection.settimeout(before)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _ProblemSocket:
    """Replaces gunicorn's HTML error page by a problem response."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def sendall(self, data: bytes) -> None:
        """Sends gunicorn's status line and a problem of that status."""
        line = data.partition(b"\r\n")[0]
        self._connection.sendall(line + b"\r\n" + problems.bare(int(line.split()[1])))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _wait_for_close(connection: Any) -> None:
    """Waits at most two seconds for the client to close the connection (RFC 9112, 9.6).

    gunicorn would wait in the thread that accepts all connections.
    """
    with contextlib.suppress(OSError):
        util.close_graceful(connection.dup())
        connection.shutdown(socket.SHUT_RD)


class GunicornWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's thread worker with KEXIE_BODY_DEADLINE."""

    def handle(self, conn: Any) -> Any:
        """Handles one request of a connection, in a thread."""
        if not isinstance(conn.sock, _TimedSocket):
            settings: Settings = self.app.settings
            conn.sock = _TimedSocket(conn.sock, settings.body_deadline)
        conn.sock.begin()
        kept = super().handle(conn)
        if kept is False:
            _wait_for_close(conn.sock)
        return kept

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Responds to unparsable requests."""
        super().handle_error(req, _ProblemSocket(client), addr, exc)


class GunicornLogger(Logger):  # type: ignore[misc]
    """Routes gunicorn's log through the root logger."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn for each of its processes."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
