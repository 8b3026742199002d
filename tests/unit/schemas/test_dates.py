"""Months, years and periods as people write them, on paper and in the cells of a sheet."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from marshmallow import ValidationError

from schemas.cells import CellError
from schemas.fields import DateRange, Month, MonthRange, Unreadable, Year

MONTH, YEAR, DAYS, MONTHS = Month("年月"), Year("年度"), DateRange("起止日期"), MonthRange("起止年月")


def days(start, end):
    return {"from": start, "to": end}


def codes(field, value):
    with pytest.raises(ValidationError) as caught:
        field.read(value)
    return [fault.code for fault in caught.value.messages]


def messages(field, value):
    with pytest.raises(ValidationError) as caught:
        field.read(value)
    return [fault.message() for fault in caught.value.messages]


def test_they_are_printed_as_forms_print_them():
    period = days("2021-03-01", "2021-06-30")
    assert MONTH.shown(MONTH.read("2021-03")) == "2021年3月"
    assert YEAR.shown(YEAR.read("2021")) == YEAR.shown(YEAR.read(2021)) == "2021年"
    assert Year("年度", prints_unit=False).shown(2021) == "2021"
    assert DAYS.shown(DAYS.read(period)) == "2021年3月1日至2021年6月30日"
    assert MONTHS.shown(MONTHS.read(days("2021-03", "2021-06"))) == "2021年3月至2021年6月"


@pytest.mark.parametrize(
    "text",
    [
        *("2021年3月", "2021年03月", "2021.3", "2021.03", "2021-03", "2021－3", "2021/3", "202103"),
        *(
            "二〇二一年三月",
            "二○二一年3月",
            "２０２１年３月",
            " 2021 年 3 月 ",
            "：2021年3月份",
            "2021年3月\n",
        ),
    ],
)
def test_a_month_is_read(text):
    assert MONTH.printed(text) == "2021-03"


@pytest.mark.parametrize(
    ("text", "month"), [("二〇二一年十月", "10"), ("2021年十二月", "12"), ("2021.10", "10")]
)
def test_a_month_of_two_digits_is_read(text, month):
    assert MONTH.printed(text) == f"2021-{month}"


@pytest.mark.parametrize(
    "text",
    ["21年3月", "3月", "2021年", "2021年13月", "2021-03-01", "Mar-21", "2021年3月至6月", "2021年10十月"],
)
def test_a_doubtful_month_is_not_guessed(text):
    with pytest.raises(Unreadable):
        MONTH.printed(text)


@pytest.mark.parametrize("text", ["2021", "2021年", "2021年度", "二〇二一年", "２０２１", "二○二一"])
def test_a_year_is_read(text):
    assert YEAR.printed(text) == 2021


@pytest.mark.parametrize("text", ["21年", "21", "2021年3月", "0021", "20211", "今年"])
def test_a_doubtful_year_is_not_guessed(text):
    with pytest.raises(Unreadable):
        YEAR.printed(text)


@pytest.mark.parametrize("blank", ["", " ", "年 月", "____年__月", "    年    月    日至    年    月    日"])
def test_the_blanks_of_forms_are_blank(blank):
    assert MONTH.printed(blank) is None
    assert DAYS.printed(blank) is None


@pytest.mark.parametrize(
    "text",
    [
        *("2021年3月1日至2021年6月30日", "2021年3月1日到2021年6月30日", "2021年3月1日至6月30日"),
        *("2021.3.1-2021.6.30", "2021.3.1—2021.6.30", "2021.3.1 – 2021.6.30", "2021/3/1～2021/6/30"),
        *("2021-03-01~2021-06-30", "2021-3-1-2021-6-30", "2021-03-01/2021-06-30", "20210301-20210630"),
        *("自2021年3月1日起至2021年6月30日止", "二〇二一年三月一日至二〇二一年六月三十日"),
        *("2021年3月1日——2021年6月30日", "2021年3月1日\n至 2021年6月30日"),
    ],
)
def test_a_period_of_days_is_read(text):
    assert DAYS.printed(text) == days("2021-03-01", "2021-06-30")


@pytest.mark.parametrize(
    "text",
    [
        "2021年3月至2021年6月",
        "2021年3-6月",
        "2021.3-2021.6",
        "2021.03—2021.06",
        "2021年3月～6月",
        "202103-202106",
    ],
)
def test_a_period_of_months_is_read(text):
    assert MONTHS.printed(text) == days("2021-03", "2021-06")


def test_an_end_may_leave_year_and_month_to_the_start():
    assert DAYS.printed("2021年3月1日至30日") == days("2021-03-01", "2021-03-30")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2021年3月1日",
            "2021年3月至6月",
            "2021.3.1 2021.6.30",
            "2021年3月1日至今",
            "半年",
            "2021.3.1-6.30",
        ),
        *("21年3月1日至21年6月30日", "2021年11月1日至2月28日", "2021年2月30日至2021年3月1日"),
        "半年",
    ],
)
def test_a_doubtful_period_is_not_guessed(text):
    with pytest.raises(Unreadable):
        DAYS.printed(text)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (MONTH, "2021-13", "not_a_month"),
        (MONTH, "2021年3月", "not_a_month"),
        (MONTH, 202103, "not_a_month"),
        (YEAR, 21, "not_a_year"),
        (YEAR, "21", "not_a_year"),
        (YEAR, 2021.5, "not_a_year"),
        (YEAR, True, "not_a_year"),
        (DAYS, "2021-03-01/2021-06-30", "not_a_date_range"),
        (DAYS, days("2021-03", "2021-06"), "not_a_date_range"),
        (DAYS, {"from": "2021-03-01", "until": "2021-06-30"}, "not_a_date_range"),
        (DAYS, {"from": "2021-03-01"}, "period_incomplete"),
        (DAYS, {"from": None, "to": "2021-06-30"}, "period_incomplete"),
        (DAYS, days("2021-06-30", "2021-03-01"), "period_reversed"),
        (MONTHS, days("2021-02-30", "2021-06-01"), "not_a_month_range"),
        (MONTHS, days("2021-06", "2021-03"), "period_reversed"),
    ],
)
def test_what_is_none_is_refused(field, value, code):
    assert codes(field, value) == [code]


def test_a_period_without_ends_is_blank():
    assert DAYS.read({"from": None, "to": None}) is DAYS.read({}) is None


def test_the_messages_say_what_to_write():
    [(zh, en)] = messages(DAYS, {"a": 1})
    assert '{"from": "2021-03-01", "to": "2021-06-30"}' in zh
    assert '{"from": "2021-03-01", "to": "2021-06-30"}' in en
    [(zh, en)] = messages(MONTHS, days("2021-06", "2021-03"))
    assert zh == "开始（2021年6月）晚于结束（2021年3月），请改正。"
    assert en == "The start (2021-06) is after the end (2021-03): correct them."


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (MONTH, datetime.date(2021, 3, 1), "2021-03"),
        (MONTH, datetime.datetime(2021, 3, 1), "2021-03"),
        (MONTH, Decimal("2021.3"), "2021-03"),
        (MONTH, Decimal("2021.11"), "2021-11"),
        (MONTH, Decimal(202103), "2021-03"),
        (MONTH, "2021.10", "2021-10"),
        (MONTH, "2021.01", "2021-01"),
        (MONTH, "2021年1月", "2021-01"),
        (YEAR, Decimal(2021), 2021),
        (YEAR, "2021年", 2021),
        (YEAR, datetime.date(2021, 1, 1), 2021),
        (DAYS, "2021.3.1—2021.6.30", days("2021-03-01", "2021-06-30")),
    ],
)
def test_a_cell_is_read(field, cell, value):
    assert field.cell(cell) == value


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        (MONTH, datetime.date(2021, 3, 9)),
        (MONTH, Decimal("2021.1")),  # may be 2021.10
        (MONTH, "1987.1"),  # as a CSV has that
        (MONTH, "\ufeff 1987.1 "),
        (MONTH, Decimal("6E+31")),
        (MONTH, Decimal("3")),
        (YEAR, datetime.date(1905, 7, 13)),  # 2021, formatted as a date
        (YEAR, Decimal("2021.5")),
        (DAYS, datetime.date(2021, 3, 9)),
        (MONTHS, datetime.date(2021, 3, 9)),
        (DAYS, Decimal(20210301)),
    ],
)
def test_a_doubtful_cell_is_refused_by_name(field, cell):
    with pytest.raises(CellError) as caught:
        field.cell(cell)
    assert caught.value.code == field.cell_fault
