"""The audit log on the command line: listed, filtered, exported, proved; what commands leave in it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from service.access import ApiKeys
from service.access.actors import Actors
from service.archive import Archive
from service.audit import audit_chain
from service.audit.event import Actor, Event, process_actor, same_person
from service.cli import main
from service.config import Settings
from tests.helpers.archive import numbered, read_only


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEXIE_ARCHIVE", str(tmp_path / "kept"))
    return lambda *arguments, **more: CliRunner().invoke(main, [str(part) for part in arguments], **more)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "kept") as opened:
        for number in range(3):
            opened.add(numbered(number))
        yield opened


def log(run, *options):
    return json.loads(run("audit", "--json", *options).stdout)


def tamper(archive, *statements):
    with archive.writing() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS audit_no_update"))
        connection.execute(text("DROP TRIGGER IF EXISTS audit_no_delete"))
        for statement in statements:
            connection.execute(text(statement))


def test_commands_leave_rows_and_those_that_take_long_their_begin(run, archive, tmp_path):
    record = next(archive.records())
    run("records")
    assert run("records", "get", record.key, "docx").exit_code == 0
    assert run("records", "get", record.key, "pdf").exit_code == 2
    exported = json.loads(run("export", "-o", "bag", "--json").stdout)
    digest = hashlib.sha256(Path("bag/tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert exported == {"records": 3, "files": 6, "tagmanifest": digest}
    run("verify")
    made = run("keys", "add", "--tenant", "云泽县", "--scope", "admin", "--json")
    id = json.loads(made.stdout)["id"]
    secret = ApiKeys(archive.engine).find(id).sha256[:32]
    run("keys", "revoke", id)
    run("keys", "revoke", id)
    found = log(run)[3:]
    assert [(row["action"], row["detail"], row["result"]) for row in found] == [
        ("search", None, "ok"),
        ("download", "docx", "ok"),
        ("download", "pdf", "unknown_record"),
        ("export", None, "begun"),
        *[("export", f"profile=bagit tagmanifest={digest}", "ok")] * 3,
        ("export", f"records=3 files=6 tagmanifest={digest}", "ok"),
        ("verify", None, "begun"),
        ("verify", "records=3 faults=0 audit=12", "ok"),
        ("key_made", f"{id} scopes=admin expires=never secret={secret}", "ok"),
        ("key_revoked", id, "ok"),
    ]
    assert found[1]["record"] == record.key
    left = log(run, "--record", record.key, "--action", "export")
    assert [(row["seq"], row["id"], row["manifest"]) for row in left] == [(8, record.id, record.manifest)]
    assert {row["who"].partition(":")[0] for row in found} == {"user"}


def test_rows_are_filtered(run, archive):
    run("keys", "add", "--tenant", "云泽县", "--scope", "admin")
    record = next(archive.records(id="n000001"))
    seqs = lambda *options: [row["seq"] for row in log(run, *options)]  # noqa: E731
    assert seqs("--action", "archive") == [1, 2, 3]
    assert seqs("--record", record.key) == seqs("--id", "n000001") == [2]
    assert seqs("--tenant", "云泽县") == [4]
    assert seqs("--who", "user:nobody") == seqs("--to", "2021-03-09") == seqs("--year", "1999") == []
    assert seqs("--from", "2021-03-09T08:00+08:00", "--form", "annex2") == [1, 2, 3]
    nobody = run("audit", "--who", "张文")
    assert (nobody.exit_code, "没有编号或名称为“张文”的密钥" in nobody.stderr) == (2, True)
    for never in ("yesterday", "0001-01-01"):
        assert run("audit", "--from", never).exit_code == 2
    assert seqs("--sha256", record.manifest) == seqs("--sha256", record.manifest[:16].upper()) == [2]
    assert run("audit", "--sha256", "0a").exit_code == 2
    listed = run("audit", "--action", "archive")
    head, lines = listed.stderr, listed.stdout.splitlines()
    assert (head.count("\t"), len(lines)) == (lines[0].count("\t"), 3)
    assert (head.startswith("行号 seq\t时间 time\t"), lines[0].endswith("\t归档 / archived")) == (True, True)
    assert "\tarchive\tannex2\t2021\tn000000\t1\t" in lines[0]
    assert lines[0].split("\t")[1].endswith("+08:00")
    nothing = run("audit", "--id", "none")
    assert (nothing.exit_code, nothing.stdout, "没有符合条件的记录" in nothing.stderr) == (0, "", True)
    nothing = run("records", "--id", "none")
    assert (nothing.exit_code, nothing.stdout, "没有符合条件的档案" in nothing.stderr) == (0, "", True)


def test_keys_have_their_names_and_batches_who_sent_them(run, archive, tmp_path):
    key, batch = ApiKeys(archive.engine).add("", ("generate",), "门户")[0], "c0ffee" * 5
    with archive.writing() as connection:
        audit_chain.note(connection, Event(Actor(f"key:{key.id}", "-"), "batch", batch=batch))
    archive.add(numbered(7), actor=Actor("worker:kexie", "host", batch))
    sent, made = log(run, "--batch", batch)
    assert (sent["who"], sent["name"], made["submitted_by"]) == (f"key:{key.id}", "门户", f"key:{key.id}")
    assert (sent["submitted_by_name"], made["name"], made["submitted_by_name"]) == ("门户", None, "门户")
    assert (
        run("audit", "--batch", batch)
        .stdout.splitlines()[1]
        .endswith(f"\tok\t-\tkey:{key.id}\t-\t-\t归档 / archived")
    )
    run("audit", "--batch", batch, "-o", "batch.csv")
    head, first, second = (tmp_path / "batch.csv").read_text("utf-8-sig").splitlines()
    assert head.endswith(",previous,hash,name,submitted_by,submitted_by_name,with_id,with_version")
    assert first.endswith(f",门户,key:{key.id},门户,,")
    assert second.endswith(f",,key:{key.id},门户,,")


def test_a_key_is_named_by_its_id_or_name(run, archive):
    one, other = (ApiKeys(archive.engine).add("云泽县", ("generate",), name)[0] for name in ("门户", "同名"))
    again = ApiKeys(archive.engine).add("云泽县", ("generate",), "同名")[0]
    with archive.writing() as connection:
        for who in (f"key:{one.id}", f"embed:{one.id}", f"key:{other.id}"):
            audit_chain.note(connection, Event(Actor(who, "-"), "generate"))
    for named in ("门户", one.id):
        assert [row["who"] for row in log(run, "--who", named)] == [f"key:{one.id}", f"embed:{one.id}"]
    assert [row["who"] for row in log(run, "--who", f"key:{one.id}")] == [f"key:{one.id}"]
    refused = run("audit", "--who", "同名")
    assert (refused.exit_code, f"{other.id}、{again.id}" in refused.stderr) == (2, True)


@pytest.fixture
def by_sudo(monkeypatch):
    """Makes commands those of an account that a user calls by sudo; returns who acts."""

    def called(user):
        monkeypatch.setenv("SUDO_USER", user)
        process_actor.cache_clear()
        return process_actor().who

    yield called
    process_actor.cache_clear()


def test_who_calls_a_command_by_sudo_is_named_beside_the_account(run, archive, by_sudo):
    account = process_actor().who
    assert by_sudo(account.removeprefix("user:")) == account
    who = by_sudo("zhang")
    assert who == f"{account} sudo:zhang"
    assert process_actor("worker").who == account.replace("user:", "worker:")
    archive.add(numbered(7))
    for named in ("user:zhang", who):
        assert {row["who"] for row in log(run, "--who", named)} == {who}
    assert {row["who"] for row in log(run, "--who", account)} == {who, account}
    assert log(run, "--who", "user:zhan") == []
    assert Actors({}).words(who).zh == f"服务器上的用户 {account.removeprefix('user:')}（zhang 用 sudo）"
    shown = run("records", "show", "n000007").stdout
    assert "（zhang 用 sudo） / user " in shown
    assert "on the server (zhang by sudo)\t" in shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("user:root sudo:zhang", "user:zhang", True),
        ("user:root sudo:zhang", "user:root", True),
        ("user:root sudo:zhang", "user:root sudo:li", True),  # one account: no two persons are proved
        ("user:root sudo:zhang", "user:li", False),
        ("user:zhang", "user:li", False),
        ("key:zhang", "user:zhang", False),
    ],
)
def test_an_account_shared_by_sudo_is_one_person(one, other, same):
    assert same_person(one, other) == same_person(other, one) == same


def test_a_reader_that_has_seen_enough_ends_a_list_quietly(archive, tmp_path):
    program = Path(sys.executable).with_name("kexie-forms")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [program, "audit", "--archive", tmp_path / "kept"],
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=300,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr.count(b"\n")) == (141, 1)
    assert ended.stderr.startswith("行号 seq\t".encode())


def test_rows_are_exported(run, archive, tmp_path):
    assert run("audit", "-o", "log.ndjson").exit_code == run("audit", "-o", "log.csv").exit_code == 0
    lines = [json.loads(line) for line in (tmp_path / "log.ndjson").read_text().splitlines()]
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(line["previous"], line["hash"]) for line in lines] == [
        (row["previous"], row["hash"]) for row in rows[:3]
    ]
    assert rows[0]["previous"] == "0" * 64
    assert rows[0]["time (UTC)"] == lines[0]["time"]
    assert rows[3]["action"] == "audit"
    assert run("audit", "-o", "-").stdout.splitlines()[:3] == [
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines
    ]
    assert run("audit", "-o", "log.xlsx").exit_code == 2


def test_the_chain_is_proved_and_a_break_exits_6(run, archive):
    assert run("audit", "--verify").stdout.startswith("审计日志 3 行，链条完整")
    tamper(archive, "UPDATE audit SET who = 'user:nobody' WHERE seq = 2")
    result = run("audit", "--verify")
    assert result.exit_code == 6
    assert result.stdout.startswith("✗ changed  审计日志第 2 行")
    broken = run("audit", "--verify", "--json")
    assert (broken.exit_code, json.loads(broken.stdout)["fault"]["seq"]) == (6, 2)
    verified = run("verify")
    assert verified.exit_code == 6
    assert "✗ changed" in verified.stdout


def test_a_cut_end_is_found_with_a_checkpoint_kept_outside(run, archive):
    first = run("audit", "--checkpoint", "kept.checkpoints")
    assert (first.exit_code, "此前没有检查点，已记下第 3 行" in first.stdout) == (0, True)
    for number in range(10, 20):
        archive.add(numbered(number))
    again = run("audit", "--verify", "--checkpoint", "kept.checkpoints")
    assert (again.exit_code, "与第 3 行的检查点一致" in again.stdout) == (0, True)
    assert "检查点之后又有 10 行，其末尾是否被截去没有检查点可比" in again.stdout
    assert "\n已记下第 13 行" in again.stdout
    whole = json.loads(run("audit", "--checkpoint", "kept.checkpoints", "--json").stdout)
    assert (whole["compared"], whole["later"], whole["noted"]) == (13, 0, 13)
    tamper(archive, "DELETE FROM audit WHERE seq > 3")
    alone = run("audit", "--verify")
    assert (alone.exit_code, "末尾是否被截去，须与检查点比对" in alone.stdout) == (0, True)
    result = run("audit", "--verify", "--checkpoint", "kept.checkpoints")
    assert result.exit_code == 6
    assert result.stdout.startswith("✗ cut  审计日志第 4 行")
    assert "已记下" not in result.stdout


def test_an_archive_that_cannot_be_written_is_read_without(run, archive, tmp_path):
    archive.close()
    with read_only(tmp_path / "kept"):
        result = run("verify")
    assert (result.exit_code, "只读" in result.stderr) == (0, True)


def test_a_service_with_keys_logs_them_in_the_archive_of_its_settings(run, tmp_path):
    with ApiKeys.open(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "kept")}), create=True) as keys:
        keys.add("云泽县", ("generate",))
    assert [row["action"] for row in log(run)] == ["key_made"]
