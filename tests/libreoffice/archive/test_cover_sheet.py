"""The cover sheet: one page with a QR code that leads from paper back to its record."""

from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2

from service.archive import Record, StoredFile
from service.archive.search.record_code import code
from service.sealed_copies.cover_sheet import cover_sheet
from tests.helpers.pdf import words

RECORD = Record(
    *("aad455c8-5d2c-5e01-9ca1-598c781c7fcf", "", "annex2", 2021, "annex2-2021-云泽县科协-001", 2, "e" * 64),
    datetime(2021, 3, 9, 23, tzinfo=UTC),
    "0123456789abcdef" * 4,
    {"pdf": StoredFile("9f86d081" * 8, 9)},
    submitter="云泽县科学技术协会",
    pages=7,
)


def test_the_sheet_says_what_it_belongs_to_on_one_page(shared):
    pdf = cover_sheet(RECORD, shared)
    text = words(pdf)
    for part in (
        "盖章件封面",
        "2021年度“县级科协创新发展能力提升计划”项目申报书",
        "annex2-2021-云泽县科协-001#0123456789abcdef",
        "annex2-2021-云泽县科协-001（第2版）",
        "申报单位云泽县科学技术协会",
        "归档日期2021年3月10日",
        "页数7",
        "aad455c8-5d2c-5e01-9ca1-598c781c7fcf",
        "9f86d081" * 8,
        "本页不是申报材料的一部分，不必盖章。",
    ):
        assert part in text, part
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        kinds = [each.type for each in document[0].get_objects()]
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 1
    assert code(RECORD) == "annex2-2021-云泽县科协-001 #0123456789abcdef"
    assert cover_sheet(RECORD, shared) == pdf
