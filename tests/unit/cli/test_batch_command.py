"""What `batch` says before any record is done."""

from __future__ import annotations

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
