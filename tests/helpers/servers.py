"""Servers on free ports, ended with the tests: PostgreSQL, Redis, moto's S3, a receiver of webhooks."""

from __future__ import annotations

import contextlib
import http.server
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.helpers.processes import awaited

PASSWORD = "geheim-4711"
S3_KEY = "kexie-secret-key"
S3_ACCESS = {
    "AWS_ACCESS_KEY_ID": "kexie",
    "AWS_SECRET_ACCESS_KEY": S3_KEY,
    "AWS_REGION": "us-east-1",
}


def free_port():
    """A port that no connection takes by chance before its server does (ip(7), ip_local_port_range)."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = 1024 + secrets.randbelow(first - 1024)
        with contextlib.suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Server:
    """A server's process; the kernel ends it with the thread that started it (prctl(2), PDEATHSIG)."""

    def __init__(self, command, port, log, user=None, ready=None):
        self.port = port
        self._command = [shutil.which("setpriv"), *self._as(user), "--pdeathsig", "KILL", *map(str, command)]
        self._log = log
        self._ready = ready or (lambda: answers(port))
        self.start()

    @staticmethod
    def _as(user):
        return ["--reuid", user, "--regid", user, "--clear-groups"] if user else []

    def start(self):
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        if not awaited(self._ready):
            self.stop()
            raise AssertionError(self._log.read_text(errors="replace"))

    def stop(self, how=signal.SIGTERM):
        if self._process.poll() is None:
            self._process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(300)

    def restart(self, how=signal.SIGKILL):
        self.stop(how)
        self.start()


@contextlib.contextmanager
def folder(user=None):
    """A folder that another user can reach, which pytest's own are not."""
    made = Path(tempfile.mkdtemp(prefix="kexie-server-", dir="/tmp"))
    if user:
        shutil.chown(made, user, user)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def serving(start, user=None):
    """A server that `start` makes with a folder, both of which are gone afterwards."""
    with folder(user) as root:
        server = start(root)
        try:
            yield server
        finally:
            server.stop()


class PostgreSQL(Server):
    """A cluster of Debian's newest PostgreSQL; it runs as `postgres` where the tests are root."""

    def __init__(self, root, user, listen="127.0.0.1"):
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        secret = root / "password"
        secret.write_text(PASSWORD)
        if user:
            shutil.chown(secret, user)
        initdb = [programs / "initdb", "-D", root / "data", "-U", "kexie", "-A", "scram-sha-256", "-N"]
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", f"--pwfile={secret}"],
            user=user,
            check=True,
            capture_output=True,
            timeout=300,
            cwd=root,
        )
        with (root / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all all scram-sha-256\n")
        command = [programs / "postgres", "-D", root / "data", "-p", port := free_port(), "-k", root]
        fast = ["-c", "fsync=off", "-c", f"listen_addresses={listen}", "-c", "max_connections=50"]
        self._root = root
        super().__init__([*command, *fast], port, root / "log", user, lambda: self._reachable(port))

    @staticmethod
    def _dsn(port, name="postgres"):
        return f"postgresql://kexie:{PASSWORD}@127.0.0.1:{port}/{name}"

    def _reachable(self, port):
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self._dsn(port)):
            return True
        return False

    def database(self, name="kexie"):
        """The URL of an empty database, which is the one that was asked for before by the same name."""
        with psycopg.connect(self._dsn(self.port), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(self._dsn(self.port, name), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return self._dsn(self.port, name)

    def beside_network(self, name="kexie"):
        """The URL of a database by the server's Unix socket, which no cut of the network reaches."""
        return f"postgresql://kexie:{PASSWORD}@/{name}?host={self._root}&port={self.port}"

    def stop(self, how=signal.SIGQUIT):
        """By default at once, without writing out what nobody needs any more."""
        super().stop(how)


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL server; `database()` makes a new database and gives its URL."""
    user = "postgres" if os.geteuid() == 0 else None
    with serving(lambda root: PostgreSQL(root, user), user) as server:
        yield server


class Redis(Server):
    """A Redis server, empty; what it holds is lost with its process."""

    def __init__(self, root, listen="127.0.0.1"):
        port = free_port()
        options = ["--bind", listen, "--protected-mode", "no", "--save", "", "--appendonly", "no"]
        super().__init__(["redis-server", "--port", port, *options, "--dir", root], port, root / "log")

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"


@pytest.fixture
def redis_server():
    """A Redis server of the test's own; `url`, `restart()`."""
    with serving(Redis) as server:
        yield server


class S3(Server):
    """moto's server."""

    def __init__(self, root, listen="127.0.0.1"):
        port = free_port()
        command = [sys.executable, "-m", "moto.server", "-H", listen, "-p", port]
        super().__init__(command, port, root / "log")
        self.url = f"http://127.0.0.1:{port}"

    def stop(self, how=signal.SIGKILL):
        """By default at once, as nothing of it is kept."""
        super().stop(how)

    def bucket(self):
        """The URL of a prefix in a new bucket."""
        name = f"kexie-{secrets.token_hex(6)}"
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/{name}", method="PUT"), timeout=300
        ) as answer:
            assert answer.status == 200
        return f"s3://{name}/archive/of-kexie"


@pytest.fixture(scope="session")
def s3_server():
    """An S3 server; `bucket()` makes a new bucket and gives a URL in it."""
    with serving(S3) as server:
        yield server


@pytest.fixture
def s3(s3_server, monkeypatch):
    """`s3_server`, which this process and its children reach by AWS_*."""
    for name, value in {"AWS_ENDPOINT_URL": s3_server.url, **S3_ACCESS}.items():
        monkeypatch.setenv(name, value)
    return s3_server


class Receiver:
    """A server on this machine that keeps what it is sent, and answers with the statuses it is given."""

    def __init__(self, context=None):
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: dict[str, Iterator[int]] = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                self.send_response(next(outer.statuses.get(self.path, iter(())), 204))
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path):
        return [(headers, body) for found, headers, body in self.got if found == path]
