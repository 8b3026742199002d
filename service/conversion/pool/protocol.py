"""Messages between the pool and its clients: JSON head, bytes, and an optional open file."""

import json
import os
import socket
import struct
from typing import Any, BinaryIO, NamedTuple

Head = dict[str, Any]

_SIZES = struct.Struct(">II")
_LARGEST = 256 * 1024 * 1024  # bytes


class Message(NamedTuple):
    """A received message; the receiver closes the file, if any."""

    head: Head
    body: bytes
    file: BinaryIO | None


class Closed(ConnectionError):
    """The peer has closed the connection."""


def send(connection: socket.socket, head: Head, body: bytes = b"", file: int | None = None) -> None:
    """Sends a message, optionally with an open file (unix(7), SCM_RIGHTS). Raises OSError."""
    text = json.dumps(head).encode()
    message = _SIZES.pack(len(text), len(body)) + text + body
    sent = socket.send_fds(connection, [message], [] if file is None else [file])
    if sent < len(message):
        connection.sendall(message[sent:])


def receive(connection: socket.socket) -> Message:
    """Receives the next message. Raises Closed at the end, OSError as `send`."""
    start, files, _, _ = socket.recv_fds(connection, _SIZES.size, 1)
    if not start:
        raise Closed("the other side closed the connection")
    file = _opened(files[0]) if files else None
    try:
        text_size, body_size = _SIZES.unpack(start + _exactly(connection, _SIZES.size - len(start)))
        if max(text_size, body_size) > _LARGEST:
            raise Closed("message too large")
        head: Head = json.loads(_exactly(connection, text_size))
        return Message(head, _exactly(connection, body_size), file)
    except BaseException:
        if file:
            file.close()
        raise


def _opened(number: int) -> BinaryIO:
    os.set_inheritable(number, False)
    return os.fdopen(number, "rb")


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = bytearray(size)
    view = memoryview(content)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise Closed("the other side closed the connection")
        view = view[count:]
    return bytes(content)
