"""Batches that machines share: workers over Redis and PostgreSQL, of which any part is killed."""

from __future__ import annotations

import signal

import pytest

from tests.helpers.archive import faults
from tests.helpers.batch import TIMEOUT, Place, kill, workers, write
from tests.helpers.libreoffice import Gate
from tests.helpers.processes import awaited, gone, stat

COUNT = 10
FAULTY = 2
DONE = COUNT - FAULTY


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write(tmp_path_factory.mktemp("input") / "in.ndjson", COUNT, FAULTY, forms=("annex1",))


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


@pytest.fixture
def place(tmp_path, gate, postgresql, redis_server):
    """An archive whose index is PostgreSQL, and a broker; a lease is short."""
    shared = gate.environment | {
        "KEXIE_DATABASE_URL": postgresql.database(),
        "KEXIE_BROKER_URL": redis_server.url,
    }
    made = Place(tmp_path / "place", KEXIE_LEASE="4", **shared)
    yield made
    made.end()


def check(place):
    assert len(place.records()) == DONE
    assert {version for *_, version in place.records()} == {1}
    assert place.states() == {"done": DONE, "failed": FAULTY}
    with place.opened() as archive:
        assert faults(archive) == []


def ended(*processes):
    """The exit codes of workers that are asked to end."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    return [process.wait(TIMEOUT) for process in processes]


def test_a_broker_comes_late_a_worker_is_killed_and_both_servers_restarted(
    place, source, gate, postgresql, redis_server
):
    gate.allow(2)
    redis_server.stop()
    first = place.start("worker", "--workers", 1)
    batch = place.start("batch", source)
    assert awaited(lambda: place.states().get("queued"))
    assert batch.poll() is None
    redis_server.start()
    place.until(2)
    there = workers(first)
    assert len(there) == 1
    first.kill()
    assert awaited(lambda: not any(map(stat, there)))
    postgresql.stop()
    assert awaited(lambda: "暂停：档案数据库" in (place.root / "log").read_text(encoding="utf-8"))
    postgresql.start()
    second = place.start("worker", "--workers", 1)
    redis_server.restart()
    gate.open()
    assert batch.wait(TIMEOUT) == 3
    check(place)
    assert ended(second) == [0]
    assert awaited(lambda: list(place.temporary.iterdir()) == [])
    assert gone(str(place.root))


def test_workers_go_on_without_the_command_and_it_comes_back_to_the_result(place, source, gate):
    gate.allow(3)
    batch = place.start("batch", source)
    assert awaited(lambda: place.states().get("queued"))
    kill(batch, signal.SIGINT)
    assert batch.wait(TIMEOUT) == 130

    batch = place.start("batch", source)
    first = place.start("worker", "--workers", 1)
    place.until(3)
    kill(batch)
    first.send_signal(signal.SIGTERM)
    gate.open()
    assert first.wait(TIMEOUT) == 0  # it finishes what runs
    assert "running" not in place.states()
    assert place.states()["done"] < DONE

    second = place.start("worker", "--workers", 1)
    place.until(DONE)
    assert set(place.attempts()) <= {0, 1}
    code, result = place.run("batch", source)
    assert (code, result["done"], result["done_before"], result["failed"]) == (3, DONE, DONE, FAULTY)
    check(place)
    assert ended(second) == [0]
