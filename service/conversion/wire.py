"""Messages between the pool's process and those that use it: a JSON head and a body of bytes."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

Head = dict[str, Any]

_SIZES = struct.Struct(">II")
_LARGEST = 256 * 1024 * 1024  # bytes


class Closed(ConnectionError):
    """The other side is gone."""


def send(connection: socket.socket, head: Head, body: bytes = b"") -> None:
    """Sends one message. Raises OSError, of which TimeoutError is one."""
    text = json.dumps(head).encode()
    connection.sendall(_SIZES.pack(len(text), len(body)) + text)
    connection.sendall(body)


def receive(connection: socket.socket) -> tuple[Head, bytes]:
    """The next message's head and body. Raises Closed where there is none, OSError as `send` does."""
    text_size, body_size = _SIZES.unpack(_exactly(connection, _SIZES.size))
    if max(text_size, body_size) > _LARGEST:
        raise Closed("a message of impossible size")
    head: Head = json.loads(_exactly(connection, text_size))
    return head, _exactly(connection, body_size)


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = bytearray(size)
    view = memoryview(content)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise Closed("the other side closed the connection")
        view = view[count:]
    return bytes(content)
