"""Amounts, percentages and decimals as people write them, and amounts in capitals."""

from __future__ import annotations

import re
from decimal import Decimal as Number

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas.cells import CellError
from schemas.fields import Count, Decimal, Money, Percent, Points, Unreadable
from schemas.fields.amounts import capitals

YUAN, BOTH = Money("金额", unit="元"), Money("金额", unit="元", prints="both")
SHARE, AREA = Percent("占比"), Decimal("面积", places=1, unit="平方米")


def fault(field, value):
    with pytest.raises(ValidationError) as caught:
        field.read(value)
    [found] = caught.value.messages
    return found.code, found.message()[0]


# --- 人民币大写

#: Of the rules themselves, and of their cases.
CAPITALS = {
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "12000": "壹万贰仟元整",
    "100010": "壹拾万零壹拾元整",
    "100005000": "壹亿零伍仟元整",
    "10.5": "壹拾元伍角整",
    "0.05": "伍分",
    "0": "零元整",
}


@pytest.mark.parametrize(("amount", "text"), CAPITALS.items())
def test_an_amount_is_spelled_by_the_rules(amount, text):
    assert capitals.written(Number(amount)) == text
    assert capitals.read(text) == Number(amount)


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def digits_one_by_one(amount):
    """The capitals by another way: each digit with its place, then the zeros taken out by replacing."""
    whole, _, cents = f"{amount:.2f}".partition(".")
    units = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟"]
    places = zip(whole, units[len(whole) - 1 :: -1], strict=True)
    text = "".join(f"{DIGITS[int(digit)]}{unit}" for digit, unit in places)
    text = re.sub("零[拾佰仟]", "零", text)
    text = re.sub("零+", "零", text)
    text = re.sub("零(?=[万亿])", "", text).replace("亿万", "亿")
    text = f"{text.rstrip('零')}元" if int(whole) else ""
    tenths, hundredths = (DIGITS[int(digit)] for digit in cents)
    end = f"{tenths}角{hundredths}分".replace("零角", "零" if text else "").replace("零分", "")
    return (text or "零元") if cents == "00" else text + end


@given(st.integers(0, 10**14 - 1).map(lambda cents: Number(cents) / 100))
def test_capitals_agree_with_another_way_of_spelling_and_read_back(amount):
    text = capitals.written(amount)
    assert capitals.read(text) == amount
    assert capitals.read(digits_one_by_one(amount)) == amount


@pytest.mark.parametrize("amount", ["1000000000000", "-0.01"])
def test_no_capitals_are_made_of_what_they_cannot_spell(amount):
    with pytest.raises(AssertionError):
        capitals.written(Number(amount))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("人民币（大写）：壹万贰仟元整", 12000),
        ("大写： 壹 万 贰 仟 圆 正", 12000),
        ("一万二千元", 12000),
        ("拾贰万元整", 120000),
        ("壹仟陆佰捌拾元零叁角贰分", "1680.32"),
        ("壹拾万零柒仟元伍角叁分", "107000.53"),
        ("貳佰圓", 200),
        ("伍角", "0.5"),
    ],
)
def test_capitals_are_read_as_people_write_them(text, amount):
    assert YUAN.printed(text) == Number(amount)


@pytest.mark.parametrize(
    "text",
    [
        *("壹仟壹元", "壹仟零零壹元", "贰拾", "壹万贰仟", "壹佰仟元"),
        *("元", "整", "甲元", "壹贰元"),
    ],
)
def test_capitals_that_break_the_rules_are_not_guessed(text):
    with pytest.raises(Unreadable):
        YUAN.printed(text)


# --- Numbers of very many digits

#: Pasted into the wrong place: numbers of payments, columns run together, keys held down.
LONG = {
    "payment": "4200001988202411057316204958",
    "joined": ",".join(["386", *["027"] * 1_500]),
    "held": "8" * 4_400,
    "half-held": f"12.{'5' * 4_400}",
    "hidden": f"3.{'0' * 30}1",
    "capitals": f"叁{'亿' * 130_000}元",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize(
    "field",
    [YUAN, Money("金额"), SHARE, AREA, Count("人数"), Points("得分", 5)],
    ids=lambda field: field.title,
)
def test_a_number_of_too_many_digits_is_unreadable(field, text):
    with pytest.raises(Unreadable):
        field.printed(text)
    with pytest.raises(CellError) as caught:
        field.cell(text)
    assert caught.value.code == field.cell_fault


# --- Money


def test_money_is_printed_as_digits_capitals_or_both():
    amount = YUAN.read("12000")
    assert YUAN.shown(amount) == "12000.00"
    assert Money("金额", unit="元", prints="capitals").shown(amount) == "壹万贰仟元整"
    assert BOTH.shown(amount) == {"digits": "12000.00", "capitals": "壹万贰仟元整"}
    assert BOTH.shown(None) == {"digits": "", "capitals": ""}
    assert Money("金额", prints="capitals").shown(Number("1.2")) == "壹万贰仟元整"


def test_digits_and_capitals_must_agree():
    assert BOTH.joined({"digits": "12000.00", "capitals": "壹万贰仟元整"}) == 12000
    assert BOTH.joined({"digits": "", "capitals": "壹万贰仟元整"}) == 12000
    assert BOTH.joined({"digits": "12000.00", "capitals": ""}) == 12000
    assert BOTH.joined({"digits": "", "capitals": " "}) is None
    with pytest.raises(Unreadable) as caught:
        BOTH.joined({"digits": "12000.00", "capitals": "壹万贰仟伍佰元整"})
    assert caught.value.code == "capitals_differ"


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("￥12,000.00元", 12000),
        ("¥１２０００", 12000),
        ("1.2万元", 12000),
        ("1.2万", 12000),
        ("人民币12000元整", 12000),
    ],
)
def test_an_amount_in_yuan_is_read(text, yuan):
    assert YUAN.printed(text) == yuan
    assert Money("金额").printed(text) == (Number("1.2") if "元" in text or "万" in text else yuan)


def test_the_unit_of_money_is_named():
    assert fault(YUAN, 10**11) == ("too_large", "不能大于 99999999999.99。")
    assert [YUAN.in_unit(*unit) for unit in [("", "元"), ("", ""), ("万", "元")]] == [True, True, False]
    with pytest.raises(CellError) as caught:
        YUAN.cell("很多")
    assert (caught.value.code, caught.value.name) == ("not_an_amount", "元")
    assert YUAN.column.note.zh == "元，最多两位小数。"


# --- Percent


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("12.5%", "12.5"), ("12.5％", "12.5"), ("１２．５ %", "12.5"), ("12.50", "12.5"), ("0.5%", "0.5")),
        *(("百分之十二点五", "12.5"), ("百分之百", 100), ("百分之五", 5), ("百分之二十", 20), ("0", 0)),
        *(("百分之零点零五", "0.05"), ("百分之12.5", None), ("5‰", None), ("12.5元", None), ("0.125", None)),
        *(("1", None), ("百分之十几", None), ("约12%", None)),
    ],
)
def test_a_percentage_is_read_or_doubted(text, number):
    if number is None:
        with pytest.raises(Unreadable):
            SHARE.printed(text)
    else:
        assert SHARE.printed(text) == Number(number)


def test_a_form_that_prints_the_sign_leaves_no_doubt():
    share = Percent("占比", prints_unit=False)
    assert share.shown(Number("12.5")) == "12.5"
    assert share.printed("0.5") == Number("0.5")
    assert share.printed("0.5%") == Number("0.5")


@pytest.mark.parametrize(
    ("cell", "number"), [(Number("12.5"), "12.5"), ("12.5%", "12.5"), ("0.5%", "0.5"), ("12.5", "12.5")]
)
def test_a_cell_of_percent_is_read(cell, number):
    assert SHARE.cell(cell) == Number(number)


@pytest.mark.parametrize("cell", [Number("0.125"), "0.125", Number(1)])
def test_a_cell_that_may_be_a_fraction_is_refused(cell):
    with pytest.raises(CellError) as caught:
        SHARE.cell(cell)
    assert caught.value.code == "unclear_percentage"


# --- Decimal


def test_a_decimal_has_its_unit_places_and_limits():
    assert AREA.shown(AREA.read(85.5)) == "85.5平方米"
    assert Decimal("面积", unit="平方米", prints_unit=False).shown(Number("85.50")) == "85.5"
    assert (
        AREA.printed("85.5平方米") == AREA.printed("８５.5 平方米") == AREA.printed("85.5") == Number("85.5")
    )
    assert AREA.printed("1,200.5 平方米") == Number("1200.5")
    assert AREA.cell("85.5平方米") == AREA.cell(Number("85.50")) == Number("85.5")
    assert fault(AREA, 85.55) == ("too_many_places", "最多 1 位小数，系统不会代为四舍五入，请自行确定数值。")
    assert fault(AREA, -1) == ("too_small", "不能小于 0。")
    assert fault(AREA, "85.5") == ("not_a_number", "应为数字，例如 12.5，不加单位和千位分隔符。")
    with pytest.raises(Unreadable):
        AREA.printed("0.13亩")
    assert AREA.in_unit("", "平方米")
    assert not AREA.in_unit("", "亩")


def test_a_decimal_may_be_below_zero():
    growth = Decimal("增长", minimum=-100, maximum=100)
    assert growth.shown(growth.read(-3.25)) == "-3.25"
    assert growth.printed("－3.25") == Number("-3.25")
    assert growth.read(-0.0) == 0
    assert fault(growth, -100.5) == ("too_small", "不能小于 -100。")
