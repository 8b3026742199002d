"""Damaged blank forms end in places or a clear error."""

from __future__ import annotations

import random
from collections import Counter

from service.blank_forms import blank_document, find_places
from service.conversion import file_kind
from service.errors import UnreadableDocument
from service.wordml import W, word_package
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import UP, Cell, paragraph, table
from tests.helpers.hostile.mutators import mutated

FORM = docx(
    paragraph("申报单位（盖章）：~~~~~~  类别：□甲 □乙 □其他____")
    + table(
        ["姓 名", "", "出生|年月", "", "照|片"],
        ["起止时间", Cell("  年  月至  年  月", 3), UP],
        ["单位意见", Cell("||（盖章）|年  月  日", 4)],
    )
    + table(["序号", Cell("经费（万元）", 2)], [UP, "拨款", "自筹"], ["", "", ""], ["合计", "", ""])
)


def test_damaged_forms_end_in_places_or_a_clear_error():
    results = Counter(_result(mutated("docx", FORM, random.Random(seed))) for seed in range(200))
    assert set(results) == {"places", "error"}


def _result(content):
    try:
        if file_kind.kind(content) == file_kind.DOCX:
            root = word_package.part(word_package.opened(content), word_package.MAIN)
            body = None if root is None else root.find(W + "body")
            if body is not None:
                find_places.find(blank_document.read(body))
                return "places"
    except UnreadableDocument:
        pass
    return "error"
