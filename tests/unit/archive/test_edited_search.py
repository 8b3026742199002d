"""What records are listed with and found by, edited behind the service's back: verification names it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service.archive import Archive
from service.archive.search import search_fill
from service.config import Settings
from tests.helpers.archive import Tamper, entry, faults

PAYLOAD = '{"cover": {"applicant": "云泽县科学技术协会"}}'.encode()


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


def change(archive, assigned):
    with archive.writing() as connection:
        connection.execute(text(f"UPDATE record_search SET {assigned} WHERE id = '3201-0001'"))


def test_what_a_record_is_listed_with_is_compared_with_its_payload(archive):
    record = archive.add(entry(files={"payload": PAYLOAD, "docx": b"PK"}))
    archive.add(entry("3201-0002", files={"payload": PAYLOAD, "docx": b"PK"}))
    for assigned in (
        "submitter = '乙县'",
        "name = '乙县'",
        "text = '乙县'",
        "name_order = ''",
        "year = 2020",
    ):
        change(archive, assigned)
        for found in (faults(archive), archive.verify_record(record)):
            assert [(each.code, each.record.id) for each in found] == [("search_differs", record.id)], (
                assigned
            )
            assert assigned.partition(" ")[0] in found[0].columns
        assert "reindex" in found[0].message.zh
        assert f"不符的栏：{', '.join(found[0].columns)}。" in found[0].message.zh
        change(archive, "year = 2021")
        search_fill.forget(archive)
        assert faults(archive) == []  # what is not read yet is not wrong
        search_fill.fill(archive)
        assert faults(archive) == []
    with archive.writing() as connection:
        connection.execute(text("DELETE FROM record_search WHERE id = '3201-0001'"))
    assert [each.code for each in faults(archive)] == ["search_differs"]


def test_a_payload_that_cannot_be_read_is_one_fault(archive):
    record = archive.add(entry(files={"payload": PAYLOAD, "docx": b"PK"}))
    change(archive, "submitter = '乙县'")
    Tamper(archive).delete(record.files["payload"].sha256)
    assert [each.code for each in faults(archive)] == ["object_missing"]


def test_an_edition_that_is_gone_compares_nothing(archive, monkeypatch):
    record = archive.add(entry(files={"payload": PAYLOAD, "docx": b"PK"}))
    monkeypatch.setattr("service.catalog.find", lambda *_: None)
    assert archive.verify_record(record) == []
