"""Two payloads compared answer by answer, in words: fields, rows by what is in them, passages of texts."""

from __future__ import annotations

import copy

import pytest

from service import catalog
from service.answers.payload_comparison import compare
from service.answers.row_matching import matched
from service.answers.text_differences import passages, shortened

ROWS = [{"name": name, "item": f"{name}的安排", "amount": amount} for name, amount in
        (("走访", 1), ("培训", 2), ("宣传", 3), ("调研", 4))]  # fmt: skip


@pytest.fixture
def edition():
    return catalog.edition("annex2", 2021)


@pytest.fixture
def payload(edition):
    return copy.deepcopy(edition.sample("full")) | {"budget": {"items": copy.deepcopy(ROWS)}}


def shown(found):
    """A difference as a person reads it."""
    labels = " › ".join(label.zh for label in (*found.above, found.label))
    return labels, found.kind, found.before, found.after


def test_equal_payloads_have_no_difference_however_they_are_written(edition, payload):
    other = copy.deepcopy(payload)
    other["budget"] = {"total": "10", "items": [{**row, "amount": f"{row['amount']}.00"} for row in ROWS]}
    other["basic_info"]["mobile"] = f" {other['basic_info']['mobile']}"
    assert compare(edition, payload, other) == []


def test_each_field_that_differs_is_named_with_the_groups_around_it(edition, payload):
    other = copy.deepcopy(payload)
    other["cover"]["email"] = "new@example.org"
    other["basic_info"]["is_independent"] = None
    other["basic_info"]["four_heads"]["hospital_directors"]["county"] = 77
    found = list(map(shown, compare(edition, payload, other)))
    assert found == [
        ("封面 › 电子信箱", "changed", ("kexie@yunze.example.org",), ("new@example.org",)),
        ("基本情况 › 是否独立建制", "changed", ("是",), ()),
        ("基本情况 › “四长”兼挂职情况 › 医院院长 › 县级科协人数", "changed", ("2",), ("77",)),
    ]


def test_rows_are_matched_by_what_is_in_them_and_those_moved_added_and_removed_are_named(edition, payload):
    other = copy.deepcopy(payload)
    walk, _, promote, study = other["budget"]["items"]
    new = {"name": "新项", "item": "另一件", "amount": 7}
    other["budget"]["items"] = [study, {}, walk, {**promote, "amount": 3.5}, new]
    table = "提升计划项目经费预算 › 计划开支"
    found = list(map(shown, compare(edition, payload, other)))
    assert found == [
        (f"{table} › 第1行", "row_moved", ("第4行",), ("第1行",)),
        (
            f"{table} › 第2行",
            "row_removed",
            ("计划开支名称：培训", "计划开支项目：培训的安排", "金额：2.00"),
            (),
        ),
        (f"{table} › 第4行 › 金额", "changed", ("3.00",), ("3.50",)),
        (f"{table} › 第5行", "row_added", (), ("计划开支名称：新项", "计划开支项目：另一件", "金额：7.00")),
        ("提升计划项目经费预算 › 计划开支合计", "changed", ("10.00",), ("15.50",)),
    ]
    pointers = [(each.before_pointer, each.after_pointer) for each in compare(edition, payload, other)]
    assert pointers[:4] == [
        ("/budget/items/3", "/budget/items/0"),
        ("/budget/items/1", None),
        ("/budget/items/2/amount", "/budget/items/3/amount"),
        (None, "/budget/items/4"),
    ]


def test_an_invalid_payload_is_compared_as_it_was_sent(edition, payload):
    other = copy.deepcopy(payload)
    other["basic_info"]["townships"] = "eleven"
    (found,) = compare(edition, payload, other)
    assert shown(found) == ("基本情况 › 乡镇", "changed", ("11",), ("eleven",))


def test_what_the_edition_has_no_field_for_is_not_passed_over(edition, payload):
    other = copy.deepcopy(payload)
    payload["budget"]["items"][0]["unit"] = "万元"
    other["fax"] = "0520"
    found = list(map(shown, compare(edition, payload, other)))
    assert found == [
        ("/budget/items/0/unit", "unknown_field", ("万元",), ()),
        ("/fax", "unknown_field", (), ("0520",)),
    ]


def test_of_equal_rows_none_is_matched_twice():
    row = {"a": 1}
    assert matched([row, row], [row, row, row]) == [(0, 0), (1, 1), (None, 2)]
    assert matched([], [row]) == [(None, 0)]
    assert matched([row], []) == [(0, None)]


@pytest.mark.parametrize(
    "before, after, marked",
    [
        ("科协组织活动。共十次。", "科协组织活动。共十二次。", "科协组织活动。共十(+二)次。"),
        ("甲。乙丙丁。戊。", "甲。戊。", "甲。(-乙丙丁。)戊。"),
        ("服务100人。", "服务1000人。", "服务(-100)(+1000)人。"),
        (
            "前言。旧的一段话。",
            "前言。Something else entirely",
            "前言。(-旧的一段话。)(+Something else entirely)",
        ),
        ("", "新增", "(+新增)"),
        ("同样", "同样", "同样"),
    ],
)
def test_the_passages_that_differ_are_marked(before, after, marked):
    signs = {"kept": "{}", "removed": "(-{})", "added": "(+{})"}
    found = passages(before, after)
    assert "".join(signs[each.kind].format(each.text) for each in found) == marked
    assert "".join(each.text for each in found if each.kind != "added") == before
    assert "".join(each.text for each in found if each.kind != "removed") == after


def test_long_kept_passages_are_cut_around_the_changes():
    kept = "保留的一句话。" * 50
    first, removed, added, last = shortened(passages(f"{kept}旧{kept}", f"{kept}新{kept}"))
    assert (removed.text, added.text) == ("旧", "新")
    assert first.text == f"…{kept[-30:]}"
    assert last.text == f"{kept[:30]}…"


def test_texts_and_tables_of_any_size_take_little_time():
    """Also those that are made to take long: stretches of one character that match everywhere."""
    same, mixed = "的" * 20_000, "".join(f"的{chr(0x4E00 + number)}" for number in range(10_000))
    assert [each.kind for each in passages(same, mixed)] == ["removed", "added"]
    sentences = "".join(f"第{number}句。" for number in range(5_000))
    assert len(passages(sentences, sentences.replace("第2500句", "第X句"))) == 4
    rows = [{"a": str(number)} for number in range(3_000)]
    assert matched(rows, rows[::-1])[0] == (2_999, 0)
    assert len(matched(rows, [{"b": number} for number in range(3_000)])) == 6_000
