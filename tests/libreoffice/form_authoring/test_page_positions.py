"""The places of a blank form are outlined on its pages where LibreOffice prints them."""

from __future__ import annotations

import io
from contextlib import closing

import pypdfium2
import pytest
from PIL import Image, ImageChops

from service.config import Settings
from service.conversion import convert
from service.conversion.pdf import page_images
from service.form_authoring import blank_form, form_files
from service.form_authoring.drafts import draft, page_positions
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import Cell, paragraph, table

BODY = "".join(
    [
        paragraph("申报表"),
        paragraph("单位：______  电话："),
        table(
            ["姓名", "", "性别", "□男 □女"], ["经历", Cell("", span=3, lines=4)], ["签字", Cell("", span=3)]
        ),
        paragraph("全年共走访____人次。"),
    ]
)


@pytest.fixture(scope="module")
def blank():
    return blank_form.read(docx(BODY, title=""), Settings.from_env())


@pytest.fixture(scope="module")
def pages(blank):
    return page_positions.pages(blank, draft.propose(blank).fields, Settings.from_env())


@pytest.fixture(scope="module")
def pdf(blank):
    return convert(form_files.packed(blank.parts), Settings.from_env())


def outlines(pages):
    return {each.number: each.boxes for page in pages for each in page.places}


def words(pdf, text):
    """Left, top, right, bottom of a text of the first page."""
    with page_images.one_at_a_time, closing(pypdfium2.PdfDocument(pdf)) as document:
        sheet = document[0]
        found = sheet.get_textpage()
        at, count = found.search(text).get_next()
        boxes = [found.get_charbox(number) for number in range(at, at + count)]
        left, bottom, right, top = zip(*boxes, strict=True)
        height = sheet.get_height()
        return min(left), height - max(top), max(right), height - min(bottom)


def test_every_field_has_an_outline_beside_its_label(blank, pages, pdf):
    found = outlines(pages)
    labels = {each.field.title: found[each.number] for each in draft.propose(blank).fields}
    for label in ("单位", "电话", "姓名", "经历"):
        ((left, top, width, height),) = labels[label]
        _, above, right, below = words(pdf, label)
        assert right <= left + 1
        assert top - 3 <= above
        assert below <= top + height + 3 or label == "经历"
        assert width > 20
    ((left, top, width, height),) = labels["性别"]
    box = words(pdf, "□男 □女")
    assert left - 2 <= box[0]
    assert box[2] <= left + width + 2
    assert labels["经历"][0][3] > 3 * labels["姓名"][0][3]


def test_cells_without_a_field_are_free(pages):
    (free,) = pages[0].free
    assert (free.where.as_dict(), free.label) == ({"table": 1, "row": 3, "cell": 2}, "签字")
    assert free.boxes[0][2] > 3 * 100


def test_the_pictures_are_those_of_the_blank(pages, pdf):
    with page_images.one_at_a_time, closing(pypdfium2.PdfDocument(pdf)) as document:
        assert len(document) == len(pages)
        drawn = page_images.drawn(document, 0, 100).convert("L")
    shown = Image.open(io.BytesIO(pages[0].png)).convert("L")
    assert max(ImageChops.difference(drawn, shown).getextrema()) < 64
