"""The archive: records are kept whole, versioned, found, and never overwritten, wherever it lies."""

from __future__ import annotations

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice

import obstore
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from obstore.exceptions import AlreadyExistsError
from sqlalchemy import text

from service import catalog, conversion
from service.archive import Archive, index
from service.archive.local_files import TEMPORARY_PREFIX, write_once
from service.cli import main  # noqa: F401 - the rooms have defined their tables once these are imported
from service.config import Settings
from service.database.column_types import METADATA
from service.errors import ArchiveFault, ArchiveUnavailable, NewerVersion, UnknownRecord, UsageError
from service.handover import code_table  # noqa: F401
from service.retention import retention_tables  # noqa: F401
from service.version import VERSION
from service.web import blueprint  # noqa: F401
from tests.helpers.archive import (
    CREATED,
    FILES,
    PLACES,
    Tamper,
    adding,
    entry,
    faults,
    numbered,
    read_only,
    settings_of,
)
from tests.helpers.servers import PASSWORD, folder, free_port


@pytest.fixture(params=PLACES)
def place(request, tmp_path):
    """The settings of an archive that is not there yet."""
    return settings_of(request.param, tmp_path / "archive", request)


@pytest.fixture
def archive(place):
    with Archive.open(place) as opened:
        yield opened


@pytest.fixture
def local(tmp_path):
    """An archive in a folder."""
    with Archive.open(Settings.from_env(), tmp_path / "local") as opened:
        yield opened


def test_a_record_is_kept_whole(archive, place):
    record = archive.add(entry(warnings=[{"pointer": "/cover/applicant", "character": "䶮"}]))
    with Archive.open(place) as again:
        assert again.get(record.key) == record == again.latest("", "annex2", 2021, "3201-0001")
        assert list(again.records()) == [record]
        assert {part: again.read(record, part) for part in FILES} == FILES
        manifest = again.manifest(record)
    assert manifest["edition"] == catalog.edition("annex2", 2021).summary()
    assert manifest["edition"]["edition_hash"] == record.edition_hash
    assert [(file["name"], file["sha256"], file["size"]) for file in manifest["files"]] == [
        (name, hashlib.sha256(FILES[part]).hexdigest(), len(FILES[part]))
        for name, part in (("报文.json", "payload"), ("申报书.docx", "docx"), ("申报书.pdf", "pdf"))
    ]
    assert (manifest["key"], manifest["id"], manifest["version"]) == (record.key, "3201-0001", 1)
    assert manifest["created"] == "2021-03-09T08:00:00.123456Z"
    assert record.created == CREATED
    assert manifest["warnings"] == [{"pointer": "/cover/applicant", "character": "䶮"}]
    assert record.warnings == 1


def test_a_manifest_reports_what_made_the_documents(local):
    made_by = local.manifest(local.add(entry()))["made_by"]
    status = conversion.status(Settings.from_env())
    assert made_by["service"] == VERSION
    assert made_by["docxtpl"] == version("docxtpl")
    assert made_by["libreoffice"] == status.version
    assert made_by["fonts"]["faces"] == status.faces
    assert len(made_by["fonts"]["sha256"]) == 64
    only_docx = local.add(entry("no-pdf", files={"docx": b"PK"}))
    made_by = local.manifest(only_docx)["made_by"]
    assert (made_by["libreoffice"], made_by["fonts"]) == (None, None)
    assert made_by["docxtpl"] == version("docxtpl")


def test_the_same_entry_makes_the_same_record_and_bytes_anywhere(local, tmp_path):
    record = local.add(entry())
    with Archive.open(Settings.from_env(), tmp_path / "other") as other:
        assert other.add(entry()) == record
        assert other.read(record, "manifest") == local.read(record, "manifest")


def test_a_key_reports_nothing_and_names_one_version(archive):
    first, second = archive.add(entry()), archive.add(entry(mark=" 2"))
    other = archive.add(entry(tenant="某县"))
    assert len({first.key, second.key, other.key}) == 3
    for record in (first, second, other):
        assert "3201" not in record.key
        assert archive.get(record.key) == record


def test_a_changed_submission_is_a_new_version_and_an_equal_one_is_none(archive):
    first = archive.add(entry())
    assert archive.add(entry(created=datetime(2022, 1, 1, tzinfo=UTC))) == first
    second = archive.add(entry(mark=" changed"))
    assert archive.add(entry(mark=" changed")) == second
    third = archive.add(entry())
    assert [record.version for record in (first, second, third)] == [1, 2, 3]
    assert list(archive.records()) == [third]
    assert list(archive.records(all_versions=True)) == [first, second, third]
    assert archive.read(first, "pdf") == FILES["pdf"] == archive.read(third, "pdf")
    assert archive.read(second, "pdf") == FILES["pdf"] + b" changed"
    assert faults(archive) == []


def test_an_original_is_kept_beside_what_was_made_of_it(archive):
    record = archive.add(entry(files={**FILES, "original": b"PK filled"}, original_name="某县 申报书.docx"))
    assert archive.read(record, "original") == b"PK filled"
    assert archive.manifest(record)["original_name"] == "某县 申报书.docx"
    again = entry(files={**FILES, "original": b"PK filled in another way"}, original_name="other.docx")
    assert archive.add(again) == record
    assert faults(archive) == []


def test_an_original_alone_is_versioned_too(local):
    versions = [local.add(entry(files={"original": content})).version for content in (b"a", b"a", b"b")]
    assert versions == [1, 1, 2]
    assert faults(local) == []


def test_an_entry_thought_to_be_known_is_stored_whole_when_it_is_not(local):
    local.add(entry(files={**FILES, "original": b"one"}))
    pending = local.store(entry(files={**FILES, "original": b"two"}))
    local.add(entry(mark=" between"))
    with local.writing() as connection:
        record = local.record(pending, connection)
    assert (record.version, local.read(record, "original")) == (3, b"two")
    assert faults(local) == []


def test_records_are_found_by_form_year_id_and_tenant_in_pages(archive):
    for number in range(7):
        archive.add(entry(f"id-{number}"))
    for other in (entry(form="annex1"), entry(year=2020), entry(tenant="某县"), entry("id-3", mark=" 2")):
        archive.add(other)
    assert len(list(archive.records())) == 10
    assert len(list(archive.records(all_versions=True))) == 11
    assert [found.form for found in archive.records(form="annex1")] == ["annex1"]
    assert [found.year for found in archive.records(year=2020)] == [2020]
    assert [found.tenant for found in archive.records(tenant="某县")] == ["某县"]
    assert [found.version for found in archive.records(id="id-3", all_versions=True)] == [1, 2]
    pages, after = [], None
    while page := list(archive.records(after=after, limit=4)):
        pages.append(len(page))
        after = page[-1].key
    assert pages == [4, 4, 2]
    assert list(archive.records(after="no such key")) == []


@pytest.mark.parametrize(
    ("id", "named"),
    [
        *((id, "编号须为 1 至 200 个可见字符") for id in ("", " ", "x" * 201)),
        *(
            (id, "编号中有看不见的 U\\+")
            for id in ("a\0b", "a\nb", "\ud800", "a\u202eb", "3201\ufe0f", "32\u316401")
        ),
    ],
)
def test_an_id_that_cannot_be_kept_is_refused(local, id, named):
    with pytest.raises(UsageError, match=named):
        local.add(entry(id))
    assert list(local.records()) == []


@pytest.mark.parametrize("files", [{}, {"html": b""}])
def test_an_entry_without_files_or_with_strange_ones_is_refused(local, files):
    with pytest.raises(UsageError, match="payload、docx、pdf、original"):
        local.add(entry(files=files))


def test_what_is_not_there_is_reported(local):
    record = local.add(entry(files={"payload": b"{}"}))
    with pytest.raises(UnknownRecord, match="没有 pdf"):
        local.read(record, "pdf")
    with pytest.raises(UnknownRecord, match="no-such-key"):
        local.get("no-such-key")
    assert local.latest("", "annex2", 2021, "another") is None


def test_a_changed_or_missing_file_is_never_given_out(archive):
    record = archive.add(entry())
    tamper = Tamper(archive)
    tamper.write(record.files["pdf"].sha256, b"%PDF-1.7 the prinz")
    with pytest.raises(ArchiveFault, match="改动"):
        archive.read(record, "pdf")
    tamper.delete(record.files["pdf"].sha256)
    with pytest.raises(ArchiveFault, match="不见了"):
        archive.read(record, "pdf")


def test_an_object_is_never_overwritten(archive):
    record = archive.add(entry())
    tamper = Tamper(archive)
    tamper.write(record.files["docx"].sha256, b"PK short")
    with pytest.raises(ArchiveFault, match="大小不符"):
        archive.add(entry("another"))
    assert tamper.read(record.files["docx"].sha256) == b"PK short"


def test_a_record_is_there_with_the_rows_of_its_caller_or_not_at_all(archive):
    with archive.writing() as connection:
        connection.execute(text("CREATE TABLE callers_rows (state TEXT)"))
    pending = archive.store(entry())
    assert list(archive.records()) == []
    with pytest.raises(ZeroDivisionError), archive.writing() as connection:
        archive.record(pending, connection)
        connection.execute(text("INSERT INTO callers_rows VALUES ('done')"))
        raise ZeroDivisionError
    assert list(archive.records()) == []
    with archive.writing() as connection:
        record = archive.record(pending, connection)
        connection.execute(text("INSERT INTO callers_rows VALUES ('done')"))
    assert list(archive.records()) == [record]
    assert faults(archive) == []


def test_entries_stored_before_another_became_the_version_take_the_next(archive):
    first, second, equal = (archive.store(entry(mark=mark)) for mark in (" 1", " 2", " 1"))
    late = archive.store(entry(mark=" 2", created=datetime(2022, 1, 1, tzinfo=UTC)))
    records = []
    for pending in (first, equal, second, late):
        with archive.writing() as connection:
            records.append(archive.record(pending, connection))
    assert [record.version for record in records] == [1, 1, 2, 2]
    assert archive.manifest(records[2])["version"] == 2
    assert faults(archive) == []


def test_what_is_recorded_twice_takes_no_manifest_from_a_record(archive):
    pending = archive.store(entry())
    with archive.writing() as connection:
        first = archive.record(pending, connection)
    archive.add(entry(mark=" between"))
    with archive.writing() as connection:
        assert archive.record(pending, connection).version == 3
    assert archive.manifest(first)["version"] == 1
    assert faults(archive) == []


def test_running_numbers_are_given_once_and_behind_those_that_are_taken(archive):
    beginning = "annex2-2021-云泽县科协"
    for taken in (f"{beginning}-002", f"{beginning}-草稿", f"{beginning}本部-009"):
        archive.add(entry(taken))
    entries = [entry(beginning, mark=str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        records = list(threads.map(archive.add_numbered, entries))
    assert sorted(record.id for record in records) == [f"{beginning}-{each:03}" for each in range(3, 11)]
    assert {record.version for record in records} == {1}
    assert archive.manifest(records[0])["id"] == records[0].id
    assert archive.add_numbered(entry(beginning, year=2020)).id == f"{beginning}-001"
    assert archive.add_numbered(entry(beginning, tenant="望川县")).id == f"{beginning}-001"
    assert faults(archive) == []


@pytest.mark.parametrize("place", ["postgresql-folder"], indirect=True)
def test_a_running_number_that_is_given_as_an_id_meanwhile_is_passed_over(archive, monkeypatch):
    lock, given = index.lock, []

    def lock_late(connection, *of):
        if of[-1].endswith("-001") and not given:
            given.append(None)  # before the other thread comes here
            with ThreadPoolExecutor(1) as other:
                given.append(other.submit(archive.add, entry("a-001", mark=" given")).result())
        lock(connection, *of)

    monkeypatch.setattr(index, "lock", lock_late)
    numbered = archive.add_numbered(entry("a"))
    assert (given[1].id, given[1].version) == ("a-001", 1)
    assert (numbered.id, numbered.version) == ("a-002", 1)


def test_a_version_comes_after_the_one_that_was_changed_or_not_at_all(archive):
    first = archive.add(entry(), "")
    with pytest.raises(NewerVersion) as raised:
        archive.add(entry(mark=" new"), "")
    assert raised.value.newest == first.key
    second = archive.add(entry(mark=" 2"), first.key)
    assert archive.add(entry(mark=" 2"), first.key) == second
    with pytest.raises(NewerVersion, match="第 2 版"):
        archive.add(entry(mark=" 3"), first.key)
    assert archive.add(entry(mark=" 3"), second.key).version == 3
    assert faults(archive) == []


def test_processes_that_add_the_same_id_make_each_version_once(archive, place):
    with ExitStack() as stack:
        processes = [stack.enter_context(adding(place, 10 * number, 5, "same")) for number in range(3)]
        versions = [version for process in processes for version in process.versions()]
    assert sorted(versions) == list(range(1, 16))
    assert [found.version for found in archive.records(all_versions=True)] == list(range(1, 16))
    assert faults(archive) == []


def test_threads_that_add_the_same_entry_make_one_record(archive):
    with ThreadPoolExecutor(8) as threads:
        records = list(threads.map(archive.add, [entry()] * 16))
    assert len(set(map(repr, records))) == 1
    assert faults(archive) == []


def test_a_killed_process_leaves_whole_records_and_the_next_run_finishes(archive, place):
    for start in (0, 6):
        with adding(place, start, 6) as process:
            versions = process.versions()
            confirmed = list(islice(versions, 2 + start // 6))
            process.process.kill()
            confirmed += versions
        assert len(list(archive.records())) >= len(confirmed)
        assert {fault.code for fault in faults(archive)} <= {"young_object_without_row"}
        for number in range(start, start + 6):
            assert archive.add(numbered(number)).version == 1
    assert len(list(archive.records())) == 12
    assert faults(archive) == []
    if archive.objects.folder:
        assert [
            path for path in archive.objects.folder.rglob("*") if path.name.startswith(TEMPORARY_PREFIX)
        ] == []


def is_declared(name, kind, _):
    """Whether a table or an index is declared: those of texts and of what is unread are their migration's."""
    return (
        not name.startswith(("record_texts", "ix_record_search_text", "ix_record_search_unread"))
        if name
        else True
    )


def test_an_archive_opens_empty_again_and_in_several_processes_at_once(place):
    with ExitStack() as stack:
        processes = [stack.enter_context(adding(place, number, 1)) for number in range(4)]
        assert [list(process.versions()) for process in processes] == [[1]] * 4
    with Archive.open(place) as archive, archive.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_declared})
        assert compare_metadata(context, METADATA) == []
        assert archive.count() == 4


def test_an_index_of_a_later_version_is_refused(archive, place):
    with archive.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999_later'"))
    with pytest.raises(ArchiveFault, match="较新版本"):
        Archive.open(place)


def test_an_index_that_is_no_database_is_reported(tmp_path):
    (tmp_path / "index.sqlite").write_text("This is a text and no database at all. " * 200)
    with pytest.raises(ArchiveFault, match="备份") as raised:
        Archive.open(Settings.from_env(), tmp_path)
    assert raised.value.status == 500


def test_a_url_of_sqlite_must_name_a_file(tmp_path):
    values = {"KEXIE_ARCHIVE": str(tmp_path), "KEXIE_DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite"}
    with Archive.open(Settings.from_env(values)) as archive:
        archive.add(entry())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["objects", "other.sqlite"]
    with pytest.raises(UsageError, match="KEXIE_DATABASE_URL"):
        Archive.open(Settings.from_env({"KEXIE_DATABASE_URL": "sqlite://"}))


def test_where_no_archive_is_none_is_made_for_a_reader(place, tmp_path):
    with pytest.raises(UsageError, match="没有档案"):
        Archive.open(place, create=False)
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    "broken", ["KEXIE_DATABASE_URL", "KEXIE_OBJECTS_URL", "KEXIE_ARCHIVE"], ids=lambda name: name
)
def test_a_place_that_does_not_answer_is_reported_without_its_password(broken, tmp_path, s3, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    (tmp_path / "file").write_text("no folder")
    nowhere = {
        "KEXIE_DATABASE_URL": f"postgresql://kexie:{PASSWORD}@127.0.0.1:{free_port()}/kexie?password={PASSWORD}",
        "KEXIE_OBJECTS_URL": f"s3://kexie:{PASSWORD}@bucket/prefix",
        "KEXIE_ARCHIVE": str(tmp_path / "file"),
    }
    settings = Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive"), broken: nowhere[broken]})
    with pytest.raises(ArchiveUnavailable) as raised, Archive.open(settings) as archive:
        archive.add(entry(files={"payload": b"{}"}))
    assert raised.value.status == 503
    assert PASSWORD not in str(raised.value.text) + repr(settings)


def test_a_file_that_another_is_writing_is_tried_again_later(request, tmp_path, monkeypatch):
    def refused(*_, **__):
        raise AlreadyExistsError("409 Conflict")

    with Archive.open(settings_of("sqlite-s3", tmp_path / "archive", request)) as archive:
        monkeypatch.setattr(obstore, "put", refused)
        with pytest.raises(ArchiveUnavailable, match="another writer"):
            archive.add(entry(files={"payload": b"{}"}))
        assert archive.count() == 0


def test_a_file_system_without_nameless_files_does_too(tmp_path, monkeypatch):
    opened = os.open

    def without_nameless(path, flags, *more, **options):
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "as NFS says")
        return opened(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", without_nameless)
    write_once(tmp_path / "name", b"content")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "name", b"another")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"name": b"content"}


@pytest.mark.parametrize("name", ["a?b", "a#b", "a%20b", "a b&c=d", "年度"])
def test_an_archive_lies_in_its_folder_anything_its_name(tmp_path, name):
    place = tmp_path / name
    with Archive.open(Settings.from_env(), place) as archive:
        record = archive.add(entry())
    assert sorted(path.name for path in place.iterdir()) == ["index.sqlite", "objects"]
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(place)}), create=False) as archive:
        assert (list(archive.records()), faults(archive)) == ([record], [])


def test_an_archive_that_cannot_be_written_is_read(tmp_path):
    with folder() as place:
        place.chmod(0o755)
        with Archive.open(Settings.from_env(), place) as archive:
            record = archive.add(entry())
        with read_only(place), Archive.open(Settings.from_env(), place, create=False) as archive:
            assert archive.read(archive.get(record.key), "pdf") == FILES["pdf"]
            assert faults(archive) == []
            with pytest.raises(ArchiveUnavailable, match=str(place)):
                archive.add(entry("another"))
        with Archive.open(Settings.from_env(), place) as archive:
            archive.add(entry("another"))


def test_what_a_writer_has_not_yet_put_into_the_index_itself_is_read_too(tmp_path):
    with folder() as place, Archive.open(Settings.from_env(), place) as archive:
        place.chmod(0o755)
        record = archive.add(entry())
        with read_only(place), Archive.open(Settings.from_env(), place, create=False) as other:
            assert list(other.records()) == [record]
