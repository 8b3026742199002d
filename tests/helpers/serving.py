"""A server with two web workers and an archive of its own, in a process group of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess

import httpx

from tests.helpers.batch import COMMAND, Place, kill
from tests.helpers.processes import awaited
from tests.helpers.servers import free_port


class Serving(Place):
    """The server, once `serve` was called; requests are answered within `patience` seconds."""

    def __init__(self, root, patience):
        super().__init__(root, KEXIE_BATCH_WORKERS="1", KEXIE_ARCHIVE=str(root / "archive"))
        self.port = free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=patience)
        self.process = None

    def serve(self):
        command = [COMMAND, "serve", "--port", str(self.port), "--workers", "2"]
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert awaited(self._alive, 60), (self.root / "log").read_text()

    def _alive(self):
        with contextlib.suppress(httpx.HTTPError):
            return self.http.get("/healthz").status_code == 200
        return False

    def end(self):
        self.http.close()
        if self.process:
            kill(self.process)
        super().end()
