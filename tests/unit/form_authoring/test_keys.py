"""Keys of labels: English for common ones, pinyin for others, always usable in schemas and templates."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.form_schema import FormSchema
from service.form_authoring.field_keys import class_name, key


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("姓名", "name"),
        ("E-mail", "email"),
        ("参加人数（人）", "people"),
        ("项目负责人姓名", "project_leader"),
        ("导师姓名", "supervisor"),
        ("负责人简况·联系电话", "leader_phone"),
        ("合计·金额", "total_amount"),
        ("绿色食品标志", "lv_se_shi_pin_biao_zhi"),
        ("银行行长", "yin_hang_hang_zhang"),
        ("3年目标", "field_3_nian_mu_biao"),
        ("class", "class_field"),
        ("limits", "limits_field"),
        ("……", "field"),
    ],
)
def test_a_label_has_this_key(label, expected):
    assert key(label) == expected


def test_a_key_that_is_taken_gets_a_number():
    taken: list[str] = []
    for _ in range(3):
        taken.append(key("姓名", taken))
    assert taken == ["name", "name_2", "name_3"]


@pytest.mark.parametrize(("form", "name"), [("startup-plan", "StartupPlan"), ("basic_info", "BasicInfo")])
def test_a_class_is_called_in_capitals(form, name):
    assert class_name(form) == name


@settings(deadline=None)  # the first loads the readings
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF)))
def test_any_label_has_a_key_that_a_schema_and_a_template_can_spell(label):
    found = key(label)
    assert found.isascii()
    assert found.isidentifier()
    assert not hasattr(FormSchema, found)
