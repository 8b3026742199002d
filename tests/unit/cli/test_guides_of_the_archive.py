"""The commands of the guides on the archive run as printed, one guide after another, on one archive."""

from __future__ import annotations

import json
import re
import shlex
import subprocess

import pytest
from lxml import etree

from service.archive import Archive
from service.config import Settings
from tests.helpers import ROOT
from tests.helpers import signatures as made
from tests.helpers.archive import entry
from tests.helpers.documentation import blocks
from tests.helpers.docx_builder import form

RETENTION, SEALED, HANDOVER, AUDIT = (
    ROOT / "docs" / "guide" / name for name in ("retention.md", "sealed-copies.md", "handover.md", "audit.md")
)
ID = "3201-0001"


@pytest.fixture
def printed(run, place, monkeypatch):
    """Runs the commands of a block; returns what each prints. The archive is that of the guide on batches."""
    monkeypatch.setattr("service.conversion.convert", lambda docx, settings: docx)  # without LibreOffice
    with Archive.open(Settings.from_env(), place / "var" / "demo") as archive:
        for line in (ROOT / "samples" / "2021" / "batch.ndjson").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            payload, pdf = json.dumps(row["data"], ensure_ascii=False).encode(), made.blank_pdf(row["id"])
            files = {"payload": payload, "docx": form(), "pdf": pdf}
            archive.add(entry(row["id"], row["form"], row["year"], files=files))
    (place / "盖章后.pdf").write_bytes(made.signed(made.blank_pdf(ID)))

    def all_of(block):
        answers = []
        for line in block.text.replace("\\\n", " ").splitlines():
            program, *words = shlex.split(line, comments=True)
            result = run(*words)
            assert (program, result.exit_code) == (".venv/bin/kexie-forms", 0), (line, result.output)
            answers.append(result.stdout)
        return answers

    return all_of


def test_the_guides_are_about_one_record_from_its_period_to_its_audit_log(printed, place):
    *_, changed, _, _ = printed(*blocks(RETENTION, "sh"))
    assert all(word in changed for word in (ID, "澄财审〔2031〕7号", "审计结束"))
    _, listed, *_ = printed(*blocks(SEALED, "sh"))
    assert "盖章件-1.pdf" in listed
    assert (place / "var" / "盖章件.pdf").read_bytes() == (place / "盖章后.pdf").read_bytes()
    printed(*blocks(HANDOVER, "sh"))
    report = json.loads((place / "var" / "四性检测.json").read_text(encoding="utf-8"))
    assert report["result"] != "failed"
    (tree,) = blocks(HANDOVER, "text")
    folder = place / re.search(r"^(\S+)/元数据\.xml .*文件编号是 3201-0001$", tree.text, re.MULTILINE)[1]
    (number,) = etree.parse(folder / "元数据.xml").xpath("//*[local-name()='文件编号']/text()")
    assert (number, (folder / "盖章件-1.pdf").is_file()) == (ID, True)
    commands, recomputed = blocks(AUDIT, "sh")
    _, of_record, *_ = printed(commands)
    acts = [line.split("\t")[4] for line in of_record.splitlines()]
    assert acts[:4] == ["archive", "hold", "hold_lifted", "seal"]
    summed = subprocess.run(["bash", "-c", recomputed.text], capture_output=True, check=True, text=True)
    row = json.loads((place / "var" / "audit.ndjson").read_text(encoding="utf-8").splitlines()[2])
    assert summed.stdout.split()[0] == row["hash"]
