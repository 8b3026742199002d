"""The other ways from .docx to PDF/A-2b with the same LibreOffice and fonts: one call each, and unoserver."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.conversion.libreoffice import process_reaper, profile, soffice

DEADLINE = 60.0  # seconds for one call, or for unoserver to start
PEERS_PYTHON = Path(__file__).parents[2] / ".venv" / "peers" / "bin" / "python"
_CLIENT = Path(__file__).with_name("unoserver_client.py")


class OneCallEach:
    """`soffice --convert-to`, a process a document, with an ordinary profile that stays between calls."""

    def __init__(self, folder: Path, program: str, fonts: Path) -> None:
        folder.mkdir()
        options = {
            name: {"type": "boolean" if isinstance(value, bool) else "long", "value": json.dumps(value)}
            for name, value in soffice.EXPORT.items()
        }
        self._out = folder / "out"
        self._home = (folder / "profile").as_uri()
        self._environment = _environment(folder, fonts)
        self._command = [
            str(soffice.find(program)),
            f"-env:UserInstallation={self._home}",
            *("--headless", "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options)}"),
            *("--outdir", str(self._out)),
        ]

    def measure(self, docx: Path, times: int) -> tuple[list[float], bytes]:
        """The seconds of each of `times` conversions, and the last PDF."""
        made = self._out / f"{docx.stem}.pdf"
        taken = []
        for _ in range(times):
            made.unlink(missing_ok=True)
            start = time.perf_counter()
            self._call([*self._command, str(docx)])
            taken.append(time.perf_counter() - start)
        return taken, made.read_bytes()

    def _call(self, command: Sequence[str]) -> None:
        process = subprocess.Popen(
            command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        ended = os.pidfd_open(process.pid)  # Popen.wait would look every 50 ms only
        try:
            if not select.select([ended], [], [], DEADLINE)[0]:
                raise TimeoutError(f"soffice did not end within {DEADLINE:g} s")
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            profile.forget(self._home)
            raise
        finally:
            os.close(ended)
            process.wait()


@dataclass(frozen=True)
class Unoserver:
    """A running unoserver; see `unoserver`, which starts it."""

    folder: Path
    port: int
    environment: Mapping[str, str]

    def measure(self, docx: Path, times: int) -> tuple[list[float], bytes]:
        """The seconds of each of `times` conversions by one client, and the last PDF."""
        made = self.folder / f"{docx.stem}.pdf"
        options = [f"{name}={json.dumps(value)}" for name, value in soffice.EXPORT.items()]
        answer = subprocess.run(
            [PEERS_PYTHON, _CLIENT, str(self.port), docx, made, str(times), *options],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=DEADLINE + times * DEADLINE,
            check=True,
        )
        return json.loads(answer.stdout), made.read_bytes()


@contextlib.contextmanager
def unoserver(folder: Path, program: str, fonts: Path) -> Iterator[Unoserver]:
    """A unoserver that listens, ended with its LibreOffice on leaving. Raises RuntimeError if it does not."""
    folder.mkdir()
    port, uno_port = _free_ports(2)
    home = folder / "profile"
    command = [
        *(str(PEERS_PYTHON), "-m", "unoserver.server", "--executable", str(soffice.find(program))),
        *("--port", str(port), "--uno-port", str(uno_port), "--user-installation", str(home)),
    ]
    environment = _environment(folder, fonts)
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", process_reaper.__file__, *command],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
    try:
        if not _listens(port, process):
            raise RuntimeError(f"unoserver does not answer:\n{log.read_text(errors='replace')[-2000:]}")
        yield Unoserver(folder, port, environment)
    finally:
        _end(process)
        profile.forget(home.as_uri())


def _listens(port: int, server: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _end(reaped: subprocess.Popen[bytes]) -> None:
    """Closes the reaper's standard input: it ends all that it started, then itself."""
    if reaped.stdin:
        reaped.stdin.close()
    reaped.wait(DEADLINE)


def _environment(folder: Path, fonts: Path) -> dict[str, str]:
    """A plain user's, but for the fonts: nothing of the pool's tuning."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(fonts),
    }


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
