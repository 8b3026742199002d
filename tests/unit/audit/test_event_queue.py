"""The queue of the audit log: it outlasts an outage, counts what it cannot keep, begins with the archive."""

from __future__ import annotations

import contextlib
import threading

import pytest

from service.archive import Archive
from service.audit import audit_search, event_queue
from service.audit.audit_search import Wanted
from service.audit.event import Actor, Event
from service.audit.event_queue import EventQueue
from service.config import Settings
from service.errors import ArchiveUnavailable

ACTOR = Actor("key:0123456789ab", "-")


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


def details(archive):
    with archive.reading() as connection:
        return [(row["action"], row["detail"]) for row in audit_search.rows(connection, Wanted())]


@pytest.mark.parametrize("fault", [ArchiveUnavailable("停机", "down"), RuntimeError("unforeseen")])
def test_what_comes_during_an_outage_is_kept_and_what_is_too_much_is_counted(
    archive, monkeypatch, caplog, fault
):
    monkeypatch.setattr(event_queue, "MOST", 3)
    monkeypatch.setattr(event_queue, "_RETRY", 0.01)
    tried, over = threading.Semaphore(0), threading.Event()

    @contextlib.contextmanager
    def writing():
        tried.release()
        if not over.is_set():
            raise fault
        with archive.writing() as connection:
            yield connection

    queue = EventQueue(writing)
    for number in range(5):
        queue.add(Event(ACTOR, "read", detail=str(number)))
    assert all(tried.acquire(timeout=300) for _ in range(3))
    assert details(archive) == []
    over.set()
    assert queue.flush(30)
    assert details(archive) == [("read", "0"), ("read", "1"), ("read", "2"), ("rows_lost", "2")]
    queue.close()
    assert len([line for line in caplog.messages if "cannot be written" in line]) == 1


def test_a_closed_queue_is_written_and_may_be_used_again(archive):
    queue = EventQueue(archive.writing)
    for round in "12":
        queue.add(Event(ACTOR, "read", detail=round))
        queue.close()
    assert details(archive) == [("read", "1"), ("read", "2")]


def test_before_there_is_an_archive_there_is_no_log():
    queue = EventQueue(lambda: None)
    queue.add(Event(ACTOR, "generate"))
    assert queue.flush(30)
    queue.close()
