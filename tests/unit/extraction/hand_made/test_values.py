"""Dates, amounts and counts as people write them, read back or reported."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.extraction import extract
from tests.helpers.hand_made import Paper, assert_reads, flat, put, retype, t

DATES = {
    "2021年3月9日": "2021-03-09",
    "2021年03月09日": "2021-03-09",
    "2021.3.9": "2021-03-09",
    "2021.03.09": "2021-03-09",
    "2021-3-9": "2021-03-09",
    "2021－3－9": "2021-03-09",
    "2021/3/9": "2021-03-09",
    "2021-03-09": "2021-03-09",
    "二〇二一年三月九日": "2021-03-09",
    "二○二一年十二月三十一日": "2021-12-31",
    "二零二一年十月二十日": "2021-10-20",
    "2021 年 3 月 9 日": "2021-03-09",
    "  2021年   3月  9日  ": "2021-03-09",
    "２０２１年３月９日": "2021-03-09",
    "2021年3月9号": "2021-03-09",
    "2021\u20113\u20119": "2021-03-09",
    "2021年3月\u200b9日\u200e": "2021-03-09",
    "2021年3月": None,
    "2021.3": None,
    "2021年": None,
    "2021年2月31日": None,
    "2021年13月1日": None,
    "3月9日": None,
    "去年年底": None,
}


@pytest.mark.parametrize(("typed", "day"), DATES.items())
def test_a_date_in_its_cell(typed, day):
    paper = Paper()
    pointer = "/basic_info/last_election_date"
    retype(paper.paragraph("最近一次换届日期"), f"最近一次换届日期：{typed}")
    warnings = [] if day else [("unreadable", pointer, typed.strip())]
    assert_reads(paper, {pointer: day}, warnings)


@pytest.mark.parametrize(("typed", "day"), DATES.items())
@pytest.mark.parametrize(
    ("row", "seal", "pointer"),
    [
        ("申报单位承诺", "（单位盖章", "/review/applicant_date"),
        ("市科协意见", "（单位盖章", "/review/city_opinion/date"),
        ("省科协意见", "（盖章", "/review/province_opinion/date"),
    ],
    ids=["applicant", "city", "province"],
)
def test_a_date_beside_a_seal(row, seal, pointer, typed, day):
    paper = Paper()
    retype(paper.paragraph(seal, paper.row(row)).getnext(), typed)
    warnings = [] if day else [("unreadable", pointer, typed.strip())]
    assert_reads(paper, {pointer: day}, warnings)


@pytest.mark.parametrize(
    "typed", ["年    月    日", "", "   ", "    年  月  日", "　年　月　日", "____年__月__日"]
)
def test_a_date_left_blank(typed):
    paper = Paper()
    retype(paper.paragraph("（单位盖章", paper.row("市科协意见")).getnext(), typed)
    retype(paper.paragraph("最近一次换届日期"), f"最近一次换届日期：{typed}")
    assert_reads(paper, {"/review/city_opinion/date": None, "/basic_info/last_election_date": None})


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12.5", "12.5"),
        ("12.50万元", "12.50"),
        ("12.50 万元", "12.50"),
        ("１２．５", "12.5"),
        ("1,200.00", "1200"),
        ("1，200.00", "1200"),
        ("￥3.2万元", "3.2"),
        ("¥3.2", "3.2"),
        ("人民币3.2万元", "3.2"),
        ("50000元", "5"),
        ("50,000元", "5"),
        ("5万", "5"),
        ("0", "0"),
        ("12.50", "12.5"),
        (" 12.5 ", "12.5"),
        ("12\u200b.5\u00a0万元", "12.5"),
        ("\u202a12.5\u202c", "12.5"),
        ("约3万", None),
        ("3-5", None),
        ("3万左右", None),
        ("3万5千", None),
        ("12.5（含自筹2）", None),
        ("伍万元", 5),
        ("待定", None),
        ("12.5.3", None),
        ("1,20", None),
        ("333元", "0.0333"),
    ],
)
def test_an_amount_in_its_cell_and_in_the_total(typed, amount):
    paper = Paper()
    put(paper.value("计划开支合计"), typed)
    put(paper.row("服务企业创新")[-1], typed)
    amount = None if amount is None else Decimal(amount)
    pointers = ["/budget/items/3/amount", "/budget/total"]
    if amount == round(amount or 0, 2):
        assert_reads(paper, dict.fromkeys(pointers, amount))
    else:
        warnings = [("unreadable", pointer, typed) for pointer in pointers]
        assert_reads(paper, dict.fromkeys(pointers), warnings)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("12", 12),
        ("12个", 12),
        ("12 个", 12),
        ("3人", 3),
        ("１２", 12),
        ("1,200", 1200),
        ("012", 12),
        ("0", 0),
        ("0个", 0),
        ("1\u00ad2\u2060", 12),
        ("12\ufeff个", 12),
        ("12.0", None),
        ("12.5", None),
        ("-3", None),
        ("约12", None),
        ("12余", None),
        ("10+2", None),
        ("10 2", None),
        ("12（含2个街道）", None),
        ("若干", None),
    ],
)
def test_a_count_in_its_cell(typed, count):
    paper = Paper()
    put(paper.value("乡镇（个）"), typed)
    put(paper.value("编制数"), typed)
    pointers = ["/basic_info/townships", "/basic_info/staff_quota"]
    warnings = [("unreadable", pointer, typed) for pointer in pointers if count is None]
    assert_reads(paper, dict.fromkeys(pointers, count), warnings)


@pytest.mark.parametrize("typed", ["十二", "三", "无", "/", "—"])
def test_a_count_in_words_is_reported(typed):
    paper = Paper()
    put(paper.value("乡镇（个）"), typed)
    assert_reads(paper, {"/basic_info/townships": None}, [("unreadable", "/basic_info/townships", typed)])


@pytest.mark.parametrize(
    ("label", "typed", "pointer", "value"),
    [
        ("手机", "１３８ ００００ ２７１９", "/basic_info/mobile", "１３８ ００００ ２７１９"),
        ("负责人姓名", "陆　怀　川", "/basic_info/leader_name", "陆　怀　川"),
        ("负责人姓名", "ＡＢＣ", "/basic_info/leader_name", "ＡＢＣ"),
        ("县级科协名称", "云泽县R&D<科协>", "/basic_info/association_name", "云泽县R&D<科协>"),
        ("负责人姓名", "办公电话", "/basic_info/leader_name", "办公电话"),
        ("负责人姓名", "手机", "/basic_info/leader_name", "手机"),
        ("县级科协名称", "县级科协名称", "/basic_info/association_name", "县级科协名称"),
        ("县级科协名称", "□", "/basic_info/association_name", "□"),
        ("县级科协名称", "是☑  否□", "/basic_info/association_name", "是☑  否□"),
    ],
)
def test_a_line_is_kept_as_it_stands(label, typed, pointer, value):
    paper = Paper()
    put(paper.value(label), typed)
    assert_reads(paper, {pointer: value})


NO_BREAK, SOFT = "<w:r><w:noBreakHyphen/></w:r>", "<w:r><w:softHyphen/></w:r>"


@pytest.mark.parametrize(
    ("label", "typed", "pointer", "value", "codes"),
    [
        ("手机", "138\u00a00000\u00a02719", "/basic_info/mobile", "138 0000 2719", ["replaced"]),
        ("手机", "\u202d13800002719\u202c", "/basic_info/mobile", "13800002719", ["removed"] * 2),
        ("负责人姓名", "陆\u200b怀川", "/basic_info/leader_name", "陆怀川", ["removed"]),
        ("负责人姓名", t("陆") + NO_BREAK + t("川"), "/basic_info/leader_name", "陆-川", ["replaced"]),
        ("办公电话", t("0520") + NO_BREAK + t("5555") + SOFT + t("1234"), "/basic_info/office_phone",
         "0520-55551234", ["replaced", "removed"]),
        ("县级科协名称", "云泽\u2028县", "/basic_info/association_name", "云泽县", ["replaced", "joined"]),
    ],
)  # fmt: skip
def test_odd_characters_of_a_line_are_made_plain_with_a_notice(label, typed, pointer, value, codes):
    paper = Paper()
    put(paper.value(label), typed)
    names = {"joined": "cells_joined"}
    read = extract(paper.docx())
    assert flat(read.data)[pointer] == (False, value)
    expected = [(names.get(code, f"character_{code}"), pointer) for code in codes]
    assert [(each.code, each.pointer) for each in read.warnings] == expected


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("手机", "手  机"),
        ("手机", "手　机"),
        ("手机", "手\u00a0机"),
        ("手机", "手\u200b机"),
        ("手机", "手\n机"),
        ("手机", "手机："),
        ("手机", "手机:"),
        ("负责人姓名", "负责人\n姓\t名"),
        ("是否独立建制", "是否独立建制"),
        ("乡镇（个）", "乡镇(个)"),
        ("乡镇（个）", "乡 镇\n（个）"),
        ("村科协（个）", "村科协\u200d（个）"),
        ("县级学会、协会（个）", "县级学会、协会（个）："),
        ("“四长”兼挂职情况", '"四长"兼挂职情况'),
        ("计划开支合计", "计划开支 合 计"),
        ("计划开支合计", "计划开支合计："),
        ("金额（万元）", "金额\n(万元)"),
        ("市科协意见", "市\n科\n协\n意\n见"),
    ],
)
def test_a_label_typed_again_is_still_its_label(label, typed):
    paper = Paper()
    put(paper.label(label), typed)
    assert_reads(paper)


def test_a_label_in_several_paragraphs():
    paper = Paper()
    put(paper.label("市科协意见"), *"市科协意见")
    put(paper.label("编制数"), "编制", "数")
    assert_reads(paper)
