"""A gthread worker that gives a thread to a request only once it has arrived."""

import contextlib
import errno
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from service.config import Settings
from service.web.http import problems
from service.web.received_request import ReceivedRequest
from service.web.timed_socket import TimedSocket

_PIECE = 64 * 1024  # bytes received at once
_FAREWELL = 2.0  # seconds for a client to close a connection after an error
_SWEEP = 0.5  # seconds between two looks for expired connections
_PAUSE = 1.0  # seconds without accepting after no file descriptor was free
_NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_NOTHING_TO_ACCEPT = (errno.EAGAIN, errno.ECONNABORTED, errno.EPROTO)
_STATUS = {408: "Request Timeout", 431: "Request Header Fields Too Large"}


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
    """gunicorn's thread worker with deadlines for each request, in which slow clients keep no thread.

    The main thread receives heads and short bodies of all connections; requests with other bodies share half
    of the threads. Where all connections are taken, the one that has waited longest is closed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receiving: dict[TConn, ReceivedRequest] = {}  # in the poller, the longest waiting first
        self._streams = 0  # requests whose bodies are received in a thread
        self._queued: deque[TConn] = deque()  # requests that wait to be one of them
        self._sweep = self._accept_from = self._warn_from = 0.0  # of the monotonic clock

    def is_parent_alive(self) -> bool:
        """Shuts down as on SIGTERM once the parent has died."""
        if not super().is_parent_alive():
            self.alive = False
        return bool(self.alive)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Starts or stops accepting. A worker that shuts down refuses new connections at once."""
        if not enabled or time.monotonic() >= self._accept_from:
            super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def accept(self, listener: Any) -> None:
        """Accepts a connection and waits for its first request."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_DESCRIPTOR:
                self._without_descriptor()
            elif error.errno not in _NOTHING_TO_ACCEPT:
                raise
            return
        self.nr_conns += 1
        settings: Settings = self.app.settings
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.sock = TimedSocket(client, settings.body_deadline)
        conn.data_ready = True
        self._receive(conn, settings.head_deadline)
        if self.nr_conns >= self.worker_connections:
            self._close_oldest()

    def _without_descriptor(self) -> None:
        """Frees a descriptor, else stops accepting for a moment, for the listener stays readable."""
        now = time.monotonic()
        if now >= self._warn_from:
            self._warn_from = now + 30
            self.log.warning("no file descriptor is free for a connection: raise ulimit -n (LimitNOFILE)")
        if not self._close_oldest():
            self._accept_from = now + _PAUSE
            self.set_accept_enabled(False)

    def _close_oldest(self) -> bool:
        """Closes the connection that has waited longest, if any waits."""
        if (oldest := next(iter(self._receiving), None)) is not None:
            self._drop(oldest)
        elif self._queued:
            self._close(self._queued.popleft())
        else:
            return False
        return True

    def _receive(self, conn: TConn, idle: float, piece: bytes = b"") -> None:
        """Waits for a request, whose beginning `piece` came with the one before."""
        settings: Settings = self.app.settings
        conn.sock.setblocking(False)
        self._receiving[conn] = ReceivedRequest(idle, settings.head_deadline, settings.body_deadline)
        self.poller.register(conn.sock, EVENT_READ, partial(self._readable, conn))
        self._add(conn, piece)

    def _readable(self, conn: TConn, _: Any) -> None:
        if conn not in self._receiving:  # closed since the poller returned
            return
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        received = self._receiving[conn]
        if piece and not received.refused:
            self._add(conn, piece)
        elif not piece and received.has_head and not received.refused:
            self._handle(conn)  # which finds the body incomplete
        elif not piece:
            self._drop(conn)

    def _add(self, conn: TConn, piece: bytes) -> None:
        received = self._receiving[conn]
        received.add(piece)
        if received.ready:
            self._handle(conn)
        elif received.too_large:
            self._refuse(conn, 431)

    def _handle(self, conn: TConn) -> None:
        """Gives a thread to a request, also to one with a body to be received if few threads do that."""
        conn.received = self._release(conn)
        if not conn.received.streamed:
            self.enqueue_req(conn)
        elif self._streams < max(self.cfg.threads // 2, 1):
            self._streams += 1
            self.enqueue_req(conn)
        else:
            self._queued.append(conn)

    def _refuse(self, conn: TConn, status: int) -> None:
        """Sends an error without waiting, and waits in the poller for the client to close."""
        self.log.info("request refused: %s", _STATUS[status])
        with contextlib.suppress(OSError):
            conn.sock.send(f"HTTP/1.1 {status} {_STATUS[status]}\r\n".encode() + problems.bare(status))
            conn.sock.shutdown(socket.SHUT_WR)
        self._receiving[conn].refuse(_FAREWELL)

    def _release(self, conn: TConn) -> ReceivedRequest:
        """Takes a connection out of the poller."""
        self.poller.unregister(conn.sock)
        return self._receiving.pop(conn)

    def _drop(self, conn: TConn) -> None:
        self._release(conn)
        self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_keepalived(self, force: bool = False) -> None:
        """Closes idle connections past their deadline, and refuses requests past theirs."""
        now = time.monotonic()
        if now < self._sweep and not force:
            return
        self._sweep = now + _SWEEP
        for conn, received in list(self._receiving.items()):
            if force or (now >= received.until and (received.refused or not received.data)):
                self._drop(conn)
            elif now >= received.until:
                self._refuse(conn, 408)

    def _cap_keepalive(self, deadline: float) -> None:
        """Gives the heads that have not arrived at shutdown until `deadline`."""
        for received in self._receiving.values():
            if not received.has_head:
                received.until = min(received.until, deadline)

    def handle(self, conn: Any) -> Any:
        """Handles one request of a connection, in a thread."""
        conn.sock.setblocking(True)
        conn.init()
        conn.parser.unreader.unread(bytes(conn.received.data))
        conn.sock.begin()
        kept = super().handle(conn)
        if kept is False:
            _wait_for_close(conn.sock)
        return kept

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        """Waits for the next request of a connection, or closes it; called in the main thread."""
        if conn.received.streamed:
            self._streams -= 1
            if self._queued:
                self._streams += 1
                self.enqueue_req(self._queued.popleft())
        if fs.cancelled() or fs.exception() or not fs.result():
            self._close(conn)
            return
        idle = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, STOP_KEEPALIVE_LINGER)
        self._receive(conn, idle, conn.parser.unreader.take_buffered())

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
