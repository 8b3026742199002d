"""Conversion to PDF/A by a real LibreOffice: what comes out, and what is left behind."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from service import catalog, generate
from service.conversion import convert, status
from service.errors import ConversionFault, ConversionTimeout, ConverterMissing


@pytest.fixture(scope="module")
def docx():
    return generate("annex2", 2021, catalog.edition("annex2", 2021).sample("minimal"), ("docx",))["docx"]


def pdffonts(pdf, tmp_path):
    """Name, and whether it is embedded, of each font."""
    path = tmp_path / "fonts.pdf"
    path.write_bytes(pdf)
    lines = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()
    return {line.split()[0].partition("+")[2]: line.split()[-5] for line in lines[2:]}


def drawn(pdf, tmp_path):
    """The text that each font draws, by the font's name."""
    path = tmp_path / "drawn.pdf"
    path.write_bytes(pdf)
    command = ["pdftohtml", "-xml", "-fontfullname", "-i", "-stdout", path]
    page = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    names = dict(re.findall(r'<fontspec id="(\d+)"[^>]*family="[A-Z]{6}\+([^"]*)"', page))
    texts = dict.fromkeys(names.values(), "")
    for number, text in re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', page):
        texts[names[number]] += re.sub(r"<[^>]+>", "", text)
    return texts


def processes(mark):
    """Ids of the processes whose command line names `mark`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:  # it has just ended
            continue
    return found


def gone(mark, seconds=5.0):
    """Whether no process names `mark` any more, waiting for at most `seconds`."""
    deadline = time.monotonic() + seconds
    while processes(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes(mark)


def stand_in(tmp_path, script):
    """A program of ours in LibreOffice's place."""
    path = tmp_path / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_the_pdf_is_an_archive_of_the_form(docx, settings, tmp_path):
    pdf = convert(docx, settings)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert str(document.Root.Lang) == "zh-CN"
        assert "项目申报书" in str(document.docinfo["/Title"])
        assert document.Root.ViewerPreferences.DisplayDocTitle
    fonts = pdffonts(pdf, tmp_path)
    assert set(fonts.values()) == {"yes"}
    assert {"FandolFang-Regular", "FandolSong-Bold", "LiberationSerif", "HanaMinA"} <= set(fonts)
    assert list(settings.temp_dir.iterdir()) == []


def test_each_face_draws_its_own_text(settings, tmp_path):
    payload = {
        "overall_approach": "以仿宋排印的正文",
        "basic_info": {"is_independent": True, "has_party_group": False},
    }
    texts = drawn(generate("annex2", 2021, payload, ("pdf",), settings)["pdf"], tmp_path)
    sans = "".join(text for name, text in texts.items() if "Sans" in name)
    assert re.sub(r"\s", "", sans) == (
        "附件一、基本情况二、总体思路三、目标任务和计划措施四、提升计划项目经费预算五、审核意见"
    )
    assert "以仿宋排印的正文" in texts["FandolFang-Regular"]
    assert "项目申报书" in texts["FandolSong-Bold"]
    boxed = {name for name, text in texts.items() if "☑" in text or "□" in text}
    assert boxed == {"HanaMinA"}
    assert (texts["HanaMinA"].count("☑"), texts["HanaMinA"].count("□")) == (2, 9)


def test_the_same_document_gives_the_same_bytes(docx, settings):
    assert convert(docx, settings) == convert(docx, settings)


def test_rare_characters_are_drawn(settings, tmp_path):
    rare = "䶮㛃𠅤𬭎𫖯𬱖𬭼"
    payload = {"basic_info": {"leader_name": rare}, "overall_approach": rare}
    path = tmp_path / "rare.pdf"
    path.write_bytes(generate("annex2", 2021, payload, ("pdf",), settings)["pdf"])
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    assert {character: text.count(character) for character in rare} == dict.fromkeys(rare, 2)


def test_past_its_deadline_nothing_is_left(docx, settings):
    hurried = dataclasses.replace(settings, deadline=0.3)
    began = time.monotonic()
    with pytest.raises(ConversionTimeout):
        convert(docx, hurried)
    assert time.monotonic() - began < 3
    assert gone(str(settings.temp_dir))
    assert list(settings.temp_dir.iterdir()) == []


def test_a_hanging_program_and_its_children_are_killed(docx, settings, tmp_path):
    hanging = stand_in(tmp_path, "sleep 61.25 & sleep 61.25")
    with pytest.raises(ConversionTimeout):
        convert(docx, dataclasses.replace(settings, soffice=hanging, deadline=0.5))
    assert gone("61.25")


def test_children_die_with_a_killed_service(docx, settings, tmp_path):
    (tmp_path / "in.docx").write_bytes(docx)
    program = (
        "import pathlib; from service.config import Settings; from service.conversion import convert;"
        f"convert(pathlib.Path({str(tmp_path / 'in.docx')!r}).read_bytes(), Settings.from_env())"
    )
    environment = {
        "KEXIE_SOFFICE": stand_in(tmp_path, "sleep 62.25 & sleep 62.25"),
        "KEXIE_TEMP_DIR": str(settings.temp_dir),
        "PATH": os.environ["PATH"],
    }
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as service:
        deadline = time.monotonic() + 20
        while len(processes("62.25")) < 2 and service.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        started = len(processes("62.25"))
        os.kill(service.pid, signal.SIGKILL)
    assert started >= 2
    assert gone("62.25")


@pytest.mark.parametrize(
    "broken",
    [b"", b"PK not a document", b"\x00" * 100, b"PK\x05\x06" + bytes(18)],
    ids=["empty", "cut", "zeros", "empty package"],
)
def test_a_broken_document_is_refused(settings, broken):
    with pytest.raises(ConversionFault):
        convert(broken, settings)
    assert list(settings.temp_dir.iterdir()) == []


def test_a_program_that_writes_nothing_is_a_fault(docx, settings, tmp_path):
    with pytest.raises(ConversionFault):
        convert(docx, dataclasses.replace(settings, soffice=stand_in(tmp_path, "exit 0")))
    assert list(settings.temp_dir.iterdir()) == []


def test_success_without_a_file_is_a_fault(docx, settings):
    with pytest.raises(ConversionFault):
        convert(docx, settings, runner=lambda command, environment, deadline: 0)


@pytest.mark.parametrize("written", [b"", b"%PDF-1.7\n", b"not a PDF"])
def test_a_file_that_is_no_whole_pdf_is_a_fault(docx, settings, written):
    def half(command, environment, deadline):
        folder = Path(command[command.index("--outdir") + 1])
        folder.mkdir()
        (folder / "document.pdf").write_bytes(written)
        return 0

    with pytest.raises(ConversionFault):
        convert(docx, settings, runner=half)


def test_without_libreoffice_the_answer_says_so(docx, settings):
    missing = dataclasses.replace(settings, soffice="/nowhere/soffice")
    with pytest.raises(ConverterMissing, match="libreoffice-writer-nogui"):
        convert(docx, missing)
    assert status(missing).version is None
    assert not status(missing).ready


def test_a_service_s_secrets_stay_with_it(docx, settings, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "secret")
    seen = {}

    def look(command, environment, deadline):
        seen.update(environment)
        return 0

    with pytest.raises(ConversionFault):
        convert(docx, settings, runner=look)
    assert "PGPASSWORD" not in seen
