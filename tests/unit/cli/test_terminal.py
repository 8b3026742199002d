"""What reaches a terminal: no character of a file's name, an id or a key that commands it."""

from __future__ import annotations

import ast
import json

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.terminal import echo, print_json, printable
from tests.helpers import ROOT

RAW = {
    "\x1b[31m": "\\x1b[31m",
    "\x9b2J": "\\x9b2J",
    "\x1b]0;title\x07": "\\x1b]0;title\\x07",
    "a\rb": "a\\rb",
    "a\x08b\x7f": "a\\x08b\\x7f",
    "\u202egnp.exe": "\\u202egnp.exe",
    "\u2066x\u2069\u200f\u061c": "\\u2066x\\u2069\\u200f\\u061c",
    "a\u2028b": "a\\u2028b",
}


@pytest.mark.parametrize("raw", RAW, ids=ascii)
def test_what_commands_a_terminal_is_shown_as_an_escape(raw, capsys):
    assert printable(raw) == RAW[raw]
    echo(f"案例 {raw}")
    echo(raw, err=True)
    assert capsys.readouterr() == (f"案例 {RAW[raw]}\n", f"{RAW[raw]}\n")


def test_other_text_stays(capsys):
    text = "案例\t一\n𪛖 é ☑ ＝ \u3000 \u00a0 \u200b"
    echo(text)
    assert capsys.readouterr().out == f"{text}\n"


@pytest.mark.parametrize("raw", RAW, ids=ascii)
def test_json_keeps_its_value(raw, capsys):
    print_json({"id": raw, raw: "案例"})
    shown = capsys.readouterr().out
    assert json.loads(shown) == {"id": raw, raw: "案例"}
    assert printable(shown) == shown
    assert "案例" in shown


@pytest.mark.parametrize(
    "command",
    [
        ["validate", "annex3", "--year", "2021", "none-\x1b[31m\x9b.json"],
        ["extract", "none-\x1b[31m\x9b.docx"],
        ["none-\x1b[31m\x9b"],
        ["forms", "--none-\x1b[31m\x9b"],
        ["keys", "revoke", "none-\x1b[31m\x9b"],
        ["records", "--archive", "none-\x1b[31m\x9b"],
    ],
    ids=lambda command: command[0][:7],
)
def test_no_command_repeats_it(command, tmp_path):
    done = CliRunner(env={"KEXIE_ARCHIVE": str(tmp_path / "archive")}).invoke(main, command)
    assert done.exit_code == 2
    assert "none-" in done.stderr
    assert not {"\x1b", "\x9b"} & set(done.output)


def test_every_command_prints_by_the_one_function():
    for path in (ROOT / "service" / "cli").glob("*.py"):
        calls = [
            node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
        ]
        names = [call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls]
        allowed = 1 if path.stem == "terminal" else 0
        assert sum(isinstance(call, ast.Attribute) and call.attr == "echo" for call in calls) == allowed, path
        assert "secho" not in names, path
