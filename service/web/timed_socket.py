"""A socket with deadlines for receiving a request and sending a response."""

import socket
import time
from typing import Any

from gunicorn.http.errors import NoMoreData


class _TooSlow(NoMoreData, TimeoutError):  # type: ignore[misc]
    """The rest of a request was not received in time."""


class TimedSocket:
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
        if before is not None:  # the main thread receives, or gunicorn drains or closes the connection
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
