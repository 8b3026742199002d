"""Lists of commands: a table where people read them, tab-separated lines for programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.access import ApiKeys
from service.archive import display_names
from service.cli.archived import listing
from service.retention.periods import Period
from tests.helpers.archive import entry

OLD = datetime(2010, 12, 31, 17, tzinfo=UTC)
HEADINGS = {
    "records": ("年度 year", "表单 form", "编号 id", "归档时间 created", "记录号 key"),
    "audit": ("行号 seq", "时间 time", "操作者 who", "操作 action", "编号 id", "版本 version", "结果 result"),
    "keys list": ("编号 id", "状态 state", "权限 scopes", "备注 name"),
    "retention periods": ("表单 form", "保管期限 period", "设定时间 changed", "操作者 who"),
    "retention due": ("年度 year", "编号 id", "可销毁日 due"),
    "retention holds": ("编号 id", "自 since", "操作者 who", "依据 reason"),
    "retention changes": (
        "解除时间 lifted",
        "解除依据 lifted_because",
        "设定时间 changed",
        "此前年数 before",
    ),
    "retention lists": ("编号 id", "状态 state", "提出时间 proposed", "提出人 proposed_by"),
    "retention show LIST": (
        "提出人 proposed_by",
        "归档时间 created",
        "清单的校验值 manifest",
        "文件 file",
        "校验值 sha256",
    ),
}


@pytest.fixture
def listed(archive, run, monkeypatch):
    """An archive with something in each list; the id of a destruction list."""
    monkeypatch.setenv("COLUMNS", "400")
    ApiKeys(archive.engine).add("云泽县", ("generate",), "门户")
    for id in ("old", "due", "held"):
        archive.add(entry(id, created=OLD, files={"docx": b"PK"}))
    for words in (
        ("set", "annex2", "30", "--reason", "纪要"),
        ("set", "annex2", "10", "--reason", "纪要"),
        ("hold", "due", "--reason", "审计"),
        ("lift", "due", "--reason", "审计结束"),
        ("hold", "held", "--reason", "诉讼"),
        ("propose", "--id", "old"),
    ):
        assert run("retention", *words).exit_code == 0
    return run("retention", "lists").stdout.split("\t")[0]


def test_people_get_headings_and_programs_rows_alone(run, listed, monkeypatch):
    shown = {}
    for command in HEADINGS:
        words = command.replace("LIST", listed).split()
        done = run(*words)
        assert all(heading in done.stderr for heading in HEADINGS[command]), done.stderr
        assert "\t" in done.stdout
        assert not any(heading in done.stdout for heading in HEADINGS[command]), done.stdout
        with monkeypatch.context() as patch:
            patch.setattr(listing, "on_terminal", lambda: True)
            shown[command] = run(*words).stdout
    for command, headings in HEADINGS.items():
        for heading in headings:
            assert heading in shown[command], shown[command]


def test_a_destruction_list_has_the_hashes_of_its_files_and_says_what_is_on_hold(run, listed, archive):
    (record,) = archive.records(id="old")
    assert run("retention", "hold", "old", "--reason", "审计").exit_code == 0
    result = run("retention", "show", listed)
    lines = result.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [listed, "", "old"]
    assert lines[2].split("\t") == ["old", "1", "docx", "2", record.files["docx"].sha256]
    assert "“old”已冻结，解除冻结后方可销毁 / 'old' is on hold" in result.stderr


def test_changes_of_periods_are_in_words(archive, run):
    assert run("retention", "set", "annex2", "30", "--reason", "纪要").exit_code == 0
    assert run("retention", "set", "annex2", "永久", "--year", "2021", "--reason", "纪要").exit_code == 0
    periods = [line.split("\t") for line in run("retention", "periods").stdout.splitlines()]
    assert {each[1]: each[2] for each in periods} == {
        "各年度 every year": "30年 / 30 years",
        "2021": "永久 / permanent",
    }
    assert str(Period("annex2", 0, 1)) == "1年 / 1 year"
    assert display_names.detail("1 years").en == "1 year"
    changes = [line.split("\t") for line in run("retention", "changes").stdout.splitlines()]
    assert {each[1]: each[3:5] for each in changes} == {
        "各年度 every year": ["永久 permanent", "30"],
        "2021": ["30", "永久 permanent"],
    }


def test_a_column_in_which_no_row_has_anything_is_left_out(capsys, monkeypatch):
    monkeypatch.setattr(listing, "on_terminal", lambda: True)
    assert (
        listing.print_rows(("编号 id", "批次 batch", "名称 name"), [("a", "-", ""), ("b", "-", "乙")], "")
        == 2
    )
    shown = capsys.readouterr().out
    assert "编号 id" in shown
    assert "名称 name" in shown
    assert "批次 batch" not in shown


def test_a_table_too_wide_for_the_terminal_has_headings_on_two_lines_or_is_a_block_for_each_row(
    capsys, monkeypatch
):
    monkeypatch.setattr(listing, "on_terminal", lambda: True)
    rows = [(1, "2021-03-09T16:00:00+08:00", "甲"), (2, "2021-03-09T16:00:01+08:00", "-")]
    shown = {}
    for width in ("60", "47", "30"):
        monkeypatch.setenv("COLUMNS", width)
        listing.print_rows(("版本 version", "时间 time", "名称 name"), rows, "")
        shown[width] = capsys.readouterr().out
    assert "│ 1            │ 2021-03-09T16:00:00+08:00 │ 甲" in shown["60"]
    assert "│ 1       │ 2021-03-09T16:00:00+08:00 │ 甲" in shown["47"]
    assert shown["30"] == (
        "版本 version: 1\n时间 time: 2021-03-09T16:00:00+08:00\n名称 name: 甲\n\n"
        "版本 version: 2\n时间 time: 2021-03-09T16:00:01+08:00\n"
    )


def test_in_80_columns_no_key_or_time_is_broken_and_acts_are_in_words(run, listed, archive, monkeypatch):
    assert run("export", "-o", "bag").exit_code == 0
    of_programs = run("audit").stdout
    assert "\texport\t" in of_programs
    monkeypatch.setattr(listing, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("audit").stdout
    assert "操作 action: 导出档案：归档包，包的校验值 " in shown
    assert "操作 action: 设定保管期限：30 年 / set a retention period: 30 years" in shown
    assert "详情 detail" not in shown
    found = run("records").stdout
    for record in archive.records():
        assert f"记录号 key: {record.key}\n" in found
