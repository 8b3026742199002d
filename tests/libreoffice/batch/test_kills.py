"""A batch that is killed or stopped: finished items are kept, and the next run does the rest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal

import pytest

from service import catalog, generate
from service.batch.workers.child_processes import SLOTS
from service.config import Settings
from service.errors import InvalidPayload
from service.payload_json import dump
from service.submission import validate
from tests.helpers.archive import faults
from tests.helpers.batch import TIMEOUT, Place, kill, workers, write
from tests.helpers.libreoffice import Gate, pool_server_pid, worker_processes
from tests.helpers.processes import awaited, gone, stat
from tests.helpers.processes import kill as kill_process

COUNT = 10
FAULTY = 1


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("input") / "in.ndjson"
    return write(path, COUNT, FAULTY, forms=("annex1",))


@pytest.fixture(scope="module")
def undisturbed(source):
    """The records of the batch by what `generate` makes of its lines, as `Place.records` gives them."""
    found = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        form, year, data = item["form"], item["year"], item["data"]
        with contextlib.suppress(InvalidPayload):
            files = generate(form, year, data)
            files["payload"] = dump(validate(catalog.edition(form, year), data).payload)
            found[form, year, item["id"], 1] = {
                part: hashlib.sha256(content).hexdigest() for part, content in files.items()
            }
    assert len(found) == COUNT - FAULTY
    return found


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


@pytest.fixture
def place(tmp_path, gate):
    made = Place(tmp_path / "place", **gate.environment)
    yield made
    made.end()


def start(place, source, gate, done, count=1):
    """A batch with `count` workers and `done` finished documents; the gate holds all others."""
    gate.allow(done - place.states().get("done", 0))
    process = place.start("batch", source, "--workers", count)
    place.until(done)
    assert awaited(gate.holding)
    return process


def check(place, undisturbed):
    """Every record once, the very same files, an archive without a fault, nothing left lying about."""
    assert place.records() == undisturbed
    assert place.states() == {"done": COUNT - FAULTY, "failed": FAULTY}
    with place.opened() as archive:
        assert faults(archive) == []
    assert awaited(lambda: list(place.temporary.iterdir()) == [])
    assert gone(str(place.root))


def test_killed_again_and_again_two_commands_do_the_rest_together(place, source, gate, undisturbed):
    kill(start(place, source, gate, 1))
    alone = start(place, source, gate, 2)
    (there,) = workers(alone)
    alone.kill()
    assert awaited(lambda: stat(there) is None)
    gate.allow(0)
    both = [place.start("batch", source, "--workers", 1) for _ in "12"]
    assert awaited(lambda: all(map(workers, both)))
    gate.open()
    assert [process.wait(TIMEOUT) for process in both] == [3, 3]
    check(place, undisturbed)


def signalled(place, source, gate, done, how):
    """A batch that has handled a signal: its worker has returned what it had not begun."""
    process = start(place, source, gate, done)
    assert awaited(lambda: place.states()["running"] > SLOTS)
    kill(process, how)
    assert awaited(lambda: place.states()["running"] <= SLOTS)
    assert process.poll() is None
    return process


def test_stopped_by_a_signal_what_runs_is_finished_and_the_rest_handed_back(place, source, gate, undisturbed):
    done = 1
    for how, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        process = signalled(place, source, gate, done, how)
        gate.open()
        assert process.wait(TIMEOUT) == code
        states = place.states()
        assert set(states) <= {"done", "failed", "queued"}
        assert done < states["done"] <= done + SLOTS
        assert set(place.attempts()) <= {0, 1}
        assert len(place.records()) == states["done"]
        assert gone(str(place.root))
        done = states["done"]
    process = signalled(place, source, gate, done, signal.SIGINT)
    kill(process, signal.SIGINT)
    assert process.wait(TIMEOUT) == 130  # two signals end it at once
    gate.open()
    code, result = place.run("batch", source)
    assert (code, result["done"], result["failed"]) == (3, COUNT - FAULTY, FAULTY)
    check(place, undisturbed)


def test_any_process_that_is_killed_is_replaced_in_the_same_run(place, source, gate, undisturbed):
    """Its LibreOffice and a worker; another worker stops."""
    place.settings["KEXIE_LEASE"] = "2"
    settings = Settings.from_env(place.settings)
    process = start(place, source, gate, 0, count=2)
    for done, part in enumerate(("soffice", "reaper", "driver", "pool server"), 1):
        held = gate.arrived()
        if part == "pool server":
            kill_process(pool_server_pid(settings))
        else:
            kill_process(*worker_processes(settings)[part])
        assert awaited(lambda held=held: gate.arrived() > held), part
        gate.release()
        place.until(done)
        assert awaited(gate.holding)
    killed, stuck = workers(process)
    kill_process(killed)
    kill_process(stuck, how=signal.SIGSTOP)
    gate.open()
    assert process.wait(TIMEOUT) == 3
    assert stat(stuck) is None
    check(place, undisturbed)
