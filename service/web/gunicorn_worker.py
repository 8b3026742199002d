"""A web worker that gives each request a deadline to arrive, and each piece of an answer one to leave."""

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
    """The rest of a request did not come in time."""


class _TimedSocket:
    """A socket from which a request is read until a deadline; all else is the socket's own."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """The deadline of the next request."""
        self._until = time.monotonic() + self._seconds

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What has come. Raises _TooSlow past the deadline."""
        before = self._connection.gettimeout()
        left = self._until - time.monotonic()
        if before is not None:  # not of the request: gunicorn drains, or closes
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
        """Sends a piece of an answer. Raises TimeoutError where the client does not take it in time."""
        before = self._connection.gettimeout()
        self._connection.settimeout(self._seconds)
        try:
            self._connection.sendall(data)
        finally:
            self._connection.settimeout(before)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _Refused:
    """A socket to which gunicorn says in HTML why it takes no request: the client gets a problem."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def sendall(self, data: bytes) -> None:
        """Sends gunicorn's status line, and a problem of that status."""
        line = data.partition(b"\r\n")[0]
        self._connection.sendall(line + b"\r\n" + problems.bare(int(line.split()[1])))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _wait_for_close(connection: Any) -> None:
    """Waits, two seconds at most, for the client to close (RFC 9112, 9.6): gunicorn then need not.

    It would do so in the thread that takes all connections, one client after another.
    """
    with contextlib.suppress(OSError):
        util.close_graceful(connection.dup())
        connection.shutdown(socket.SHUT_RD)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker of threads, its reading bounded by KEXIE_BODY_DEADLINE."""

    def handle(self, conn: Any) -> Any:
        """Answers one request of a connection, in a thread."""
        if not isinstance(conn.sock, _TimedSocket):
            settings: Settings = self.app.settings
            conn.sock = _TimedSocket(conn.sock, settings.body_deadline)
        conn.sock.begin()
        kept = super().handle(conn)
        if kept is False:
            _wait_for_close(conn.sock)
        return kept

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Answers what is no request that HTTP knows."""
        super().handle_error(req, _Refused(client), addr, exc)


class Log(Logger):  # type: ignore[misc]
    """gunicorn's log, which goes where all others go."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn for each of its processes."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
