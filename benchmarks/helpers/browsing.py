"""A service and a browser of its own, for the benchmark of previews and for screenshots."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

_TIMEOUT = 60.0  # seconds


def free_port() -> int:
    """A port that no connection takes by chance before its server does (ip(7), ip_local_port_range)."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    while True:
        port = 1024 + secrets.randbelow(first - 1024)
        with contextlib.suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def service(given: Mapping[str, str], port: int | None = None) -> Iterator[str]:
    """The address of a service with settings `given` beside a folder of its own; it ends with the block."""
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="kexie-bench-") as folder:
        program = str(Path(sys.executable).with_name("kexie-forms"))
        command = [program, "serve", "--port", str(port), "--workers", "1"]
        with running(command, f"http://127.0.0.1:{port}", {"KEXIE_ARCHIVE": f"{folder}/archive", **given}):
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def running(command: Sequence[str], address: str, given: Mapping[str, str] | None = None) -> Iterator[None]:
    """A server's process until the end of the block.

    Raises RuntimeError, with its output, where it ends, or `address` does not answer in time.
    """
    with tempfile.TemporaryFile() as output:
        environment = {**os.environ, **(given or {})}
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            if not _answers(address, process):
                output.seek(0)
                raise RuntimeError(f"{address}: {output.read().decode(errors='replace')}")
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_TIMEOUT)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox"]
        )
        try:
            yield started
        finally:
            started.close()
