"""Which font names the font check reads from a .docx, and what it writes back."""

from __future__ import annotations

import io
import logging
import re
import zipfile

import pytest

from service import doctor
from service.config import Settings
from service.conversion.fonts import font_substitutes
from service.conversion.fonts.font_check import FontCheck, font_check
from service.errors import ConverterMissing
from tests.helpers.docx_builder import docx, paragraph, zipped

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = f"""<w:styles xmlns:w="{WORD}">
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:hAnsi="Times New Roman" w:eastAsia="楷体_GB2312"/></w:rPr>
</w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>
<w:style w:type="paragraph" w:styleId="Base"><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Below"><w:basedOn w:val="Base"/></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>
<w:style w:type="character" w:styleId="Run"><w:rPr><w:rFonts w:eastAsia="仿宋"/></w:rPr></w:style>
</w:styles>"""


def written(body, **more):
    """A .docx with `body` and the styles above."""
    with zipfile.ZipFile(io.BytesIO(docx(body, **more))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return zipped({**parts, "word/styles.xml": STYLES})


def text(content, style="", properties=""):
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{style}<w:r><w:rPr>{properties}</w:rPr>{content}</w:r></w:p>"


RARE = "<w:t>𫟃</w:t>"  # in HanaMinB alone
RUN = '<w:rStyle w:val="Run"/>'


@pytest.mark.parametrize(
    ("body", "official"),
    [
        (text(RARE), "楷体_GB2312"),
        (text(RARE, "Below"), "黑体"),
        (text(RARE, "Loop"), "楷体_GB2312"),
        (text(RARE, "NoSuchStyle"), "楷体_GB2312"),
        (text(RARE, "Below", RUN), "仿宋"),
        (text(RARE, "Below", f'{RUN}<w:rFonts w:eastAsia="宋体"/>'), "宋体"),
        (text(RARE, "Below", f'{RUN}<w:rFonts w:ascii="宋体" w:hint="eastAsia"/>'), "仿宋"),
        (text("<w:t>Ͱ</w:t>", "Below"), "Times New Roman"),
        (text('<w:sym w:font="Segoe UI Symbol" w:char="F0A8"/>'), "Segoe UI Symbol"),
        ("<w:tbl><w:tr><w:tc>" + text(RARE, "Base") + "</w:tc></w:tr></w:tbl>", "黑体"),
    ],
)
def test_the_name_in_force_is_that_of_the_nearest_layer(body, official):
    found = font_check(()).check(written(body)).findings
    assert [finding.official for finding in found] == [official]


def test_headers_footers_and_notes_are_looked_at():
    made = written(paragraph("甲"), header=text("<w:t>𫟃</w:t>"), footer=text("<w:t>𬺰</w:t>"), footnote="𪚥")
    assert {finding.character for finding in font_check(()).check(made).findings} == set("𫟃𬺰𪚥")


def test_only_the_rare_character_gets_another_font():
    run = (
        f'<w:r><w:rPr>{RUN}<w:b/></w:rPr><w:t xml:space="preserve">a 甲𫟃乙 </w:t><w:tab/><w:t>丙</w:t></w:r>'
    )
    before = written(f"<w:p>{run}</w:p>")
    after = font_check(()).check(before).docx
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        body = re.sub(r' xmlns:\w+="[^"]*"', "", package.read("word/document.xml").decode())
        assert package.testzip() is None
    face = '<w:rFonts w:ascii="HanaMinB" w:hAnsi="HanaMinB" w:eastAsia="HanaMinB" w:cs="HanaMinB"/>'
    plain = '<w:rPr><w:rStyle w:val="Run"/><w:b/></w:rPr>'
    assert body.partition("<w:p>")[2].partition("</w:p>")[0] == (
        f"<w:r>{plain}</w:r>"
        f'<w:r>{plain}<w:t xml:space="preserve">a 甲</w:t></w:r>'
        f'<w:r><w:rPr><w:rStyle w:val="Run"/>{face}<w:b/></w:rPr><w:t xml:space="preserve">𫟃</w:t></w:r>'
        f'<w:r>{plain}<w:t xml:space="preserve">乙 </w:t></w:r>'
        f"<w:r>{plain}<w:tab/><w:t>丙</w:t></w:r>"
    )


def test_a_document_that_needs_nothing_stays_as_it_is():
    made = written(text("<w:t>县级科协 R12 “引号”</w:t>", "Below"))
    assert font_check(()).check(made) == (made, ())


def test_a_character_and_its_marks_stay_together():
    """FandolFang has m, and no mark to set above it: Liberation Serif draws both."""
    made = font_check(()).check(written(text("<w:t>国m\u0301国</w:t>", "", RUN))).docx
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        body = package.read("word/document.xml").decode()
    assert re.findall(r"<w:t[ >][^<]*<", body)[1].endswith(">m\u0301<")


def without(monkeypatch, *families):
    there = font_substitutes.installed()
    monkeypatch.setattr(
        font_substitutes,
        "installed",
        lambda _=(): {name: at for name, at in there.items() if name not in families},
    )


def test_the_doctor_names_the_package_of_a_face_that_is_not_there(monkeypatch):
    without(monkeypatch, "FandolFang R")
    found = {finding.name: finding for finding in doctor.examine(Settings.from_env())}
    assert str(found["仿宋_GB2312"]) == (
        "– 仿宋_GB2312：只能以 HanaMinA 代替 / only HanaMinA is installed；"
        "更接近的字体见 / a closer face is in kexie-forms"
    )
    assert not found["仿宋_GB2312"].needed
    assert str(found["黑体"]).startswith("✓ 黑体：以 Kexie Hei 代替")


def test_a_later_stand_in_of_the_same_design_is_as_good(monkeypatch):
    without(monkeypatch, "Kexie Box")
    found = {finding.name: finding for finding in doctor.examine(Settings.from_env())}
    assert str(found["Segoe UI Symbol"]).startswith("✓ Segoe UI Symbol：以 HanaMinA 代替")


def test_a_face_without_chinese_is_a_stand_in_for_no_chinese_name():
    latin = FontCheck({"Liberation Serif": font_substitutes.installed()["Liberation Serif"]})
    found = {face.official: latin.stand_in(face) for face in font_substitutes.FACES}
    assert {name for name, face in found.items() if face} == {"Times New Roman"}


def test_without_any_font_the_answer_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(font_substitutes, "installed", lambda _=(): {})
    with pytest.raises(ConverterMissing, match="fontconfig"):
        font_check((tmp_path,))


def test_a_table_of_faces_that_changes_is_read_again_and_a_broken_one_is_logged(tmp_path, caplog):
    font_check((tmp_path,))
    table = tmp_path / "faces.json"
    table.write_text('[{"official": "华文中宋", "stand_ins": ["FandolSong"]}]', encoding="utf-8")
    assert font_check((tmp_path,)).chain("华文中宋")[0] == "FandolSong"
    table.write_text("[{", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "kexie.conversion"):
        for _ in range(2):
            assert font_check((tmp_path,)).chain("华文中宋")[0] == "FandolSong"
    assert len(caplog.records) == 1
    assert "faces.json" in caplog.text
