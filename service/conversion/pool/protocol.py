"""Messages between the pool's process and those that use it: a JSON head, a body of bytes, an open file."""

from __future__ import annotations

import json
import os
import socket
import struct
from typing import Any, BinaryIO, NamedTuple

Head = dict[str, Any]

_SIZES = struct.Struct(">II")
_LARGEST = 256 * 1024 * 1024  # bytes


class Message(NamedTuple):
    """What came: the file is there where one was sent, and the receiver's to close."""

    head: Head
    body: bytes
    file: BinaryIO | None


class Closed(ConnectionError):
    """The other side is gone."""


def send(connection: socket.socket, head: Head, body: bytes = b"", file: int | None = None) -> None:
    """Sends one message, with an open file (unix(7), SCM_RIGHTS). Raises OSError, as TimeoutError is one."""
    text = json.dumps(head).encode()
    message = _SIZES.pack(len(text), len(body)) + text + body
    sent = socket.send_fds(connection, [message], [] if file is None else [file])
    if sent < len(message):
        connection.sendall(message[sent:])


def receive(connection: socket.socket) -> Message:
    """The next message. Raises Closed where there is none, OSError as `send` does."""
    start, files, _, _ = socket.recv_fds(connection, _SIZES.size, 1)
    if not start:
        raise Closed("the other side closed the connection")
    file = _opened(files[0]) if files else None
    try:
        text_size, body_size = _SIZES.unpack(start + _exactly(connection, _SIZES.size - len(start)))
        if max(text_size, body_size) > _LARGEST:
            raise Closed("a message of impossible size")
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
