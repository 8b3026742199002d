"""Keeping and letting go: what is due, what is held, destruction in two steps, and that nothing is left."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import insert, select, text

from service.access import ApiKeys
from service.archive import sqlite_database
from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SEALED, SIGNED
from service.archive.database_handle import DatabaseHandle
from service.archive.migrations.versions import r0020_period_setters
from service.audit import chain_proof
from service.audit.audit_table import AUDIT
from service.audit.event import Actor, process_actor
from service.batch.jobs import job_store
from service.batch.jobs.job_store import Options
from service.batch.jobs.job_tables import DONE, FAILED, items, sheets
from service.catalog import edition
from service.config import Settings
from service.drafts.draft_store import DraftStore
from service.errors import UnknownRecord, UsageError
from service.retention import agreement, destruction_list, holds
from service.retention.destroy import destroy
from service.retention.retention_tables import DESTROYED, DOOMED, WITHDRAWN
from service.web.http.idempotency_store import IdempotencyStore, StoredResponse
from tests.helpers.archive import entry, faults

OLD = datetime(2010, 12, 31, 17, tzinfo=UTC)  # in China, 2011
SECRET = "云泽县绝密之名"
WHY = ("--reason", "鉴定会纪要")


@pytest.fixture
def run(run, monkeypatch):
    monkeypatch.setenv("KEXIE_SECOND_PERSON", "0")
    return lambda *words: run("retention", *words)


def old(id, files=None, **more):
    payload = json.dumps({"cover": {"applicant": SECRET}}, ensure_ascii=False).encode()
    files = files or {"payload": payload, "docx": f"PK {SECRET} {id}".encode()}
    return entry(id, created=OLD, files=files, **more)


def proposed(run, *options):
    result = run("propose", "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def acts(archive):
    with archive.reading() as connection:
        assert chain_proof.prove(connection).fault is None
        found = connection.execute(text("SELECT action, id, detail FROM audit ORDER BY seq")).all()
    return [tuple(row) for row in found if row.action.startswith(("hold", "deletion", "retention"))]


def test_a_record_is_due_after_its_period_which_begins_with_the_next_year(run, archive):
    archive.add(old("a"))
    archive.add(entry("young", files={"docx": b"PK young"}, created=datetime.now(UTC)))
    assert (run("due").stdout, run("due").stderr) == ("", "没有到期的档案 / no record is due\n")
    run("set", "annex2", "10年", *WHY)
    due = json.loads(run("due", "--json").stdout)
    assert [(row["id"], row["due"], row["submitter"]) for row in due] == [("a", "2022-01-01", SECRET)]
    assert run("due").stdout.endswith(f"\t2022-01-01\t{SECRET}\n")
    run("set", "annex2", "permanent", "--year", "2021")
    assert run("due").stdout == ""
    listed = json.loads(run("periods", "--json").stdout)
    assert [(row["year"], row["years"]) for row in listed] == [(0, 10), (2021, None)]
    assert run("set", "annex2", "soon").exit_code == run("set", "annex9", "10").exit_code == 2


def test_the_same_records_are_not_listed_twice(run, archive):
    archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    first = proposed(run)["id"]
    again = run("propose")
    assert (again.exit_code, f"已列入清册 {first}" in again.stderr) == (2, True)
    run("withdraw", first)
    assert proposed(run)["id"] != first


def test_a_shorter_period_needs_a_reason_which_is_kept(run, archive):
    assert run("set", "annex2", "30").exit_code == 0  # no record is kept by it yet
    refused = run("set", "annex2", "10", "--year", "2021")
    assert (refused.exit_code, "缩短保管期限的依据" in refused.stderr) == (2, True)
    assert run("set", "annex2", "10", "--year", "2021", "--reason", "鉴定会纪要3号").exit_code == 0
    assert run("set", "annex2", "permanent", "--year", "2021").exit_code == 0
    assert run("set", "annex2", "50", "--year", "2021").exit_code == 2
    found = json.loads(run("changes", "--json").stdout)
    assert [(each["before"], each["years"], each["reason"], each["first"]) for each in found] == [
        (None, 30, "", True),
        (30, 10, "鉴定会纪要3号", False),
        (10, None, "", False),
    ]


def test_the_first_period_of_archived_records_shortens_keeping_for_good(run, archive):
    archive.add(old("a"))
    for year in ((), ("--year", "2021")):
        refused = run("set", "annex2", "10", *year)
        assert (refused.exit_code, "此前未设定即永久保管，且已有档案" in refused.stderr) == (2, True)
    assert run("periods").stdout == run("due").stdout == ""
    for words in (("annex2", "10", "--year", "2020"), ("annex1", "30"), ("annex2", "永久", "--year", "2021")):
        assert run("set", *words).exit_code == 0, words
    assert run("set", "annex2", "10", "--year", "2021").exit_code == 2
    assert run("set", "annex2", "10", "--year", "2021", *WHY).exit_code == 0
    who = process_actor().who
    listed = json.loads(run("periods", "--json").stdout)
    assert [(each["form"], each["year"], each["who"]) for each in listed] == [
        ("annex1", 0, who),
        ("annex2", 2020, who),
        ("annex2", 2021, who),
    ]
    assert listed[2]["changed"] == json.loads(run("changes", "--json").stdout)[-1]["changed"]
    assert f"服务器上的用户 {who.removeprefix('user:')}" in run("periods").stdout
    assert run("changes").stdout.count("是 yes") == 3


def test_who_set_a_period_of_a_version_before_is_taken_from_the_log(run, archive):
    run("set", "annex2", "30")
    run("set", "annex2", "40", "--year", "2021")
    before = run("periods", "--json").stdout
    with archive.writing() as connection:
        connection.execute(text("UPDATE retention_periods SET changed = NULL, who = NULL"))
    assert run("periods").stdout.count("\t-\t-\n") == 2
    with archive.writing() as connection:
        for column, logged in r0020_period_setters.LOGGED:
            connection.execute(text(r0020_period_setters.LAST_SET.format(column=column, logged=logged)))
    found = [
        (each["form"], each["year"], each["who"]) for each in json.loads(run("periods", "--json").stdout)
    ]
    assert found == [(each["form"], each["year"], each["who"]) for each in json.loads(before)]
    assert all(each["changed"] for each in json.loads(run("periods", "--json").stdout))


def test_what_is_kept_held_or_young_is_not_listed(run, archive):
    record = archive.add(old("a"))
    refused = run("propose", "--id", "a")
    assert (refused.exit_code, "永久保管" in refused.stderr) == (2, True)
    run("set", "annex2", "30", *WHY)
    assert "保管到 2042-01-01" in run("propose", "--id", "a").stderr
    run("set", "annex2", "10", "--reason", "鉴定会纪要3号")
    assert run("hold", record.key, "--reason", "云财审〔2031〕7号").exit_code == 0
    assert "已冻结" in run("propose", "--id", "a").stderr
    assert "没有到期" in run("propose").stderr
    assert "7号" in run("holds").stdout
    assert run("lift", "a").exit_code == 2
    assert run("lift", "a", "--reason", "审计结束").exit_code == 0
    assert run("lift", record.key, "--reason", "审计结束").exit_code == 2
    lifted, _, _ = json.loads(run("changes", "--json").stdout)
    assert (lifted["id"], lifted["reason"], lifted["lifted_because"]) == (
        "a",
        "云财审〔2031〕7号",
        "审计结束",
    )
    assert run("changes").stdout.count("+08:00") == 4
    assert len(proposed(run)["records"]) == 1


def test_destruction_takes_two_steps_and_is_checked_again_in_the_second(run, archive):
    record = archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    assert run("destroy", "a", "--records", "1").exit_code == 2
    id = proposed(run)["id"]
    assert "不是 2 条" in run("destroy", id, "--records", "2").stderr
    run("hold", record.key, "--reason", "x")
    assert "已冻结" in run("destroy", id, "--records", "1").stderr
    run("lift", record.key, "--reason", "y")
    run("set", "annex2", "30", *WHY)
    assert "保管到" in run("destroy", id, "--records", "1").stderr
    run("set", "annex2", "10", "--reason", "鉴定会纪要")
    archive.add(entry("a", created=OLD, files={"docx": b"PK 2"}))
    assert "有变化" in run("destroy", id, "--records", "1").stderr
    assert run("withdraw", id).exit_code == 0
    assert "已撤回" in run("destroy", id, "--records", "1").stderr
    assert archive.get(record.key) == record
    assert [(of, detail) for act, of, detail in acts(archive) if act == "deletion"] == [(None, id)] * 5


def test_others_can_write_while_a_list_is_checked_and_what_they_changed_counts(run, archive, monkeypatch):
    monkeypatch.setattr(sqlite_database, "TIMEOUT", 0)
    record = archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    check, meanwhile = agreement.refuse_disagreeing, []

    def checked(*of):
        check(*of)
        while meanwhile:
            meanwhile.pop()()

    monkeypatch.setattr(agreement, "refuse_disagreeing", checked)
    for change, said in (
        (lambda: run("hold", record.key, "--reason", "x"), "已冻结"),
        (lambda: run("withdraw", id), "已撤回"),
    ):
        meanwhile.append(change)
        refused = run("destroy", id, "--records", "1")
        assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
        run("lift", record.key, "--reason", "y")
    id = proposed(run)["id"]
    meanwhile.append(lambda: behind(archive, "UPDATE records SET warnings = 1"))
    assert "在核对期间有变化" in run("destroy", id, "--records", "1").stderr
    assert archive.get(record.key)


def test_after_destruction_the_list_and_the_log_stay_and_nothing_else(run, archive, place):
    record, other = archive.add(old("a")), archive.add(old("b", tenant="望川县"))
    job = job_store.open_job(archive, "in", "0" * 64, Options(("docx",)))
    with archive.writing() as connection:
        row = {"job": job.id, "position": 0, "place": "1", "form": "annex2", "year": 2021, "submitter": "a"}
        row |= {"state": DONE, "attempts": 1, "faults": 0, "record": record.key, "payload": SECRET.encode()}
        connection.execute(insert(items), {**row, "errors": SECRET, "remarks": SECRET})
        connection.execute(insert(sheets), {"job": job.id, "number": 0, "piece": SECRET.encode()})
    settings = Settings.from_env()
    answers = IdempotencyStore(settings, DatabaseHandle(settings))
    answers.keep(answers.claim("", "key", "request"), StoredResponse(200, [], SECRET.encode()))
    run("set", "annex2", "10", *WHY)
    listed = proposed(run, "--tenant", "")
    assert [each["id"] for each in listed["records"]] == ["a"]
    assert run("destroy", listed["id"], "--records", "1").exit_code == 0
    assert archive.named([record.key, other.key]).keys() == {other.key}
    assert archive.read(other, "payload")  # the same bytes as those of the destroyed one
    assert faults(archive) == []
    with archive.reading() as connection:
        assert connection.scalars(select(DOOMED)).all() == []
    found = json.loads(run("show", listed["id"], "--json").stdout)
    assert found["state"] == "destroyed"
    assert found["records"][0]["files"]["docx"][0] == record.files["docx"].sha256
    assert acts(archive)[-2:] == [
        ("deletion_proposed", "a", f"{listed['id']} records=1"),
        ("deletion", "a", listed["id"]),
    ]
    second = proposed(run, "--tenant", "望川县")
    assert run("destroy", second["id"], "--records", "1").exit_code == 0
    assert run("destroy", second["id"], "--records", "1").exit_code == 0  # again, as after an interruption
    archive.close()
    kept = place / "kept"
    left = [path for path in kept.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert left == []
    assert SECRET[:3].encode() not in (kept / "index.sqlite").read_bytes()
    assert [path for path in (kept / "objects").rglob("*") if not path.is_dir()] == []


def test_what_batches_refused_of_a_destroyed_submission_is_gone_with_their_sheets(run, archive, place):
    archive.add(old("a"))
    known, others = {"form": "annex2", "year": 2021}, "望川县留存之名"
    rows = [  # a row of a sheet, a document whose form was not recognised, another tenant's, another form's
        ("", SECRET, {**known, "errors": SECRET}),
        ("", SECRET, {"payload": SECRET.encode(), "document": f"{SECRET}.docx"}),
        ("望川县", others, {**known, "payload": others.encode()}),
        ("", others, {**known, "form": "annex1", "payload": others.encode()}),
    ]
    for number, (tenant, data, row) in enumerate(rows):
        job = job_store.open_job(archive, "in", f"{number:064}", Options(("docx",), tenant))
        row |= {"job": job.id, "position": 0, "place": "1", "submitter": "a", "state": FAILED}
        with archive.writing() as connection:
            connection.execute(insert(items), {**row, "attempts": 1, "faults": 0})
            connection.execute(insert(sheets), {"job": job.id, "number": 0, "piece": data.encode()})
    run("set", "annex2", "10", *WHY)
    assert run("destroy", proposed(run)["id"], "--records", "1").exit_code == 0
    assert SECRET.encode() not in (place / "kept" / "index.sqlite").read_bytes()
    with archive.reading() as connection:
        assert connection.scalars(select(sheets.c.piece)).all() == [others.encode()] * 2
        assert connection.scalars(select(items.c.payload).order_by("id")).all()[2:] == [others.encode()] * 2


def test_the_submissions_of_a_list_are_destroyed_with_all_their_versions(run, archive):
    later = datetime(2012, 3, 1, tzinfo=UTC)
    for id, newest in (("a", OLD), ("b", later)):
        archive.add(old(id))
        archive.add(entry(id, created=newest, files={"docx": f"PK 2 {id}".encode()}))
    kept = archive.add(old("kept", year=2020))
    run("set", "annex2", "10", "--year", "2021", *WHY)
    listed = proposed(run)
    days = [(each["id"], each["due"], each["years"]) for each in listed["records"]]
    assert days == [("a", "2022-01-01", 10)] * 2 + [("b", "2023-01-01", 10)] * 2
    assert run("destroy", listed["id"], "--records", "4").exit_code == 0
    assert [each.key for each in archive.records(all_versions=True)] == [kept.key]
    assert [id for act, id, _ in acts(archive) if act == "deletion"] == ["a", "a", "b", "b"]


def test_a_reader_of_what_was_before_is_reported_and_the_next_run_leaves_no_trace(
    run, archive, place, monkeypatch
):
    monkeypatch.setattr(sqlite_database, "TIMEOUT", 0)
    archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    with closing(sqlite3.connect(place / "kept" / "index.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM record_search").fetchall()
        refused = run("destroy", id, "--records", "1")
        assert (refused.exit_code, "暂不可用" in refused.stderr) == (6, True)
    assert run("destroy", id, "--records", "1").exit_code == 0
    assert SECRET.encode() not in (place / "kept" / "index.sqlite").read_bytes()
    assert (place / "kept" / "index.sqlite-wal").stat().st_size == 0


def test_a_list_ends_once_and_what_is_gone_is_not_held(run, archive):
    record = archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    with archive.writing() as connection:
        destruction_list.end(connection, id, WITHDRAWN, process_actor())
        with pytest.raises(UsageError, match="已撤回"):  # as by a process that read it before
            destruction_list.end(connection, id, DESTROYED, process_actor())
    assert run("destroy", proposed(run)["id"], "--records", "1").exit_code == 0
    with archive.writing() as connection, pytest.raises(UsageError, match="已销毁"):
        holds.hold(connection, record, "x", process_actor())


def test_a_tenant_is_removed_whole_unless_one_of_its_records_is_held(run, archive):
    archive.add(old("theirs", tenant="望川县"))
    record = archive.add(old("ours", tenant="云泽县"))
    settings = Settings.from_env()
    drafts = DraftStore(settings, DatabaseHandle(settings))
    kept, gone = (drafts.add(tenant, "annex2 2021", {"a": SECRET}) for tenant in ("望川县", "云泽县"))
    run("hold", record.key, "--reason", "x")
    assert "已冻结" in run("propose", "--whole-tenant", "云泽县").stderr
    run("lift", record.key, "--reason", "y")
    assert run("propose", "--whole-tenant", "云泽县", "--form", "annex2").exit_code == 2
    listed = proposed(run, "--whole-tenant", "云泽县")
    assert listed["reason"] == "整个租户“云泽县”：整体移除"
    assert [(each["due"], each["years"]) for each in listed["records"]] == [(None, None)]
    assert acts(archive)[-1][2] == f"{listed['id']} whole_tenant records=1"
    assert run("destroy", listed["id"], "--records", "1").exit_code == 0
    assert [each.id for each in archive.records()] == ["theirs"]
    with archive.reading() as connection:
        assert connection.execute(text("SELECT id FROM drafts")).scalars().all() == [kept.link.id]
    assert gone.link.id != kept.link.id


def test_what_is_archived_while_equal_bytes_are_destroyed_has_its_files(run, archive):
    archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    pending = archive.store(old("a"))  # equal to the newest version
    behind = archive.store(old("b", files=pending.entry.files))
    assert run("destroy", id, "--records", "1").exit_code == 0
    with archive.writing() as connection:
        records = [archive.record(each, connection) for each in (pending, behind)]
    assert [archive.read(each, part) for each in records for part in ("payload", "manifest")]
    assert faults(archive) == []


def test_nothing_is_added_to_a_destroyed_record(run, archive):
    record = archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    assert run("destroy", proposed(run)["id"], "--records", "1").exit_code == 0
    with pytest.raises(UnknownRecord, match="已销毁"):
        add_file.add(archive, record, SEALED, b"%PDF", PDF, {}, process_actor())
    assert faults(archive) == []  # nor is the file left


@pytest.mark.parametrize("kind", [SEALED, SIGNED])
def test_a_list_without_what_was_added_since_is_refused_and_the_next_one_leaves_nothing(
    run, archive, place, kind
):
    record = archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    added, _ = add_file.add(archive, record, kind, b"%PDF", PDF, {}, process_actor())
    refused = run("destroy", id, "--records", "1")
    assert (refused.exit_code, "“a”的文件与清册所列不同" in refused.stderr) == (2, True)
    assert archive.get(record.key) == record
    run("withdraw", id)
    listed = proposed(run)
    files = listed["records"][0]["files"]
    assert [files[name][0] for name in (added.name, added.statement_name)] == [
        added.file.sha256,
        added.statement,
    ]
    assert run("destroy", listed["id"], "--records", "1").exit_code == 0
    assert [path for path in (place / "kept" / "objects").rglob("*") if not path.is_dir()] == []


def test_who_proposed_may_not_carry_out_unless_one_person_is_enough(run, archive, monkeypatch):
    archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    monkeypatch.delenv("KEXIE_SECOND_PERSON")
    refused = run("destroy", id, "--records", "1")
    assert (refused.exit_code, "是您（服务器上的用户 " in refused.stderr) == (2, True)
    assert "须由另一人核对后执行。还没有能执行第二步的另一人：" in refused.stderr
    assert archive.count() == 1
    done = destroy(archive, id, 1, Actor("key:0123456789ab", "-"), second_person=True)
    assert (done.state, done.ended_by) == ("destroyed", "key:0123456789ab")


def test_a_proposal_says_who_may_carry_it_out_or_that_nobody_can_yet(run, archive, monkeypatch):
    for id in ("a", "b", "c"):
        archive.add(old(id))
    run("set", "annex2", "10", *WHY)
    assert "第二步的另一人" not in run("propose", "--id", "c").stderr  # one person is enough
    monkeypatch.delenv("KEXIE_SECOND_PERSON")
    assert "还没有能执行第二步的另一人：" in run("propose", "--id", "a").stderr
    ApiKeys(archive.engine).add("望川县", ("archive:destroy",))  # of another tenant
    other = ApiKeys(archive.engine).add("", ("archive:destroy",), "档案室李")[0]
    found = run("propose", "--id", "b")
    assert f"须由另一人执行 / by another person: 密钥 {other.id}“档案室李”" in found.stdout
    assert "第二步的另一人" not in found.stderr


def test_users_of_one_account_are_named_where_they_count_as_one_person(archive, run, monkeypatch):
    archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    zhang, li = (Actor(f"user:root sudo:{name}", "host") for name in ("zhang", "li"))
    found = destruction_list.propose(archive, zhang, "到期")
    key = ApiKeys(archive.engine).add("", ("archive:destroy",), "档案室李")[0]
    with pytest.raises(UsageError) as refused:
        destroy(archive, found.id, 1, li, second_person=True)
    said = refused.value.text
    by, now = "服务器上的用户 root（zhang 用 sudo）", "服务器上的用户 root（li 用 sudo）"
    assert f"由{by}提出，您是{now}：两步都出自系统用户 root，共用一个账户的各人算一个人" in said.zh
    assert f"可以执行的有：密钥 {key.id}“档案室李”" in said.zh
    assert "both are system user root, and all who share an account count as one person" in said.en
    with pytest.raises(UsageError, match="两步都出自系统用户 zhang"):
        destroy(archive, found.id, 1, Actor("user:zhang", "host"), second_person=True)
    assert archive.count() == 1
    assert destroy(archive, found.id, 1, Actor("user:li", "host"), second_person=True).state == DESTROYED


def test_the_list_stays_as_a_spreadsheet_with_reason_and_persons(run, archive, place):
    record = archive.add(old("a"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run, "--reason", "云科协〔2026〕3号")["id"]
    run("destroy", id, "--records", "1")
    assert run("show", id, "-o", "清册.xlsx").exit_code == run("show", id, "-o", "清册.csv").exit_code == 0
    refused = run("show", id, "-o", "清册.doc")
    assert (refused.exit_code, ".xlsx、.csv 或 .json" in refused.stderr) == (2, True)
    assert json.loads(run("show", id, "-o", "-").stdout)["id"] == id
    head, row = openpyxl.load_workbook(place / "清册.xlsx").active.iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    assert (found["编号"], found["题名"], found["状态"]) == ("a", edition("annex2", 2021).title, "已销毁")
    assert (found["事由"], found["清册号"]) == ("云科协〔2026〕3号", id)
    assert (found["可销毁日"], found["保管期限"]) == ("2022-01-01", "10年")
    assert found["提出人"] == found["批准执行人"]
    assert found["提出人"].startswith("服务器上的用户 ")
    assert record.files["docx"].sha256 in found["文件 SHA-256"]
    assert SECRET not in str(row)
    assert "批准执行人" in (place / "清册.csv").read_text(encoding="utf-8-sig")


def test_lists_name_keys_beside_their_ids(run, archive):
    key = ApiKeys(archive.engine).add("", ("archive:destroy",), "档案室张")[0]
    actor, record = Actor(f"key:{key.id}", "-"), archive.add(old("a"))
    named = f"密钥 {key.id}“档案室张” / key {key.id} '档案室张'"
    with archive.writing() as connection:
        holds.hold(connection, record, "审计", actor)
    assert named in run("holds").stdout
    assert json.loads(run("holds", "--json").stdout)[0]["who_name"] == "档案室张"
    with archive.writing() as connection:
        holds.lift(connection, record, "审计结束", actor)
    assert run("changes").stdout.count(named) == 2
    run("set", "annex2", "10", *WHY)
    listed = destruction_list.propose(archive, actor)
    for words in (("lists",), ("show", listed.id)):
        assert f"{named}\t-\t-\t" in run(*words).stdout
    found = json.loads(run("show", listed.id, "--json").stdout)
    assert (found["proposed_by_name"], found["ended_by_name"]) == ("档案室张", "")
    run("show", listed.id, "-o", "清册.csv")
    assert f"密钥 {key.id}“档案室张”" in Path("清册.csv").read_text(encoding="utf-8-sig")


def test_a_proposal_and_its_withdrawal_are_in_the_log_of_each_record(run, archive):
    records = [archive.add(old(id)) for id in "ab"]
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    run("withdraw", id)
    with archive.reading() as connection:
        rows = connection.execute(
            select(AUDIT.c.action, AUDIT.c.record, AUDIT.c.detail).where(AUDIT.c.action.like("deletion%"))
        ).all()
    assert [tuple(row) for row in rows] == [
        *(("deletion_proposed", each.key, f"{id} records=2") for each in records),
        *(("deletion_withdrawn", each.key, id) for each in records),
    ]


REFUSED = "索引与清单或审计日志不符，可能被改动，一条也不销毁：{}。请管理员先核对整个档案。"
UNLIKE_MANIFEST = "“a”索引与清单不一致，索引被改动"
UNLIKE_LOG = "“a”与审计日志在存入时记下的校验值不符，已被替换"
UNHELD = "“a”审计日志记有它的冻结，没有记解除，索引中却没有冻结"
NO_MANIFEST = "“a”索引中有这条记录，但存储中没有它的清单"
NOT_LOGGED = "“a”审计日志没有记它归档"
GONE = "“a”审计日志记有这条记录归档，没有记它销毁，索引中却没有它"
BACKDATED = "UPDATE {} SET created = '2010-01-01T00:00:00.000000Z'"
FORGED = "UPDATE records SET manifest = (SELECT manifest FROM records WHERE id = 'b') WHERE id = 'a'"


def behind(archive, *statements):
    """Edits the index behind the service's back."""
    with archive.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def refusal(said):
    return REFUSED.format("；".join(said))


def test_a_young_record_on_hold_is_not_destroyed_although_the_index_was_edited(run, archive):
    record = archive.add(entry("a", files={"docx": b"PK a"}, created=datetime.now(UTC)))
    archive.add(old("b"))
    run("set", "annex2", "10", *WHY)
    run("hold", record.key, "--reason", "x")
    behind(archive, "DELETE FROM holds")
    assert [each.code for each in faults(archive)] == ["hold_missing"]
    assert [each.code for each in archive.verify_record(record)] == ["hold_missing"]
    assert refusal([UNHELD]) in run("propose", "--whole-tenant", "").stderr
    behind(archive, BACKDATED.format("records"), BACKDATED.format("record_search"))
    for options in ((), ("--id", "a"), ("--whole-tenant", "")):
        result = run("propose", *options)
        said = [
            UNLIKE_MANIFEST,
            *(["“b”索引与清单不一致，索引被改动"] if "--id" not in options else []),
            UNHELD,
        ]
        assert (result.exit_code, refusal(said) in result.stderr) == (2, True), result.stderr
    assert json.loads(run("lists", "--json").stdout) == []


def test_a_hold_on_an_earlier_version_counts_until_it_is_lifted(run, archive):
    first = archive.add(old("a"))
    second = archive.add(entry("a", created=OLD, files={"docx": b"PK 2"}))
    run("set", "annex2", "10", *WHY)
    run("hold", first.key, "--reason", "x")
    behind(archive, "DELETE FROM holds")
    assert [each.code for each in archive.verify_record(second)] == ["hold_missing"]
    assert refusal([UNHELD]) in run("propose").stderr
    assert run("hold", second.key, "--reason", "x").exit_code == 0
    assert faults(archive) == []
    assert run("lift", second.key, "--reason", "y").exit_code == 0
    assert run("destroy", proposed(run)["id"], "--records", "2").exit_code == 0
    assert faults(archive) == []


@pytest.mark.parametrize(
    "edits, said",
    [
        ([FORGED], [UNLIKE_MANIFEST, UNLIKE_LOG]),
        ([f"UPDATE records SET manifest = '{64 * '0'}' WHERE id = 'a'"], [NO_MANIFEST, UNLIKE_LOG]),
        ([f"UPDATE files SET sha256 = '{64 * '0'}' WHERE record = '{{key}}'"], [UNLIKE_MANIFEST]),
        (["UPDATE records SET created = '2010-01-01T00:00:00.000000Z' WHERE id = 'a'"], [UNLIKE_MANIFEST]),
    ],
)
def test_a_list_is_refused_whole_where_index_manifest_and_log_differ(run, archive, edits, said):
    record = archive.add(old("a"))
    archive.add(old("b"))
    run("set", "annex2", "10", *WHY)
    id = proposed(run)["id"]
    behind(archive, *(edit.format(key=record.key) for edit in edits))
    for words in (("propose",), ("destroy", id, "--records", "2")):
        result = run(*words)
        assert (result.exit_code, refusal(said) in result.stderr) == (2, True), result.stderr
    assert archive.count() == 2
    assert json.loads(run("show", id, "--json").stdout)["state"] == "proposed"


def test_a_record_with_an_addition_that_the_log_lacks_is_not_destroyed(run, archive):
    add_file.add(archive, archive.add(old("a")), SEALED, b"%PDF", PDF, {}, process_actor())
    run("set", "annex2", "10", *WHY)
    behind(archive, "DROP TRIGGER audit_no_delete", "DELETE FROM audit WHERE action = 'seal'")
    assert "“a”审计日志没有记这份盖章件或签名件的存入" in run("propose").stderr


def test_a_submission_is_kept_whose_newest_version_the_index_has_lost(run, archive):
    archive.add(old("a"))
    newest = archive.add(entry("a", created=datetime.now(UTC), files={"docx": b"PK 2"}))
    run("set", "annex2", "10", *WHY)
    tables = (("files", "record"), ("record_search", "record"), ("records", "key"))
    behind(archive, *(f"DELETE FROM {table} WHERE {name} = '{newest.key}'" for table, name in tables))
    assert archive.count() == 1
    behind(archive, "UPDATE record_search SET newest = true")
    assert refusal([GONE]) in run("propose", "--id", "a").stderr


def test_a_record_that_the_log_lacks_is_not_destroyed_unless_it_is_older_than_the_log(run, archive):
    archive.add(old("b"))
    archive.add(entry("a", files={"docx": b"PK a"}, created=datetime.now(UTC)))
    behind(archive, "DROP TRIGGER audit_no_delete", "DELETE FROM audit WHERE id = 'a'")
    assert refusal([NOT_LOGGED]) in run("propose", "--whole-tenant", "").stderr
    behind(archive, "DELETE FROM audit")
    run("set", "annex2", "10", *WHY)
    listed = proposed(run, "--whole-tenant", "")
    assert len(listed["records"]) == 2
