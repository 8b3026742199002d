"""Who keeps an archive's batches: one process at a time, on both databases, and workers of a broker."""

from __future__ import annotations

import threading

import pytest

from service import catalog
from service.archive import Archive
from service.batch.hosted.leader_lock import LeaderLock
from tests.helpers.application import application, lines
from tests.helpers.archive import settings_of
from tests.helpers.batch import Place
from tests.helpers.processes import awaited

DATA = catalog.edition("annex3", 2021).sample("minimal")
TIMEOUT = 120


@pytest.mark.parametrize("place", ["sqlite-folder", "postgresql-folder"])
def test_the_lock_is_one_s_at_a_time(place, tmp_path, request):
    settings = settings_of(place, tmp_path / "archive", request)
    with Archive.open(settings) as one, Archive.open(settings) as other:
        first, second = LeaderLock(one.engine), LeaderLock(other.engine)
        assert first.acquire()
        assert not second.acquire()
        first.check()
        first.release()
        assert second.acquire()
        second.release()


def test_an_application_without_batches_starts_nothing(tmp_path):
    before = set(threading.enumerate())
    with application(tmp_path) as app:
        assert app.test_client().get("/healthz").status_code == 200
        assert "batches" not in {thread.name for thread in set(threading.enumerate()) - before}
        assert not (tmp_path / "archive").exists()


def test_a_batch_over_http_is_done_by_the_workers_of_a_broker(tmp_path, redis_server):
    place = Place(tmp_path / "worker", KEXIE_BROKER_URL=redis_server.url)
    worker = place.start("worker", "--workers", 1)
    items = [{"form": "annex3", "year": 2021, "id": f"remote-{n}", "data": DATA} for n in range(5)]
    settings = {"KEXIE_BROKER_URL": redis_server.url, "KEXIE_ARCHIVE": str(place.archive)}
    try:
        with application(tmp_path / "web", **settings) as app:
            client = app.test_client()
            answer = client.post(
                "/api/v1/batches?formats=docx", data=lines(*items), content_type="application/x-ndjson"
            )
            address = answer.headers["Location"]
            assert awaited(lambda: client.get(address).json["finished"])
            assert client.get(address).json["counts"]["done"] == 5
        worker.terminate()
        assert worker.wait(TIMEOUT) == 0
    finally:
        place.end()
