"""No line of a text in a cell stands alone on a page, in the PDF and in its preview."""

from __future__ import annotations

import re
from itertools import chain

import pypdfium2

from service import catalog, pipeline
from service.conversion import lone_lines
from service.submission import validate

NEXT_HEADING = "四、提升计划项目经费预算"


def pages(pdf):
    """The lines of each page, without white space and page numbers."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    lines = [["".join(line.split()) for line in text.splitlines()] for text in texts]
    return [[line for line in page if not re.fullmatch("—[0-9]+—", line)] for page in lines]


def test_the_last_line_of_a_text_takes_others_to_its_page_and_nothing_else_differs(shared):
    """The third text of this sample leaves its last line alone as LibreOffice breaks pages."""
    edition = catalog.edition("annex2", 2021)
    submission = validate(edition, edition.sample("full"))
    before = pipeline.produce(submission, settings=shared, rules=lone_lines.AS_CONVERTED).documents
    now = pipeline.produce(submission, settings=shared).documents
    alone, together = pages(before["pdf"]), pages(now["pdf"])
    assert alone[5].index(NEXT_HEADING) == 1
    assert together[5].index(NEXT_HEADING) == 3
    assert together[5][2] == alone[5][0]
    assert now["docx"] == before["docx"]
    assert len(together) == len(alone)
    assert sorted(chain(*together)) == sorted(chain(*alone))
    assert pages(pipeline.located(submission, shared).pdf) == together
