"""Conversion to PDF/A by a real LibreOffice: what comes out, and what is left behind."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess

import pikepdf
import pytest

from service import catalog, generate
from service.conversion import convert, status
from service.errors import ConversionFault, ConverterMissing


@pytest.fixture(scope="module")
def docx():
    return generate("annex2", 2021, catalog.edition("annex2", 2021).sample("minimal"), ("docx",))["docx"]


@pytest.fixture(params=["persistent", "one a document"])
def settings(request, shared):
    """The settings of both engines."""
    one_shot = request.param == "one a document"
    return dataclasses.replace(shared, uno_python="/nowhere") if one_shot else shared


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
    assert {"FandolFang-Regular", "FandolSong-Bold", "LiberationSerif", "KexieBox"} <= set(fonts)


def test_each_face_draws_its_own_text(settings, tmp_path):
    payload = {
        "overall_approach": "以仿宋排印的正文",
        "basic_info": {"is_independent": True, "has_party_group": False},
    }
    texts = drawn(generate("annex2", 2021, payload, ("pdf",), settings)["pdf"], tmp_path)
    sans = "".join(text for name, text in texts.items() if "KexieHei" in name)
    assert re.sub(r"\s", "", sans) == (
        "附件一、基本情况二、总体思路三、目标任务和计划措施四、提升计划项目经费预算五、审核意见"
    )
    assert "以仿宋排印的正文" in texts["FandolFang-Regular"]
    assert "项目申报书" in texts["FandolSong-Bold"]
    boxed = {name for name, text in texts.items() if "☑" in text or "□" in text}
    assert boxed == {"KexieBox"}
    assert (texts["KexieBox"].count("☑"), texts["KexieBox"].count("□")) == (2, 9)


def test_the_same_document_gives_the_same_bytes(docx, settings):
    assert convert(docx, settings) == convert(docx, settings)


def test_rare_characters_are_drawn(settings, tmp_path):
    rare = "䶮㛃𠅤𬭎𫖯𬱖𬭼"
    payload = {"basic_info": {"leader_name": rare}, "overall_approach": rare}
    path = tmp_path / "rare.pdf"
    path.write_bytes(generate("annex2", 2021, payload, ("pdf",), settings)["pdf"])
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    assert {character: text.count(character) for character in rare} == dict.fromkeys(rare, 2)


@pytest.mark.parametrize(
    "broken",
    [b"", b"PK not a document", b"\x00" * 100, b"PK\x05\x06" + bytes(18)],
    ids=["empty", "cut", "zeros", "empty package"],
)
def test_a_broken_document_is_refused(settings, broken):
    with pytest.raises(ConversionFault):
        convert(broken, settings)


def test_without_libreoffice_the_answer_says_so(docx, settings):
    missing = dataclasses.replace(settings, soffice="/nowhere/soffice")
    with pytest.raises(ConverterMissing, match="libreoffice-writer-nogui"):
        convert(docx, missing)
    assert status(missing).version is None
    assert not status(missing).ready
