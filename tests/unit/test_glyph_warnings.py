"""Warnings on characters name the row that was sent, also behind blank ones; faults of rows are in order."""

from __future__ import annotations

import pytest

from service import catalog
from service.conversion.fonts.font_check import GlyphFallback
from service.errors import CharacterNotDrawable, InvalidPayload
from service.glyph_warnings import refuse, warnings
from service.submission import validate

ANNEX2 = catalog.edition("annex2", 2021)


@pytest.mark.parametrize(
    ("face", "code"), [("Face", "character_substituted"), (None, "character_not_drawable")]
)
def test_a_row_behind_blank_ones_is_named_as_it_was_sent(face, code):
    items = [{}, {"name": "培训"}, {"name": " "}, {"name": "购龘"}]
    submission = validate(ANNEX2, {"budget": {"items": items}})
    found = warnings(submission, [GlyphFallback("龘", "仿宋_GB2312", face)], lambda other: ())
    assert [(each.pointer, each.code) for each in found] == [("/budget/items/3/name", code)]
    if face is None:
        with pytest.raises(CharacterNotDrawable) as refused:
            refuse(found)
        assert refused.value.errors[0].pointer == "/budget/items/3/name"


def test_faults_of_many_rows_are_in_the_order_of_the_rows():
    items = [{"amount": "很多"} for _ in range(12)]
    with pytest.raises(InvalidPayload) as refused:
        validate(ANNEX2, {"budget": {"items": items}})
    pointers = [error.pointer for error in refused.value.errors]
    assert pointers == [f"/budget/items/{number}/amount" for number in range(12)]
