"""A worker process at work: leases renewed, outages survived, what runs finished; memory that stays."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from service import catalog
from service.archive import Archive, Entry
from service.batch.inputs import read_input
from service.batch.jobs import item_errors, item_queue, job_store, process_item
from service.batch.jobs.failures import failures, warned
from service.batch.jobs.item_outcome import Done, Postponed
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import items
from service.batch.workers import celery_task, worker_loop
from service.batch.workers.celery_task import CeleryTask
from service.batch.workers.worker_loop import WorkerLoop
from service.config import Settings
from service.errors import (
    ArchiveUnavailable,
    QueueFull,
)
from tests.helpers.batch import process_all, workbook, write
from tests.helpers.processes import awaited

MANY = 30


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "archive") as opened:
        yield opened


@pytest.fixture
def job(archive, tmp_path):
    source = write(tmp_path / "in.ndjson", MANY, forms=("annex3",))
    made = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
    job_store.load(archive, made, read_input.read(source))
    return made


def store(claim, archive, _):
    """Work that archives something small."""
    edition = catalog.edition(claim.form, claim.year).summary()
    created = datetime.fromtimestamp(claim.created, UTC)
    files = {"payload": claim.payload, "docx": b"PK"}
    return Done(archive.store(Entry(claim.form, claim.year, claim.submitter, edition, files, created)))


def worker_loop_of(archive, job, doing, worker="me", slots=4, lease=60.0, grace=30.0):
    settings = dataclasses.replace(Settings.from_env(), lease=lease, deadline=grace / 3)
    return WorkerLoop(archive, settings, worker, job.id, slots, doing)


@contextlib.contextmanager
def running(work, end=lambda: None):
    """A thread that runs `work`, which `end` ends, in the block."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        end()
        thread.join(300)
    assert not thread.is_alive()


def counts(archive, job):
    with archive.reading() as connection:
        return item_queue.counts(connection, job.id)


def versions(archive):
    return sorted((record.id, record.version) for record in archive.records(all_versions=True))


def column(archive, name):
    with archive.reading() as connection:
        return list(connection.scalars(select(items.c[name]).order_by(items.c.position)))


def test_every_item_is_done_once(archive, job):
    worker_loop_of(archive, job, store).run()
    assert counts(archive, job) == item_queue.Counts(0, 0, MANY, 0)
    assert [version for _, version in versions(archive)] == [1] * MANY
    assert column(archive, "payload") == [None] * MANY
    records = {record.id: record.key for record in archive.records()}
    assert column(archive, "record") == [records[id] for id in column(archive, "submitter")]


def test_a_table_that_cannot_be_written_for_a_while_loses_nothing(archive, job, monkeypatch):
    writing, left = archive.writing, iter([True] * 4)

    def failing():
        if next(left, False):
            raise ArchiveUnavailable("不可用。", "Not there.")
        return writing()

    monkeypatch.setattr(archive, "writing", failing)
    worker_loop_of(archive, job, store).run()
    assert next(left, None) is None
    assert counts(archive, job) == item_queue.Counts(0, 0, MANY, 0)
    assert [version for _, version in versions(archive)] == [1] * MANY


def test_an_outage_of_the_archive_ends_with_any_item_but_one_archived_before(archive):
    edition = catalog.edition("annex3", 2021).summary()
    entry = Entry("annex3", 2021, "1", edition, {"payload": b"{}", "docx": b"PK"}, datetime.now(UTC))
    pending = archive.store(entry)
    record = archive.add(entry)
    outcomes = [Done(pending), Done(None, "{}"), Done(record, '{"state": "skipped"}'), Done(record)]
    assert [outcome.ends_outage for outcome in outcomes] == [True, True, True, False]


def test_one_that_cannot_be_recorded_is_tried_again_and_keeps_no_other(archive, job, monkeypatch):
    record, bad, tries = archive.record, column(archive, "submitter")[3], []

    def refusing(pending, connection, *by):
        if pending.entry.id == bad:
            tries.append(bad)
            if len(tries) < 3:
                raise ArchiveUnavailable("不可用。", "Not there.")
        return record(pending, connection, *by)

    monkeypatch.setattr(archive, "record", refusing)
    worker_loop_of(archive, job, store).run()
    assert counts(archive, job) == item_queue.Counts(0, 0, MANY, 0)
    assert (column(archive, "faults"), len(tries)) == ([int(number == 3) for number in range(MANY)], 3)


class Slow:
    """Work that goes on until `end` is set."""

    def __init__(self):
        self.end = threading.Event()
        self.begun = self.ended = 0

    def __call__(self, claim, archive, settings):
        self.begun += 1
        self.end.wait(300)
        try:
            return store(claim, archive, settings)
        finally:
            self.ended += 1


class Clock:
    """A clock in place of `time` that a test advances; sleepers wake when it has advanced far enough."""

    def __init__(self):
        self.now, self.sleepers, self._advanced = time.time(), 0, threading.Condition()

    def time(self):
        return self.now

    monotonic = time

    def sleep(self, seconds):
        with self._advanced:
            until, self.sleepers = self.now + seconds, self.sleepers + 1
            self._advanced.wait_for(lambda: self.now >= until)
            self.sleepers -= 1

    def advance(self, seconds):
        with self._advanced:
            self.now += seconds
            self._advanced.notify_all()


@pytest.fixture
def clock(monkeypatch):
    """The clock of both kinds of workers."""
    made = Clock()
    for module in (worker_loop, celery_task):
        monkeypatch.setattr(module, "time", made)
    return made


def heartbeats(archive):
    return sorted({beat for beat in column(archive, "heartbeat") if beat})


def test_a_lease_is_renewed_while_work_goes_on(archive, job, clock):
    slow = Slow()
    working = worker_loop_of(archive, job, slow, slots=2, lease=60.0)
    with running(working.run, slow.end.set):
        assert awaited(lambda: slow.begun == 2)
        with archive.writing() as connection:
            theirs = item_queue.claim(connection, "other", MANY, clock.now, 600, job.id)
            for claim in theirs:
                item_queue.fail(connection, "other", claim, [])
        for _ in range(4):
            clock.advance(20)
            assert awaited(lambda: heartbeats(archive)[-1] == clock.now)
        with archive.writing() as connection:
            assert item_queue.claim(connection, "other", MANY, clock.now, 600, job.id) == []
    ours = MANY - len(theirs)  # what is at work, and what lies ready
    assert ours >= 2
    assert counts(archive, job) == item_queue.Counts(0, 0, ours, len(theirs))
    assert set(column(archive, "attempts")) == {1}


def test_a_celery_task_renews_its_lease_too(archive, job, clock):
    slow = Slow()
    settings = dataclasses.replace(Settings.from_env(), lease=60.0)
    task = CeleryTask(archive, settings, "me", slow)
    with running(lambda: task.run(1), slow.end.set):
        assert awaited(lambda: slow.begun == 1)
        for _ in range(4):
            assert awaited(lambda: clock.sleepers == 1)
            clock.advance(20)
            assert awaited(lambda: heartbeats(archive) == [clock.now])
        CeleryTask(archive, settings, "other", store).run(1)
    assert (versions(archive), column(archive, "attempts")[0]) == ([("3200000", 1)], 1)


def test_a_process_that_is_stopped_hands_back_what_it_has_not_begun(archive, job):
    slow = Slow()
    stopped = worker_loop_of(archive, job, slow, slots=3)
    with running(stopped.run, slow.end.set):
        assert awaited(lambda: slow.begun == 3)
        stopped.stop()
    assert counts(archive, job) == item_queue.Counts(MANY - 3, 0, 3, 0)
    assert slow.begun == 3


def test_what_does_not_finish_in_time_is_left_to_its_lease(archive, job):
    slow = Slow()
    stopped = worker_loop_of(archive, job, slow, slots=2, grace=0.2)
    with running(stopped.run):
        assert awaited(lambda: slow.begun == 2)
        stopped.stop()
    assert counts(archive, job) == item_queue.Counts(MANY - 2, 2, 0, 0)
    slow.end.set()
    assert awaited(lambda: slow.ended == 2)


def test_what_may_pass_is_tried_again(archive, job):
    tried = []

    def busy_once(claim, archive, settings):
        tried.append(claim.submitter)
        if tried.count(claim.submitter) == 1 and claim.submitter.endswith("7"):
            return Postponed(item_errors.errors_of(QueueFull("满。", "Full.")))
        return store(claim, archive, settings)

    worker_loop_of(archive, job, busy_once).run()
    assert counts(archive, job) == item_queue.Counts(0, 0, MANY, 0)
    assert len(tried) == MANY + 3
    assert sorted(column(archive, "faults"))[-4:] == [0, 1, 1, 1]


def test_errors_in_the_table_are_read_back_whole(archive, tmp_path):
    source = tmp_path / "in.ndjson"
    data = {"association_name": 5, "background": "字" * 2001, "fax": None}
    source.write_text(json.dumps({"form": "annex3", "year": 2021, "id": "a", "data": data}))
    job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
    job_store.load(archive, job, read_input.read(source))
    worker_loop_of(archive, job, process_item.process).run()
    (failure,) = failures(archive, job.id)
    assert [error.pointer for error in failure.errors] == ["/association_name", "/fax", "/background"]
    assert all(error.label and error.message.zh and error.message.en for error in failure.errors)


def opened(archive, source):
    """A job of annex3 whose items have been read."""
    made = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
    job_store.load(archive, made, read_input.read(source, "annex3", 2021))
    return made


def test_the_warnings_of_a_row_are_listed_and_kept_in_its_record(archive, tmp_path):
    rows = [["编号", "县级科协名称"], ["shown", "甲县科协"], ["hidden", "乙县科协"]]
    source = tmp_path / "in.xlsx"
    source.write_bytes(workbook(rows, hidden=[3]))
    made = opened(archive, source)
    (listed,) = warned(archive, made.id)
    assert (listed.id, str(listed.place), [each.code for each in listed.errors]) == (
        "hidden",
        "Sheet1!3",
        ["hidden_row"],
    )
    process_all(archive, made)
    found = {record.id: archive.manifest(record)["warnings"] for record in archive.records()}
    assert [each["code"] for each in found["hidden"]] == ["hidden_row"]
    assert found["shown"] == []


INDENTED = "\u3000\u3000一、强基层。"


def test_what_is_made_whole_in_a_sheet_is_reported_with_its_cell(archive, tmp_path):
    rows = [
        ["编号", "县级科协名称", "背景"],
        ["a", "甲县科协", "一"],
        ["b", "\u3000乙县\u00a0科协\t", INDENTED],
    ]
    source = tmp_path / "in.xlsx"
    source.write_bytes(workbook(rows))
    job = opened(archive, source)
    process_all(archive, job)
    (listed,) = warned(archive, job.id)
    assert (listed.id, [each.message.zh for each in listed.errors]) == (
        "b",
        [
            "工作表“Sheet1”第 3 行 B 列“县级科协名称”：首尾有空白或看不见的字符（U+3000 U+0009），已删去。",
            "工作表“Sheet1”第 3 行 B 列“县级科协名称”：含有不换行空格（U+00A0）1 处，已改为普通空格。",
            "工作表“Sheet1”第 3 行 C 列“背景”：段首有空白（U+3000）1 处，表单已有缩进，已删去。",
        ],
    )


def test_what_is_made_whole_is_reported_and_the_archive_keeps_the_payload_as_sent(archive, tmp_path):
    data = {"association_name": " 甲县科协\u2028", "background": INDENTED}
    source = tmp_path / "in.ndjson"
    source.write_text(json.dumps({"form": "annex3", "year": 2021, "id": "a", "data": data}))
    job = opened(archive, source)
    process_all(archive, job)
    (record,) = archive.records()
    assert json.loads(archive.read(record, "payload")) == data
    kept = [(each["pointer"], each["code_point"]) for each in archive.manifest(record)["warnings"]]
    assert kept == [("/association_name", "U+0020 U+2028"), ("/background", "U+3000")]
    (listed,) = warned(archive, job.id)
    assert [each.message.en for each in listed.errors] == [
        "Line 1, 县级科协名称: Has white space or invisible characters around it (U+0020 U+2028): removed.",
        "Line 1, 背景: Has white space (U+3000) before 1 of its paragraphs, which the form indents: removed.",
    ]
