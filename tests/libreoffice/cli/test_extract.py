"""`kexie-forms extract` of what LibreOffice wrote: other programs' formats, and PDF."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service import generate
from service.cli import main
from service.payload_json import parse
from tests.helpers import ROOT
from tests.helpers.docx_builder import strict
from tests.helpers.libreoffice import FILTERS, saved
from tests.helpers.payloads import full_annex2, validated_annex2

SAMPLES = ROOT / "samples" / "2021"


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: CliRunner().invoke(main, [str(part) for part in arguments], **more)


@pytest.fixture(scope="module")
def filled():
    """The full sample of annex2 as .docx, with an amount that has a fraction."""
    return generate("annex2", 2021, full_annex2(), ("docx",))["docx"]


@pytest.mark.parametrize("extension", [*FILTERS, "wps", "strict"])
def test_a_form_saved_by_another_program_is_read(run, tmp_path, filled, extension):
    if extension == "strict":
        document = strict(filled)
    else:
        document = saved(filled, "doc" if extension == "wps" else extension)
    (tmp_path / f"form.{extension}").write_bytes(document)
    result = run("extract", f"form.{extension}", "--json", "-o", "back.json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["form"], report["year"], report["warnings"]) == (0, "annex2", 2021, [])
    assert validated_annex2(parse((tmp_path / "back.json").read_bytes())) == validated_annex2(full_annex2())


@pytest.mark.parametrize("given", [(), ("--form", "annex2"), ("--year", 2021)])
def test_a_pdf_gives_the_payload_that_it_carries(run, tmp_path, given):
    source = SAMPLES / "annex2.full.json"
    assert run("render", "annex2", "--year", 2021, source, "-o", "a.pdf", "--attach").exit_code == 0
    report = json.loads(run("extract", "a.pdf", "--json", *given).stdout)
    assert report == {
        "form": "annex2",
        "year": 2021,
        "data": json.loads(source.read_text()),
        "warnings": [],
        "layout": None,
    }


def test_a_pdf_of_another_form_than_the_one_asked_for_is_refused(run):
    source = SAMPLES / "annex3.minimal.json"
    assert run("render", "annex3", "--year", 2021, source, "-o", "a.pdf", "--attach").exit_code == 0
    result = run("extract", "a.pdf", "--form", "annex2", "--year", 2021, "-o", "back.json")
    assert result.exit_code == 3
    assert "annex3 2021" in result.stderr
    assert not Path("back.json").exists()
