"""An application opens its database once, for keys, Idempotency-Keys and the archive, and closes it."""

from __future__ import annotations

import gc

import pytest
from sqlalchemy import event

from service import create_app
from service.access import ApiKeys
from service.archive import database_handle
from service.config import Settings


@pytest.fixture
def opened(monkeypatch):
    """The engines that applications open."""
    engines = []

    def opening(url, *, create):
        engines.append(before(url, create=create))
        return engines[-1]

    before = database_handle.open_database
    monkeypatch.setattr(database_handle, "open_database", opening)
    return engines


@pytest.fixture
def config(tmp_path):
    return {"KEXIE_ARCHIVE": str(tmp_path / "archive")}


def used(config):
    """An application after a request that looks up a key, keeps an answer and archives a record."""
    with ApiKeys.open(Settings.from_env(config), create=True) as keys:
        secret = keys.add("南京", ["generate", "archive:write", "archive:read"])[1]
    app = create_app(config)
    answer = app.test_client().post(
        "/api/v1/forms/annex3/2021/documents?format=docx&archive=true&id=1",
        json={"case_name": "一号案例"},
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k-1"},
    )
    assert answer.status_code == 201, answer.json
    return app


def test_one_engine_serves_keys_answers_and_archive(config, opened):
    app = used(config)
    handle = app.config["KEXIE_ARCHIVE_HANDLE"]
    assert [handle.archive().engine] == opened
    handle.close()
    assert opened[0].pool.checkedin() == 0
    assert len(list(handle.archive().records())) == 1
    assert len(opened) == 2
    handle.close()


def test_an_application_that_is_dropped_leaves_no_connection(config, opened):
    app = used(config)
    disposed = []
    event.listen(opened[0], "engine_disposed", disposed.append)
    assert opened[0].pool.checkedin() > 0
    del app
    gc.collect()
    assert disposed == opened
