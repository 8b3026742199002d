"""Every command prints on terminals whose encoding lacks Chinese, or some of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service import generate
from service.cli import main

RARE = "张䶮𠀀"  # beyond GBK; the second beyond U+FFFF
PAYLOAD = {"association_name": RARE, "case_name": f"{RARE}案例"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.json").write_text(json.dumps(PAYLOAD), "utf-8")
    (tmp_path / "bad.json").write_text(json.dumps({RARE: 1, "case_name": 5}), "utf-8")
    (tmp_path / "lone.json").write_text(r'{"\ud800䶮": 1}', "utf-8")
    (tmp_path / "filled.docx").write_bytes(generate("annex3", 2021, PAYLOAD, ("docx",))["docx"])


ENCODINGS = pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1", "big5", "utf-8"])


@ENCODINGS
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("--help", 0),
        ("batch --help", 0),
        ("forms", 0),
        (f"no{RARE}", 2),
        (f"check 没有{RARE}.docx", 2),
        ("validate annex3 --year 2021 bad.json", 3),
        ("validate annex3 --year 2021 lone.json", 3),
        ("check filled.docx", 0),
        ("lint annex3 --year 2021", 0),
        ("doctor --settings", 0),
        (f"render annex3 --year 2021 good.json -o {RARE}.docx", 0),
    ],
)
def test_words_are_printed_escaped_where_need_be(files, encoding, command, code):
    result = CliRunner(charset=encoding).invoke(main, command.split())
    assert (result.exit_code, result.exception if code == 0 else None) == (code, None)
    if code:
        assert result.stderr_bytes


@ENCODINGS
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("schema annex3 --year 2021", 0),
        ("forms --json", 0),
        ("validate annex3 --year 2021 good.json", 0),
        ("validate annex3 --year 2021 bad.json --json", 3),
        ("validate annex3 --year 2021 lone.json --json", 3),
        (f"check 没有{RARE}.docx --json", 2),
        ("extract filled.docx", 0),
        ("extract filled.docx --json", 0),
        ("lint annex3 --year 2021 --json", 0),
    ],
)
def test_json_is_json_in_every_encoding(files, encoding, command, code):
    result = CliRunner(charset=encoding).invoke(main, command.split())
    assert result.exit_code == code
    assert json.loads(result.stdout_bytes) == json.loads(
        CliRunner().invoke(main, command.split()).stdout_bytes
    )


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_what_the_terminal_has_is_printed_as_it_is(files, encoding):
    result = CliRunner(charset=encoding).invoke(main, ["validate", "annex3", "--year", "2021", "bad.json"])
    printed = result.stderr_bytes.decode(encoding)
    assert "表单中没有这一项" in printed
    assert (RARE in printed) is (encoding == "utf-8")
