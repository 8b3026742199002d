"""The archive's commands, its findings in `doctor`, and its settings."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
import termios
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from service import doctor
from service.archive import Archive
from service.archive.search.search_table import SEARCH
from service.cli import main
from service.config import Settings, public
from service.conversion.pool import address
from service.errors import UsageError
from tests.helpers.archive import FILES, Tamper, entry
from tests.helpers.batch import open_terminal
from tests.helpers.servers import PASSWORD, free_port


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: CliRunner().invoke(main, [str(part) for part in arguments], **more)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(Settings.from_env(), tmp_path / "kept") as opened:
        opened.add(entry("id-1", mark=" old"))
        opened.add(entry("id-1"))
        opened.add(entry("id-2", form="annex1", year=2020, mark=" 2"))
        yield opened


def test_verify_counts_what_is_whole(run, archive):
    result = run("verify", "--archive", "kept")
    assert result.exit_code == 0
    log, counts = result.stdout.splitlines()
    assert counts == "3 条记录、9 个文件、0 处错误 / 3 records, 9 files, 0 faults"
    assert log.startswith("审计日志 4 行，链条完整")
    report = json.loads(run("verify", "--archive", "kept", "--json").stdout)
    assert (report["records"], report["files"], report["faults"]) == (3, 9, [])
    assert (report["audit"]["rows"], report["audit"]["fault"]) == (6, None)


def test_verify_names_every_fault_and_exits_6(run, archive):
    record = archive.latest("", "annex2", 2021, "id-1")
    tamper = Tamper(archive)
    tamper.write(record.files["pdf"].sha256, FILES["pdf"].swapcase())
    tamper.delete(record.files["docx"].sha256)
    result = run("verify", "--archive", "kept")
    assert result.exit_code == 6
    *lines, log, counts = result.stdout.splitlines()
    assert "链条完整" in log
    assert sorted(line.split("：")[0].split("  objects")[0].rsplit(" ", 1)[0] for line in lines) == [
        "✗ object_changed  annex2 2021 id-1 v2 申报书.pdf",
        "✗ object_missing  annex2 2021 id-1 v2 申报书.docx",
    ]
    assert all("备份" in line and "backup" in line for line in lines)
    assert "2 处错误" in counts
    reported = json.loads(run("verify", "--archive", "kept", "--json").stdout)["faults"]
    assert {(fault["code"], fault["id"], fault["version"]) for fault in reported} == {
        ("object_changed", "id-1", 2),
        ("object_missing", "id-1", 2),
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [("annex1", "id-2", 1), ("annex2", "id-1", 2)]),
        (["--year", 2021, "--all-versions"], [("annex2", "id-1", 1), ("annex2", "id-1", 2)]),
        (["--form", "annex1"], [("annex1", "id-2", 1)]),
        (["--id", "id-1"], [("annex2", "id-1", 2)]),
        (["--id", "none"], []),
    ],
)
def test_records_lists_and_filters(run, archive, options, expected):
    listed = run("records", "--archive", "kept", *options)
    assert listed.stderr.startswith("年度 year\t表单 form\t编号 id\t") == bool(expected)
    lines = listed.stdout.splitlines()
    years = {"annex2": "2021", "annex1": "2020"}
    assert [line.split("\t")[:4] for line in lines] == [
        [years[form], form, id, str(version)] for form, id, version in expected
    ]
    rows = json.loads(run("records", "--archive", "kept", *options, "--json").stdout)
    assert [(row["form"], row["id"], row["version"]) for row in rows] == expected
    assert [line.split("\t")[-1] for line in lines] == [row["key"] for row in rows]


@pytest.fixture
def named(archive):
    """The archive with a record of a named submitter beside."""
    payload = json.dumps({"association_name": "云泽县科协", "case_name": "开到塘口"}).encode()
    return archive.add(entry("3201", form="annex3", files={"payload": payload, "docx": b"PK"}))


@pytest.mark.parametrize(
    "options",
    [
        ["--name", "泽县"],
        ["--text", "塘口 云泽"],
        ["--from", "2021-03-09", "--to", "2021-03-09", "--form", "annex3"],
        ["--sort", "-submitter", "--year", 2021, "--form", "annex3"],
    ],
)
def test_records_are_found_by_what_they_hold(run, named, options):
    (line,) = run("records", "--archive", "kept", *options).stdout.splitlines()
    assert line.split("\t")[2] == "3201"
    assert line.split("\t")[-2:] == ["云泽县科协", named.key]


def test_what_is_found_is_written_as_a_list(run, named, tmp_path):
    result = run("records", "--archive", "kept", "--name", "云泽", "-o", "list.csv")
    assert (result.exit_code, result.stdout) == (0, "1 条记录 / 1 records: list.csv\n")
    assert "云泽县科协" in (tmp_path / "list.csv").read_text("utf-8-sig")
    assert run("records", "--archive", "kept", "-o", "list.xlsx").exit_code == 0
    assert (tmp_path / "list.xlsx").read_bytes().startswith(b"PK")
    for refused in (["-o", "list.txt"], ["--batch", "none"], ["--from", "9.3.2021"], ["--sort", "size"]):
        assert run("records", "--archive", "kept", *refused).exit_code == 2


def test_texts_are_read_again_after_a_form_names_others(run, archive, named):
    with archive.writing() as connection:
        connection.execute(update(SEARCH).values(submitter="", name="", text="", name_order=""))
    assert run("records", "--archive", "kept", "--name", "云泽").stdout == ""
    assert run("records", "--archive", "kept", "reindex").exit_code == 0
    assert named.key in run("records", "--archive", "kept", "--name", "云泽").stdout


def test_records_on_a_terminal_are_a_table(archive, tmp_path):
    ours, theirs = open_terminal()
    termios.tcsetwinsize(theirs, (24, 200))
    try:
        command = [Path(sys.executable).with_name("kexie-forms"), "records", "--archive", tmp_path / "kept"]
        sized = ("COLUMNS", "LINES")  # they would count for more than the terminal
        environment = {name: value for name, value in os.environ.items() if name not in sized}
        environment["TERM"] = "xterm"
        done = subprocess.run(command, stdin=theirs, stdout=theirs, env=environment, timeout=300, check=False)
        shown = re.sub("\x1b\\[[0-9;]*m", "", os.read(ours, 65536).decode())
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0
    heading, *_ = (line for line in shown.splitlines() if "编号 id" in line)
    assert [cell.strip() for cell in re.split("[┃│]", heading)][1:4] == ["年度 year", "表单 form", "编号 id"]
    assert sum(shown.count(id) for id in ("id-1", "id-2")) == 2


@pytest.mark.parametrize("part", FILES)
def test_a_part_is_taken_out(run, archive, tmp_path, part):
    key = archive.latest("", "annex2", 2021, "id-1").key
    assert run("records", "get", key, part, "--archive", "kept").stdout_bytes == FILES[part]
    result = run("records", "--archive", "kept", "get", key, part, "-o", "taken")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "taken").read_bytes() == FILES[part]


def test_what_cannot_be_taken_out_is_reported(run, archive):
    key = archive.latest("", "annex2", 2021, "id-1").key
    for arguments in (("no-such-key", "pdf"), (key, "original")):
        result = run("records", "get", *arguments, "--archive", "kept", "-o", "taken")
        assert result.exit_code == 2
        assert "unknown_record" in result.stderr


def test_export_writes_a_valid_bag_once(run, archive, tmp_path):
    result = run("export", "--archive", "kept", "--year", 2021, "-o", "bag")
    assert result.exit_code == 0
    assert "2 条记录、6 个文件" in result.stdout
    bagit.Bag(str(tmp_path / "bag")).validate()
    again = run("export", "--archive", "kept", "-o", "bag")
    assert again.exit_code == 2
    assert "已存在" in again.stderr


@pytest.mark.parametrize(
    "command", [("verify",), ("records",), ("export", "-o", "bag")], ids=lambda words: words[0]
)
def test_where_no_archive_is_none_is_made(run, tmp_path, command):
    result = run(command[0], "--archive", "nowhere", *command[1:])
    assert result.exit_code == 2
    assert "没有档案" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_the_option_the_settings_tell_where(run, archive, tmp_path):
    listed = run("records", env={"KEXIE_ARCHIVE": str(tmp_path / "kept")})
    assert len(listed.stdout.splitlines()) == 2


def found(settings):
    return {finding.name: finding for finding in doctor.examine(settings)}


def test_the_doctor_looks_and_makes_nothing(tmp_path, archive):
    there = found(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "kept")}))
    assert "3 条记录" in there["档案 / archive"].detail
    assert str(tmp_path / "kept" / "index.sqlite") in there["档案索引 / database"].detail
    nowhere = found(Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "none")}))
    assert "尚未建立" in nowhere["档案 / archive"].detail
    assert nowhere["档案文件 / objects"].ok
    assert not (tmp_path / "none").exists()


def test_the_doctor_counts_records_on_servers_and_reports_no_password(run, postgresql, s3):
    values = {"KEXIE_DATABASE_URL": postgresql.database(), "KEXIE_OBJECTS_URL": s3.bucket()}
    with Archive.open(Settings.from_env(values)) as archive:
        archive.add(entry())
    result = run("doctor", env=values)
    assert result.exit_code == 0, result.output
    assert "1 条记录" in result.output
    assert public(values["KEXIE_DATABASE_URL"]) in result.output
    assert PASSWORD not in result.output
    assert public(values["KEXIE_OBJECTS_URL"]) in result.output


@pytest.mark.parametrize("name", ["KEXIE_DATABASE_URL", "KEXIE_OBJECTS_URL"])
def test_a_server_that_does_not_answer_is_a_finding(run, s3, monkeypatch, name):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    nowhere = {
        "KEXIE_DATABASE_URL": f"postgresql://kexie:{PASSWORD}@127.0.0.1:{free_port()}/kexie",
        "KEXIE_OBJECTS_URL": f"s3://kexie:{PASSWORD}@bucket/prefix",
    }
    result = run("doctor", env={name: nowhere[name]})
    assert result.exit_code == 6
    assert "✗ 档案" in result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEXIE_DATABASE_URL", f"mysql://kexie:{PASSWORD}@host/db"),
        ("KEXIE_OBJECTS_URL", f"http://kexie:{PASSWORD}@host"),
        ("KEXIE_BROKER_URL", f"//:{PASSWORD}@host"),
        ("KEXIE_BROKER_URL", f"redis://:{PASSWORD}@[host"),
    ],
)
def test_a_wrong_url_is_reported_without_its_password(run, name, value):
    result = run("doctor", env={name: value})
    assert result.exit_code == 2
    assert name in result.stderr
    assert PASSWORD not in result.output
    with pytest.raises(UsageError) as raised:
        Settings.from_env({name: value})
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_no_password_is_shown_or_handed_to_the_pool():
    names = ("KEXIE_DATABASE_URL", "KEXIE_OBJECTS_URL", "KEXIE_BROKER_URL")
    schemes = ("postgresql", "s3", "redis")
    values = {name: f"{scheme}://u:{PASSWORD}@h/x" for name, scheme in zip(names, schemes, strict=True)}
    settings = Settings.from_env(values)
    assert PASSWORD not in repr(settings)
    assert not set(settings.as_env(secrets=False)) & set(names)
    assert {name: settings.as_env()[name] for name in names} == values
    assert Settings.from_env(settings.as_env()) == settings
    assert public(f"postgresql://u:{PASSWORD}@h:5/x?password={PASSWORD}") == "postgresql://h:5/x"


def test_processes_with_other_archives_share_a_pool(settings, tmp_path):
    values = {
        "archive": tmp_path,
        "database_url": "postgresql://h/x",
        "objects_url": "s3://b",
        "log_level": "DEBUG",
    }
    for name, value in values.items():
        assert address.of(dataclasses.replace(settings, **{name: value})) == address.of(settings)
    assert address.of(dataclasses.replace(settings, deadline=1.0)) != address.of(settings)


def test_a_record_is_proved_by_sha256sum_alone(archive, tmp_path):
    record = archive.latest("", "annex2", 2021, "id-1")
    for digest in (record.manifest, *(file.sha256 for file in record.files.values())):
        kept = tmp_path / "kept" / "objects" / digest[:2] / digest[2:]
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == digest
