"""Verifying an archive: each kind of damage is found, named with record and file, and nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import obstore
import pytest
from sqlalchemy import delete, insert, text, update

from service.archive import Archive
from service.archive.object_store import object_name
from service.archive.record_tables import FILES, RECORDS
from service.archive.verification.verification_faults import MESSAGES
from service.errors import ArchiveFault
from tests.helpers import ROOT
from tests.helpers.archive import Tamper, entry, faults, settings_of


@pytest.fixture(params=["sqlite-folder", "postgresql-s3"])  # each database, each store
def archive(request, tmp_path):
    with Archive.open(settings_of(request.param, tmp_path / "archive", request)) as opened:
        for number in range(2):
            opened.add(entry(f"id-{number}", mark=f" {number}"))
        yield opened


@pytest.fixture
def record(archive):
    """The record that is damaged: the only one that a fault may name."""
    return archive.latest("", "annex2", 2021, "id-1")


@pytest.fixture
def tamper(archive):
    return Tamper(archive)


def found_faults(archive):
    """Each fault: code, id of the record, name of the file, place."""
    return [
        (fault.code, fault.record.id if fault.record else None, fault.file, fault.place)
        for fault in faults(archive)
    ]


@pytest.mark.parametrize(
    "part, name", [("payload", "报文.json"), ("docx", "申报书.docx"), ("pdf", "申报书.pdf")]
)
def test_a_flipped_byte(archive, record, tamper, part, name):
    digest = record.files[part].sha256
    content = bytearray(tamper.read(digest))
    content[3] ^= 1
    tamper.write(digest, bytes(content))
    assert found_faults(archive) == [("object_changed", "id-1", name, object_name(digest))]


def test_a_wrong_size(archive, record, tamper):
    digest = record.files["pdf"].sha256
    tamper.write(digest, tamper.read(digest)[:-1])
    assert found_faults(archive) == [("wrong_size", "id-1", "申报书.pdf", object_name(digest))]


def test_a_missing_object(archive, record, tamper):
    digest = record.files["docx"].sha256
    tamper.delete(digest)
    assert found_faults(archive) == [("object_missing", "id-1", "申报书.docx", object_name(digest))]


def test_an_edited_manifest(archive, record, tamper):
    edited = {**json.loads(tamper.read(record.manifest)), "id": "id-9"}
    tamper.write(record.manifest, json.dumps(edited).encode())
    assert found_faults(archive) == [
        ("manifest_changed", "id-1", "manifest.json", object_name(record.manifest))
    ]


def test_an_index_row_without_an_object(archive):
    values = {"tenant": "", "form": "annex2", "year": 2021, "id": "ghost", "version": 1, "warnings": 0}
    digest = "ab" * 32
    with archive.writing() as connection:
        row = {**values, "key": "ghost", "edition_hash": "0" * 64, "manifest": digest}
        connection.execute(insert(RECORDS), {**row, "created": entry().created})
    assert found_faults(archive) == [("row_without_object", "ghost", "manifest.json", object_name(digest))]


def test_an_object_without_a_row(archive, tamper):
    digest = "cd" * 32
    tamper.write(digest, b"nobody's")
    assert found_faults(archive) == [("young_object_without_row", None, "", object_name(digest))]
    if archive.objects.folder:
        two_hours_ago = time.time() - 7200
        os.utime(archive.objects.folder / object_name(digest), (two_hours_ago, two_hours_ago))
        assert found_faults(archive) == [("object_without_row", None, "", object_name(digest))]


def test_a_deleted_row(archive, record):
    with archive.writing() as connection:
        connection.execute(delete(FILES).where(FILES.c.record == record.key))
        connection.execute(delete(RECORDS).where(RECORDS.c.key == record.key))
    objects = [record.manifest, *(file.sha256 for file in record.files.values())]
    *found, missing = found_faults(archive)
    assert sorted(found) == sorted(
        ("young_object_without_row", None, "", object_name(digest)) for digest in objects
    )
    assert missing[:3] == ("record_missing", record.id, "")


@pytest.mark.parametrize("archive", ["sqlite-folder", "postgresql-folder"], indirect=True)
def test_an_edited_row(archive, record):
    row = update(RECORDS).where(RECORDS.c.key == record.key)
    for name, value in {
        "id": "id-9",
        "year": 2020,
        "version": 7,
        "tenant": "某县",
        "edition_hash": "0" * 64,
        "warnings": 3,
    }.items():
        with archive.writing() as connection:
            connection.execute(row.values({name: value}))
        shown = value if name == "id" else "id-1"
        fault = "row_differs", shown, "manifest.json", object_name(record.manifest)
        assert found_faults(archive) == [fault], name
        with archive.writing() as connection:
            connection.execute(row.values({name: getattr(record, name)}))


def test_a_file_row_that_is_gone(archive, record):
    digest = record.files["pdf"].sha256
    with archive.writing() as connection:
        connection.execute(delete(FILES).where(FILES.c.record == record.key, FILES.c.part == "pdf"))
    assert sorted(found_faults(archive)) == [
        ("row_differs", "id-1", "manifest.json", object_name(record.manifest)),
        ("young_object_without_row", None, "", object_name(digest)),
    ]


def test_a_file_that_lies_where_no_object_can(archive, tamper):
    strays = ["objects/ab/short", "objects/notes/read me", "objects/readme.txt"]
    for stray in strays:
        obstore.put(tamper.store, stray, b"of somebody")
    assert sorted(found_faults(archive)) == [("foreign_file", None, "", stray) for stray in strays]


def test_every_fault_at_once_and_all_is_counted(archive, record, tamper):
    for file in record.files.values():
        tamper.write(file.sha256, b"")
    tamper.delete(record.manifest)
    seen = []
    check = archive.verify(lambda now: seen.append(now.records))
    assert sorted(fault.code for fault in check) == ["row_without_object", *["wrong_size"] * 3]
    assert (check.records, check.files, check.faults) == (2, 6, 4)
    assert seen[-1] == 2


def test_an_archive_that_is_damaged_in_one_place_is_whole_in_the_other(archive, record, tamper):
    tamper.delete(record.manifest)
    kept = archive.latest("", "annex2", 2021, "id-0")
    assert archive.read(kept, "pdf").startswith(b"%PDF")


def test_the_rows_of_files_point_to_records(archive):
    with pytest.raises(ArchiveFault, match=r"(?i)foreign key"), archive.writing() as connection:
        connection.execute(text("INSERT INTO files VALUES ('none', 'pdf', 'x', 1)"))


def test_a_large_object_is_hashed_in_little_memory(tmp_path):
    """In a process of its own, which prints its peak memory in kB (VmHWM, proc(5))."""
    size = 128 * 1024 * 1024
    (tmp_path / "objects" / "ab").mkdir(parents=True)
    with (tmp_path / "objects" / "ab" / ("c" * 62)).open("wb") as file:
        file.truncate(size)
    script = (
        "import re, sys; from pathlib import Path; from service.archive.object_store import Objects\n"
        "most = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "objects = Objects(Path(sys.argv[1])); before = most()\n"
        "print(objects.digest('ab' + 'c' * 62).size, most() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, timeout=300, check=True
    )
    read, grown = map(int, done.stdout.split())
    assert read == size
    assert grown < 32 * 1024


def test_every_fault_says_what_to_do_and_is_in_the_manual():
    manual = ROOT / "docs" / "guide" / "archive.md"
    manual_text = manual.read_text(encoding="utf-8")
    for code, message in MESSAGES.items():
        assert f"`{code}`" in manual_text
        assert "请" in message.zh or "可" in message.zh
        assert message.zh.endswith("。")
        assert message.en.endswith(".")
