"""Batches of the real server: watched, killed with the server or a part of it, and brought to their end."""

from __future__ import annotations

import io
import json
import signal
import zipfile

import httpx
import pytest

from service import catalog
from service.audit import audit_search
from service.audit.audit_search import Wanted
from tests.helpers.application import lines
from tests.helpers.archive import faults
from tests.helpers.batch import kill, workers
from tests.helpers.processes import awaited, below, gone, stat
from tests.helpers.processes import kill as kill_process
from tests.helpers.serve import Serving

PROVED = "/api/v1/forms/annex2/2021/documents?format=docx&prove=true"
BATCHES = "/api/v1/batches"
NDJSON = {"Content-Type": "application/x-ndjson"}
DATA = catalog.edition("annex3", 2021).sample("minimal")


class Served(Serving):
    """The server, and batches sent to it."""

    def send(self, name, count, query=""):
        """The address of a batch of so many items."""
        items = [{"form": "annex3", "year": 2021, "id": f"{name}-{n}", "data": DATA} for n in range(count)]
        answer = self.http.post(f"{BATCHES}{query}", content=lines(*items), headers=NDJSON)
        assert answer.status_code == 202, answer.text
        return answer.headers["Location"]

    def finished(self, address):
        report = {}

        def over():
            report.update(self.http.get(address).json())
            return report["finished"]

        assert awaited(over), report
        return report


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = Served(tmp_path_factory.mktemp("served"), 30)
    made.serve()
    yield made
    made.end()
    assert gone(str(made.root))


def alive(number):
    return (stat(number) or "Z")[0] != "Z"


def listened(served, address, last="", most=None):
    """Events of one connection: name, id, data; it is left after `most` of them."""
    found = []
    with served.http.stream("GET", f"{address}/events", headers={"Last-Event-ID": last}) as answer:
        if answer.status_code == 204:
            return None
        fields = {}
        for line in answer.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            if "event" in fields:
                found.append((fields["event"], fields["id"], json.loads(fields["data"])))
            fields = {}
            if most and len(found) >= most:
                break
    return found


def test_proofs_of_all_web_processes_add_up(served):
    def proofs():
        lines = httpx.get(f"{served.http.base_url}/metrics").text.splitlines()
        return [line for line in lines if line.startswith("kexie_proofs_total{")]

    for _ in range(8):
        asked = httpx.post(f"{served.http.base_url}{PROVED}", json={}, timeout=300)  # a connection each
        assert asked.status_code == 200
    assert {str(proofs()) for _ in range(4)} == {"['kexie_proofs_total{result=\"proved\"} 8.0']"}


def test_a_client_that_reconnects_sees_each_step_once_and_the_end(served):
    address = served.send("events", 5)
    seen = listened(served, address, most=2)
    while (more := listened(served, address, last=seen[-1][1])) is not None:
        seen += more
    ids = [id for _, id, _ in seen]
    assert len(set(ids)) == len(ids) >= 3
    assert [name for name, _, _ in seen] == ["progress"] * (len(seen) - 1) + ["finished"]
    assert seen[-1][2]["counts"]["done"] == 5


def test_the_zip_comes_in_pieces_of_a_length_that_nobody_knows_before(served):
    report = served.finished(served.send("events", 3))
    with served.http.stream("GET", report["links"]["documents"]) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        content = b"".join(answer.iter_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        assert sum(name.endswith(".pdf") for name in packed.namelist()) == 3


def test_batches_go_on_by_themselves_anything_is_killed(served):
    address = served.send("killed", 14)
    served.until(served.states()["done"] + 2)
    (worker,) = workers(served.process)  # of all web workers one keeps the batches
    kill_process(stat(worker)[1])
    served.until(served.states()["done"] + 2)
    started = below(served.process.pid)
    kill(served.process)
    assert awaited(lambda: not any(map(alive, started)))
    served.serve()
    report = served.finished(address)
    assert (report["state"], report["counts"]["done"]) == ("finished", 14)
    assert len([key for key in served.records() if key[2].startswith("killed-")]) == 14
    with served.opened() as archive:
        assert faults(archive) == []


def test_a_server_that_is_stopped_hands_its_items_back(served):
    done = served.states()["done"]
    address = served.send("stopped", 12)
    served.until(done + 3)
    started = below(served.process.pid)
    assert served.http.get("/api/v1/records").status_code == 200
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(300) == 0
    with served.opened() as archive, archive.reading() as connection:  # what waited was written
        assert len(list(audit_search.rows(connection, Wanted(action="search")))) == 1
    states = served.states()
    assert set(states) == {"done", "queued"}
    assert awaited(lambda: not any(map(alive, started)))
    served.serve()
    assert served.finished(address)["counts"]["done"] == 12
