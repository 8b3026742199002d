"""One pool for all processes of a machine: how many, for whom, until when, and what is left of it."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from service import create_app, generate
from service.conversion import convert
from service.conversion.libreoffice import sandbox
from service.conversion.pool.client import client, leave_all
from service.errors import ConversionTimeout, QueueFull
from tests.helpers import ROOT
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.libreoffice import offices, pool_server_pid, sockets, warm, worker_processes
from tests.helpers.pdf import words
from tests.helpers.processes import awaited, below, kill, running, stat


def numbered(number, paragraphs=100):
    return docx(paragraph(f"第{number}号县") * paragraphs)


@contextmanager
def user(settings, threads, numbers):
    """A process that converts documents with these numbers; its Popen."""
    command = [
        sys.executable,
        "-m",
        "tests.helpers.libreoffice",
        *map(str, (threads, numbers.start, numbers.stop)),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdin.write(json.dumps(settings.as_env()).encode() + b"\n")
        process.stdin.flush()
        yield process
        process.communicate(timeout=300)
    finally:
        process.kill()
        process.wait()


def texts(process):
    """What a user's documents say, once they are converted."""
    return json.loads(process.stdout.readline())


@contextmanager
def counting(settings):
    """The largest number of LibreOffice processes seen in the block, in a list of one."""
    most, done = [0], threading.Event()

    def look():
        while not done.wait(0.1):
            most[0] = max(most[0], offices(settings))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        done.set()
        looking.join()


def test_two_processes_share_one_pool_and_never_more_than_its_size(settings):
    two = dataclasses.replace(settings, converters=2)
    with (
        counting(two) as most,
        user(two, 3, range(5)) as first,
        user(two, 3, range(5, 10)) as second,
    ):
        said = texts(first) + texts(second)
        state = client(two).state()
        leave_all()
    assert said == [f"第{number}号县" * 100 for number in range(10)]
    assert (state["workers"], state["documents"]) == (2, {"converted": 10})
    assert most == [2]


def test_other_settings_make_another_pool(settings):
    pools = [dataclasses.replace(settings, converters=1, queue=queue) for queue in (8, 9)]
    for pool in pools:
        assert words(convert(numbered(1, 1), pool)) == "第1号县"
    assert pool_server_pid(pools[0]) != pool_server_pid(pools[1])
    assert offices(settings) == 2
    assert [client(pool).state()["documents"] for pool in pools] == [{"converted": 1}] * 2


def test_what_only_callers_use_makes_no_other_pool(settings):
    for level in ("INFO", "WARNING"):
        convert(numbered(1, 1), dataclasses.replace(settings, converters=1, log_level=level))
    assert offices(settings) == 1


@pytest.mark.parametrize("box", ["auto", "off"])
def test_a_killed_user_leaves_nothing(settings, box):
    """No process and no file; no socket in /tmp, where they lie unless the box has a /tmp of its own."""
    one = dataclasses.replace(settings, converters=1, sandbox=box)
    expected = 0 if sandbox.state(one).mechanism == "bubblewrap" else 2
    with user(one, 1, range(1)) as process:
        assert texts(process) == ["第0号县" * 100]
        assert all(worker_processes(one).values())
        there = below(pool_server_pid(one))
        left = sockets(one)
        assert len(left) == expected
        process.kill()
        assert awaited(lambda: not any(map(stat, there)))
    assert awaited(lambda: list(settings.temp_dir.iterdir()) == [])
    assert not any(path.exists() for path in left)


@pytest.mark.parametrize("next_queue", [8, 9], ids=["the same settings", "other settings"])
def test_host_and_guard_killed_at_once_leave_only_what_the_next_host_sweeps(settings, next_queue):
    one = dataclasses.replace(settings, converters=1, queue=8, sandbox="off")
    assert words(convert(numbered(1, 1), one)) == "第1号县"
    first = pool_server_pid(one)
    (reaper,) = worker_processes(one)["reaper"]
    there = below(first)
    kill(first, reaper, how=signal.SIGSTOP)
    kill(first, reaper)
    assert awaited(lambda: running(str(settings.temp_dir)) == [])
    (left,) = settings.temp_dir.glob("kexie-pool-*/worker-*")
    pipes = sockets(one)
    assert len(pipes) == 2
    following = dataclasses.replace(one, queue=next_queue)
    assert words(convert(numbered(2, 1), following)) == "第2号县"
    assert not any(path.exists() for path in (left, *pipes))
    assert awaited(lambda: not any(map(stat, there)))
    leave_all()
    assert awaited(lambda: list(settings.temp_dir.iterdir()) == [])


def test_a_pool_that_is_called_again_while_it_ends_starts_again(settings):
    one = dataclasses.replace(settings, converters=1)
    for number in range(2):
        assert words(convert(numbered(number, 1), one)) == f"第{number}号县"
        leave_all()


@pytest.mark.parametrize(
    ("reason", "limit"), [("documents", {"recycle_documents": 2}), ("memory", {"recycle_memory": 1})]
)
def test_a_process_whose_time_is_over_is_replaced_unnoticed(settings, reason, limit):
    one = dataclasses.replace(settings, converters=1, **limit)
    with counting(one) as most, ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda number: convert(numbered(number), one), range(8)))
    assert [words(pdf) for pdf in made] == [f"第{number}号县" * 100 for number in range(8)]
    assert awaited(lambda: client(one).state()["restarts"])
    state = client(one).state()
    assert state["restarts"][reason] >= 1
    assert set(state["restarts"]) == {reason}
    assert most[0] <= 2


@contextmanager
def hung(settings, fake):
    """The one process of the pool hangs with its next document; no other starts during the block."""
    warm(settings)
    fake.hang()
    with fake.not_starting():
        yield


def test_a_full_queue_is_reported_at_once(settings, fake):
    small = dataclasses.replace(settings, converters=1, queue=1, deadline=6.0, **fake.fields)
    with hung(small, fake), ThreadPoolExecutor(2) as threads:
        first = threads.submit(convert, numbered(1), small)
        assert awaited(lambda: client(small).state()["busy"])
        second = threads.submit(convert, numbered(2), small)
        assert awaited(lambda: client(small).state()["queue"])
        with pytest.raises(QueueFull):
            convert(numbered(3), small)
        assert [type(asked.exception()) for asked in (first, second)] == [ConversionTimeout] * 2
    assert convert(numbered(3), small).startswith(b"%PDF-")


def test_a_full_queue_and_a_hang_over_http(settings, fake):
    small = dataclasses.replace(settings, converters=1, queue=1, deadline=6.0, **fake.fields)
    app = create_app(small)

    def post(name):
        payload = {"cover": {"applicant": name}}
        return app.test_client().post("/api/v1/forms/annex2/2021/documents?format=pdf", json=payload)

    with hung(small, fake), ThreadPoolExecutor(2) as threads:
        first = threads.submit(post, "甲县")
        assert awaited(lambda: client(small).state()["busy"])
        second = threads.submit(post, "乙县")
        assert awaited(lambda: client(small).state()["queue"])
        third = post("丙县")
        answers = {"conversion_timeout": first.result(), "queue_full": third}
    assert {code: answer.status_code for code, answer in answers.items()} == {
        "conversion_timeout": 503,
        "queue_full": 429,
    }
    for code, answer in answers.items():
        assert answer.mimetype == "application/problem+json"
        assert answer.json["code"] == code
        assert int(answer.headers["Retry-After"]) > 0
    assert (second.result().status_code, second.result().json["code"]) == (503, "conversion_timeout")
    assert post("乙县").data.startswith(b"%PDF-")


def test_both_engines_give_the_same_bytes(edition, shared):
    payload = edition.sample("full")
    pdfs = [
        generate(edition.form, edition.year, payload, ("pdf",), dataclasses.replace(shared, **engine))["pdf"]
        for engine in ({}, {"uno_python": "/nowhere"})
    ]
    assert pdfs[0] == pdfs[1]
