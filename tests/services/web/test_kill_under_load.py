"""The service killed under load and started again: what it reported as done is kept."""

from __future__ import annotations

import hashlib
import json
import random
import threading
from dataclasses import dataclass, field

import httpx
import pytest

from service import catalog
from tests.helpers.application import lines
from tests.helpers.batch import TIMEOUT, kill
from tests.helpers.processes import awaited, below, gone, stat
from tests.helpers.serve import Serving

SAMPLE = catalog.edition("annex3", 2021).sample("minimal")
DOCUMENTS = "/api/v1/forms/annex3/2021/documents"
BATCHES = "/api/v1/batches"
CLIENTS, ITEMS = 3, 2
PARTS = 3  # of a record: payload, .docx, manifest


@dataclass
class Exchange:
    """A request under an idempotency key, and the answer that its client saw."""

    address: str
    headers: dict
    content: bytes
    answer: httpx.Response


@dataclass
class Clients:
    """Threads that archive documents and send batches until the service is gone."""

    url: str
    round: int
    answered: list = field(default_factory=list)
    lost: list = field(default_factory=list)  # requests without an answer: address, headers, content

    def __enter__(self):
        numbers = range(CLIENTS)
        self._threads = [threading.Thread(target=self._until_lost, args=(number,)) for number in numbers]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        for thread in self._threads:
            thread.join(TIMEOUT)
        assert not any(thread.is_alive() for thread in self._threads)

    def seen(self, status):
        return [answered for answered in self.answered if answered.answer.status_code == status]

    def _until_lost(self, client):
        with httpx.Client(base_url=self.url, timeout=TIMEOUT) as http:
            for number in range(1000):
                name = f"{self.round}-{client}-{number}"
                asked = self._batch if number % 4 == 0 else self._archive
                address, kind, content = asked(name)
                headers = {"Content-Type": kind, "Idempotency-Key": f"key-{name}"}
                try:
                    answer = http.post(address, content=content, headers=headers)
                except httpx.TransportError:
                    self.lost.append((address, headers, content))
                    return
                self.answered.append(Exchange(address, headers, content, answer))

    def _archive(self, name):
        data = json.dumps({**SAMPLE, "case_name": f"{name}号案例"}).encode()
        return f"{DOCUMENTS}?archive=true&format=docx&id={name}", "application/json", data

    def _batch(self, name):
        item = {"form": "annex3", "year": 2021, "data": SAMPLE}
        items = lines(*({**item, "id": f"batch-{name}-{number}"} for number in range(ITEMS)))
        return f"{BATCHES}?formats=docx", "application/x-ndjson", items


class Service(Serving):
    """The server, which is killed and started again."""

    def kill(self):
        started = below(self.process.pid)
        kill(self.process)
        assert awaited(lambda: not any((stat(number) or "Z")[0] != "Z" for number in started))


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path / "service", TIMEOUT)
    made.serve()
    yield made
    made.end()
    assert gone(str(made.root))


def under_load(service, round, more):
    """The answers of a service that was killed `more` answers after the first record and batch."""
    with Clients(str(service.http.base_url), round) as clients:
        assert awaited(lambda: clients.seen(201) and clients.seen(202)), clients.answered
        enough = len(clients.answered) + more
        assert awaited(lambda: len(clients.answered) >= enough)
        service.kill()
    service.serve()
    assert len(clients.lost) == CLIENTS
    assert {request.answer.status_code for request in clients.answered} == {201, 202}
    return clients


def is_there(service, request):
    """The record, byte for byte as it was seen."""
    record = service.http.get(request.answer.headers["Location"])
    docx = service.http.get(f"{request.answer.headers['Location']}/docx")
    assert (record.status_code, docx.status_code) == (200, 200)
    assert docx.headers["ETag"] == request.answer.headers["ETag"]
    assert docx.headers["ETag"] == f'"{hashlib.sha256(docx.content).hexdigest()}"'
    assert docx.content == request.answer.content


def comes_to_its_end(service, request):
    def batch():
        return service.http.get(request.answer.headers["Location"]).json()

    assert awaited(lambda: batch()["finished"]), batch()
    assert (batch()["state"], batch()["counts"]["done"]) == ("finished", ITEMS)


def is_answered_again(service, request):
    """The same request under the same key: the very answer of before the kill."""
    again = service.http.post(request.address, content=request.content, headers=request.headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.status_code == request.answer.status_code
    assert again.headers["Location"] == request.answer.headers["Location"]
    assert again.content == request.answer.content


def is_done_now(service, address, headers, content):
    """A request whose answer never came, sent again: done before the kill or not, it is done once."""
    answer = service.http.post(address, content=content, headers=headers)
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.headers["Location"]


def check_archive(faults, lost):
    """Nothing is wrong with any record; what was being written when the service was killed has no row."""
    assert {fault["code"] for fault in faults} <= {"young_object_without_row"}
    assert len(faults) <= PARTS * lost


def test_what_a_client_saw_outlives_two_kills(service):
    chance = random.Random(seed := random.randrange(10_000))
    print(f"seed {seed}")
    rounds = [under_load(service, number, chance.randrange(10)) for number in range(2)]
    for clients in rounds:
        for request in clients.seen(201):
            is_there(service, request)
            is_answered_again(service, request)
        for request in clients.seen(202):
            comes_to_its_end(service, request)
            is_answered_again(service, request)
    lost = [is_done_now(service, *request) for clients in rounds for request in clients.lost]
    assert len(set(lost)) == len(lost)
    service.process.terminate()
    assert service.process.wait(300) == 0
    _, verified = service.run("verify")
    check_archive(verified["faults"], len(lost))
    assert awaited(lambda: list(service.temporary.iterdir()) == []), list(service.temporary.iterdir())
    assert list(service.archive.rglob(".*")) == []
    assert gone(str(service.root))
