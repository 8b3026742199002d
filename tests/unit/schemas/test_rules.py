"""What a form demands of several fields together, at any level, with pointer, code and message."""

from __future__ import annotations

import copy
from decimal import Decimal as Number

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas.fields import Count, Day, Decimal, Group, Line, Money, Percent, Phone, Points, Rows
from schemas.form_schema import FieldGroup, FormSchema
from schemas.rules import AtMost, OneOf, Ordered, Total


class Person(FieldGroup):
    rules = (OneOf("phone", "mobile"), Ordered("born", "joined", "left"))

    name = Line("姓名")
    phone = Phone("电话")
    mobile = Phone("手机")
    born = Day("出生日期")
    joined = Day("入职日期")
    left = Day("离职日期")


class Part(FieldGroup):
    amount = Money("金额")


class Item(FieldGroup):
    rules = (AtMost("paid", "granted"),)

    granted = Money("批准金额")
    paid = Money("已支付")


class Budget(FieldGroup):
    rules = (Total("items.granted"), Total("items.paid", at="paid"), AtMost("paid", "head.quota"))

    head = Group("负责人", type("Head", (FieldGroup,), {"quota": Money("额度")}))
    items = Rows("支出", Group("支出", Item))
    total = Money("合计")
    paid = Money("支付合计")


class Grant(FormSchema):
    rules = (AtMost("budget.paid", "limit"),)

    limit = Money("限额")
    person = Group("申请人", Person)
    people = Rows("成员", Group("成员", Person))
    budget = Group("预算", Budget)


GRANT = Grant()


def faults(payload, form=GRANT):
    """The code, place, Chinese and English of each fault."""
    with pytest.raises(ValidationError) as caught:
        form.load(payload)
    return list(listed(caught.value.messages))


def listed(messages, above=""):
    for key, inner in messages.items():
        if isinstance(inner, dict):
            yield from listed(inner, f"{above}/{key}")
        else:
            yield from ((each.code, f"{above}/{key}", *each.message()) for each in inner)


def test_a_total_is_computed_or_checked():
    items = [{"granted": "1.10", "paid": 1}, None, {}, {"granted": 2}]
    loaded = GRANT.load({"budget": {"items": items, "paid": 1}})
    assert (loaded["budget"]["total"], loaded["budget"]["paid"]) == (Number("3.10"), Number("1.00"))
    assert GRANT.totals(loaded) == {"budget": {"total": Number("3.10"), "paid": Number("1.00")}}
    assert GRANT.load({})["budget"]["total"] is None
    assert faults({"budget": {"items": items, "total": 3}}) == [
        (
            "total_mismatch",
            "/budget/total",
            "合计 3.00 与各项金额之和 3.10 不符，请改正，或不填合计由系统计算。",
            "The total 3.00 is not the sum of the amounts, 3.10: correct it, or leave it out.",
        )
    ]


@pytest.mark.parametrize(
    ("amount", "each", "times", "code"),
    [
        (Percent("比例"), 45, 3, "too_large"),
        (Money("金额", unit="元", prints="capitals"), "98765432109.87", 11, "too_large"),
        (Count("人数"), 5_000_001, 2, "too_large"),
        (Decimal("增长", minimum=-10), -6, 2, "too_small"),
        (Points("得分", 5), 3, 2, "above_maximum"),
    ],
)
def test_a_computed_total_that_its_field_does_not_take_is_refused_as_if_it_was_sent(
    amount, each, times, code
):
    row = FieldGroup.from_dict({"amount": amount}, name="Row")
    fields = {"items": Rows("各项", Group("各项", row)), "total": copy.copy(amount)}
    form = type("Sum", (FormSchema,), {**fields, "rules": (Total("items.amount"),)})()
    items = [{"amount": each}] * times
    total = times * (float(each) if isinstance(each, str) else each)
    [found] = faults({"items": items}, form)
    assert found[:2] == (code, "/total")
    assert faults({"items": items, "total": total}, form) == [found]
    loaded = form.load({"items": items[:1]})
    assert loaded["total"] == loaded["items"][0]["amount"]


@pytest.mark.parametrize("items", [[{"granted": "x"}], 7, {}, [7], "x"])
def test_a_sum_of_what_is_no_amount_is_not_checked(items):
    assert "total_mismatch" not in {code for code, *_ in faults({"budget": {"items": items, "total": 3}})}


def test_a_total_of_rows_within_rows_is_that_of_all():
    members = {"parts": Rows("分项", Group("分项", Part)), "sum": Money("小计")}
    inner = type("Inner", (FieldGroup,), {**members, "rules": (Total("parts.amount", at="sum"),)})
    fields = {"items": Rows("支出", Group("支出", inner)), "total": Money("合计")}
    form = type("Nested", (FormSchema,), {**fields, "rules": (Total("items.parts.amount"),)})()
    sent = {"items": [{"parts": [{"amount": 1}, {"amount": 2}]}, {"parts": [{"amount": 4}]}]}
    loaded = form.load(sent)
    assert [loaded["total"], *(row["sum"] for row in loaded["items"])] == [7, 3, 4]
    assert form.totals(loaded) == {"total": 7}
    wrong = {"items": [{"parts": [{"amount": 1}], "sum": 2}], "total": 5}
    assert [each[:2] for each in faults(wrong, form)] == [
        ("total_mismatch", "/items/0/sum"),
        ("total_mismatch", "/total"),
    ]


def test_a_number_is_at_most_another():
    sent = {"limit": "1.50", "budget": {"items": [{"granted": 3, "paid": 3}, {"granted": 1, "paid": "1.20"}]}}
    assert faults(sent) == [
        (
            "above_other",
            "/budget/items/1/paid",
            "1.2 大于“批准金额”的 1，请改正其中一项。",
            "1.2 is more than the 1 of 批准金额: correct one of them.",
        ),
        (
            "above_other",
            "/budget/paid",
            "4.2 大于“限额”的 1.5，请改正其中一项。",
            "4.2 is more than the 1.5 of 限额: correct one of them.",
        ),
    ]
    assert [each[:2] for each in faults({"limit": 1, "budget": {"head": {"quota": 0}, "paid": 2}})] == [
        ("total_mismatch", "/budget/paid"),
        ("above_other", "/budget/paid"),
        ("above_other", "/budget/paid"),
    ]


@pytest.mark.parametrize("sent", [{"limit": 1}, {"budget": {"items": [{"paid": 1}, {"granted": 1}]}}])
def test_a_number_without_the_other_is_not_compared(sent):
    GRANT.load(sent)


def test_dates_are_in_order_across_blank_ones():
    person = {"phone": "0520-5550 1234", "born": "1990-03-01", "left": "1989-12-31"}
    assert faults({"people": [{}, person]}) == [
        (
            "out_of_order",
            "/people/1/left",
            "早于“出生日期”（1990年3月1日），请改正其中一个日期。",
            "Is before 出生日期 (1990-03-01): correct one of the dates.",
        )
    ]
    GRANT.load({"person": person | {"left": "1990-03-01"}})


@settings(max_examples=40)
@given(st.lists(st.none() | st.dates(), min_size=3, max_size=3))
def test_dates_are_refused_if_and_only_if_they_are_out_of_order(dates):
    given = [each for each in dates if each and each.year >= 1000]
    born, joined, left = (each and (each.isoformat() if each.year >= 1000 else None) for each in dates)
    sent = {"person": {"mobile": "13800000001", "born": born, "joined": joined, "left": left}}
    if given == sorted(given):
        GRANT.load(sent)
    else:
        assert {code for code, *_ in faults(sent)} == {"out_of_order"}


def test_one_of_several_is_filled_in_where_anything_is():
    assert faults({"person": {"name": "沈青"}, "people": [{"name": "陆"}, {"phone": "0520-5550 1234"}]}) == [
        (
            "none_filled",
            f"/{at}",
            "“电话”、“手机”至少填写一项。",
            "Fill in at least one of these: 电话, 手机.",
        )
        for at in ("person/phone", "people/0/phone")
    ]
    GRANT.load({"person": {"name": " "}, "people": [{}, None]})
    assert [code for code, *_ in faults({"person": {"name": "沈青", "mobile": 5}})] == ["not_text"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Total("items.money"), "has no field 'items.money'"),
        (Total("items"), "Total is not for 'items'"),
        (Total("total"), "Total is not for 'total'"),
        (AtMost("items.paid", "total"), "AtMost is not for 'items.paid'"),
        (Ordered("total", "paid"), "Ordered is not for 'total'"),
        (OneOf("items"), "OneOf is not for 'items'"),
        (OneOf("total.x"), "has no field 'total.x'"),
    ],
)
def test_a_rule_for_what_the_group_does_not_have_fails_by_name(rule, message):
    with pytest.raises(ValueError, match=message):
        type("Wrong", (Budget,), {"rules": (rule,)})()
