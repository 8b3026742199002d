"""Processes killed and hung, folders gone and full, broken documents: each caller gets its own answer."""

from __future__ import annotations

import dataclasses
import io
import os
import random
import shutil
import signal
import subprocess
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from service.config import Settings
from service.conversion import convert
from service.conversion.pool.client import client, leave_all
from service.errors import ConversionFault, ConversionTimeout, DocumentRefused, TempFolderFault
from tests.helpers.docx_builder import docx, paragraph, zipped
from tests.helpers.libreoffice import full, pool_server_pid, warm, worker_processes
from tests.helpers.pdf import words
from tests.helpers.processes import awaited, below, kill, pause, stat

SMALL = docx(paragraph("县级科协"))


def numbered(number, paragraphs=1):
    """A document that names its applicant on each of its `paragraphs`."""
    return docx(paragraph(f"申报单位：第{number}号县科学技术协会。") * paragraphs)


HEAVY = numbered("重", 1500)  # its PDF is larger than 64 KiB
KILLS = int(os.environ.get("POOL_KILLS", "3"))


@pytest.fixture
def one(settings):
    """Settings of a pool with one process, which is there."""
    found = dataclasses.replace(settings, converters=1)
    warm(found)
    return found


def restarts(settings):
    return client(settings).state()["restarts"]


@contextmanager
def converting(docx, settings):
    """The future of a conversion that LibreOffice has begun; it is stopped until the end of the block."""
    assert awaited(lambda: full(settings))  # the document before is closed
    offices = worker_processes(settings)["soffice"]
    with ThreadPoolExecutor(1) as threads:
        pause(*offices)
        try:
            made = threads.submit(convert, docx, settings)
            assert awaited(lambda: list(settings.temp_dir.glob("kexie-pool-*/worker-*/*.docx")))
            yield made
        finally:
            kill(*offices, how=signal.SIGCONT)


@pytest.mark.parametrize(
    "victims", [("soffice",), ("driver",), ("soffice", "driver"), ("reaper",)], ids="+".join
)
def test_a_document_whose_process_is_killed_is_converted_by_another(one, victims):
    there = worker_processes(one)
    with converting(SMALL, one) as made:
        kill(*(there[victim][0] for victim in victims))
    assert words(made.result()) == "县级科协"
    assert restarts(one) == {"died": 1}
    assert awaited(lambda: all(stat(number) is None for part in there.values() for number in part))
    assert awaited(lambda: full(one))


def test_a_killed_libreoffice_is_never_taken_for_a_broken_document(one):
    """A kill near the end of a conversion, where its death shows in many ways."""
    for moment in (0, 4):
        convert(SMALL, one)  # replaces a process that was killed while idle
        (office,) = worker_processes(one)["soffice"]
        with converting(numbered(moment, 400), one) as made:
            kill(office, how=signal.SIGCONT)
            time.sleep(moment * 0.01)  # any moment has the same outcome
            kill(office)
        assert f"第{moment}号" in words(made.result())
        assert awaited(lambda: full(one))


def test_a_killed_host_is_replaced_once_for_all_threads(one):
    first = pool_server_pid(one)
    there = below(first)
    with ThreadPoolExecutor(4) as threads:
        pause(*worker_processes(one)["soffice"])
        made = [threads.submit(convert, numbered(n), one) for n in range(4)]
        assert awaited(lambda: client(one).state()["queue"] == 3)
        kill(first)
        for n, future in enumerate(made):
            assert f"第{n}号" in words(future.result())
    assert pool_server_pid(one) != first
    assert client(one).state()["documents"] == {"converted": 4}
    assert awaited(lambda: all(stat(number) is None for number in there))


def test_a_killed_host_is_replaced_where_a_thread_needs_a_connection_more(one):
    first = pool_server_pid(one)
    kill(first)
    assert awaited(lambda: (stat(first) or "Z")[0] == "Z")
    with ThreadPoolExecutor(4) as threads:
        for made in [threads.submit(convert, SMALL, one) for _ in range(4)]:
            assert words(made.result()) == "县级科协"


def test_a_document_that_hangs_twice_is_refused(settings, fake):
    short = dataclasses.replace(settings, converters=1, deadline=4.0, **fake.fields)
    pool = client(short)
    for error in (ConversionTimeout, DocumentRefused):
        warm(short)
        fake.hang()
        with pytest.raises(error) as raised:
            convert(HEAVY, short)
        assert type(raised.value) is error
        warm(short)
        assert convert(SMALL, short).startswith(b"%PDF-")
    before = pool.state()
    with pytest.raises(DocumentRefused):
        convert(HEAVY, short)
    assert pool.state()["steps"]["wait"] == before["steps"]["wait"]
    assert restarts(short) == {"hung": 2}


def test_a_hung_process_leaves_the_others_at_work(settings, fake):
    two = dataclasses.replace(settings, converters=2, deadline=4.0, **fake.fields)
    warm(two)
    fake.hang()
    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(convert, numbered(n), two) for n in range(2))
        outcomes = [first.exception(), second.exception()]
    assert sorted(map(bool, outcomes)) == [False, True]
    warm(two)


def profile_of(settings):
    (profile,) = settings.temp_dir.glob("kexie-pool-*/worker-*/profile")
    return profile


def test_a_process_whose_profile_vanished_while_idle_is_replaced(one):
    pause(*worker_processes(one)["soffice"])  # else it may write its profile again
    shutil.rmtree(profile_of(one))
    assert words(convert(SMALL, one)) == "县级科协"
    assert restarts(one) == {"died": 1}
    assert awaited(lambda: full(one))


def test_a_profile_that_vanishes_while_a_document_is_converted_harms_none(one):
    """LibreOffice may write its profile again and go on with what it has in memory."""
    expected = convert(SMALL, one)
    with converting(SMALL, one) as made:
        shutil.rmtree(profile_of(one))
    assert made.result() == expected
    assert awaited(lambda: full(one))
    assert convert(SMALL, one) == expected


@pytest.fixture
def small_disk(tmp_path):
    """Settings whose temporary folder is a disk of 24 MiB."""
    assert os.geteuid() == 0, "mounting a disk needs root"
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True, timeout=300)
    yield Settings.from_env({"KEXIE_TEMP_DIR": str(folder), "KEXIE_CONVERTERS": "1"})
    leave_all()
    empty = awaited(lambda: list(folder.iterdir()) == [])
    left = sorted(folder.rglob("*"))
    assert awaited(
        lambda: not subprocess.run(["umount", folder], check=False).returncode or not folder.is_mount()
    )
    assert empty, left


def fill(settings):
    """Leaves no room at all on the disk of the temporary folder; returns what fills it."""
    path = settings.temp_dir / "filler"
    with path.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(b"\0" * 65536)
    return path


def test_a_full_disk_is_named_until_there_is_room(small_disk):
    filler = fill(small_disk)
    with pytest.raises(TempFolderFault, match="KEXIE_TEMP_DIR"):
        convert(SMALL, small_disk)
    filler.unlink()
    assert words(convert(SMALL, small_disk)) == "县级科协"
    filler = fill(small_disk)
    with pytest.raises(TempFolderFault, match="KEXIE_TEMP_DIR"):
        convert(SMALL, small_disk)
    filler.unlink()
    assert words(convert(SMALL, small_disk)) == "县级科协"


def test_a_disk_that_fills_up_while_a_pdf_is_written_is_named(small_disk):
    client(small_disk).warm()
    filler = fill(small_disk)
    os.truncate(filler, filler.stat().st_size - 64 * 1024)  # room for the .docx, not for its PDF
    for _ in range(2):
        with pytest.raises(TempFolderFault, match="KEXIE_TEMP_DIR"):
            convert(HEAVY, small_disk)
    filler.unlink()
    assert words(convert(HEAVY, small_disk)).count("第重号") == 1500


def rewritten(**parts):
    """A small document, some parts replaced; None removes one."""
    with zipfile.ZipFile(io.BytesIO(SMALL)) as package:
        content = {name: package.read(name) for name in package.namelist()}
    changes = {name.replace("__", "/").replace("_xml", ".xml"): value for name, value in parts.items()}
    return zipped({name: value for name, value in (content | changes).items() if value is not None})


@pytest.mark.parametrize(
    "broken",
    [
        rewritten(word__document_xml=b"<w:document"),
        rewritten(word__document_xml=b"no XML"),
        rewritten(word__document_xml=b""),
        rewritten(word__document_xml=b"<html/>"),
        rewritten(**{"_rels/.rels": None}),
        rewritten(**{"[Content_Types].xml": None}),
    ],
    ids=["cut XML", "no XML", "nothing", "another XML", "no relationships", "no content types"],
)
def test_a_broken_document_is_a_fault_and_its_process_goes_on(shared, broken):
    convert(SMALL, shared)
    office, before = worker_processes(shared)["soffice"], restarts(shared)
    with pytest.raises(ConversionFault) as raised:
        convert(broken, shared)
    assert type(raised.value) is ConversionFault
    assert words(convert(SMALL, shared)) == "县级科协"
    assert (worker_processes(shared)["soffice"], restarts(shared)) == (office, before)


def test_many_documents_survive_random_kills(settings):
    two = dataclasses.replace(settings, converters=2)
    warm(two)
    seen, killing = set(), threading.Lock()
    chance = random.Random(20210301)
    count = 8 * KILLS
    moments = set(range(4, count, 8))

    def kill_any():
        with killing:
            there = worker_processes(two)
            seen.update(number for part in there.values() for number in part)
            if found := there[chance.choice(sorted(there))]:
                kill(chance.choice(found))

    def answer(number):
        if number in moments:
            kill_any()
        try:
            return words(convert(numbered(number, 60), two))
        except ConversionFault as error:
            assert "document may be broken" not in error.text.en
            return error

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(answer, range(count)))
    texts = {n: answer for n, answer in enumerate(answers) if isinstance(answer, str)}
    assert {n: text for n, text in texts.items() if text != f"申报单位：第{n}号县科学技术协会。" * 60} == {}
    assert len(texts) > count // 2
    assert not any(isinstance(answer, ConversionTimeout) for answer in answers)
    with ThreadPoolExecutor(2) as threads:  # a process that was killed while idle is found when it is needed
        assert len(list(threads.map(lambda n: convert(numbered(n, 500), two), range(2)))) == 2
    assert restarts(two)["died"] >= 1
    warm(two)
    there = worker_processes(two)
    assert {part: len(numbers) for part, numbers in there.items()} == {"reaper": 2, "driver": 2, "soffice": 2}
    alive = {number for part in there.values() for number in part}
    assert awaited(lambda: [number for number in seen - alive if stat(number)] == [])
    assert [number for number in below(pool_server_pid(two)) if stat(number)[0] == "Z"] == []
    (pool,) = two.temp_dir.iterdir()
    assert len(list(pool.glob("worker-*"))) == 2
    assert [path.name for path in pool.iterdir() if not path.name.startswith("worker-")] == ["fonts.conf"]
    leave_all()
    assert awaited(lambda: list(two.temp_dir.iterdir()) == [])
