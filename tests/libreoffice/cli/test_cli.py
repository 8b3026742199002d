"""The command line: results, messages, exit codes."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

from service import catalog
from service.cli import main
from service.config import SETTINGS
from service.forms.form_folder import BUILT_IN
from tests.helpers import ROOT
from tests.helpers.forms import FORMS
from tests.helpers.processes import awaited

SAMPLES = ROOT / "samples" / "2021"
FAULTY = {
    "cover": {"applicant": 5, "email": "kexie", "fax": "1"},
    "basic_info": {"staff_actual": -1},
    "budget": {"items": [{"amount": "3.60"}], "total": 4},
}


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: CliRunner().invoke(main, [str(part) for part in arguments], **more)


def test_forms_lists_every_edition(run):
    lines = run("forms").output.splitlines()
    years = {"2019": "derived", "2020": "derived", "2021": "official"}
    listed = [[form, *year] for form in FORMS for year in years.items()]
    assert [line.split()[:3] for line in lines] == listed
    assert "推定，沿用2021年的版式" in lines[0]
    rows = json.loads(run("forms", "--json").output)
    assert [[row["form"], str(row["year"]), row["provenance"]] for row in rows] == listed


def test_schema_is_that_of_the_edition(run):
    printed = json.loads(run("schema", "annex3", "--year", 2021).output)
    assert printed == catalog.edition("annex3", 2021).json_schema()
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_validate_prints_counts_and_totals(run):
    result = run("validate", "annex1", "--year", 2021, SAMPLES / "annex1.full.json")
    totals = json.loads(result.output)["totals"]
    assert (result.exit_code, totals["total"], totals["total_with_bonus"]) == (0, 88.5, 95)
    assert totals["subtotals"] == {"1": 13, "2": 16.5, "3": 18, "4": 13.5, "5": 27.5}


def test_every_fault_is_printed_with_pointer_and_label(run):
    result = run("validate", "annex2", "--year", 2021, "-", input=json.dumps(FAULTY))
    assert result.exit_code == 3
    expected = [
        ("/cover/applicant", "申报单位"),
        ("/cover/email", "电子信箱"),
        ("/cover/fax", "封面"),
        ("/basic_info/staff_actual", "实有人员数"),
        ("/budget/total", "计划开支合计"),
    ]
    lines = [line for line in result.stderr.splitlines() if line.startswith("  /")]
    assert [tuple(line.split("：")[0].split()) for line in lines] == expected
    answer = json.loads(
        run("validate", "annex2", "--year", 2021, "-", "--json", input=json.dumps(FAULTY)).stdout
    )
    assert [fault["pointer"] for fault in answer["errors"]] == [pointer for pointer, _ in expected]


def test_render_writes_each_document(run, tmp_path):
    payload = SAMPLES / "annex3.minimal.json"
    result = run("render", "annex3", "--year", 2021, payload, "-o", "a.docx", "-o", "a.pdf")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("完整的申报材料还缺 2 项，validate 列出各项。")
    assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.pdf"]


def test_blank_goes_to_standard_output(run):
    assert run("blank", "annex3", "--year", 2021, "-o", "-").stdout_bytes.startswith(b"%PDF-")


def test_a_payload_comes_from_standard_input(run, tmp_path):
    body = (SAMPLES / "annex2.full.json").read_bytes()
    assert run("render", "annex2", "--year", 2021, "-", "-o", "a.docx", input=body).exit_code == 0
    run("render", "annex2", "--year", 2021, SAMPLES / "annex2.full.json", "-o", "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_the_installed_command_speaks_through_pipes(tmp_path):
    command = [
        Path(sys.executable).with_name("kexie-forms"),
        "--json",
        "validate",
        "annex3",
        "--year",
        "2021",
    ]
    answer = subprocess.run(
        [*command, "-"], input=b'{"case_name": 1}', cwd=tmp_path, capture_output=True, timeout=300
    )
    assert answer.returncode == 3
    problem = json.loads(answer.stdout)
    assert (problem["code"], problem["errors"][0]["label"]) == ("invalid_payload", "案例名称")


def test_errors_are_reported_as_json_where_asked(run):
    problem = json.loads(run("--json", "schema", "annex9", "--year", 2021).stdout or "null")
    assert problem["code"] == "unknown_form"
    assert problem["errors"] == []
    findings = json.loads(run("doctor", "--json").stdout)
    assert all(finding["ok"] for finding in findings if finding["needed"])


def test_a_failure_leaves_the_earlier_documents_alone(run, tmp_path):
    for name in ("a.docx", "a.pdf"):
        (tmp_path / name).write_bytes(b"earlier")
    arguments = ["render", "annex3", "--year", 2021, SAMPLES / "annex3.minimal.json"]
    result = run(*arguments, "-o", "a.docx", "-o", "a.pdf", env={"KEXIE_SOFFICE": "/nowhere/soffice"})
    assert result.exit_code == 5
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.docx": b"earlier",
        "a.pdf": b"earlier",
    }


@pytest.mark.parametrize(
    ("arguments", "payload", "code"),
    [
        (["forms", "--nonsense"], None, 2),
        (["nonsense"], None, 2),
        (["schema", "annex9", "--year", "2021"], None, 2),
        (["schema", "annex2", "--year", "1999"], None, 2),
        (["schema", "annex2"], None, 2),
        (["blank", "annex2", "--year", "2021", "-o", "blank.odt"], None, 2),
        (["validate", "annex2", "--year", "2021", "-"], "{", 3),
        (["validate", "annex2", "--year", "2021", "-"], "", 3),
        (["render", "annex2", "--year", "2021", "-", "-o", "a.docx"], '{"x": 1}', 3),
        (["validate", "annex2", "--year", "2021", "nowhere.json"], None, 2),
        (["blank", "annex2", "--year", "2021", "-o", "nowhere/blank.docx"], None, 2),
    ],
)
def test_exit_codes(run, tmp_path, arguments, payload, code):
    result = run(*arguments, input=payload)
    assert result.exit_code == code
    assert result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_without_libreoffice_nothing_is_written(run, tmp_path):
    result = run(
        "blank", "annex2", "--year", 2021, "-o", "blank.pdf", env={"KEXIE_SOFFICE": "/nowhere/soffice"}
    )
    assert result.exit_code == 5
    assert "libreoffice-writer-nogui" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_template_is_reported_as_such(run, tmp_path, monkeypatch):
    monkeypatch.setattr(BUILT_IN, "root", tmp_path)
    broken = tmp_path / "docx_templates" / "2021" / "annex3.docx"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"not a template")
    result = run("blank", "annex3", "--year", 2021, "-o", "-")
    assert result.exit_code == 4
    assert "annex3.docx" in result.stderr


def test_doctor_names_what_is_there_and_what_is_missing(run):
    healthy = run("doctor")
    assert healthy.exit_code == 0
    assert "FandolFang" in healthy.output
    ill = run("doctor", env={"KEXIE_SOFFICE": "/nowhere/soffice"})
    assert ill.exit_code == 5
    assert "apt-get install" in ill.output


def test_every_setting_is_listed_and_in_the_reference(run):
    listed = run("doctor", "--settings").output
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert setting.name in listed
        assert f"`{setting.name}`" in page
        assert setting.help.zh in page
    settings_rows = json.loads(run("doctor", "--settings", "--json").output)
    assert [(each["name"], each["default"]) for each in settings_rows] == [
        (each.name, each.default) for each in SETTINGS
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEXIE_DEADLINE", "soon"),
        ("KEXIE_DEADLINE", "-1"),
        ("KEXIE_BODY_LIMIT", "0"),
        ("KEXIE_NONSENSE", "1"),
    ],
)
def test_a_setting_that_cannot_be_read_is_reported(run, name, value):
    result = run("doctor", env={name: value})
    assert result.exit_code == 2
    assert name in result.stderr


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["forms", "--nonsense"], "没有选项 --nonsense", "No such option"),
        (["nonsense"], "没有命令 nonsense", "No such command"),
        (["schema", "annex2"], "缺少选项 --year", "Missing option"),
        (["schema", "--year", "2021"], "缺少参数 FORM", "Missing argument"),
        (["schema", "annex2", "--year", "x"], "--year的值不对，应为整数", "not a valid integer"),
        (["batch", "x.ndjson", "--workers", "0"], "应为 1 至 256 的整数", "range"),
        (["batch", "x.ndjson", "--archive"], "--archive 的用法不对，它须带一个值", "requires an argument"),
        (["batch", "x.ndjson", "--archive", ""], "不能为空", "empty"),
        (["batch", "x.ndjson"], "没有文件“x.ndjson”", "No file 'x.ndjson'"),
        (["batch", "."], "是目录", "is a folder"),
        (["validate", "annex2", "--year", "2021", "."], "是目录", "is a folder"),
        (["extract", "x.docx"], "没有文件“x.docx”", "No file 'x.docx'"),
        (["batch", "-", "--form", "annex9"], "现有：annex1、annex2、annex3", "No form 'annex9'"),
        (["regenerate", "--form", "annex9"], "现有：annex1、annex2、annex3", "No form 'annex9'"),
        (["batch", "-", "--year", "1999"], "1999 年的版次", "No edition of 1999"),
    ],
)
def test_wrong_use_is_reported_chinese_first_and_makes_nothing(run, tmp_path, arguments, zh, en):
    result = run(*arguments, env={"KEXIE_ARCHIVE": "archive"})
    assert (result.exit_code, result.stdout) == (2, "")
    first, second, *_ = result.stderr.splitlines()
    assert (zh in first, en in second) == (True, True), result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["--archive", "KEXIE_ARCHIVE"])
@pytest.mark.parametrize(
    "command",
    [
        ["batch", "file"],
        ["verify"],
        ["records"],
        ["export", "-o", "bag"],
        ["regenerate"],
        ["regenerate", "--dry-run"],
    ],
    ids=" ".join,
)
def test_an_archive_that_is_a_file_is_wrong_use(run, tmp_path, how, command):
    (tmp_path / "file").write_text("no folder")
    option, environment = ([how, "file"], {}) if how == "--archive" else ([], {how: "file"})
    result = run(*command, *option, env=environment)
    assert result.exit_code == 2
    assert "是文件，档案须是目录" in result.stderr.splitlines()[0]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# The command line, which waits in the import of the module that is named first.
_WAITING_IN_IMPORT = """
import os, sys, time
class Gate:
    @staticmethod
    def find_spec(name, *_):
        if name == sys.argv[0]:
            os.write(1, b".")
            time.sleep(60)
sys.argv = sys.argv[1:]
sys.meta_path.insert(0, Gate)
from service.cli import main
main()
"""


@pytest.mark.parametrize("module", ["click", "service.errors", "service.cli.filled_forms", "lxml.etree"])
def test_ctrl_c_while_a_command_starts_leaves_no_trace(module):
    process = subprocess.Popen(
        [sys.executable, "-c", _WAITING_IN_IMPORT, module, "extract", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.read(1) == b"."
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=300) == (b"", b"")
    assert process.returncode == 130


def test_ctrl_c_while_a_command_reads_leaves_no_trace():
    command = Path(sys.executable).with_name("kexie-forms")
    process = subprocess.Popen(
        [command, "extract", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdin.write(b"PK")
    process.stdin.flush()
    assert awaited(lambda: fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4)) == bytes(4))
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=300)[1]
    assert (process.returncode, said.strip()) == (130, b"")
