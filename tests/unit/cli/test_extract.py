"""`kexie-forms extract`: a filled form of any kind gives its payload, or says why not."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service import generate
from service.cli import main
from service.payload_json import parse
from service.submission import validate
from tests.helpers import ROOT
from tests.helpers.docx_builder import docx, noted, paragraph
from tests.helpers.docx_read import W
from tests.helpers.hand_made import Paper, elements, part, put, style, t
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


def test_each_form_is_recognised_and_read(run, tmp_path, edition):
    for name in ("minimal", "full"):
        source = SAMPLES / f"{edition.form}.{name}.json"
        assert run("render", edition.form, "--year", 2021, source, "-o", "a.docx").exit_code == 0
        result = run("extract", "a.docx", "-o", "back.json")
        assert (result.exit_code, result.output) == (0, "")
        back = parse((tmp_path / "back.json").read_bytes())
        assert validate(edition, back).data == validate(edition, parse(source.read_bytes())).data


def test_the_payload_goes_to_standard_output_and_numbers_keep_their_digits(run, tmp_path, filled):
    piped = run("extract", "-", input=filled)
    assert piped.exit_code == 0
    assert validated_annex2(parse(piped.stdout_bytes)) == validated_annex2(full_annex2())
    (tmp_path / "a.docx").write_bytes(filled)
    assert run("extract", "a.docx", "-o", "a.json").exit_code == 0
    assert (tmp_path / "a.json").read_bytes() == piped.stdout_bytes
    assert run("render", "annex2", "--year", 2021, "a.json", "-o", "b.docx").exit_code == 0
    assert (tmp_path / "b.docx").read_bytes() == filled


def test_warnings_are_reported_beside_the_payload(run, tmp_path, filled):
    (tmp_path / "a.docx").write_bytes(noted(filled))
    result = run("extract", "a.docx")
    assert result.exit_code == 0
    assert validated_annex2(parse(result.stdout_bytes)) == validated_annex2(full_annex2())
    (line,) = result.stderr.splitlines()
    assert "另附说明一份" in line
    machine = json.loads(run("extract", "a.docx", "--json").stdout)
    assert list(machine) == ["form", "year", "data", "warnings", "layout"]
    (warning,) = machine["warnings"]
    assert line.startswith(warning["message"])
    assert (warning["code"], warning["text"]) == ("unread_text", "另附说明一份")


def test_several_kinds_of_unread_text_are_named_by_extract_and_check(run, tmp_path):
    paper = Paper()
    paper.add_styles(style("character", "Struck", "<w:strike/>"))
    made = paper.add_part("word/typed.xml", part("w:hdr", f"<w:p>{t('经办人：岑远')}</w:p>"), "header")
    list(paper.body.iter(W + "sectPr"))[-1].extend(elements(f'<w:headerReference r:id="{made}"/>'))
    name, quota = paper.value("负责人姓名"), paper.value("编制数")
    put(name, t("陆怀川")).append(elements('<w:altChunk r:id="rId77"/>')[0])
    put(quota, t("1", '<w:rStyle w:val="Struck"/>') + t("9") + "<w:r><w:pict/></w:r>")
    (tmp_path / "a.docx").write_bytes(paper.docx())
    found = json.loads(run("extract", "a.docx", "--json").stdout)
    assert found["data"]["basic_info"]["staff_quota"] == paper.data["basic_info"]["staff_quota"]
    assert {(each["code"], each["pointer"]) for each in found["warnings"]} == {
        ("unread_text", ""),
        ("imported_part", "/basic_info/leader_name"),
        ("struck_text", "/basic_info/staff_quota"),
        ("picture", "/basic_info/staff_quota"),
    }
    checked = run("check", "a.docx", "--json")
    assert checked.exit_code == 3
    codes = {each["code"] for each in json.loads(checked.stdout)["differences"]}
    assert {"imported_part", "shape_added"} <= codes


@pytest.mark.parametrize(
    "given",
    [("--form", "annex2"), ("--year", 2021), ("--form", "annex2", "--year", 2021)],
    ids=["form", "year", "both"],
)
def test_form_and_year_may_be_given(run, tmp_path, filled, given):
    (tmp_path / "a.docx").write_bytes(filled)
    result = run("extract", "a.docx", *given)
    assert result.exit_code == 0
    assert validated_annex2(parse(result.stdout_bytes)) == validated_annex2(full_annex2())


@pytest.mark.parametrize(
    ("content", "given", "exit_code", "code"),
    [
        ("云泽县".encode(), (), 3, "unreadable_document"),
        (b"", (), 3, "unreadable_document"),
        (b"%PDF-1.7\n", (), 3, "unreadable_document"),
        (docx(paragraph("一封信")), (), 3, "unrecognised_form"),
        (docx(paragraph("一封信")), ("--form", "annex9"), 2, "unknown_form"),
        (docx(paragraph("一封信")), ("--form", "annex2", "--year", 1999), 2, "unknown_year"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(run, tmp_path, content, given, exit_code, code):
    (tmp_path / "file").write_bytes(content)
    result = run("extract", "file", "-o", "back.json", *given)
    assert result.exit_code == exit_code
    assert f"（{code}）" in result.stderr
    assert json.loads(run("extract", "file", "-o", "back.json", "--json", *given).stdout)["code"] == code
    assert not (tmp_path / "back.json").exists()
