"""Worker with a persistent LibreOffice, its own profile and UNO pipe, driven by `uno_driver`."""

import json
import select
import shutil
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from service.conversion.conversion_errors import is_full, no_pdf, no_space, not_started, temp_folder_fault
from service.conversion.libreoffice import profile, sandbox_files, soffice
from service.conversion.libreoffice.reaped_process import ReapedProcess
from service.conversion.libreoffice.worker_protocol import Converted, Setup, WorkerHung, WorkerLost
from service.errors import ConversionTimeout

_DRIVER = Path(__file__).with_name("uno_driver.py")


class UnoWorker:
    """A Worker that keeps one LibreOffice running."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._folder: Path | None = None
        self._process: ReapedProcess | None = None
        self._channel: socket.socket | None = None
        self._home = ""
        self._settled = True
        self._count = 0
        self._unread = b""

    def start(self, seconds: float) -> None:
        """See Worker. Raises ConverterMissing, ConversionTimeout, TempFolderFault or ConversionFault."""
        program = soffice.program(self._setup.soffice)
        try:
            self._folder = folder = Path(tempfile.mkdtemp(prefix="worker-", dir=self._setup.root))
            self._home = profile.make(folder / "profile", program)
        except OSError as error:
            self.stop()
            raise temp_folder_fault(self._setup.root, error) from error
        try:
            self._launch(folder, program)
            self._receive(seconds)
        except OSError as error:  # the machine is out of processes or descriptors
            self.stop()
            raise not_started() from error
        except WorkerHung as error:
            self.stop()
            raise ConversionTimeout(
                f"LibreOffice 在 {seconds:g} 秒内没有启动。请稍后重试。",
                f"LibreOffice did not start within {seconds:g} s. Try again later.",
            ) from error
        except WorkerLost as error:
            full = is_full(self._setup.root)
            self.stop()
            raise (no_space(self._setup.root) if full else not_started()) from error

    def _launch(self, folder: Path, program: Path) -> None:
        pipe = profile.pipe(self._home)
        accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
        office = soffice.command(program, self._home, accept)
        ours, theirs = socket.socketpair()
        with theirs:
            driver = [self._setup.python, "-I", str(_DRIVER), str(theirs.fileno()), pipe]
            command = [*driver, json.dumps(soffice.EXPORT), self._setup.sandbox.seal(), *office]
            readable = [_DRIVER, self._setup.fonts, *sandbox_files.of_program(program)]
            command = self._setup.sandbox.command(command, folder, readable)
            environment = soffice.environment(folder) | {"FONTCONFIG_FILE": str(self._setup.fonts)}
            self._channel = ours
            self._process = ReapedProcess(command, environment, pass_fds=(theirs.fileno(),))

    def stop(self) -> None:
        """See Worker."""
        if self._process:
            self._process.end()
        if self._channel:
            self._channel.close()
        if self._folder:
            profile.forget(self._home)
            shutil.rmtree(self._folder, ignore_errors=True)

    def healthy(self) -> bool:
        """See Worker."""
        exists = self._folder is not None and (self._folder / "profile" / "user").is_dir()
        return exists and self._process is not None and not self._process.ends(0)

    def convert(self, docx: bytes, seconds: float) -> Converted:
        """See Worker."""
        began = time.monotonic()
        if self._folder is None or not self.settle(seconds):
            raise WorkerLost
        self._count += 1
        source, target = (self._folder / f"{self._count}.{kind}" for kind in ("docx", "pdf"))
        try:
            source.write_bytes(docx)
            self._send({"docx": str(source), "pdf": str(target)})
            answer = self._receive(seconds - (time.monotonic() - began))
            self._settled = False
            if "fault" in answer:
                if not self.healthy():
                    raise WorkerLost
                raise no_space(self._setup.root) if is_full(self._setup.root) else no_pdf()
            return Converted(target.open("rb"), answer)
        except OSError as error:
            if not self.healthy():
                raise WorkerLost from error
            raise temp_folder_fault(self._folder, error) from error
        finally:
            for file in (source, target):
                with suppress(OSError):
                    file.unlink(missing_ok=True)

    def settle(self, seconds: float) -> bool:
        """See Worker."""
        if not self._settled:
            try:
                self._settled = "closed" in self._receive(seconds)
            except WorkerLost:
                return False
        return self._settled

    def memory(self) -> int:
        """See Worker."""
        return self._process.memory() if self._process else 0

    def _send(self, job: dict[str, str]) -> None:
        if self._channel is None:
            raise WorkerLost
        try:
            self._channel.sendall(json.dumps(job).encode() + b"\n")
        except OSError as error:
            raise WorkerLost from error

    def _receive(self, seconds: float) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while b"\n" not in self._unread:
            self._unread += self._more(until - time.monotonic())
        line, self._unread = self._unread.split(b"\n", 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _more(self, seconds: float) -> bytes:
        if self._channel is None:
            raise WorkerLost
        try:
            watch = select.poll()
            watch.register(self._channel, select.POLLIN)
            if not watch.poll(max(seconds, 0) * 1000):
                raise WorkerHung
            received = self._channel.recv(4096)
        except (OSError, ValueError) as error:  # ValueError: closed by another thread
            raise WorkerLost from error
        if not received:
            raise WorkerLost
        return received
