"""What `batch` says before any record is done."""

from __future__ import annotations

import json

from click.testing import CliRunner

from service.cli import main


def test_a_batch_without_libreoffice_says_so_at_once(tmp_path):
    source = tmp_path / "in.ndjson"
    source.write_text("no JSON\n")
    arguments = ["batch", str(source), "--archive", str(tmp_path / "archive"), "--workers", "1"]
    for formats, said in (("docx,pdf", True), ("docx", False)):
        command = [*arguments, "--formats", formats]
        result = CliRunner(env={"KEXIE_SOFFICE": "/nowhere/soffice"}).invoke(main, command)
        assert result.exit_code == 3
        assert ("run kexie-forms doctor" in result.stderr) == said, result.stderr


def test_an_input_first_read_by_lines_is_another_batch_when_it_is_read_as_json(tmp_path):
    found = {}
    for name in ("list.ndjson", "list.json"):
        source = tmp_path / name
        source.write_text('[\n{"form": "none", "year": 2021, "id": "a", "data": {}}\n]')
        arguments = ["batch", str(source), "--archive", str(tmp_path / "archive"), "--workers", "1", "--json"]
        result = json.loads(CliRunner().invoke(main, [*arguments, "--formats", "docx"]).stdout)
        found[name] = [error["code"] for failed in result["failures"] for error in failed["errors"]]
    assert len(found["list.ndjson"]) == 3
    assert found["list.json"] == ["unknown_form"]
