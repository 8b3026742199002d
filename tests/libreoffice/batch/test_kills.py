"""A batch that is killed or stopped: finished items are kept, and the next run does the rest."""

from __future__ import annotations

import signal

import pytest

from service.batch.workers.child_processes import SLOTS
from service.config import Settings
from tests.helpers.archive import faults
from tests.helpers.batch import TIMEOUT, Place, kill, workers, write
from tests.helpers.libreoffice import Gate, pool_server_pid, worker_processes
from tests.helpers.processes import awaited, gone, stat
from tests.helpers.processes import kill as kill_process

COUNT = 10
FAULTY = 2


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write(tmp_path_factory.mktemp("input") / "in.ndjson", COUNT, FAULTY)


@pytest.fixture(scope="module")
def undisturbed(source, tmp_path_factory):
    """The records of the same batch that nothing disturbed."""
    place = Place(tmp_path_factory.mktemp("undisturbed"))
    assert place.run("batch", source)[0] == 3
    return place.records()


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


@pytest.fixture
def place(tmp_path, gate):
    made = Place(tmp_path / "place", **gate.environment)
    yield made
    made.end()


def start(place, source, gate, done, count=2):
    """A batch with `count` workers and `done` finished documents; the gate holds all others."""
    before = place.states().get("done", 0)
    gate.allow(done - before)
    process = place.start("batch", source, "--workers", count)
    place.until(done)
    return process


def check(place, undisturbed):
    """Every record once, the very same files, an archive without a fault, nothing left lying about."""
    assert place.records() == undisturbed
    assert place.states() == {"done": COUNT - FAULTY, "failed": FAULTY}
    with place.opened() as archive:
        assert faults(archive) == []
    assert awaited(lambda: list(place.temporary.iterdir()) == [])
    assert gone(str(place.root))


def resumed(place, source, gate, undisturbed):
    """The next run does what is left."""
    gate.open()
    code, result = place.run("batch", source)
    assert (code, result["done"], result["failed"]) == (3, COUNT - FAULTY, FAULTY)
    check(place, undisturbed)


def signalled(place, source, gate, how):
    """A batch that has handled a signal: its worker has returned what it had not begun."""
    process = start(place, source, gate, 3, count=1)
    assert awaited(gate.holding)
    assert awaited(lambda: place.states()["running"] > SLOTS)
    kill(process, how)
    assert awaited(lambda: place.states()["running"] <= SLOTS)
    assert process.poll() is None
    return process


def settings(place):
    return Settings.from_env(place.settings)


def test_everything_killed_over_and_over(place, source, gate, undisturbed):
    for done in (0, 1, 6):
        kill(start(place, source, gate, done))
    resumed(place, source, gate, undisturbed)


def test_the_command_alone_killed_takes_its_workers_along(place, source, gate, undisturbed):
    process = start(place, source, gate, 3)
    there = workers(process)
    assert len(there) == 2
    process.kill()
    assert awaited(lambda: not any(map(stat, there)))
    resumed(place, source, gate, undisturbed)


def test_a_worker_killed_is_replaced_in_the_same_run(place, source, gate, undisturbed):
    process = start(place, source, gate, 3)
    kill_process(workers(process)[0])
    gate.open()
    assert process.wait(TIMEOUT) == 3
    check(place, undisturbed)


def test_a_worker_that_stands_still_is_ended_and_another_does_its_items(place, source, gate, undisturbed):
    place.settings["KEXIE_LEASE"] = "2"
    process = start(place, source, gate, 3)
    stuck = workers(process)[0]
    kill_process(stuck, how=signal.SIGSTOP)
    gate.open()
    assert process.wait(TIMEOUT) == 3
    assert stat(stuck) is None
    check(place, undisturbed)


@pytest.mark.parametrize("part", ["soffice", "reaper", "driver", "pool server"])
def test_the_converter_killed(place, source, gate, undisturbed, part):
    process = start(place, source, gate, 3)
    victims = (
        [pool_server_pid(settings(place))]
        if part == "pool server"
        else worker_processes(settings(place))[part][:1]
    )
    kill_process(*victims)
    gate.open()
    assert process.wait(TIMEOUT) == 3
    check(place, undisturbed)


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_stopped_by_a_signal_what_runs_is_finished_and_the_rest_handed_back(
    place, source, gate, undisturbed, how, code
):
    process = signalled(place, source, gate, how)
    gate.open()
    assert process.wait(TIMEOUT) == code
    states = place.states()
    assert set(states) <= {"done", "failed", "queued"}
    assert 3 < states["done"] <= 3 + SLOTS
    assert set(place.attempts()) <= {0, 1}
    assert len(place.records()) == states["done"]
    assert gone(str(place.root))
    resumed(place, source, gate, undisturbed)


def test_two_signals_end_it_at_once(place, source, gate, undisturbed):
    process = signalled(place, source, gate, signal.SIGINT)
    kill(process, signal.SIGINT)
    assert process.wait(TIMEOUT) == 130
    resumed(place, source, gate, undisturbed)


def test_two_commands_at_once_share_the_work(place, source, gate, undisturbed):
    gate.allow(0)
    both = [place.start("batch", source, "--workers", 1) for _ in "12"]
    assert awaited(lambda: all(map(workers, both)))
    gate.open()
    assert [process.wait(TIMEOUT) for process in both] == [3, 3]
    check(place, undisturbed)
