"""The pool's process: serves all processes of the machine with the same settings.

Each client holds one idle connection; the process ends when the last of these is closed.
"""

import contextlib
import errno
import json
import logging
import os
import selectors
import shutil
import signal
import socket
import stat
import sys
import threading
from pathlib import Path

from service.config import Settings
from service.conversion.conversion_errors import no_answer, no_pdf, temp_folder_fault
from service.conversion.fonts import font_substitutes
from service.conversion.libreoffice import sandbox, soffice, temp_folders
from service.conversion.libreoffice.one_shot import OneShotWorker
from service.conversion.libreoffice.uno_worker import UnoWorker
from service.conversion.libreoffice.worker_protocol import Converted, Setup
from service.conversion.pool import address, protocol
from service.conversion.pool.dispatcher import Limits, Pool
from service.errors import KexieError
from service.forms.form_folder import font_folders

_FIRST_USER_TIMEOUT = 20.0  # seconds
_SEND_TIMEOUT = 60.0  # seconds

_log = logging.getLogger("kexie.conversion")


def main() -> None:
    """Reads settings as JSON from standard input, reports the start on standard output, and serves."""
    settings = Settings.from_env(json.load(sys.stdin))
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pool_address = address.of(settings)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        try:
            listener.bind(pool_address.socket_name)
        except OSError as error:
            other_is_running = error.errno == errno.EADDRINUSE  # another pool started first
            _report_start({"ready": True} if other_is_running else _error_head(no_answer()))
            return
        listener.listen(128)
        with contextlib.closing(_Server(settings, pool_address, listener)) as server:
            try:
                server.prepare()
            except KexieError as error:
                _report_start(_error_head(error))
                return
            _report_start({"ready": True})
            server.serve()


def setup(settings: Settings, folder: Path) -> Setup:
    """The workers' configuration, with the fonts file in `folder`. Raises TempFolderFault."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or (found.st_uid, found.st_mode & 0o077) != (os.getuid(), 0):
            raise PermissionError(errno.EPERM, "the folder belongs to another user")
        file = folder / "fonts.conf"
        file.write_text(font_substitutes.configuration(font_folders(settings)), encoding="utf-8")
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error
    python = shutil.which(settings.uno_python) or settings.uno_python
    return Setup(settings.soffice, folder, file, python, sandbox.of(settings))


def pool(settings: Settings, ready: Setup) -> Pool:
    """The pool for these settings: persistent processes with python3-uno, otherwise one per document."""
    persistent = soffice.has_uno(ready.python, ready.soffice, ready.root, ready.sandbox)
    kind: type[UnoWorker] | type[OneShotWorker] = UnoWorker if persistent else OneShotWorker
    limits = Limits(
        settings.converters,
        settings.queue,
        settings.deadline,
        settings.recycle_documents,
        settings.recycle_memory * 1024**2,
    )
    return Pool(lambda: kind(ready), limits)


class _Server:
    def __init__(self, settings: Settings, pool_address: address.Address, listener: socket.socket) -> None:
        self._settings = settings
        self._address = pool_address
        self._listener = listener
        self._pool: Pool | None = None
        self._selector = selectors.DefaultSelector()
        self._users: set[socket.socket] = set()
        self._arrivals, self._wakeup = socket.socketpair()
        self._lock_descriptor = -1

    def prepare(self) -> None:
        """Removes folders of killed processes, then creates the folder and the pool."""
        left = temp_folders.left_behind(self._settings.temp_dir, temp_folders.POOL, temp_folders.READING)
        for folder in (self._address.folder, *left):
            temp_folders.sweep(folder)
        ready = setup(self._settings, self._address.folder)
        self._lock_descriptor = temp_folders.hold(self._address.folder)
        self._pool = pool(self._settings, ready)

    def serve(self) -> None:
        """Accepts connections until the last user has left."""
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._arrivals, selectors.EVENT_READ)
        timeout: float | None = _FIRST_USER_TIMEOUT
        while events := self._selector.select(timeout):
            for key, _ in events:
                if key.fileobj is self._listener:
                    connection = self._listener.accept()[0]
                    threading.Thread(target=self._handle, args=(connection,), daemon=True).start()
                elif key.fileobj is self._arrivals:
                    self._arrivals.recv(4096)
                    for user in list(self._users):
                        with contextlib.suppress(KeyError):
                            self._selector.register(user, selectors.EVENT_READ)
                elif self._leaves(key.fileobj):
                    return
            timeout = None if self._users else _FIRST_USER_TIMEOUT

    def _leaves(self, user: object) -> bool:
        """Removes a user that has left; returns whether it was the last."""
        assert isinstance(user, socket.socket)
        self._selector.unregister(user)
        self._users.discard(user)
        user.close()
        return not self._users

    def _handle(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.settimeout(None)
            while address.is_ours(connection):
                head, body, file = protocol.receive(connection)
                if file:
                    file.close()
                if head["do"] == "stay":
                    protocol.send(connection, {})
                    self._users.add(connection)
                    self._wakeup.send(b"!")
                    return
                self._reply(connection, head, body)
        connection.close()

    def _reply(self, connection: socket.socket, head: protocol.Head, body: bytes) -> None:
        def deliver(converted: Converted) -> None:
            with converted.pdf as file:
                _send(connection, {"steps": converted.steps}, file.fileno())

        assert self._pool
        try:
            if head["do"] == "convert":
                self._pool.convert(body, deliver)
                return
            answer = self._result(head)
        except protocol.Closed:
            raise
        except KexieError as error:
            answer = _error_head(error)
        except Exception:  # the client waits for a response
            _log.exception("the pool failed")
            answer = _error_head(no_pdf())
        if answer is not None:
            _send(connection, answer)

    def _result(self, head: protocol.Head) -> protocol.Head | None:
        """The response to a request, if any."""
        assert self._pool
        match head["do"]:
            case "step":
                self._pool.metrics.step(head["name"], head["seconds"])
                return None
            case "proof":
                self._pool.metrics.proof(head["result"])
                return {}
            case "warm":
                self._pool.warm()
                return {}
            case "state":
                return self._pool.state()
        raise ValueError(head["do"])

    def close(self) -> None:
        """Ends all processes and removes the folder.

        The caller releases the socket name afterwards, so that no new pool uses the folder meanwhile.
        """
        if self._pool:
            self._pool.close()
        temp_folders.sweep(self._address.folder)
        if self._lock_descriptor >= 0:
            os.close(self._lock_descriptor)


def _send(connection: socket.socket, head: protocol.Head, file: int | None = None) -> None:
    """Sends a response. Raises protocol.Closed if the client does not take it."""
    try:
        connection.settimeout(_SEND_TIMEOUT)
        protocol.send(connection, head, file=file)
        connection.settimeout(None)
    except OSError as error:
        raise protocol.Closed from error


def _error_head(error: KexieError) -> protocol.Head:
    return {"error": type(error).__name__, "zh": error.text.zh, "en": error.text.en}


def _report_start(head: protocol.Head) -> None:
    """Prints one status line for the launcher, then redirects standard output to /dev/null."""
    print(json.dumps(head), flush=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
