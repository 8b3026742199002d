"""Warnings on characters name field, face, and the row that was sent; faults of rows are in order."""

from __future__ import annotations

import pytest

from service import catalog, template_context
from service.conversion.fonts.font_check import GlyphFallback
from service.errors import CharacterNotDrawable, InvalidPayload
from service.glyph_warnings import refuse, warnings
from service.submission import validate
from tests.helpers.forms import choices

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


def test_a_character_of_two_fonts_is_warned_of_where_each_is_beside_options(tmp_path, monkeypatch):
    payload = {
        **choices.FULL,
        "employer": {"key": "other", "words": "龘文研究会"},
        "sources": ["own", {"key": "other", "words": "龘氏捐赠"}],
        "leader": "沈龘",
        "items": [{"kind": "new"}, {"name": "龘园", "kind": "further"}],
    }
    body, heading = (GlyphFallback("龘", official, "Face") for official in ("仿宋_GB2312", "黑体"))

    def look(other):
        """As the form prints it: names of items and own words of sources in the font of headings."""
        shown = template_context.build(other)
        texts = {body: [shown["employer"], shown["leader"]], heading: [shown["sources"]["words"]]}
        texts[heading] += [item["name"] for item in shown["items"]]
        return [finding for finding, printed in texts.items() if "龘" in "".join(printed)]

    submission = validate(choices.publish(tmp_path, monkeypatch), payload)
    found = warnings(submission, look(submission), look)
    assert [(each.pointer, each.official) for each in found] == [
        ("/sources/1/words", "黑体"),
        ("/employer/words", "仿宋_GB2312"),
        ("/leader", "仿宋_GB2312"),
        ("/items/1/name", "黑体"),
    ]


def test_faults_of_many_rows_are_in_the_order_of_the_rows():
    items = [{"amount": "很多"} for _ in range(12)]
    with pytest.raises(InvalidPayload) as refused:
        validate(ANNEX2, {"budget": {"items": items}})
    pointers = [error.pointer for error in refused.value.errors]
    assert pointers == [f"/budget/items/{number}/amount" for number in range(12)]
