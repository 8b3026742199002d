"""Pictures in the PDF/A, and read back from forms that LibreOffice saved in other formats."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from schemas.normal_pictures import encoded
from service import filled_form, pipeline
from service.roundtrip import differences
from service.submission import validate
from tests.helpers.libreoffice import saved as saved_by_libreoffice
from tests.helpers.pictures import face, opened, saved
from tests.helpers.pictures.form import payload, publish


@pytest.fixture
def edition(tmp_path, monkeypatch):
    return publish(tmp_path, monkeypatch)


def clear(image):
    """With a transparent half."""
    mask = Image.new("L", image.size, 255)
    mask.paste(0, (0, 0, image.width // 2, image.height))
    image.putalpha(mask)
    return image


def test_the_pdf_shows_the_picture_in_its_size_without_transparency(edition, shared):
    sent = payload() | {"drawings": [{"image": encoded_clear()}]}
    submission = validate(edition, sent)
    made = pipeline.documents(submission, settings=shared, prove=True)
    assert made == pipeline.documents(submission, settings=shared)
    with pikepdf.open(io.BytesIO(made["pdf"])) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        assert len(images) == 2
        for image in images:
            assert "/SMask" not in image
            assert image.ColorSpace in ("/DeviceRGB", "/DeviceGray")
        assert b"pdfaid:part>2" in pdf.Root.Metadata.read_bytes().replace(b" ", b"")
    plain = pipeline.documents(validate(edition, sent | {"photo": None, "drawings": []}), settings=shared)
    added = sum(len(each.content) for each in pictures_of(submission.data))
    assert len(made["pdf"]) - len(plain["pdf"]) < 2 * added + 2_000
    image, _, _ = pipeline.page(submission, 1, shared)
    page = opened(image.png).convert("RGB")
    red = Image.eval(page.getchannel("R"), lambda value: 255 * (value > 150))
    assert page.size == (1191, 1684)
    assert red.getbbox()


def encoded_clear():
    return encoded(saved(clear(face(120, 90))))


def pictures_of(data):
    return [data["photo"], *(each["image"] for each in data["drawings"] if each["image"])]


@pytest.mark.parametrize("extension", ["odt", "doc", "docx"])
def test_a_form_saved_by_libreoffice_gives_its_pictures_back(edition, shared, extension):
    submission = validate(edition, payload())
    document = pipeline.documents(submission, ("docx",))["docx"]
    again = saved_by_libreoffice(document, extension)
    found = filled_form.examine(again, "badge", 2031, shared)
    assert [(each.code, each.pointer) for each in found.extraction.warnings] == []
    assert differences(edition, submission.data, validate(edition, found.extraction.data).data) == []
    codes = [each.code for each in found.certificate.differences]
    assert not [code for code in codes if "picture" in code or "shape" in code]
