"""`kexie-forms form new`: files written, places listed with the doubtful ones first, errors."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service.cli import main
from service.config import Settings
from service.form_authoring import blank_form
from service.form_authoring.drafts import draft_changes, form_of_draft
from tests.helpers.docx_builder import docx, paragraph, row, table

BODY = paragraph("云泽县来访登记表") + table(
    2, row("来访单位", ""), row("性质", "公务/其他"), row("来访日期", "  年  月  日")
)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blank.docx").write_bytes(docx(BODY))
    arguments = ["form", "new", "visit", "--year", "2031", "--blank"]
    return lambda *more, blank="blank.docx": CliRunner().invoke(main, [*arguments, blank, *more])


def test_a_form_is_written_and_its_places_are_listed_doubtful_ones_first(run, tmp_path):
    result = run()
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if line.startswith(("?", "✓"))]
    assert [line.split()[2] for line in lines] == ["性质", "来访单位", "来访日期"]
    assert [line[0] for line in lines] == ["?", "✓", "✓"]
    assert "共 3 处，其中 1 处存疑" in result.output
    assert f"export KEXIE_FORMS={tmp_path / 'forms'}" in result.output
    files = (path for path in (tmp_path / "forms").rglob("*.*") if path.suffix != ".pyc")
    assert {str(path.relative_to(tmp_path)) for path in files} == {
        "forms/docx_templates/2031/visit.docx",
        "forms/docx_templates/2031/visit.official.txt",
        "forms/samples/2031/visit.full.json",
        "forms/samples/2031/visit.minimal.json",
        "forms/schemas/editions.json",
        "forms/schemas/visit.py",
    }


def test_json_names_files_fields_and_faults(run, tmp_path):
    report = json.loads(run("--into", "elsewhere", "--json").output)
    assert report["title"] == "云泽县来访登记表"
    assert [(each["key"], each["type"]) for each in report["fields"]][-1][1] == "Day"
    assert report["faults"] == []
    assert all(name.startswith(str(tmp_path / "elsewhere")) for name in report["files"])


def test_a_dry_run_writes_nothing(run, tmp_path):
    places = json.loads(run("--dry-run", "--json").output)["slots"]
    assert [(each["label"], each["kind"]) for each in places] == [
        ("来访单位", "line"),
        ("性质", "choice"),
        ("来访日期", "date"),
    ]
    assert run("--dry-run").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["blank.docx"]


def test_what_is_no_document_is_refused(run, tmp_path):
    assert run(blank="missing.docx").exit_code == 2
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7\n")
    result = run(blank="letter.pdf")
    assert result.exit_code == 3
    assert "PDF 里没有可以填写的版式结构" in result.output
    assert not (tmp_path / "forms").exists()
    (tmp_path / "nothing.docx").write_bytes(b"")
    result = run(blank="nothing.docx")
    assert result.exit_code == 3
    assert "这里需要空白表：.docx、.doc、.wps、.odt 或 .rtf" in result.output


@pytest.mark.parametrize(("form", "year"), [("annex1", "2021"), ("visit", "2031")])
def test_a_form_that_another_folder_has_is_not_made_again(run, tmp_path, monkeypatch, form, year):
    assert run("--into", "known").exit_code == 0
    monkeypatch.setenv("KEXIE_FORMS", str(tmp_path / "known"))
    arguments = ["form", "new", form, "--year", year, "--blank", "blank.docx", "--into", "elsewhere"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert f"中已有 {form} {year}。请换一个名称或年度" in result.output
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_cannot_be_written_is_named_in_chinese(run, tmp_path):
    (tmp_path / "taken").write_text("")
    for into, why in (
        ("taken", "taken（同名的文件已存在）"),
        ("taken/in", "taken/in（路径中有一段是文件，不是目录）"),
    ):
        result = run("--into", into)
        assert result.exit_code == 2
        assert why in result.output
        assert "Errno" not in result.output


def test_a_downloaded_form_is_installed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blank = blank_form.read(docx(BODY), Settings.from_env({}))
    found = draft_changes.changed(blank, {"form": "visit", "year": 2031})
    (tmp_path / "visit-2031.zip").write_bytes(form_of_draft.zipped(blank, found))
    arguments = ["form", "add", "visit-2031.zip", "--into", "mine"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert f"export KEXIE_FORMS={tmp_path / 'mine'}" in result.output
    assert (tmp_path / "mine" / "docx_templates" / "2031" / "visit.docx").is_file()
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 2
    assert "已有 visit 2031" in again.output
