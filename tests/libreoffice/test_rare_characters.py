"""Rare characters: each is drawn by the face foretold, or refused before LibreOffice starts."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections import defaultdict

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from service import catalog, create_app, pipeline
from service.cli import main
from service.config import Settings
from service.conversion import convert
from service.conversion.fonts.font_check import font_check
from service.conversion.fonts.font_substitutes import FACES
from service.conversion.fonts.glyph_clusters import needs_glyph
from service.errors import CharacterNotDrawable
from service.forms.form_folder import BUILT_IN
from service.submission import validate
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.forms import FORMS
from tests.helpers.pdf import glyphs

BODY = "仿宋_GB2312"
NAMES = "䶮㛃𠅤𬭎𫖯𬱖𬭼"
# First and last code point of each block, and how many characters are taken from it.
BLOCKS = (
    (0x4E00, 0x9FFF, 60),
    (0x3400, 0x4DBF, 60),
    (0x20000, 0x2A6DF, 60),
    (0x2A700, 0x2B73F, 20),
    (0x2B740, 0x2B81F, 10),
    (0x2B820, 0x2CEAF, 20),
    (0x2CEB0, 0x2EBEF, 10),
    (0x2EBF0, 0x2EE5D, 10),
    (0x30000, 0x3134A, 20),
    (0x31350, 0x323AF, 10),
    (0xF900, 0xFAFF, 13),
)
SAMPLE = (
    "AZaz09éñœǚĀΩψЖя“”‘’—…·×÷°℃№①⑩㈠Ⅻ→↑∑√≤■□☑○●★々〇〈《「。，！？；：（）ぁアㄅ㊣県"
    "䶮㛃𠅤𬭎𫖯𬱖𬭼𠮷𪚥𫠝𫟃𬀩𬺰丽⺀⼀㆐豈齉龘靐☃😀אבגקกข‰§¥€~ế"
)
NOWHERE = "\U00030041\ue000🤖ह\U000e0fff"


def rare():
    """300 characters that the body's first face lacks: from each block, evenly spread, the next that is."""
    there = font_check(())
    first = there.chain(BODY)[0]
    chosen = list(NAMES)
    for low, high, count in BLOCKS:
        for number in range(count):
            codes = range(low + (high - low) * number // count, high)
            faces = ((chr(code), there.face(BODY, chr(code))) for code in codes if chr(code) not in chosen)
            chosen.append(next(character for character, face in faces if face not in (None, first)))
    return "".join(chosen)


def annex2(payload):
    return validate(catalog.edition("annex2", 2021), payload)


def fonts_of(latin, asian):
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{asian}" w:cs="{latin}"/>'


@pytest.fixture(scope="module")
def form():
    characters = rare()
    submission = annex2(
        {
            "cover": {"contact_person": characters[:7], "applicant": characters[7:20]},
            "basic_info": {"leader_name": characters[:7]},
            "overall_approach": characters,
            "budget": {"items": [{"name": characters[-5:], "amount": 1}]},
        }
    )
    return characters, pipeline.produce(submission, ("pdf",), Settings.from_env())


def test_the_list_is_spread_over_the_blocks():
    characters = rare()
    assert len(set(characters)) == len(characters) == 300
    assert {low for low, high, _ in BLOCKS if any(low <= ord(each) <= high for each in characters)} == {
        low for low, _, _ in BLOCKS
    }


def test_300_rare_characters_stand_in_the_text_of_the_pdf(form, tmp_path):
    characters, product = form
    path = tmp_path / "rare.pdf"
    path.write_bytes(product.documents["pdf"])
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    assert [each for each in characters if each not in text] == []
    assert {each: text.count(each) for each in NAMES} == dict.fromkeys(NAMES, 3)


def test_300_rare_characters_are_drawn_by_the_face_of_the_warning(form):
    characters, product = form
    drawn = defaultdict(set)
    for glyph in glyphs(product.documents["pdf"]):
        drawn[glyph.character].add((glyph.face, glyph.inked))
    warned = defaultdict(set)
    for warning in product.warnings:
        if warning.code == "character_substituted":
            warned[warning.character].add((warning.face, True))
    assert set(warned) == set(characters)
    assert {each: drawn[each] for each in characters} == warned


def test_each_warning_names_every_field_that_holds_the_character(form):
    characters, product = form
    holders = [(warning.pointer, warning.label) for warning in product.warnings if warning.character == "䶮"]
    assert holders == [
        ("/cover/contact_person", "联系人"),
        ("/basic_info/leader_name", "负责人姓名"),
        ("/overall_approach", "总体思路"),
    ]
    last = [(each.code, each.pointer) for each in product.warnings if each.character == characters[-1]]
    assert last == [
        (code, pointer)
        for code in ("character_look_alike", "character_substituted")
        for pointer in ("/overall_approach", "/budget/items/0/name")
    ]


@pytest.mark.parametrize("latin", ["Times New Roman", None])
@pytest.mark.parametrize("official", [face.official for face in FACES])
def test_libreoffice_draws_with_the_face_foretold(shared, official, latin):
    """Alone, among Chinese and among Latin; so that its neighbours change nothing."""
    properties = fonts_of(latin or official, official)
    around = "".join(paragraph(f"国{each}国a{each}a {each}", properties=properties) for each in SAMPLE)
    there = font_check(())
    checked = there.check(docx(paragraph(SAMPLE, properties=properties) + around))
    drawn = defaultdict(set)
    for glyph in glyphs(convert(checked.docx, shared)):
        assert glyph.inked, glyph
        drawn[glyph.character].add(glyph.face)
    names = {latin or official, official}
    firsts = {there.chain(name)[0] for name in names}
    reported = {finding.character: {finding.face} for finding in checked.findings}
    assert set(SAMPLE) <= set(drawn)
    for each in SAMPLE:
        foretold = reported.get(each) or {there.face(name, each) for name in names} | firsts
        assert drawn[each] <= foretold, each


def test_neighbours_do_not_change_a_face(shared):
    """By itself LibreOffice takes the face with most of what is missing, for 𠮷 too: HanaMinB."""
    checked = font_check(()).check(docx(paragraph("𠮷𫟃𬺰", properties=fonts_of(BODY, BODY))))
    faces = [(glyph.character, glyph.face) for glyph in glyphs(convert(checked.docx, shared))]
    assert faces == [("𠮷", "HanaMinA"), ("𫟃", "HanaMinB"), ("𬺰", "HanaMinB")]


def test_an_empty_outline_is_passed_over(shared):
    """AR PL KaitiM GB maps these to nothing at all."""
    checked = font_check(()).check(docx(paragraph("ⅰⅱⅲ", properties=fonts_of("楷体_GB2312", "楷体_GB2312"))))
    assert [(glyph.face, glyph.inked) for glyph in glyphs(convert(checked.docx, shared))] == [
        ("HanaMinA", True)
    ] * 3


def test_what_is_not_to_be_seen_needs_no_glyph(shared):
    text = "甲\u0085\x7f乙\u200b\u00ad丙\ufeff\ufe0f丁\U000e0100"
    checked = font_check(()).check(docx(paragraph(text, properties=fonts_of(BODY, BODY))))
    assert checked.findings == ()
    drawn = "".join(glyph.character for glyph in glyphs(convert(checked.docx, shared)))
    assert "".join(each for each in drawn if needs_glyph(each)) == "甲乙丙丁"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("葛\U000e0100城", [("葛\U000e0100", "HanaMinA")]),
        ("邉\U000e0101", [("邉\U000e0101", "HanaMinA")]),
        ("葛\U000e0101城", []),  # the form that fonts draw without a selector
        ("丁\U000e0105", [("丁\U000e0105", "FandolFang R")]),  # known to no font: drawn as usual
    ],
)
def test_a_variant_of_an_ideograph_is_drawn_by_a_font_that_has_it_or_reported(text, found):
    checked = font_check(()).check(docx(paragraph(text, properties=fonts_of(BODY, BODY))))
    assert [(each.character, each.face) for each in checked.findings] == found
    submission = annex2({"basic_info": {"leader_name": text}})
    found_in_form = [(each.pointer, each.code, each.code_point) for each in pipeline.warnings(submission)]
    points = [" ".join(f"U+{ord(each):04X}" for each in character) for character, _ in found]
    assert found_in_form == [("/basic_info/leader_name", "character_substituted", point) for point in points]


def test_libreoffice_draws_the_variant(shared):
    faces = set()
    for text in ("葛\U000e0100城", "葛城"):
        checked = font_check(()).check(docx(paragraph(text, properties=fonts_of(BODY, BODY))))
        drawn = glyphs(convert(checked.docx, shared))
        faces.add(drawn[0].face)
    assert faces == {"HanaMinA", "FandolFang R"}


@pytest.fixture
def recorder(tmp_path):
    """Settings whose LibreOffice only writes down that it was started."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    return {"KEXIE_SOFFICE": str(program), "KEXIE_TEMP_DIR": str(tmp_path)}


@pytest.mark.parametrize("character", list(NOWHERE))
def test_what_no_face_draws_is_refused_before_libreoffice_starts(recorder, tmp_path, character):
    submission = annex2({"basic_info": {"leader_name": f"张{character}"}, "goals_and_measures": character})
    with pytest.raises(CharacterNotDrawable) as caught:
        pipeline.produce(submission, ("docx", "pdf"), Settings.from_env(recorder))
    assert [(error.pointer, error.label) for error in caught.value.errors] == [
        ("/basic_info/leader_name", "负责人姓名"),
        ("/goals_and_measures", "目标任务和计划措施"),
    ]
    for error in caught.value.errors:
        assert f"U+{ord(character):04X}" in error.message.zh
        assert "KEXIE_FONT_DIRS" in error.message.en
    assert not (tmp_path / "started").exists()
    assert set(pipeline.produce(submission, ("docx",)).documents) == {"docx"}


def test_http_answers_every_character_that_cannot_be_drawn(recorder):
    client = create_app(recorder).test_client()
    payload = {"basic_info": {"leader_name": "🤖"}, "overall_approach": "\ue000"}
    answer = client.post("/api/v1/forms/annex2/2021/documents", json=payload)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["code"] == "character_not_drawable"
    assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [
        ("/basic_info/leader_name", "character_not_drawable"),
        ("/overall_approach", "character_not_drawable"),
    ]
    assert client.post("/api/v1/forms/annex2/2021/documents?format=docx", json=payload).status_code == 200


def test_http_reports_warnings_in_headers_of_bounded_size(shared):
    client = create_app(shared).test_client()
    answer = client.post("/api/v1/forms/annex2/2021/documents", json={"overall_approach": rare()[:60]})
    warned = json.loads(answer.headers["X-Warnings"])
    assert answer.status_code == 200
    assert answer.headers["X-Warning-Count"] == "60"
    assert 5 < len(warned) < 60
    assert len(answer.headers["X-Warnings"]) <= 4096
    assert answer.headers["X-Warnings"].isascii()
    assert (warned[0]["pointer"], warned[0]["character"], warned[0]["face"]) == (
        "/overall_approach",
        "䶮",
        "HanaMinA",
    )
    plain = client.post("/api/v1/forms/annex2/2021/documents?format=docx", json={"overall_approach": "䶮"})
    assert "X-Warnings" not in plain.headers


def test_http_validate_and_manifest_tell_every_warning(shared):
    client = create_app(shared).test_client()
    payload = {"overall_approach": rare()[:60], "cover": {"applicant": "🤖"}}
    warnings = client.post("/api/v1/forms/annex2/2021/validate", json=payload).json["warnings"]
    assert [warning["code_point"] for warning in warnings] == [
        "U+1F916",
        *(f"U+{ord(each):04X}" for each in rare()[:60]),
    ]
    assert (warnings[0]["code"], warnings[0]["face"]) == ("character_not_drawable", None)
    answer = client.post(
        "/api/v1/forms/annex2/2021/documents?format=zip", json={"overall_approach": rare()[:60]}
    )
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        manifest = json.loads(package.read("manifest.json"))
    assert [warning["character"] for warning in manifest["warnings"]] == list(rare()[:60])


def test_the_command_line_reports_warnings_and_refusals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text('{"case_name": "䶮溪"}', encoding="utf-8")
    (tmp_path / "b.json").write_text('{"case_name": "🤖"}', encoding="utf-8")
    command = ["annex3", "--year", "2021"]
    result = CliRunner().invoke(main, ["render", *command, "a.json", "-o", "a.pdf"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("/case_name  案例名称：“䶮”（U+4DAE）")
    result = CliRunner().invoke(main, ["render", "--json", *command, "a.json", "-o", "a.pdf"])
    assert [warning["code_point"] for warning in json.loads(result.stdout)["warnings"]] == ["U+4DAE"]
    assert result.stderr == ""
    result = CliRunner().invoke(main, ["validate", *command, "a.json"])
    assert [warning["face"] for warning in json.loads(result.stdout)["warnings"]] == ["HanaMinA"]
    result = CliRunner().invoke(main, ["render", *command, "b.json", "-o", "b.pdf"])
    assert result.exit_code == 5
    assert "  /case_name  案例名称：“🤖”（U+1F916）没有字体" in result.stderr
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize("sample", ["minimal", "full"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_itself_warns_of_nothing(form, sample):
    edition = catalog.edition(form, 2021)
    assert pipeline.warnings(validate(edition, edition.sample(sample))) == ()


def printed(character):
    """Whether a form takes a character: no control character, no noncharacter (Unicode, 23.7)."""
    code = ord(character)
    return (code >= 32 or character in "\t\n") and not (0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE)


XML_TEXT = st.text(st.characters(exclude_categories=("Cs",)).filter(printed), max_size=40)


@hypothesis_settings(max_examples=200)
@given(text=XML_TEXT)
def test_any_text_passes_or_is_refused_the_same_way_each_time(text):
    submission = annex2({"overall_approach": text})
    warnings = pipeline.warnings(submission)
    assert warnings == pipeline.warnings(submission)
    assert {warning.pointer for warning in warnings} <= {"/overall_approach"}
    written = pipeline.produce(submission, ("docx",)).documents["docx"]
    checked = font_check(()).check(written)
    assert checked == font_check(()).check(written)
    if not any(warning.face is None for warning in warnings):
        # What now names its face is no longer found.
        assert font_check(()).check(checked.docx) == (checked.docx, ())


def formed(monkeypatch, tmp_path, *paragraphs, form="annex3"):
    """The edition of a form with a template of these paragraphs."""
    monkeypatch.setattr(BUILT_IN, "root", tmp_path)
    template = tmp_path / "docx_templates" / "2021" / f"{form}.docx"
    template.parent.mkdir(parents=True)
    template.write_bytes(docx("".join(paragraphs)))
    return catalog.edition(form, 2021)


TWO_FONTS = (
    paragraph("{{ association_name }}", properties=fonts_of(BODY, BODY)),
    paragraph("{{ case_name }}", properties=fonts_of("Segoe UI Symbol", "Segoe UI Symbol")),
)


@pytest.mark.parametrize("name", ["☑", "云泽☑县"])
def test_a_character_in_two_fonts_is_reported_with_the_face_of_each_field(monkeypatch, tmp_path, name):
    edition = formed(
        monkeypatch, tmp_path, *TWO_FONTS, paragraph("{{ remarks[0] }}", properties=fonts_of("黑体", "黑体"))
    )
    payload = {"association_name": name, "case_name": name, "remarks": "①" + name}
    warnings = pipeline.warnings(validate(edition, payload))
    warned = [
        (warning.pointer, warning.official, warning.face) for warning in warnings if warning.character == "☑"
    ]
    assert warned == [("/association_name", BODY, "HanaMinA"), ("/remarks", "黑体", "HanaMinA")]


def test_rows_are_reported_with_the_font_of_their_column(monkeypatch, tmp_path):
    edition = formed(
        monkeypatch,
        tmp_path,
        paragraph("{{ cover.applicant }}", properties=fonts_of(BODY, BODY)),
        paragraph('{%p for item in budget["items"] %}'),
        paragraph("{{ item.name }}", properties=fonts_of("黑体", "黑体")),
        paragraph("{{ item.item }}", properties=fonts_of("宋体", "宋体")),
        paragraph("{%p endfor %}"),
        form="annex2",
    )
    rows = [{"name": "䶮", "amount": 1}, {"name": "甲", "item": "䶮", "amount": 2}]
    payload = {"cover": {"applicant": "䶮"}, "budget": {"items": rows}}
    warnings = pipeline.warnings(validate(edition, payload))
    assert [(warning.pointer, warning.official) for warning in warnings] == [
        ("/cover/applicant", BODY),
        ("/budget/items/0/name", "黑体"),
        ("/budget/items/1/item", "宋体"),
    ]


@pytest.mark.parametrize("format", ["pdf", "png"])
def test_a_blank_form_reports_its_own_warnings(monkeypatch, tmp_path, shared, format):
    formed(monkeypatch, tmp_path, paragraph("䶮溪县", properties=fonts_of(BODY, BODY)))
    answer = create_app(shared).test_client().get(f"/api/v1/forms/annex3/2021/blank?format={format}")
    assert (answer.status_code, answer.headers["X-Warning-Count"]) == (200, "1")
    (warned,) = json.loads(answer.headers["X-Warnings"])
    assert (warned["pointer"], warned["character"], warned["face"]) == ("", "䶮", "HanaMinA")


def test_the_command_line_reports_a_blank_form_s_own_warnings(monkeypatch, tmp_path):
    formed(monkeypatch, tmp_path, paragraph("䶮溪县", properties=fonts_of(BODY, BODY)))
    arguments = ["blank", "annex3", "--year", "2021", "-o", str(tmp_path / "blank.pdf")]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("/  2021年度县级科协单项工作创新案例申报书：“䶮”（U+4DAE）")
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert [warning["character"] for warning in json.loads(result.stdout)["warnings"]] == ["䶮"]


@pytest.mark.parametrize("format", ["pdf", "png"])
def test_a_form_s_own_character_that_no_face_draws_is_not_the_caller_s_fault(
    monkeypatch, tmp_path, recorder, format
):
    form = (paragraph("🤖", properties=fonts_of(BODY, BODY)), paragraph("{{ case_name }}"))
    formed(monkeypatch, tmp_path, *form)
    client = create_app(recorder).test_client()
    address = "/api/v1/forms/annex3/2021"
    for answer in (
        client.get(f"{address}/blank?format={format}"),
        client.post(f"{address}/documents?format={format}", json={"case_name": "案例"}),
    ):
        assert (answer.status_code, answer.json["code"]) == (503, "character_not_drawable")
        assert int(answer.headers["Retry-After"]) > 0
        assert [error["pointer"] for error in answer.json["errors"]] == [""]
    answer = client.post(f"{address}/documents?format={format}", json={"case_name": "\ue000"})
    assert (answer.status_code, answer.json["code"]) == (422, "character_not_drawable")
    assert client.get(f"{address}/blank?format=docx").status_code == 200
    assert not (tmp_path / "started").exists()
