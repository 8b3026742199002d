"""A service of its own and a browser that looks at it, for a benchmark and for the pictures of the pages."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

_PATIENCE = 60.0  # seconds


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
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
    """A server's process until the end of the block. Raises TimeoutError where `address` never answers."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env={**os.environ, **(given or {})}, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        _await(address)
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _await(address: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.05)
    raise TimeoutError(address)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()
