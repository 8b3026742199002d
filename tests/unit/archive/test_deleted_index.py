"""An index that is deleted, moved or replaced while it is in use: no record is lost without a word."""

from __future__ import annotations

import shutil

import pytest

from service import create_app
from service.archive import Archive
from service.config import Settings
from service.errors import ArchiveUnavailable, ArchiveUnwritable
from tests.helpers.archive import numbered


@pytest.fixture
def place(tmp_path):
    return Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})


def deleted(root):
    (root / "index.sqlite").unlink()


def deleted_with_its_logs(root):
    for path in root.glob("index.sqlite*"):
        path.unlink()


def replaced(root):
    shutil.copy(root / "index.sqlite", root / "copy")
    (root / "copy").replace(root / "index.sqlite")


def moved(root):
    root.rename(root.with_name("elsewhere"))


def folder_deleted(root):
    shutil.rmtree(root)


AWAY = [deleted, deleted_with_its_logs, moved, folder_deleted]


@pytest.mark.parametrize("away", AWAY)
def test_nothing_is_archived_while_the_index_is_gone(place, away):
    with Archive.open(place) as archive:
        archive.add(numbered(1))
        away(place.archive)
        for number in (2, 3):
            with pytest.raises(ArchiveUnavailable):
                archive.add(numbered(number))
        with pytest.raises(ArchiveUnavailable, match="档案索引不见了"):
            list(archive.records())
        assert not (place.archive / "index.sqlite").exists()


@pytest.mark.parametrize("away", [*AWAY, replaced])
def test_a_transaction_that_has_begun_is_not_committed(place, away):
    with Archive.open(place) as archive:
        archive.add(numbered(1))
        with pytest.raises(ArchiveUnwritable, match="档案索引不见了，或已被替换"), archive.writing():
            away(place.archive)


def test_once_it_is_back_everything_goes_on(place):
    root = place.archive
    with Archive.open(place) as archive:
        archive.add(numbered(1))
        moved(root)
        with pytest.raises(ArchiveUnavailable):
            archive.add(numbered(2))
        root.with_name("elsewhere").rename(root)
        archive.add(numbered(2))
        replaced(root)
        archive.add(numbered(3))
        assert [record.id for record in archive.records()] == ["n000001", "n000002", "n000003"]
    with Archive.open(place, create=False) as archive:
        assert len(list(archive.records())) == 3
        assert list(archive.verify()) == []


def test_no_process_makes_an_empty_index_beside_the_files(place):
    with Archive.open(place) as archive:
        archive.add(numbered(1))
    deleted(place.archive)
    for create in (True, False):
        with pytest.raises(ArchiveUnwritable, match="从备份恢复"):
            Archive.open(place, create=create)
    assert not (place.archive / "index.sqlite").exists()
    client = create_app(place).test_client()
    answer = client.post("/api/v1/batches", data=b"{}", content_type="application/x-ndjson")
    assert (answer.status_code, answer.json["code"]) == (503, "archive_unavailable")


@pytest.mark.parametrize("away", [deleted, folder_deleted])
def test_over_http_it_is_503(place, away):
    app = create_app(place)
    client = app.test_client()
    item = b'{"form":"annex3","year":2021,"id":"1","data":{}}\n'

    def post(key):
        sent = {"Idempotency-Key": key} if key else {}
        return client.post("/api/v1/batches", data=item, content_type="application/x-ndjson", headers=sent)

    assert client.get("/api/v1/records").status_code == 200  # it opens the archive
    with Archive.open(place) as archive:
        archive.add(numbered(1))
    away(place.archive)
    for key in (None, "a", "b"):
        answer = post(key)
        assert (answer.status_code, answer.json["code"]) == (503, "archive_unavailable"), answer.text
        assert "index" in client.get("/api/v1/records", headers={"Accept-Language": "en"}).json["detail"]
    app.config["KEXIE_SUPERVISOR"].stop()
    app.config["KEXIE_ARCHIVE_HANDLE"].close()
