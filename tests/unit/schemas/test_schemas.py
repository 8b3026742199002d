"""The field types and rules of the forms: what a payload's values become, and which faults they give."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest

from service import catalog
from service.errors import InvalidPayload
from service.payload_json import parse
from service.submission import validate
from tests.helpers.forms import FORMS


def load(form, payload):
    """The data of a payload, its numbers read as those of a JSON text."""
    return validate(catalog.edition(form, 2021), parse(json.dumps(payload).encode())).data


def faults(form, payload):
    """Code and pointer of every fault of a payload."""
    with pytest.raises(InvalidPayload) as caught:
        load(form, payload)
    return [(fault.code, fault.pointer) for fault in caught.value.errors]


def at(keys, value):
    """A payload with `value` at the path `keys`."""
    for key in reversed(keys.split("/")):
        value = [value] if key == "*" else {key: value}
    return value


def found(data, keys):
    for key in keys.split("/"):
        data = data[0 if key == "*" else key]
    return data


PHONE = "cover/contact_phone"
EMAIL = "cover/email"
COUNT = "basic_info/staff_quota"
DAY = "basic_info/last_election_date"
AMOUNT = "budget/items/*/amount"
YESNO = "basic_info/is_independent"
LINE = "cover/applicant"
TEXT = "overall_approach"

TAKEN = [
    *(
        (PHONE, phone, phone)
        for phone in [
            "0520-55501234",
            "(0520) 5550 1234",
            "（0520）55501234",
            "+86 138 0000 2719",
            "55501234转8012",
            "55501234 ext. 8012",
            "55501234#12",
            "13800002719、13800002720",
            "13800002719/55501234",
            "13800002719；55501234",
            "110",
        ]
    ),
    *(
        (EMAIL, email, email)
        for email in [
            "a@b.cn",
            "x.y+z@mail.example.org",
            "科协@例子.中国",
            "a@b.cn、c@d.cn",
            "a@b.cn; c@d.cn",
        ]
    ),
    (COUNT, 0, 0),
    (COUNT, 12.0, 12),
    (AMOUNT, 0, Decimal("0.00")),
    (AMOUNT, 12, Decimal("12.00")),
    (AMOUNT, 0.1, Decimal("0.10")),
    (AMOUNT, "12.5", Decimal("12.50")),
    (AMOUNT, "12.500", Decimal("12.50")),
    (AMOUNT, "9999999.99", Decimal("9999999.99")),
    (AMOUNT, 9999999.99, Decimal("9999999.99")),
    (DAY, "2021-03-09", datetime.date(2021, 3, 9)),
    (DAY, "2020-02-29", datetime.date(2020, 2, 29)),
    (DAY, "1000-01-01", datetime.date(1000, 1, 1)),
    (YESNO, True, True),
    (YESNO, False, False),
    (LINE, "", None),
    (LINE, "  云泽县\t科协 ", "云泽县\t科协"),
    *(
        (LINE, f"{before}沈 青{after}", "沈 青")
        for before, after in [("\t", ""), (" \t", "\t\t"), ("", "\t \u3000")]
    ),
    (TEXT, "\t一 \t\r\n \n二\u3000\n\t", "一\n\n二\u3000\n"),
    (DAY, "2021-03-09\t", datetime.date(2021, 3, 9)),
    (LINE, "&amp;<b>{{ x }}{% y %}😀𠀀𰻞", "&amp;<b>{{ x }}{% y %}😀𠀀𰻞"),
    (TEXT, "一\r\n二\r三\n", "一\n二\n三\n"),
    *((keys, None, None) for keys in (PHONE, EMAIL, COUNT, DAY, YESNO, LINE, TEXT)),
    *((keys, blank, None) for keys in (LINE, TEXT) for blank in ("", " ", "\u3000\t", "\n \r\n")),
    *((keys, blank, None) for keys in (LINE, TEXT) for blank in ("\u200b", "\ufeff \u200d")),
]

REFUSED = [
    *((PHONE, phone, "not_a_phone") for phone in ["12", "见名片", "1380000271a", "1" * 21, "138、", "、"]),
    *(
        (EMAIL, email, "not_an_email")
        for email in ["a", "a@b", "@b.cn", "a@b..cn", "a b@c.cn", "a@b.cn、", "a@b.cn?", "a@b.cn-"]
    ),
    *((COUNT, count, "not_an_integer") for count in [True, False, "12", 0.5, [], {}]),
    (COUNT, -1, "negative"),
    *((AMOUNT, money, "not_a_number") for money in [True, "", "1,000", "12万元", "1e3", "１²", "+1", [], {}]),
    (AMOUNT, "-0.01", "negative"),
    (AMOUNT, "0.001", "too_many_decimals"),
    (AMOUNT, 0.125, "too_many_decimals"),
    (AMOUNT, "10000000", "too_large"),
    *(
        (DAY, day, "not_a_date")
        for day in [
            "2021-02-29",
            "0999-12-31",
            "2021-3-9",
            "20210309",
            "2021年3月9日",
            "2021-13-01",
            "",
            "二〇二一-03-09",
            1,
        ]
    ),
    *((YESNO, choice, "not_a_boolean") for choice in [0, 1, "true", "是", "", []]),
    *((LINE, line, "not_text") for line in [0, True, [], {}]),
    (LINE, "一\n二", "line_break"),
    (LINE, "字" * 201, "too_long"),
    *((LINE, f"a{code}", "forbidden_character") for code in "\0\x08\x1f\ud800\udfff\ufffe\uffff"),
]


@pytest.mark.parametrize(("keys", "sent", "made"), TAKEN)
def test_a_good_value_becomes(keys, sent, made):
    value = found(load("annex2", at(keys, sent)), keys)
    assert value == made
    assert type(value) is type(made)


def test_a_budget_row_without_any_value_is_none():
    rows = [{"name": "一"}, {}, None, {"name": None, "item": " ", "amount": None}, {"amount": 0}]
    assert load("annex2", at("budget/items", rows))["budget"]["items"] == [
        {"name": "一", "item": None, "amount": None},
        {"name": None, "item": None, "amount": Decimal(0)},
    ]


@pytest.mark.parametrize(("keys", "sent", "code"), REFUSED)
def test_a_bad_value_is_named(keys, sent, code):
    assert faults("annex2", at(keys, sent)) == [(code, "/" + keys.replace("*", "0"))]


@pytest.mark.parametrize("digits", ["1e400", "1" + "0" * 400])
@pytest.mark.parametrize("keys", [COUNT, AMOUNT])
def test_a_huge_number_is_only_too_large(keys, digits):
    body = json.dumps(at(keys, "here")).replace('"here"', digits)
    with pytest.raises(InvalidPayload) as caught:
        validate(catalog.edition("annex2", 2021), parse(body.encode()))
    assert [fault.code for fault in caught.value.errors] == ["too_large"]


@pytest.mark.parametrize("form", FORMS)
def test_absent_null_and_empty_are_the_same(form):
    blank = load(form, {})
    schema = catalog.edition(form, 2021).json_schema()["properties"]
    assert load(form, dict.fromkeys(schema)) == blank
    groups = {name: {} for name, inner in schema.items() if "object" in inner["type"]}
    assert load(form, groups) == blank


def budget(*amounts, **more):
    return {"budget": {"items": [{"amount": amount} for amount in amounts], **more}}


@pytest.mark.parametrize(
    ("payload", "total"),
    [
        ({}, None),
        (budget(), None),
        (budget(None, None), None),
        (budget(1, "2.5", None), Decimal("3.50")),
        (budget(0.1, 0.2), Decimal("0.30")),
        (budget(0.1, 0.2, total="0.3"), Decimal("0.30")),
        (budget(0, total=0), Decimal("0.00")),
        (budget(*["9999.99"] * 100), Decimal("999999.00")),
    ],
)
def test_the_budget_total_is_the_sum(payload, total):
    assert load("annex2", payload)["budget"]["total"] == total


MISMATCH = ("total_mismatch", "/budget/total")


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (budget(1, 2, total=3.01), [MISMATCH]),
        (budget(total=1), [MISMATCH]),
        (budget(None, total=1), [MISMATCH]),
        # An amount that cannot be read: its fault, and no claim about the sum.
        (budget(1, "x", total=9), [("not_a_number", "/budget/items/1/amount")]),
        (budget(1, total="x"), [("not_a_number", "/budget/total")]),
        # Another fault in a row or elsewhere hides no mismatch.
        (
            {"budget": {"items": [{"amount": 1, "name": 5}, {"amount": 2}], "total": 4}},
            [("not_text", "/budget/items/0/name"), MISMATCH],
        ),
        (
            {"cover": {"email": "x"}, **budget(1, total=2)},
            [("not_an_email", "/cover/email"), MISMATCH],
        ),
    ],
)
def test_a_total_that_does_not_add_up(payload, expected):
    assert faults("annex2", payload) == expected


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("annex2", ("overall_approach", "goals_and_measures")),
        ("annex3", ("background", "measures", "results")),
    ],
)
def test_long_texts_share_2000_words(form, fields):
    edition = catalog.edition(form, 2021)
    texts = dict.fromkeys(fields, "字" * 500) | {fields[-1]: "字" * (2000 - 500 * (len(fields) - 1))}
    limit = validate(edition, texts).report()["limits"]
    assert limit == [{**edition.limits()[0], "count": 2000, "maximum": 2000}]
    texts[fields[0]] += "，"  # a mark counts as Word counts it
    assert faults(form, texts) == [("too_many_words", f"/{fields[0]}")]


def test_too_many_words_stand_beside_other_faults():
    payload = {"case_name": 1, "background": "字" * 2001}
    assert sorted(faults("annex3", payload)) == [
        ("not_text", "/case_name"),
        ("too_many_words", "/background"),
    ]


@pytest.mark.parametrize(
    ("payload", "subtotals", "total", "with_bonus"),
    [
        ({}, {}, None, None),
        ({"bonus": 2.5}, {}, None, 2.5),
        ({"scores": {"1.1": 0}}, {"1": 0}, 0, 0),
        ({"scores": {"1.1": 3.5, "1.4": 4, "5.3": 8}, "bonus": 1}, {"1": 7.5, "5": 8}, 15.5, 16.5),
    ],
)
def test_scores_are_added_up(payload, subtotals, total, with_bonus):
    report = validate(catalog.edition("annex1", 2021), parse(json.dumps(payload).encode())).report()
    assert report["totals"] == {
        "subtotals": dict.fromkeys("12345") | subtotals,
        "total": total,
        "total_with_bonus": with_bonus,
    }
