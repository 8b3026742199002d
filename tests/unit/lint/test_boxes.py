"""Lint of fields of boxes: every option and own words once, each box beside its own words."""

from __future__ import annotations

import pytest

from service import lint
from tests.helpers.docx_edit import edit
from tests.helpers.forms import choices

WHOLE, NOWHERE = "the template as a whole", "printed nowhere in the template"


@pytest.fixture
def edition(tmp_path, monkeypatch):
    return choices.publish(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        (
            "{{ level.school }}校级",
            "□校级",
            [f"{WHOLE}: {{{{ level.school }}}} – in the schema (项目级别 校级), {NOWHERE}"],
        ),
        (
            "{{ rank.words }}",
            "",
            [f"{WHOLE}: {{{{ rank.words }}}} – in the schema (职称 其他……), {NOWHERE}"],
        ),
        (
            "{{ results.paper }}论文 {{ results.patent }}专利",
            "{{ results.patent }}论文 {{ results.paper }}专利",
            [
                "table 1, row 1, cell 2: {{ results.patent }} – not beside the words 专利",
            ],
        ),
        (
            "{{ level.national }}国家级",
            "{{ level }}国家级",
            [
                "paragraph 3: {{ level }} – has 3 boxes; use level.national or level.provincial or "
                "level.school"
            ],
        ),
    ],
)
def test_boxes_are_checked_one_by_one(edition, old, new, expected):
    if old:
        edit(edition.template_path, (old, new))
    faults = [fault.text.en for fault in lint.check(edition).faults]
    if expected:
        assert [fault for fault in faults if fault in expected] == expected, faults
    else:
        assert faults == []
