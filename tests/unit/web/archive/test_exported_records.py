"""Who took a record out of the archive: rows of the audit log for a bag, a package, a batch's zip."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import time
import zipfile
from html import unescape
from unittest.mock import Mock

import pytest

from service.access import ApiKeys
from service.archive.local_files import unwritable
from service.audit import chain_proof, record_rows
from service.batch.hosted import http_batch
from service.batch.jobs import active_jobs, job_store
from service.catalog import edition
from service.errors import ArchiveUnwritable
from service.web.http import audit_log
from tests.helpers.application import application, lines
from tests.helpers.archive import numbered
from tests.helpers.batch import process_all

V1, TENANT = "/api/v1", "云泽县"
CLASSED = {"fonds": "X043", "department": "科普部", "secrecy": "公开"}
PAYLOAD = edition("annex3", 2021).sample("minimal")
BATCH = [{"form": "annex3", "year": 2021, "id": f"b-{number}", "data": PAYLOAD} for number in range(2)]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch, application(tmp_path_factory.mktemp("exported")) as app:
        patch.setattr(app.config["KEXIE_SUPERVISOR"], "wake", lambda: None)  # the tests process the items
        yield app


@pytest.fixture(scope="module")
def archive(app):
    return app.config["KEXIE_ARCHIVE_HANDLE"].archive()


@pytest.fixture(scope="module")
def key(archive):
    scopes = ("generate", "archive:read", "archive:write", "audit:read")
    return ApiKeys(archive.engine).add(TENANT, scopes, "门户")


@pytest.fixture(scope="module")
def ask(app, key):
    client = app.test_client()
    headers = {"X-API-Key": key[1]}
    return lambda method, path, **more: client.open(path, method=method, headers=headers, **more)


@pytest.fixture
def left(ask):
    """The acts on a record by which it left, or was sent again, as the log has them; the latest first."""

    def acts(record):
        rows = ask("GET", f"{V1}/audit?record={record.key}").json["rows"]
        assert {(row["id"], row["manifest"]) for row in rows} == {(record.id, record.manifest)}
        return [(row["action"], row["detail"], row["result"], row["batch"], row["who"]) for row in rows]

    return acts


def digest(answer):
    """The SHA-256 of the tagmanifest in a zip."""
    with contextlib.closing(answer), zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        (name,) = (each for each in pack.namelist() if each.endswith("/tagmanifest-sha256.txt"))
        return hashlib.sha256(pack.read(name)).hexdigest()


def shown(answer):
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.text)).split())


def test_each_version_in_a_bag_or_package_has_a_row_with_the_hash_of_the_package(archive, ask, key, left):
    first, second = (archive.add(numbered(number, "a", tenant=TENANT)) for number in range(2))
    other = archive.add(numbered(3, "elsewhere", tenant=TENANT, year=2020))
    bag = digest(ask("GET", f"{V1}/records/bag?year=2021"))
    package = digest(ask("POST", f"{V1}/records/handover", json={**CLASSED, "ids": ["a"]}))
    who, classed = f"key:{key[0].id}", "secrecy=公开 department=科普部"
    for record in (first, second):
        assert left(record)[:2] == [
            ("export", f"profile=dat46 tagmanifest={package} {classed}", "ok", None, who),
            ("export", f"profile=bagit tagmanifest={bag}", "ok", None, who),
        ]
    assert [row[0] for row in left(other)] == ["archive"]
    whole = ask("GET", f"{V1}/audit?action=export&limit=100").json["rows"]
    assert [row["detail"] for row in whole if not row["record"]] == [
        f"profile=dat46 items=1 records=2 files=6 tagmanifest={package}",
        f"records=2 files=4 tagmanifest={bag}",
    ]
    page = shown(ask("GET", f"/records/{second.key}"))
    assert f"密钥 {key[0].id}“门户” · 第 1、2 版 导出档案：移交包，包的校验值 {package}" in page
    assert f"第 1、2 版 导出档案：归档包，包的校验值 {bag}" in page
    assert (page.count("导出档案："), "另有更早的" in page) == (2, False)
    assert "没有人导出或下载过。" in shown(ask("GET", f"/records/{other.key}"))
    english = shown(ask("GET", f"/records/{second.key}?lang=en"))
    assert f"exported records: a BagIt bag, hash of the package {bag}" in english
    assert f"导出档案：归档包，包的校验值 {bag}" in shown(ask("GET", f"/audit?record={second.key}"))


def test_what_cannot_be_logged_does_not_leave_but_from_a_read_only_archive(
    app, archive, ask, left, monkeypatch
):
    record = archive.add(numbered(5, "d", tenant=TENANT, year=2019))
    full = unwritable("index.sqlite", "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(record_rows, "append", Mock(side_effect=full))
        refused = ask("GET", f"{V1}/records/bag?year=2019")
    assert (refused.status_code, refused.json["code"]) == (503, ArchiveUnwritable.code)
    assert list(app.config["KEXIE_SETTINGS"].archive.glob(".download-*")) == []
    monkeypatch.setattr(audit_log, "is_read_only", lambda _: True)
    assert digest(ask("GET", f"{V1}/records/bag?year=2019"))
    assert [row[0] for row in left(record)] == ["archive"]


def test_the_page_of_a_record_has_a_line_for_each_time_that_it_was_taken_out(app, archive, ask):
    first, second = (archive.add(numbered(number, "e", tenant=TENANT, year=2018)) for number in range(2))
    for record in (first, second) * 3:
        ask("GET", f"{V1}/records/{record.key}/docx").close()
    assert app.config["KEXIE_ARCHIVE_HANDLE"].event_queue.flush()
    page = shown(ask("GET", f"/records/{first.key}"))
    assert (page.count("下载：Word 文书"), page.count("第 2 版 下载：")) == (5, 3)
    assert "另有更早的 1 次。" in page
    assert "1 earlier one." in shown(ask("GET", f"/records/{first.key}?lang=en"))


def test_who_may_not_see_the_log_is_not_shown_who_took_a_record_out(app, archive):
    record = archive.add(numbered(4, "c", tenant=TENANT))
    reader = ApiKeys(archive.engine).add(TENANT, ("archive:read",))[1]
    page = app.test_client().get(f"/records/{record.key}", headers={"X-API-Key": reader})
    assert (page.status_code, "谁取出过" in page.text) == (200, False)


def sent(ask):
    answer = ask(
        "POST", f"{V1}/batches?formats=docx", data=lines(*BATCH), content_type="application/x-ndjson"
    )
    assert answer.status_code == 202, answer.json
    return answer.json["id"]


def processed(archive, batch):
    """The records of a batch, which is processed in this process."""
    job = http_batch.find(archive, TENANT, batch).job
    process_all(archive, job_store.Job(job, "", "", TENANT, ("docx",), loaded=True))
    active_jobs.finish_ended(archive, time.time())
    return list(archive.records(form="annex3", tenant=TENANT))


def test_a_batch_sent_again_and_its_zip_leave_a_row_for_each_record(archive, ask, key, left):
    batch, who = sent(ask), f"key:{key[0].id}"
    records = processed(archive, batch)
    assert sent(ask) == batch
    with zipfile.ZipFile(io.BytesIO(ask("GET", f"{V1}/batches/{batch}/documents.zip").data)) as pack:
        assert len([name for name in pack.namelist() if name.endswith(".docx")]) == 2
    assert [record.id for record in records] == ["b-0", "b-1"]
    for record in records:
        taken, again, archived = left(record)
        assert taken == ("download", "documents.zip", "ok", batch, who)
        assert again == ("archive", None, "same", batch, who)
        assert (archived[2], archived[3]) == ("ok", batch)
        assert "下载：批次的全部文书" in shown(ask("GET", f"/records/{record.key}"))
    other = ask(
        "POST", f"{V1}/batches?formats=docx", data=b"\n" + lines(*BATCH), content_type="application/x-ndjson"
    ).json["id"]
    assert (other != batch, len(processed(archive, other))) == (True, 2)
    again = left(records[0])[0]
    assert (again[0], again[2], again[3], again[4].partition(":")[0]) == ("archive", "same", other, "worker")
    with archive.reading() as connection:
        assert chain_proof.prove(connection).fault is None
