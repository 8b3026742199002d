"""What has arrived of a request, so that no thread waits for the client (RFC 9112, 2.2 and 6)."""

import re
import time

_HEAD_LIMIT = 64 * 1024  # bytes
_BODY_LIMIT = 64 * 1024  # bytes; a longer body is received in a thread
# The end of the head; a line feed alone is refused by gunicorn at once.
_END = re.compile(rb"\r\n\r\n|(?<!\r)\n")
_UNKNOWN_LENGTH = re.compile(rb"^(transfer-encoding|expect)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,18})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)


class ReceivedRequest:
    """The bytes of a request, and until when more may come (`until`, of the monotonic clock).

    The first byte may take `idle` seconds, the rest of the head `head`, a short body another `body`.
    """

    def __init__(self, idle: float, head: float, body: float) -> None:
        self.data = bytearray()
        self.until = time.monotonic() + idle
        self.streamed = False  # the rest of its body is received in a thread
        self.refused = False  # an error was sent; the client is to close the connection
        self._seconds = head, body
        self._searched = 0
        self._wanted: int | None = None  # bytes; None while the head is incomplete

    def add(self, piece: bytes) -> None:
        """Appends received bytes."""
        if piece and not self.data:
            self.until = time.monotonic() + self._seconds[0]
        self.data += piece
        if self._wanted is None and (end := _END.search(self.data, self._searched)):
            self._end_of_head(end.end())
        self._searched = max(len(self.data) - 3, 0)

    def _end_of_head(self, end: int) -> None:
        head = bytes(self.data[:end])
        length = _LENGTH.search(head)
        body = int(length[1]) if length else 0
        self.streamed = bool(_UNKNOWN_LENGTH.search(head)) or body > _BODY_LIMIT
        self._wanted = end if self.streamed else end + body
        self.until = time.monotonic() + self._seconds[1]

    def refuse(self, seconds: float) -> None:
        """Waits no more than `seconds` for the client to close the connection (RFC 9112, 9.6)."""
        self.refused, self.until = True, time.monotonic() + seconds

    @property
    def has_head(self) -> bool:
        """Whether the head is complete."""
        return self._wanted is not None

    @property
    def ready(self) -> bool:
        """Whether a thread can take the request: head and short body are complete."""
        return self._wanted is not None and len(self.data) >= self._wanted

    @property
    def too_large(self) -> bool:
        """Whether the head is longer than any that is accepted."""
        return self._wanted is None and len(self.data) > _HEAD_LIMIT
