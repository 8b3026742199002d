"""A form with pictures, from its payload to the document and back, and what its layout allows."""

from __future__ import annotations

import copy
import io

import openpyxl
import pytest
from lxml import etree
from PIL import Image

from schemas.normal_pictures import EMU, PictureLimits, decoded, encoded
from service import pipeline
from service.batch.sheets import blank_sheet
from service.config import Settings
from service.errors import InvalidPayload, ProofFault
from service.extraction import extract
from service.layout import certify
from service.layout.document_changes import changes
from service.lint import check as lint
from service.roundtrip import prove
from service.submission import validate
from service.wordml.word_package import unpack
from tests.helpers.docx_edit import cell, edited, reword
from tests.helpers.docx_read import W
from tests.helpers.pictures import face, opened, saved
from tests.helpers.pictures.form import BODY, payload, publish

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"


@pytest.fixture
def edition(tmp_path, monkeypatch):
    return publish(tmp_path, monkeypatch)


def made(edition, data):
    submission = validate(edition, data)
    return submission, pipeline.documents(submission, ("docx",))["docx"]


def test_a_picture_goes_into_the_document_and_comes_back(edition):
    submission, document = made(edition, payload())
    prove(submission, document)
    found = extract(document)
    assert found.warnings == ()
    assert found.data["name"] == "沈青"
    assert decoded(found.data["photo"]) == submission.data["photo"].content
    assert [each.get("image") is not None for each in found.data["drawings"]] == [True, False]
    assert made(edition, found.data)[1] == document
    assert certify(document, edition).official


def test_a_form_without_its_pictures_is_the_blank_one(edition):
    _, document = made(edition, {})
    assert not [name for name in unpack(document) if "/media/" in name]
    assert extract(document).data == {}
    assert extract(document).warnings == ()
    assert certify(document, edition).official
    assert lint(edition).faults == ()


def drawing(root, number=0):
    return list(root.iter(f"{WP}inline"))[number].getparent()


def sized(root, width, height):
    extent = next(root.iter(f"{WP}extent"))
    extent.set("cx", str(width * EMU))
    extent.set("cy", str(height * EMU))


def warned(document):
    return [(each.code, each.pointer) for each in extract(document).warnings]


def test_a_picture_elsewhere_is_reported_as_on_any_form(edition):
    _, document = made(edition, payload())
    moved = edited(document, lambda root: cell(root, 1, 1, 2).append(drawing(root).getparent().getparent()))
    assert "photo" not in extract(moved).data
    assert warned(moved) == [("picture", "/name")]
    assert certify(moved, edition).official  # as small as a seal
    large = edited(moved, lambda root: sized(root, 61, 20))
    assert [each.code for each in certify(large, edition).differences] == ["picture_added"]


def test_a_picture_is_allowed_in_its_place_up_to_its_size(edition):
    _, document = made(edition, payload())
    assert certify(edited(document, lambda root: sized(root, 20, 49)), edition).official
    large = edited(document, lambda root: sized(root, 38, 49))
    (difference,) = certify(large, edition).differences
    assert (difference.code, difference.place.zh) == ("picture_too_large", "第1个表格第1行")


def test_a_seal_that_floats_over_a_picture_is_not_read_for_it(edition):
    _, document = made(edition, payload())

    def sealed(root):
        seal = copy.deepcopy(drawing(root, 1))
        seal[0].tag = f"{WP}anchor"
        drawing(root).getparent().addprevious(put_run(seal))

    both = edited(document, sealed)
    assert extract(both).data == extract(document).data
    assert warned(both) == [("picture", "/photo")]
    assert certify(both, edition).official

    def two(root):
        drawing(root).getparent().addnext(put_run(copy.deepcopy(drawing(root, 1))))

    assert "photo" not in extract(edited(document, two)).data
    assert warned(edited(document, two)) == [("picture", "/photo")]


def put_run(drawn):
    run = etree.Element(f"{W}r")
    run.append(drawn)
    return run


def test_a_picture_cropped_by_hand_is_read_whole_with_a_warning(edition):
    _, document = made(edition, payload())

    def crop(root):
        etree.SubElement(drawing(root).find(f".//{PIC}blipFill"), f"{A}srcRect", l="12000", r="0")

    cropped = edited(document, crop)
    assert extract(cropped).data == extract(document).data
    assert warned(cropped) == [("picture_cropped", "/photo")]


def test_words_in_the_place_of_a_picture_are_not_taken_for_one(edition):
    _, document = made(edition, {"name": "沈青"})
    worded = edited(document, lambda root: reword(cell(root, 1, 1, 3), "照片", "见附件"))
    assert warned(worded) == [("unreadable", "/photo")]


def test_another_picture_in_the_document_is_no_proof(edition):
    submission, document = made(edition, payload())
    other, _ = made(edition, payload() | {"photo": encoded(saved(face().rotate(180)))})
    with pytest.raises(ProofFault) as fault:
        prove(other, document)
    assert [(each.pointer, each.code) for each in fault.value.errors] == [("/photo", "differs")]
    assert "图片" in fault.value.errors[0].message.zh
    again = encoded(saved(opened(submission.data["photo"].content), "jpeg", quality=60))
    prove(validate(edition, payload() | {"photo": again}), document)  # saved again, it looks the same


def test_a_picture_that_changed_is_found_between_two_documents(edition):
    _, one = made(edition, payload())
    _, other = made(edition, payload() | {"photo": encoded(saved(face().rotate(180)))})
    assert changes(one, one, edition) == ()
    assert unpack(one).keys() != unpack(other).keys()


@pytest.mark.parametrize(
    ("photo", "code", "words"),
    [
        (3, "not_a_picture", "Base64"),
        ("data:image/png;base64,iVBORw0KGgo=", "not_a_picture", "data:"),
        ("照片", "not_a_picture", "Base64"),
        (encoded(saved(face(), "gif")), "picture_format", "GIF"),
        (encoded(saved(face())[:200]), "picture_damaged", "另存"),
        (encoded(saved(Image.new("1", (300, 300)))), "picture_too_many_pixels", "1 万像素"),
        (encoded(saved(face(99, 99), "jpeg") + bytes(20_000)), "picture_too_large", "最多"),
    ],
)
def test_what_is_no_picture_is_refused_with_where_and_what_to_do(edition, photo, code, words):
    sent = {"drawings": [{}, {"image": photo}]}
    with pytest.raises(InvalidPayload) as fault:
        validate(edition, sent, limits=PictureLimits(size=20_000, pixels=10_000))
    (error,) = fault.value.errors
    assert (error.pointer, error.label, error.code) == ("/drawings/1/image", "作品图片", code)
    assert words in error.message.zh
    assert error.message.en


@pytest.mark.parametrize("photo", [None, "", " \n"])
def test_no_picture_is_a_blank_place(edition, photo):
    assert validate(edition, {"photo": photo}).data["photo"] is None


def test_the_limits_are_those_of_the_environment_and_of_the_settings():
    settings = Settings.from_env({"KEXIE_PICTURE_LIMIT": "2000", "KEXIE_PICTURE_PIXELS": "300"})
    assert settings.pictures == PictureLimits(2000, 300)
    assert Settings.from_env({}).pictures == PictureLimits()


def test_the_json_schema_says_what_a_picture_is(edition):
    described = edition.json_schema()["properties"]["photo"]
    assert described["title"] == "照片"
    assert described["contentEncoding"] == "base64"
    assert described["contentMediaType"] == "image/png, image/jpeg"
    assert "35 × 49 毫米" in described["description"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("{{ photo }}", "照片{{ photo }}", "picture_not_alone"),
        (
            '<w:jc w:val="center"/></w:pPr><w:r><w:t>{{ photo',
            "</w:pPr><w:r><w:t>{{ photo",
            "picture_not_centred",
        ),
        (
            '<w:jc w:val="center"/></w:pPr><w:r><w:t>{{ photo',
            '<w:spacing w:line="560" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr><w:r><w:t>{{ photo',
            "picture_cut",
        ),
        (
            "<w:tr><w:tc>",
            '<w:tr><w:trPr><w:trHeight w:val="600" w:hRule="exact"/></w:trPr><w:tc>',
            "picture_cut",
        ),
        ('w:w="2400"', 'w:w="1900"', "picture_too_wide"),
        ("申请人签名：", "{{ photo }}", "picture_outside_cell"),
    ],
)
def test_lint_wants_room_for_a_picture(tmp_path, monkeypatch, before, after, code):
    body = BODY.replace(before, after)
    if code == "picture_outside_cell":
        body = body.replace("{{ photo }}", "", 1)
    faults = lint(publish(tmp_path, monkeypatch, body)).faults
    assert {each.shown for each in faults if each.code == code} & {"{{ photo }}", "{{ drawings.*.image }}"}


@pytest.mark.parametrize(("height", "is_cut"), [(1400, False), (1350, True)])
def test_a_picture_needs_the_height_of_the_rows_that_its_cell_spans(tmp_path, monkeypatch, height, is_cut):
    exact = f'<w:trPr><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>'
    faults = lint(publish(tmp_path, monkeypatch, BODY.replace("<w:tr>", f"<w:tr>{exact}", 2))).faults
    assert [each.code for each in faults] == ["picture_cut"] * is_cut


def test_a_sheet_has_no_column_for_a_picture_and_says_why(edition):
    book = openpyxl.load_workbook(io.BytesIO(blank_sheet.make(edition)))
    keys = [each.value for each in book[blank_sheet.SHEET][blank_sheet.PATH_ROW]]
    assert "name" in keys
    assert not any("photo" in str(key) or "image" in str(key) for key in keys)
    guide = "\n".join(str(row[0].value) for row in book["填表说明"])
    assert guide.count("图片不能填在表格里") == 1
