"""Records are found by what they hold, in any order, page by page, on both databases, old ones too."""

from __future__ import annotations

import importlib
import json
from datetime import timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from service.archive import Archive
from service.archive.search import found_records, search_fill, search_query
from service.archive.search.record_code import code
from tests.helpers.archive import CREATED, Tamper, entry, settings_of

NAMES = {
    "a": "云泽县科学技术协会",
    "b": "昆山市　科学技术协会",
    "c": "阿拉善科协 ABC",
    "d": '100%_"云泽"\'社区',
}


def submission(id, name, case="科技服务开到塘口", **more):
    files = {"payload": json.dumps({"association_name": name, "case_name": case}).encode(), "docx": b"PK"}
    return entry(id, form="annex3", files=files, **more)


@pytest.fixture(params=["sqlite-folder", "postgresql-folder"])
def place(request, tmp_path):
    return settings_of(request.param, tmp_path / "archive", request)


@pytest.fixture
def archive(place):
    """A record an hour, the last one of another tenant and one of two versions."""
    with Archive.open(place) as opened:
        for hour, (id, name) in enumerate(NAMES.items()):
            opened.add(submission(id, name, created=CREATED + timedelta(hours=hour)))
        warned = [{"pointer": "/case_name", "character": "䶮"}]
        opened.add(submission("a", NAMES["a"], "院士进村", created=CREATED, warnings=warned))
        opened.add(submission("other", NAMES["a"], tenant="某县"))
        yield opened


def found(archive, **wanted):
    ids = [record.id for record in archive.records(tenant="", **wanted)]
    assert found_records.count(archive, 9, tenant="", **wanted) == len(ids)
    page, count = found_records.page(archive, 1, 9, tenant="", **wanted)
    assert ([record.id for record in page], count) == (ids[:1], len(ids))
    return ids


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"name": "云"}, "ad"),
        ({"name": "云泽"}, "ad"),
        ({"name": "云泽县科"}, "a"),
        ({"name": "科学技术协会"}, "abc"),
        ({"name": "昆山市科学"}, "b"),
        ({"name": "协会 昆"}, "b"),
        ({"name": "ａｂｃ"}, "c"),
        ({"name": "云泽县科协"}, "a"),
        ({"name": "阿拉善科学技术协会"}, "c"),
        ({"name": "科协"}, "abc"),
        ({"name": "科协 昆山市"}, "b"),
        ({"text": "云泽县科协 院士进"}, "a"),
        ({"text": "科协abc 开到塘口"}, "c"),
        ({"text": "科学技术协会 塘口"}, "bc"),
        ({"name": "%_"}, "d"),
        ({"name": '%_"云泽"\''}, "d"),
        ({"name": "塘口"}, ""),
        ({"name": " "}, "abcd"),
        ({"text": "开到塘口"}, "bcd"),
        ({"text": "塘口"}, "bcd"),
        ({"text": "院士 云泽"}, "a"),
        ({"text": "县院士"}, ""),
        ({"text": "开到塘口", "all_versions": True}, "abcd"),
        ({"state": "warned"}, "a"),
        ({"state": "unwarned"}, "bcd"),
        ({"state": "superseded"}, "a"),
        ({"state": "imported"}, ""),
        ({"state": "sealed"}, ""),
        ({"state": "unsealed"}, "abcd"),
        ({"since": CREATED + timedelta(hours=1), "until": CREATED + timedelta(hours=3)}, "bc"),
        ({"since": CREATED + timedelta(hours=1), "name": "云"}, "d"),
        ({"year": 2021, "form": "annex3", "sort": "-id"}, "dcba"),
        ({"year": 2020}, ""),
        ({"sort": "-created"}, "dcba"),
        ({"sort": "submitter"}, "dcba"),  # 1, ā, kūn, yún
        ({"sort": "-submitter", "name": "科"}, "abc"),
    ],
)
def test_records_are_found(archive, wanted, ids):
    assert "".join(found(archive, **wanted)) == ids


def test_the_code_of_a_cover_sheet_finds_its_record_alone(archive):
    """As a QR reader or a hand types it, also of an older version; and only of the tenant's own."""
    for record in archive.records(all_versions=True):
        ours = not record.tenant
        for typed in (code(record), code(record).upper(), f"＃{record.manifest[:16]}"):
            page, count = found_records.page(archive, 9, 9, tenant="", text=typed)
            assert ([each.key for each in page], count) == ([record.key] * ours, ours)
        payload = record.files["payload"].sha256
        for digest in (record.manifest, f"{payload[:8].upper()} {payload[8:]}"):
            page, _ = found_records.page(archive, 9, 9, tenant="", text=digest)
            assert (record.key in [each.key for each in page]) == ours
    assert found(archive, text="0" * 64) == []
    assert found(archive, text="a #0000000000000000") == []
    assert found(archive, text="#0000") == []


@pytest.mark.parametrize("sort", ["id", "-id", "created", "-created", "submitter", "-submitter"])
@pytest.mark.parametrize("name", [None, "科"])
def test_pages_follow_each_other_in_every_order(archive, monkeypatch, sort, name):
    """Each with the number that is left; SQLite finds them in the first rows of an order, or in the table."""
    wanted = {"sort": sort, "name": name}
    all_of_them = list(archive.records(**wanted))
    assert len(all_of_them) == (4 if name else 5)
    for first_rows in (1, 3, 9):
        monkeypatch.setattr(search_query, "_FIRST", first_rows)
        paged, left, after = [], [], None
        while len(left) <= len(all_of_them):
            page, count = found_records.page(archive, 1, 9, after, **wanted)
            paged += page
            left.append(count)
            after = page[0].key if page else None
        assert paged == all_of_them
        assert left == list(range(len(all_of_them), -1, -1))


@pytest.mark.parametrize("name", [None, "科"])
def test_a_page_may_follow_a_record_that_is_not_wanted(archive, name):
    """All of another tenant's come after it, or none, as the names of the tenants are in order."""
    archive.add(submission("0", NAMES["a"], tenant="某县"))
    ours, theirs = archive.latest("", "annex3", 2021, "a"), archive.latest("某县", "annex3", 2021, "other")

    def after(record, tenant, sort):
        page, count = found_records.page(archive, 9, 9, record.key, tenant=tenant, name=name, sort=sort)
        assert count == len(page)
        return [each.id for each in page]

    assert after(ours, "某县", "id") == ["0", "other"]
    assert after(ours, "某县", "-id") == []
    assert after(theirs, "", "id") == []
    assert after(theirs, "", "-id") == (list("cba") if name else list("dcba"))


def test_a_record_that_is_removed_is_found_no_more(archive):
    with archive.writing() as connection:
        connection.execute(text("DELETE FROM record_search WHERE id = 'a'"))
    assert found(archive, name="云泽县") == []
    assert found(archive, name="云") == ["d"]


def test_records_of_earlier_versions_are_read_piece_by_piece_though_some_are_missing(archive, monkeypatch):
    monkeypatch.setattr(search_fill, "_PIECE", 2)
    damaged, missing = (archive.latest("", "annex3", 2021, id) for id in "bc")
    Tamper(archive).write(damaged.files["payload"].sha256, b"{}")
    Tamper(archive).delete(missing.files["payload"].sha256)
    with archive.writing() as connection:
        for table in {"record_search", "record_texts"} & set(connection.dialect.get_table_names(connection)):
            connection.execute(text(f"DROP TABLE {table}"))
        with Operations.context(MigrationContext.configure(connection)):
            importlib.import_module("service.archive.migrations.versions.r0012_record_search").upgrade()
    assert found(archive) == list("abcd")
    assert found(archive, name="云泽县") == []
    left = []
    search_fill.fill(archive, left.append)
    assert left == [4, 2, 0]
    assert [(record.id, record.submitter) for record in archive.records(tenant="")] == [
        ("a", NAMES["a"]),
        ("b", ""),
        ("c", ""),
        ("d", NAMES["d"]),
    ]
    assert found(archive, name="云泽县") == ["a"]
    assert found(archive, text="院士进") == found(archive, state="superseded") == ["a"]
    assert search_fill.fill_some(archive) == 0
