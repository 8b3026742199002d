"""`kexie-forms serve` in a process of its own: its log, its numbers, plain sockets."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.helpers.batch import COMMAND, Place, kill
from tests.helpers.processes import awaited
from tests.helpers.servers import free_port


@dataclass(frozen=True)
class Served:
    """A running service: its process, port and log."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int
    http: httpx.Client  # a connection a request: any of the web processes answers

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def lines(self, event="request"):
        """The objects of the log for `event`."""
        objects = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in objects if line["event"] == event]

    def get(self, address, **options):
        return self.http.get(address, **options)

    def sample(self, name, **labels):
        """A number of /metrics, summed over what `labels` leave open."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        lines = self.get("/metrics").text.splitlines()
        found = [line for line in lines if line.startswith(name) and all(want in line for want in wanted)]
        return sum(float(line.rpartition(" ")[2]) for line in found)

    def connect(self, begin):
        """A client that has sent `begin`."""
        connection = socket.create_connection(("127.0.0.1", self.port), 60)
        connection.sendall(begin)
        return connection


@contextmanager
def served(settings, log, *options):
    """`kexie-forms serve` with these settings, once it prints its address; it is terminated afterwards."""
    command = [Path(sys.executable).with_name("kexie-forms"), "serve", "--port", "0", *options]
    environment = {**os.environ, **settings.as_env()}
    with log.open("ab") as output:
        before = output.tell()
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        printed = awaited(lambda: re.search(rb"http://[^/]*:(\d+)/\n", log.read_bytes()[before:]))
        assert printed, log.read_text()
        port = int(printed[1])
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300, limits=limits) as client:
            yield Served(process, log, port, client)
        process.terminate()
        process.wait(300)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(300)


class Serving(Place):
    """The server, once `serve` was called; requests are answered within `timeout` seconds."""

    def __init__(self, root, timeout):
        super().__init__(root, KEXIE_BATCH_WORKERS="1", KEXIE_ARCHIVE=str(root / "archive"))
        self.port = free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=timeout)
        self.process = None

    def serve(self):
        command = [str(COMMAND), "serve", "--port", str(self.port), "--workers", "2"]
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert awaited(self._alive), (self.root / "log").read_text()

    def _alive(self):
        with contextlib.suppress(httpx.HTTPError):
            return self.http.get("/healthz").status_code == 200
        return False

    def end(self):
        self.http.close()
        if self.process:
            kill(self.process)
        super().end()
