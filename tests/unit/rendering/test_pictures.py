"""A picture at a tag becomes an inline drawing with its part; a document without one stays as it was."""

from __future__ import annotations

import pytest

from schemas.normal_pictures import PictureLimits, PlacedPicture, normal
from service.errors import TemplateFault
from service.wordml import parse
from service.wordml.word_package import unpack
from tests.helpers.docx_builder import cell, docx, paragraph, picture, row, table
from tests.helpers.docx_check import problems
from tests.helpers.docx_read import W
from tests.helpers.pictures import MILLIMETRES, face, saved
from tests.helpers.rendering import loaded, parts, texts

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def placed(image, kind="png", description="照片"):
    found = normal(saved(image, kind), *MILLIMETRES, PictureLimits())
    return PlacedPicture(found, *found.within(*MILLIMETRES), description)


FORM = docx(table(2, row("照片", cell("{{ photo }}")), row("姓名", "{{ name }}")) + picture(), image=True)


def test_a_picture_is_drawn_in_the_size_of_its_place_with_its_label(tmp_path):
    photo = placed(face(980, 980), description='照片 "A & B"')
    made = loaded(FORM, tmp_path).render({"photo": photo, "name": "R&D"})
    assert problems(made) == []
    package = unpack(made)
    root = parse(package["word/document.xml"])
    drawing = next(root.iter(f"{WP}inline"))
    assert [drawing.find(f"{WP}extent").get(side) for side in ("cx", "cy")] == [str(35 * 36_000)] * 2
    assert drawing.find(f"{WP}docPr").get("descr") == '照片 "A & B"'
    numbers = [each.get("id") for each in root.iter(f"{WP}docPr")]
    assert len(set(numbers)) == len(numbers) == 2
    relation = next(drawing.iter(f"{A}blip")).get(EMBED)
    listed = parse(package["word/_rels/document.xml.rels"])
    target = next(each.get("Target") for each in listed if each.get("Id") == relation)
    assert package[f"word/{target}"] == photo.picture.content
    assert len({each.get("Id") for each in listed}) == len(listed)
    assert texts(made)[3] == "R&D"


def test_the_same_picture_twice_is_one_part_and_the_bytes_are_the_same_each_time(tmp_path):
    body = docx(paragraph("{{ one }}") + paragraph("{{ two }}") + paragraph("{{ three }}"))
    same, other = placed(face()), placed(face(99, 99), "jpeg")
    template = loaded(body, tmp_path)
    made = template.render({"one": same, "two": same, "three": other})
    assert problems(made) == []
    assert made == template.render({"one": same, "two": same, "three": other})
    assert sorted(name.rpartition(".")[2] for name in unpack(made) if "/media/" in name) == ["jpeg", "png"]


def test_the_values_beside_a_picture_may_need_repairs(tmp_path):
    made = loaded(FORM, tmp_path).render({"photo": placed(face()), "name": "two\nlines\tand a tab"})
    assert problems(made) == []
    numbers = [each.get("id") for each in parse(unpack(made)["word/document.xml"]).iter(f"{WP}docPr")]
    assert len(set(numbers)) == 2


def test_a_document_without_a_picture_is_the_same_before_and_after_one_with(tmp_path):
    template = loaded(FORM, tmp_path)
    blank = {"photo": "", "name": "姓名"}
    before = template.render(blank)
    template.render(blank | {"photo": placed(face())})
    assert template.render(blank) == before
    assert parts(before).keys() == parts(FORM).keys() | {"docProps/core.xml"}


def test_a_choice_of_the_template_shows_its_words_where_no_picture_is(tmp_path):
    inner = map(paragraph, ("{%p if photo %}", "{{ photo }}", "{%p else %}", "照片", "{%p endif %}"))
    template = loaded(docx(table(1, row(cell(*inner)))), tmp_path)
    assert texts(template.render({"photo": ""})) == ["照片"]
    filled = template.render({"photo": placed(face())})
    assert problems(filled) == []
    assert texts(filled) == [""]
    assert parse(unpack(filled)["word/document.xml"]).find(f".//{W}drawing") is not None


def test_a_picture_in_a_header_has_its_relationship_there(tmp_path):
    made = loaded(docx(paragraph("text"), header=paragraph("{{ photo }}")), tmp_path).render(
        {"photo": placed(face())}
    )
    assert problems(made) == []
    name = next(name for name in unpack(made) if name.startswith("word/header"))
    assert b"rIdPicture" in unpack(made)[name.replace("word/", "word/_rels/") + ".rels"]


def test_a_picture_in_a_property_is_a_fault_that_names_it(tmp_path):
    template = loaded(docx(paragraph("text"), title="{{ photo }}"), tmp_path)
    with pytest.raises(TemplateFault, match="此处不能印图片"):
        template.render({"photo": placed(face())})
