"""An archive on a full or read-only disk: each way in is answered with 503, and /readyz says so."""

from __future__ import annotations

import contextlib
import io
import re
import types

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from service import create_app
from service.archive import Archive
from service.config import Settings
from service.web.api import health
from tests.helpers.archive import empty, fill, numbered, read_only, small

ITEM = b'{"form":"annex3","year":2021,"id":"1","data":{}}\n'
SMALL, LARGE = ITEM, ITEM * 40_000  # the latter does not fit into memory


@pytest.fixture
def ready(monkeypatch):
    """LibreOffice and its fonts are there."""
    sandbox = types.SimpleNamespace(allowed=True)
    status = types.SimpleNamespace(ready=True, sandbox=sandbox, version="LibreOffice 7.4", faces={})
    monkeypatch.setattr(health, "conversion", types.SimpleNamespace(status=lambda _: status))
    monkeypatch.setattr(health, "_ARCHIVE_SECONDS", -1.0)


@contextlib.contextmanager
def full(place):
    fill(place)
    try:
        yield
    finally:
        empty(place)


@contextlib.contextmanager
def client_of(place):
    app = create_app({"KEXIE_ARCHIVE": str(place)})
    try:
        yield app.test_client()
    finally:
        app.config["KEXIE_SUPERVISOR"].stop()
        app.config["KEXIE_ARCHIVE_HANDLE"].close()


def upload(body):
    """A form with the file, encoded in memory: the client of the tests closes no temporary file."""
    boundary, form = encode_multipart({"file": FileStorage(io.BytesIO(body), "a.ndjson")})
    return {"data": form, "content_type": f"multipart/form-data; boundary={boundary}"}


def ways(client, body):
    """The answers to a batch by each way in."""
    for headers in ({}, {"Idempotency-Key": "k"}):
        yield client.post("/api/v1/batches", data=body, content_type="application/x-ndjson", headers=headers)
        yield client.post("/api/v1/batches", **upload(body), headers=headers)
    yield client.post("/batches", **upload(body), headers=PAGE)


PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize("opened", [True, False], ids=["opened before", "opened now"])
@pytest.mark.parametrize("unwritable", [full, read_only])
def test_a_batch_to_an_archive_that_cannot_be_written(ready, unwritable, opened):
    with small("8m") as root:
        if root is None:
            pytest.skip("only root can mount a small disk to fill")
        place = root / "archive"
        with Archive.open(Settings.from_env(), place) as archive:
            archive.add(numbered(1))
        with client_of(place) as client:
            if opened:
                assert client.get("/api/v1/records").status_code == 200
                assert client.get("/readyz").status_code == 200
            with unwritable(place):
                for body in (SMALL, LARGE):
                    for answer in ways(client, body):
                        assert answer.status_code == 503, answer.text
                        assert re.search("档案写不进|档案暂时不能使用", answer.text)
                ready_answer = client.get("/readyz")
                assert (ready_answer.status_code, ready_answer.json["code"]) == (503, "archive_unavailable")
                assert str(place) in ready_answer.json["detail"]
            assert client.get("/readyz").status_code == 200
            assert client.get("/api/v1/batches").json["batches"] == []


def test_an_archive_that_does_not_exist_yet_does_not_matter(ready, tmp_path):
    with client_of(tmp_path / "none" / "archive") as client:
        assert client.get("/readyz").status_code == 200
    assert not (tmp_path / "none").exists()


def test_a_deleted_index_is_not_ready(ready, tmp_path):
    with Archive.open(Settings.from_env(), tmp_path) as archive:
        archive.add(numbered(1))
    (tmp_path / "index.sqlite").unlink()
    with client_of(tmp_path) as client:
        answer = client.get("/readyz", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json["code"]) == (503, "archive_unavailable")
        assert "index was deleted" in answer.json["detail"]
