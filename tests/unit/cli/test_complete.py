"""`--complete`, and what the commands print of advice and missing fields."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service import generate
from service.cli import main
from service.errors import IncompletePayload

UNLIKELY = {"association_name": "甲县科协", "case_name": "案例", "measures": "短", "background": "长长"}


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.json").write_text(json.dumps(UNLIKELY), "utf-8")
    return lambda name, *more: CliRunner().invoke(main, [name, "annex3", "--year", "2021", "in.json", *more])


def test_validate_prints_both_lists_and_refuses_the_incomplete_when_asked(run):
    report = json.loads(run("validate").stdout)
    assert [each["code"] for each in report["advice"]] == ["shorter"]
    assert [each["pointer"] for each in report["missing"]] == ["/results"]
    refused = run("validate", "--complete", "--json")
    assert refused.exit_code == 3
    problem = json.loads(refused.stdout)
    assert (problem["code"], [each["code"] for each in problem["errors"]]) == ("missing", ["missing"])


def test_render_makes_the_document_and_says_what_to_check(run, tmp_path):
    made = run("render", "-o", "a.docx")
    assert made.exit_code == 0
    assert "请核对 / check: /measures  举措：比“背景”写得短" in made.stderr
    assert "完整的申报材料还缺 1 项" in made.stderr
    listed = json.loads(run("render", "-o", "b.docx", "--json").stdout)
    assert (len(listed["advice"]), len(listed["missing"]), listed["warnings"]) == (1, 1, [])
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_render_refuses_the_incomplete_when_asked(run, tmp_path):
    refused = run("render", "-o", "a.docx", "--complete")
    assert (refused.exit_code, (tmp_path / "a.docx").exists()) == (3, False)
    assert "/results  成效：尚未填写。" in refused.stderr
    with pytest.raises(IncompletePayload):
        generate("annex3", 2021, UNLIKELY, ("docx",), complete=True)
