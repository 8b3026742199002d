"""The queue that the table of items is: claims, leases, marks, the errors of items; on both databases."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading

import pytest
from sqlalchemy import event, select, text

from service.archive import Archive
from service.batch.inputs import read_input
from service.batch.jobs import item_queue, job_store, retries, webhook_queue
from service.batch.jobs.failures import failures
from service.batch.jobs.item_errors import from_json, worker_lost
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import items
from service.config import Settings
from service.errors import Bilingual, FieldError
from service.processes import process_identity
from tests.helpers.processes import awaited

WRONG = FieldError("/x", "项", "wrong", Bilingual("错。", "Wrong."))
NOW = 5_000_000_000.0  # later than any item is due


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request, tmp_path):
    values = {"KEXIE_ARCHIVE": str(tmp_path / "archive")}
    if request.param == "postgresql":
        values["KEXIE_DATABASE_URL"] = request.getfixturevalue("postgresql").database()
    with Archive.open(Settings.from_env(values)) as opened:
        yield opened


def line(id, form="annex3", year=2021, **data):
    return json.dumps({"form": form, "year": year, "id": id, "data": data}) + "\n"


def loaded(archive, tmp_path, *lines):
    """A job of these lines."""
    source = tmp_path / "in.ndjson"
    source.write_text("".join(lines), encoding="utf-8")
    job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
    job_store.load(archive, job, read_input.read(source))
    return job


@pytest.fixture
def job(archive, tmp_path):
    return loaded(archive, tmp_path, *map(line, "abcd"))


def claim(archive, job, worker, count=1, now=NOW, lease=60.0):
    with archive.writing() as connection:
        return item_queue.claim(connection, worker, count, now, lease, job.id)


def rows(archive, job):
    with archive.reading() as connection:
        found = select(items).where(items.c.job == job.id).order_by(items.c.position)
        return connection.execute(found).all()


def ids(claims):
    return [claim.submitter for claim in claims]


def test_an_item_is_claimed_once_until_its_lease_is_over(archive, job):
    assert ids(claim(archive, job, "one", 3)) == ["a", "b", "c"]
    assert ids(claim(archive, job, "two", 3)) == ["d"]
    assert ids(claim(archive, job, "two", 3, NOW + 59)) == []
    again = claim(archive, job, "two", 4, NOW + 61)
    assert ids(again) == ["a", "b", "c", "d"]
    assert [(found.attempt, found.created) for found in again] == [(2, NOW)] * 4


def test_a_renewed_lease_holds(archive, job):
    held = claim(archive, job, "one", 2)
    with archive.writing() as connection:
        item_queue.renew(connection, "one", held[:1], NOW + 50, 60)
    assert ids(claim(archive, job, "two", 4, NOW + 100)) == ["b", "c", "d"]
    assert [row.worker for row in rows(archive, job)] == ["one", "two", "two", "two"]


def test_many_claim_at_once_and_none_gets_anothers(archive, tmp_path):
    job = loaded(archive, tmp_path, *(line(str(number)) for number in range(60)))
    got = {name: [] for name in "pqrs"}

    def take(name):
        while found := claim(archive, job, name, 3):
            got[name] += ids(found)

    threads = [threading.Thread(target=take, args=(name,)) for name in got]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(itertools.chain(*got.values()), key=int) == [str(number) for number in range(60)]


def test_who_lost_the_lease_cannot_mark(archive, job):
    (mine,) = claim(archive, job, "one")
    (theirs,) = [found for found in claim(archive, job, "two", 4, NOW + 61) if found.id == mine.id]
    with archive.writing() as connection:
        assert item_queue.done(connection, "one", mine) is False
        item_queue.fail(connection, "one", mine, [WRONG])
        item_queue.release(connection, "one", mine, [WRONG], NOW)
        item_queue.requeue(connection, "one", mine, NOW)
    assert rows(archive, job)[0].state == "running"
    with archive.writing() as connection:
        assert item_queue.done(connection, "two", theirs) is True
    assert rows(archive, job)[0].state == "done"


def test_what_may_pass_is_tried_again_later_each_time_and_fails_at_last(archive, tmp_path):
    job = loaded(archive, tmp_path, line("a"))
    now, waits = NOW, []
    for _ in range(retries.MOST_FAULTS):
        (found,) = claim(archive, job, "one", 4, now)
        with archive.writing() as connection:
            item_queue.release(connection, "one", found, [WRONG], now)
        (row,) = rows(archive, job)
        if row.due:
            assert claim(archive, job, "two", 4, row.due - 0.01) == []
            waits.append(row.due - now)
            now = row.due
    assert (row.state, row.faults, from_json(row.errors)) == ("failed", retries.MOST_FAULTS, (WRONG,))
    assert [seconds // least for seconds, least in zip(waits, (1, 4, 16, 64), strict=True)] == [1.0] * 4


def test_what_failed_an_item_is_claimed_alone_after_the_others(archive, job):
    for found in claim(archive, job, "one", 2):
        with archive.writing() as connection:
            item_queue.release(connection, "one", found, [WRONG], NOW)
    later = NOW + 60
    assert ids(claim(archive, job, "two", 4, later)) == ["c", "d"]
    assert len(claim(archive, job, "two", 4, later)) == 1
    assert len(claim(archive, job, "two", 4, later)) == 1


def test_what_is_handed_back_can_be_claimed_at_once_and_counts_no_attempt(archive, job):
    (found,) = claim(archive, job, "one")
    with archive.writing() as connection:
        item_queue.requeue(connection, "one", found, NOW)
    again = claim(archive, job, "two", 4)
    assert [(found.submitter, found.attempt) for found in again] == [(id, 1) for id in "abcd"]


def test_failed_items_stay_failed_until_asked_for(archive, tmp_path):
    job = loaded(archive, tmp_path, line("a"), "{broken\n", line("b"))
    for found in claim(archive, job, "one", 2):
        with archive.writing() as connection:
            item_queue.fail(connection, "one", found, [WRONG])
    assert claim(archive, job, "two", 9, NOW + 1e6) == []
    with archive.writing() as connection:
        assert item_queue.retry_failed(connection, job.id, NOW) == 2
        assert item_queue.counts(connection, job.id) == item_queue.Counts(2, 0, 0, 1)
    assert ids(claim(archive, job, "two", 9)) == ["a", "b"]


@pytest.fixture
def process():
    """A process that has started a worker, whose name is on its standard output."""
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield parent
    parent.kill()
    parent.communicate(timeout=300)


_CHILD = "from service.processes import process_identity; print(process_identity.name(), flush=True); input()"
_PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {_CHILD!r}], stdin=subprocess.PIPE)
for order in sys.stdin:
    child.kill()
    child.wait()
    print("ended", flush=True)
"""


def ended(process, *, alone):
    """Ends the worker; with `alone` its parent lives on."""
    process.stdin.write("end\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ended\n"
    if not alone:
        process.kill()
        process.wait(300)


@pytest.mark.parametrize("alone", [True, False], ids=["died alone", "killed with its parent"])
def test_what_a_dead_worker_of_this_machine_held_is_free_at_once(archive, job, process, alone):
    worker = process.stdout.readline().strip()
    claim(archive, job, worker, 2)
    claim(archive, job, process_identity.name(), 1)
    with archive.writing() as connection:
        assert item_queue.recover(connection, NOW, job.id) == 0
    ended(process, alone=alone)
    with archive.writing() as connection:
        assert item_queue.recover(connection, NOW, job.id) == 2
    found = rows(archive, job)
    assert [row.state for row in found] == ["queued", "queued", "running", "queued"]
    assert [row.faults for row in found[:2]] == ([1, 1] if alone else [0, 0])


def test_an_item_over_which_workers_end_again_and_again_fails(archive, job, process):
    worker = process.stdout.readline().strip()
    claim(archive, job, worker)
    with archive.writing() as connection:
        connection.execute(items.update().where(items.c.submitter == "a").values(faults=4))
    ended(process, alone=True)
    with archive.writing() as connection:
        assert item_queue.recover(connection, NOW, job.id) == 1
    (failed,) = failures(archive, job.id)
    assert (failed.id, failed.errors) == ("a", (worker_lost(),))


def test_another_machines_worker_is_left_to_its_lease(archive, job):
    claim(archive, job, "elsewhere/boot/1/2.3/4.5", 2)
    with archive.writing() as connection:
        assert item_queue.recover(connection, NOW, job.id) == 0


def test_the_same_input_is_the_same_job_and_other_options_are_another(archive, tmp_path):
    first = loaded(archive, tmp_path, line("a"))
    again = loaded(archive, tmp_path, line("a"))
    assert (again.id, again.loaded, len(rows(archive, again))) == (first.id, True, 1)
    other = job_store.open_job(
        archive, "in", job_store.sha256(tmp_path / "in.ndjson"), Options(("docx", "pdf"))
    )
    assert other.id != first.id


def test_loading_goes_on_where_it_was_cut_short(archive, tmp_path):
    source = tmp_path / "in.ndjson"
    source.write_text("".join(line(str(number)) for number in range(450)), encoding="utf-8")
    job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))

    def cut_short():
        for number, item in enumerate(read_input.read(source)):
            if number == 410:
                raise KeyboardInterrupt
            yield item

    with pytest.raises(KeyboardInterrupt):
        job_store.load(archive, job, cut_short())
    assert len(rows(archive, job)) == 400
    again = job_store.open_job(archive, source.name, job_store.sha256(source), Options(("docx",)))
    assert (again.id, again.loaded) == (job.id, False)
    job_store.load(archive, again, read_input.read(source))
    assert [row.submitter for row in rows(archive, job)] == [str(number) for number in range(450)]


@pytest.mark.parametrize("apart", [1, 300], ids=["side by side", "in another transaction"])
def test_an_id_twice_is_an_error_that_names_both_places(archive, tmp_path, apart):
    between = [line(f"x{number}") for number in range(apart - 1)]
    job = loaded(archive, tmp_path, line("a"), *between, line("a", background="other"), line("a", "annex1"))
    (failed,) = failures(archive, job.id)
    assert (str(failed.place), failed.id) == (f"line {apart + 1}", "a")
    (error,) = failed.errors
    assert (error.code, error.pointer) == ("duplicate_id", "/id")
    assert f"at line 1, then at line {apart + 1}." in error.message.en
    assert f"先在第 1 行，又在第 {apart + 1} 行" in error.message.zh


def test_an_id_in_every_line_is_compared_with_its_first_line_alone(archive, tmp_path):
    steps = []

    @event.listens_for(archive.engine, "after_cursor_execute")
    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith("WITH asked") and archive.engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(step.detail for step in plan)

    job = loaded(archive, tmp_path, *[line("a")] * 450)
    assert [each.position for each in failures(archive, job.id)] == list(range(1, 450))
    assert [each.position for each in failures(archive, job.id, 440, 2)] == [441, 442]
    assert not [step for step in steps if "TEMP B-TREE" in step or step == "SCAN items"]
    assert steps or archive.engine.dialect.name == "postgresql"


def test_what_json_cannot_hold_is_refused_as_validate_does(archive, tmp_path):
    twice = '{"form":"annex3","year":2021,"id":"a","data":{"background":"x","background":"y"}}\n'
    huge = '{"form":"annex1","year":2021,"id":"b","data":{"bonus":1e9999999999999999999}}\n'
    half = '{"form":"annex3","year":2021,"id":"c","data":{"background":"\\ud800"}}\n'
    job = loaded(archive, tmp_path, twice, huge, half)
    failed = failures(archive, job.id)
    found = {one.id: [(error.pointer, error.code) for error in one.errors] for one in failed}
    assert found["a"] == [("/background", "duplicate_key")]
    assert [pointer for pointer, _ in found["b"]] == ["/bonus"]
    assert [pointer for pointer, _ in found["c"]] == ["/background"]


class TestSending:
    """What the sweeper names to the broker."""

    def send(self, archive, now, most=10, again=60.0):
        with archive.writing() as connection:
            return item_queue.to_send(connection, now, again, most)

    def test_each_item_is_named_once_and_as_many_as_may_wait(self, archive, job):
        assert len(self.send(archive, NOW, most=3)) == 3
        assert self.send(archive, NOW, most=3) == []
        assert len(self.send(archive, NOW, most=9)) == 1

    def test_one_that_nobody_took_is_named_again(self, archive, job):
        first = self.send(archive, NOW)
        assert self.send(archive, NOW + 59) == []
        assert self.send(archive, NOW + 61) == first

    def test_one_that_is_worked_on_is_not(self, archive, job):
        first = self.send(archive, NOW)
        with archive.writing() as connection:
            claimed = item_queue.claim_one(connection, "one", first[0], NOW, 300)
            assert item_queue.claim_one(connection, "two", first[0], NOW, 300) is None
        assert claimed.submitter == "a"
        assert self.send(archive, NOW + 61) == first[1:]
        with archive.writing() as connection:
            item_queue.done(connection, "one", claimed)
            assert item_queue.claim_one(connection, "two", first[0], NOW + 999, 300) is None
        assert self.send(archive, NOW + 999) == first[1:]

    def test_one_that_was_released_is_named_when_it_is_due(self, archive, job):
        (first, *_) = self.send(archive, NOW)
        with archive.writing() as connection:
            item_queue.release(
                connection, "one", item_queue.claim_one(connection, "one", first, NOW, 60), [WRONG], NOW
            )
        assert self.send(archive, NOW + 0.5) == []
        assert self.send(archive, NOW + 3) == [first]


@pytest.mark.parametrize(
    ("strange", "code"),
    [
        ({"id": "a\ud800"}, "bad_id"),
        ({"id": "a\0b"}, "bad_id"),
        ({"form": "annex\udfff2"}, "unknown_form"),
        ({"form": "annex2\0"}, "unknown_form"),
        ({"year": 10**19}, "bad_year"),
        ({"year": -(2**40)}, "bad_year"),
    ],
)
def test_what_no_table_can_hold_fails_alone(archive, tmp_path, strange, code):
    item = json.dumps({**json.loads(line("b")), **strange}) + "\n"
    job = loaded(archive, tmp_path, line("a"), item, line("c"))
    (failure,) = failures(archive, job.id)
    assert (str(failure.place), [error.code for error in failure.errors]) == ("line 2", [code])
    assert failure.id == strange.get("id", "b").replace("\ud800", "\\ud800").replace("\0", "\\x00")
    assert [taken.submitter for taken in claim(archive, job, "me", 9)] == ["a", "c"]


def test_a_job_has_anything_name_its_input_has(archive):
    name = "\udcff\0表.ndjson"
    job = job_store.open_job(archive, name, "0" * 64, Options(("docx",)))
    assert (job.name, job_store.open_job(archive, name, "0" * 64, Options(("docx",)))) == (
        "\\udcff\\x00表.ndjson",
        job,
    )


def registers(connection, job):
    webhook_queue.register(connection, job.id, "http://hooks.example.cn/", "http://here/", NOW)


def ends(connection, job):
    job_store.finish(connection, job.id, finished=True)


@pytest.mark.parametrize(("first", "second"), [(registers, ends), (ends, registers)])
@pytest.mark.parametrize("archive", ["postgresql"], indirect=True)
def test_a_batch_that_ends_while_a_webhook_is_registered_is_reported(archive, job, first, second):
    def work():
        with archive.writing() as connection:
            second(connection, job)

    def waits():
        found = text("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        with archive.reading() as connection:
            return connection.scalar(found) or not thread.is_alive()

    thread = threading.Thread(target=work)
    with archive.writing() as connection:
        first(connection, job)
        thread.start()
        assert awaited(waits)
    thread.join(300)
    with archive.reading() as connection:
        assert [hook.state for hook in webhook_queue.of_batch(connection, job.id)] == ["pending"]
