"""A batch that is killed or stopped in whatever way: what is done is kept, and the next run does the rest."""

from __future__ import annotations

import signal

import pytest

from service.config import Settings
from tests.helpers.archive import faults
from tests.helpers.batch import PATIENCE, Place, kill, workers, write
from tests.helpers.libreoffice import host, worker_processes
from tests.helpers.processes import awaited, gone, stat
from tests.helpers.processes import kill as kill_process

COUNT = 16
FAULTY = 3


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
def place(tmp_path):
    made = Place(tmp_path / "place")
    yield made
    made.end()


def start(place, source):
    return place.start("batch", source, "--workers", 2)


def check(place, undisturbed):
    """Every record once, the very same files, an archive without a fault, nothing left lying about."""
    assert place.records() == undisturbed
    assert place.states() == {"done": COUNT - FAULTY, "failed": FAULTY}
    with place.opened() as archive:
        assert faults(archive) == []
    assert awaited(lambda: list(place.temporary.iterdir()) == [])
    assert gone(str(place.root))


def resumed(place, source, undisturbed):
    """The next run does what is left."""
    code, result = place.run("batch", source)
    assert (code, result["done"], result["failed"]) == (3, COUNT - FAULTY, FAULTY)
    check(place, undisturbed)


def settings(place):
    return Settings.from_env(place.settings)


@pytest.mark.parametrize("done", [1, 10])
def test_everything_killed(place, source, undisturbed, done):
    process = start(place, source)
    place.until(done)
    kill(process)
    resumed(place, source, undisturbed)


def test_everything_killed_over_and_over(place, source, undisturbed):
    for done in (0, 1, 4, 8):
        process = start(place, source)
        place.until(done)
        kill(process)
    resumed(place, source, undisturbed)


def test_the_command_alone_killed_takes_its_workers_along(place, source, undisturbed):
    process = start(place, source)
    place.until(3)
    there = workers(process)
    assert len(there) == 2
    process.kill()
    assert awaited(lambda: not any(map(stat, there)))
    resumed(place, source, undisturbed)


def test_a_worker_killed_is_replaced_in_the_same_run(place, source, undisturbed):
    process = start(place, source)
    place.until(3)
    kill_process(workers(process)[0])
    assert process.wait(PATIENCE) == 3
    check(place, undisturbed)


def test_a_worker_that_stands_still_is_ended_and_another_does_its_items(tmp_path, source, undisturbed):
    place = Place(tmp_path / "place", KEXIE_LEASE="2")
    process = start(place, source)
    try:
        place.until(3)
        stuck = workers(process)[0]
        kill_process(stuck, how=signal.SIGSTOP)
        place.until(COUNT - FAULTY)
        assert process.wait(PATIENCE) == 3
        assert stat(stuck) is None
        check(place, undisturbed)
    finally:
        place.end()


@pytest.mark.parametrize("part", ["soffice", "reaper", "driver", "host"])
def test_the_converter_killed(place, source, undisturbed, part):
    process = start(place, source)
    place.until(3)
    victims = [host(settings(place))] if part == "host" else worker_processes(settings(place))[part][:1]
    kill_process(*victims)
    assert process.wait(PATIENCE) == 3
    check(place, undisturbed)


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_stopped_by_a_signal_what_runs_is_finished_and_the_rest_handed_back(
    place, source, undisturbed, how, code
):
    process = start(place, source)
    place.until(3)
    kill(process, how)
    assert process.wait(PATIENCE) == code
    states = place.states()
    assert set(states) <= {"done", "failed", "queued"}
    assert 3 <= states["done"] < COUNT - FAULTY
    assert set(place.attempts()) <= {0, 1}
    assert len(place.records()) == states["done"]
    assert gone(str(place.root))
    resumed(place, source, undisturbed)


def test_two_signals_end_it_at_once(place, source, undisturbed):
    process = start(place, source)
    place.until(2)
    kill_process(*worker_processes(settings(place))["soffice"], how=signal.SIGSTOP)
    kill(process, signal.SIGINT)
    assert not awaited(lambda: process.poll() is not None, 1)
    kill(process, signal.SIGINT)
    assert process.wait(20) == 130
    resumed(place, source, undisturbed)


def test_two_commands_at_once_share_the_work(place, source, undisturbed):
    first, second = (place.start("batch", source, "--workers", 1) for _ in "12")
    assert [process.wait(PATIENCE) for process in (first, second)] == [3, 3]
    check(place, undisturbed)
