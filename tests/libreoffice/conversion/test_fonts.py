"""The faces behind the official font names, as embedded in the PDF."""

from __future__ import annotations

import dataclasses
import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from service.conversion import convert, status
from service.conversion.fonts import font_substitutes
from tests.helpers.docx_builder import docx, paragraph

RARE = "䶮㛃𠅤𬭎𫖯𬱖𬭼"
PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
LIBERATION_SANS = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")


def face(name):
    """Properties of a run in the face `name`, for every kind of character."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def used(pdf):
    """The fonts of a PDF, by the names they give themselves."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(font.BaseFont).partition("+")[2]: font.FontDescriptor
            for page in document.pages
            for font in page.Resources.Font.values()
        }


def outlines(family, characters):
    """The outline and width of each character in an installed face."""
    file, index = font_substitutes.installed()[family]
    font = TTFont(file, fontNumber=index)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    drawn = []
    for character in characters:
        pen = RecordingPen()
        glyphs[names[ord(character)]].draw(pen)
        drawn.append((pen.value, glyphs[names[ord(character)]].width))
    return drawn


@pytest.mark.parametrize(
    ("official", "drawn"),
    [
        ("仿宋_GB2312", "FandolFang-Regular"),
        ("仿宋", "FandolFang-Regular"),
        ("方正小标宋简体", "FandolSong-Bold"),
        ("黑体", "KexieHei"),
        ("楷体_GB2312", "GBZenKai-Medium"),
        ("宋体", "BousungEG-Light-GB"),
    ],
)
def test_the_face_that_stands_for_an_official_name_regular_and_bold(shared, official, drawn):
    """The faces have no bold weight: their glyphs are drawn with an outline."""
    kinds = face(official), face(official) + "<w:b/>"
    made = convert(docx("".join(paragraph("县级科协", properties=each) for each in kinds)), shared)
    assert set(used(made)) == {drawn}
    with pikepdf.open(io.BytesIO(made)) as document:
        drawn_as = [
            [str(operand) for operand in operands]
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
            if str(operator) == "Tr"
        ]
    assert ["2"] in drawn_as


def test_latin_text_and_digits_are_in_the_face_of_times(shared):
    made = convert(docx(paragraph("R12", properties=face("Times New Roman"))), shared)
    assert set(used(made)) == {"LiberationSerif"}


@pytest.mark.parametrize("official", ["仿宋_GB2312", "楷体_GB2312", "宋体"])
def test_every_rare_character_has_a_shape_of_its_own(shared, tmp_path, official):
    pages = "".join(paragraph(character, properties=face(official)) + PAGE_BREAK for character in RARE)
    path = tmp_path / "rare.pdf"
    path.write_bytes(convert(docx(pages), shared))
    subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", "-l", str(len(RARE)), path, tmp_path / "page"], check=True
    )
    shapes = [picture.read_bytes().split(b"\n", 3)[3] for picture in sorted(tmp_path.glob("page-*.pgm"))]
    assert len(set(shapes)) == len(RARE)
    assert max(map(min, shapes)) < 128
    assert set(used(path.read_bytes())) <= {"HanaMinA", "HanaMinB"}


def test_boxes_are_one_em_wide_ticked_or_not(shared):
    made = convert(docx(paragraph("□☑□☑", properties=face("Segoe UI Symbol"))), shared)
    with pikepdf.open(io.BytesIO(made)) as document:
        (font,) = document.pages[0].Resources.Font.values()
        assert str(font.BaseFont).endswith("+KexieBox")
        assert {int(width) for width in font.Widths} - {0} == {1000}


def test_a_face_that_the_office_owns_wins_and_a_form_brings_others(shared, tmp_path):
    """Liberation Sans under the name of Times New Roman plays the office's own Times New Roman."""
    own = LIBERATION_SANS.read_bytes()
    for encoding in ("utf-16-be", "ascii"):
        own = own.replace("Liberation Sans".encode(encoding), "Times New Roman".encode(encoding))
    folder, of_form = tmp_path / "own", tmp_path / "forms" / "fonts"
    folder.mkdir()
    of_form.mkdir(parents=True)
    (folder / "times.ttf").write_bytes(own)
    (of_form / "faces.json").write_text('[{"official": "华文中宋", "stand_ins": ["FandolSong"]}]', "utf-8")
    shared = dataclasses.replace(shared, font_dirs=(folder,), forms=(of_form.parent,))
    texts = ("R12", "Times New Roman"), ("永", "华文中宋")
    body = "".join(paragraph(text, properties=face(name)) for text, name in texts)
    made = convert(docx(body), shared)
    assert set(used(made)) == {"LiberationSans", "FandolSong-Bold"}
    assert status(shared).faces["Times New Roman"] == "Times New Roman"


@pytest.mark.parametrize("official", [*(face.official for face in font_substitutes.FACES), "Calibri"])
def test_fontconfig_takes_the_faces_in_the_order_of_the_chain(tmp_path, official):
    """fc-match answers each face by its first family; FandolFang also calls itself FandolFang R."""
    file = tmp_path / "fonts.conf"
    file.write_text(font_substitutes.configuration(), encoding="utf-8")
    asked = subprocess.run(
        ["fc-match", "-a", "-f", "%{family}\n", official],
        env={"FONTCONFIG_FILE": str(file)},
        capture_output=True,
        text=True,
        check=True,
    )
    chain = font_substitutes.chain(official, font_substitutes.installed())
    order = list(dict.fromkeys(asked.stdout.splitlines()))
    assert len(chain) >= 4
    assert [name in families.split(",") for name, families in zip(chain, order, strict=False)] == [
        True
    ] * len(chain)


def test_the_small_face_of_boxes_has_the_outlines_of_the_big_one():
    boxes = "□☑■☐✓√○"
    assert outlines("Kexie Box", boxes) == outlines("HanaMinA", boxes)


def test_every_face_is_truetype():
    """The Type 1 fonts that LibreOffice makes of CFF outlines differ each time."""
    for file, _ in font_substitutes.installed().values():
        assert file.read_bytes()[:4] in (b"\0\1\0\0", b"true"), file


def test_no_other_font_of_the_machine_is_seen(tmp_path):
    file = tmp_path / "fonts.conf"
    file.write_text(font_substitutes.configuration(), encoding="utf-8")
    listed = subprocess.run(
        ["fc-list", "-f", "%{file}\n"], env={"FONTCONFIG_FILE": str(file)}, capture_output=True, text=True
    )
    folders = {Path(line).parent.name for line in listed.stdout.split("\n") if line.startswith("/usr/share")}
    assert folders == {"arphic-gbsn00lp", "arphic-gkai00mp", "hanazono", "liberation", "dejavu"}
    assert "LiberationSans" not in listed.stdout
