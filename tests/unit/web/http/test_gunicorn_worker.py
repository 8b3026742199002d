"""The web worker: slow clients keep nobody waiting, and an end refuses new connections at once."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import selectors
import socket
import threading
import time
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from service.config import Settings
from service.web import gunicorn_worker, received_request
from service.web.gunicorn_worker import GunicornLogger, GunicornWorker
from tests.helpers.processes import awaited

HEAD = b"GET /quick HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /quick HTTP/1.1\r\nHost: localhost\r\n"


class Clock:
    """The monotonic clock, which a test sets forward."""

    def __init__(self):
        self.ahead = 0.0

    def monotonic(self):
        return time.monotonic() + self.ahead


class Listener:
    """A listening socket that counts how often it was asked, and fails on request."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.asked, self.failures = 0, []

    def accept(self):
        self.asked += 1
        if self.failures:
            raise OSError(self.failures.pop(), "no more")
        return self._socket.accept()

    def __getattr__(self, name):
        return getattr(self._socket, name)


class Running:
    """A worker in a thread. Its application answers with the body; `/gated` waits for `gate`."""

    def __init__(self, clock, threads, connections):
        cfg = Config()
        for name, value in {"threads": threads, "worker_connections": connections, "keepalive": 5}.items():
            cfg.set(name, value)
        self.clock, self.listener, self.gate = clock, Listener(), threading.Event()
        app = SimpleNamespace(settings=Settings.from_env({}))
        self.worker = GunicornWorker(1, os.getppid(), [self.listener], app, 30, cfg, GunicornLogger(cfg))
        self.worker.wsgi = self._answer
        self.worker.tpool = self.worker.get_thread_pool()
        self.worker.poller = selectors.DefaultSelector()
        self.worker.method_queue.init()
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.worker.run)
        self.clients = []
        self.thread.start()

    def _answer(self, environ, start_response):
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/gated":
            assert self.gate.wait(300)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def connect(self, begin=b""):
        client = socket.create_connection(("127.0.0.1", self.port), 30)
        self.clients.append(client)
        client.sendall(begin)
        return client

    def waits_for(self, count):
        """Whether so many connections come to wait for a request."""
        return awaited(lambda: len(self.worker._receiving) == count)

    def stop(self):
        self.worker.handle_exit(None, None)

    def end(self):
        self.stop()
        self.gate.set()
        for client in self.clients:
            client.close()
        self.thread.join(300)
        self.worker.tmp.close()
        assert not self.thread.is_alive()


@pytest.fixture
def start(monkeypatch):
    started = []

    def begin(threads=4, connections=1000):
        clock = Clock()
        for module in (gunicorn_worker, received_request):
            monkeypatch.setattr(module, "time", clock)
        started.append(Running(clock, threads, connections))
        return started[-1]

    yield begin
    for each in started:
        each.end()


def status(client):
    """The status of the next response on a connection that is kept; None if it was closed."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (piece := client.recv(1)):
            return None
        head += piece
    length = int(next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")).split()[1])
    while length:
        length -= len(client.recv(length))
    return int(head.split()[1])


def silent(client):
    """Whether the server has neither answered nor closed the connection."""
    poll = select.poll()
    poll.register(client, select.POLLIN)
    return poll.poll(0) == []


def problem(client):
    """The status and the code of an answer after which the server closes."""
    with client.makefile("rb") as answer:
        head, _, body = answer.read().partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    return int(head.split()[1]), json.loads(body)["code"]


def test_two_hundred_half_sent_heads_keep_nobody_waiting(start):
    running = start()
    slow = [running.connect(HEAD[: 1 + number % len(HEAD)]) for number in range(210)]
    kept = running.connect(HEAD + b"\r\n")
    assert status(kept) == 200
    kept.sendall(HEAD)  # the second head on a connection that is kept
    for number in range(3):  # byte by byte
        slow[0].sendall(HEAD[1 + number : 2 + number])
        assert status(running.connect(POST + b"Content-Length: 5\r\n\r\nhello")) == 200
    assert all(map(silent, [*slow, kept]))
    running.clock.ahead += 11
    assert {problem(client) for client in [*slow, kept]} == {(408, "request_timeout")}
    assert status(running.connect(HEAD + b"\r\n")) == 200


def test_each_byte_does_not_prolong_the_deadline_of_a_head(start):
    running = start()
    client = running.connect(HEAD)
    for number in range(6):
        assert status(running.connect(HEAD + b"\r\n")) == 200  # the worker has read the byte before
        running.clock.ahead += 2
        if number < 4:
            client.sendall(b"x")
    assert problem(client) == (408, "request_timeout")


@pytest.mark.parametrize(
    "begin",
    [
        POST + b"Content-Length: 9\r\n\r\nhalf",
        POST + b"Content-Length: 90000\r\n\r\nhalf",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nha",
        POST + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    ],
    ids=["short", "long", "chunked", "expect"],
)
def test_half_sent_bodies_keep_nobody_waiting(start, begin):
    running = start()
    for _ in range(40):
        running.connect(begin)
    assert status(running.connect(POST + b"Content-Length: 5\r\n\r\nhello")) == 200


def test_long_bodies_are_received_one_after_the_other_where_threads_are_few(start):
    running = start(threads=1)
    body = b"x" * 100_000
    clients = [running.connect(POST + b"Content-Length: 100000\r\n\r\n") for _ in range(3)]
    for client in clients:
        client.sendall(body)
        assert status(client) == 200


def test_requests_on_one_connection_are_answered_in_order(start):
    running = start()
    client = running.connect((POST + b"Content-Length: 2\r\n\r\nab") * 3 + HEAD)
    assert [status(client) for _ in range(3)] == [200] * 3
    assert status(running.connect(HEAD + b"\r\n")) == 200
    assert silent(client)
    client.sendall(b"\r\n")
    assert status(client) == 200


def test_an_idle_connection_is_closed_without_an_answer(start):
    running = start()
    fresh, kept = running.connect(), running.connect(HEAD + b"\r\n")
    assert status(kept) == 200
    assert running.waits_for(2)
    running.clock.ahead += 11
    assert (status(fresh), status(kept)) == (None, None)


def test_a_head_without_an_end_is_refused(start):
    client = start().connect(HEAD)
    with contextlib.suppress(OSError):  # it closes meanwhile
        for _ in range(80):
            client.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")
    assert problem(client) == (431, "bad_request")


@pytest.mark.parametrize("end", [b"\n", b"GARBAGE\r\n\r\n", b"\x16\x03\x01\n"])
def test_what_is_no_request_is_refused_at_once(start, end):
    assert problem(start().connect(end)) == (400, "bad_request")


def test_where_all_connections_are_taken_the_longest_waiting_is_closed(start):
    running = start(threads=2, connections=8)
    slow = [running.connect(HEAD) for _ in range(20)]
    assert status(running.connect(HEAD + b"\r\n")) == 200
    assert awaited(lambda: not any(map(silent, slow[:12])))
    assert silent(slow[-1])


@pytest.mark.parametrize("waiting", [0, 3])
def test_without_a_file_descriptor_the_worker_goes_on(start, caplog, waiting):
    running = start()
    slow = [running.connect(HEAD) for _ in range(waiting)]
    assert status(running.connect(HEAD + b"\r\n")) == 200
    before = running.listener.asked
    running.listener.failures = [errno.EMFILE] * 2
    assert status(running.connect(HEAD + b"\r\n")) == 200
    assert running.listener.asked - before <= 6
    assert sum(map(silent, slow)) in (0, waiting - 2, waiting - 1)
    assert "ulimit -n" in caplog.text


def test_a_worker_that_ends_refuses_connections_and_finishes_requests(start):
    running = start()
    request = running.connect(HEAD.replace(b"quick", b"gated") + b"\r\n")
    kept, slow = running.connect(HEAD + b"\r\n"), running.connect(HEAD)
    assert status(kept) == 200
    assert running.waits_for(2)
    running.stop()

    def refused():
        try:
            with contextlib.suppress(ConnectionResetError):  # was not accepted before the listener closed
                running.connect()
        except ConnectionRefusedError:
            return True
        return False

    assert awaited(refused)
    assert running.thread.is_alive()
    assert silent(request)
    running.gate.set()
    assert status(request) == 200
    running.clock.ahead += 11
    assert (status(kept), problem(slow)[0]) == (None, 408)
    running.thread.join(300)
    assert not running.thread.is_alive()


def test_a_worker_whose_parent_died_ends_too(start, monkeypatch):
    running = start()
    assert status(running.connect(HEAD + b"\r\n")) == 200
    running.worker.ppid = 0
    running.clock.ahead += 11
    running.thread.join(300)
    assert not running.thread.is_alive()
