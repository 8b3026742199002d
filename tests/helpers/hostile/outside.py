"""What lies outside a document: listeners on this machine and files, which notice who comes."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import selectors
import socket
import struct
import threading
from pathlib import Path

SECRET = "外面的秘密"
ENDINGS = re.findall(
    r"\w+",
    "bas bin cgi class css doc docx dot dotx dtd html jar mdb mp4 odb ods odt odttf ole ott png rtf sdi sob "
    "soc soe sog svg ttf txt xlb xls xlsx xml xsd xsl",
)
_NAMED = ("script.xlb",)
_SPEAKING, _SILENT = ("ftp",), ("http", "smb")
_SMB_PORT = 445
_OPENED, _NO_WAIT = 0x20, os.O_NONBLOCK  # IN_OPEN; IN_NONBLOCK, inotify(7)
_EVENT = struct.Struct("iIII")


class Outside:
    """Addresses outside by scheme and number, and which of them were contacted or opened.

    Each number has an address of its own in 127.0.0.0/8 and a folder of its own, so that each contact leads
    to the document that named it.
    """

    SCHEMES = ("http", "ftp", "smb", "unc", "file", "path", "relative")

    def __init__(self, folder: Path, numbers: int) -> None:
        self.folder = folder
        self._contacts: set[tuple[int, str]] = set()  # number, scheme
        self._watches: dict[int, int] = {}
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._inotify = self._libc.inotify_init1(_NO_WAIT)
        for number in range(numbers):
            self._make(number)
        self._selector = selectors.DefaultSelector()
        self.ports = {scheme: self._listen(scheme) for scheme in (*_SPEAKING, *_SILENT)}
        try:
            self._listen("unc", _SMB_PORT)
        except OSError as error:  # only root may listen there, and only once
            if error.errno not in (errno.EACCES, errno.EADDRINUSE):
                raise
        self._ending, ended = socket.socketpair()
        self._selector.register(ended, selectors.EVENT_READ, "end")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def address(self, scheme: str, number: int) -> str:
        """The address of the folder with that number by one of SCHEMES."""
        place = self.folder / str(number)
        if scheme in self.ports:
            return f"{scheme}://{_host(number)}:{self.ports[scheme]}/{number}"
        return {
            "unc": f"//{_host(number)}/{number}",
            "file": place.as_uri(),
            "path": str(place),
            "relative": f"{'../' * 12}{str(place)[1:]}",
        }[scheme]

    def seen(self) -> set[tuple[int, str]]:
        """What was reached since it was asked last: number, and scheme or name of the file."""
        found, self._contacts = self._contacts, set()
        return found | set(self._opened())

    def __enter__(self) -> Outside:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()
        os.close(self._inotify)

    def _make(self, number: int) -> None:
        place = self.folder / str(number)
        place.mkdir(parents=True)
        for name in (*(f"{stem}.{ending}" for ending in ENDINGS for stem in "ab"), *_NAMED):
            (place / name).write_text(SECRET, encoding="utf-8")
        watch = self._libc.inotify_add_watch(self._inotify, os.fsencode(place), _OPENED)
        if watch < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")
        self._watches[watch] = number

    def _listen(self, scheme: str, port: int = 0) -> int:
        listener = socket.create_server(("0.0.0.0", port), backlog=128)
        self._selector.register(listener, selectors.EVENT_READ, scheme)
        return int(listener.getsockname()[1])

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data == "end":
                    return
                connection = key.fileobj.accept()[0]  # type: ignore[union-attr]
                with connection:
                    self._contacts.add((_number(connection.getsockname()[0]), key.data))
                    if key.data in _SPEAKING:
                        connection.sendall(b"220 ready\r\n")

    def _opened(self) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        while True:
            try:
                events = os.read(self._inotify, 1 << 16)
            except BlockingIOError:
                return found
            while events:
                watch, _, _, length = _EVENT.unpack_from(events)
                name = events[_EVENT.size : _EVENT.size + length].rstrip(b"\0")
                found.append((self._watches[watch], os.fsdecode(name) or "its folder"))
                events = events[_EVENT.size + length :]


def _host(number: int) -> str:
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def _number(host: str) -> int:
    _, _, high, low = map(int, host.split("."))
    return (high - 1) * 250 + low - 1
