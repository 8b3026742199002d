"""A text pasted from Word, tidied on the page."""

from __future__ import annotations

import pytest

from service import catalog
from service.errors import UsageError
from service.web.controls.pasted_text import tidied

ANNEX2 = catalog.edition("annex2", 2021)
ANNEX3 = catalog.edition("annex3", 2021)
GOALS = "/goals_and_measures"


@pytest.mark.parametrize(
    ("pasted", "text", "changes"),
    [
        ("甲，乙。\n丙。", "甲，乙。\n丙。", []),
        ("甲\x0b乙", "甲\n乙", ["含有特殊换行符（U+000B）1 处，已改为换行。"]),
        ("5\xa0月\xa03日", "5 月 3日", ["含有不换行空格（U+00A0）2 处，已改为普通空格。"]),
        ("信\xad息化", "信息化", ["含有软连字符（U+00AD）1 处，看不见，已删去。"]),
        ("\uf0b7\t甲\n\u2022 乙\no\t丙", "甲\n乙\n丙", ["列表符号 3 处，已删去。"]),
        ("1.\t甲\n（一）\t乙\n二、\t丙", "1.甲\n（一）乙\n二、丙", ["编号后的制表符 3 处，已删去。"]),
        ("甲\n\n \n乙\n", "甲\n乙\n", ["空行 2 行，已删去。"]),
        ("年份\t金额\n□是", "年份\t金额\n□是", []),
        (
            "甲\x07\r\n\x01乙\x0b丙\x07",
            "甲\n乙\n丙",
            [
                "单元格、图片等的标记 3 个，已删去。",
                "含有特殊换行符（U+000B）1 处，已改为换行。",
            ],
        ),
        ("甲\t\n乙", "甲\n乙", ["行末有制表符（U+0009）1 处，已删去。"]),
    ],
)
def test_signs_of_word_are_removed_and_named(pasted, text, changes):
    found = tidied(ANNEX3, "/measures", pasted)
    assert (found.text, [each.zh for each in found.changes]) == (text, changes)


def test_indents_are_removed_where_the_form_has_them():
    found = tidied(ANNEX2, GOALS, "\u3000\u3000甲\n\u3000\u3000乙")
    assert found.text == "甲\n乙"
    assert [each.zh for each in found.changes] == ["段首有空白（U+3000）2 处，表单已有缩进，已删去。"]


def test_a_text_with_the_labels_of_fields_has_their_parts():
    pasted = "二、总体思路\n以镇村为重点。\n三、 目标任务和计划措施：\n\n（一）建会。\n（二）培训。"
    parts = tidied(ANNEX2, GOALS, pasted).parts
    assert parts == (
        ("/overall_approach", "总体思路", "以镇村为重点。"),
        (GOALS, "目标任务和计划措施", "（一）建会。\n（二）培训。"),
    )


@pytest.mark.parametrize(
    "pasted",
    [
        "总体思路\n甲",
        "前言\n总体思路\n甲\n目标任务和计划措施\n乙",
        "总体思路\n甲\n总体思路\n乙",
        "意见\n甲\n总体思路\n乙",
        "背景\n甲\n举措\n乙",
        "",
    ],
)
def test_a_text_that_is_not_surely_several_parts_has_none(pasted):
    assert tidied(ANNEX2, GOALS, pasted).parts == ()


def test_a_text_that_no_form_can_hold_stays():
    found = tidied(ANNEX3, "/measures", "甲\ufffe乙\xa0")
    assert (found.text, found.changes) == ("甲\ufffe乙\xa0", ())


@pytest.mark.parametrize("at", ["", "/case_name", "/nothing", "/budget/items/0/name", "/" + "9" * 5000])
def test_only_long_texts_are_tidied(at):
    with pytest.raises(UsageError):
        tidied(ANNEX2, at, "甲")
