"""Where answers go: the characters of each place, and the controls and fields that say its kind."""

from __future__ import annotations

import pytest

from service.blank_forms.doubts import REASONS
from tests.helpers.forms.blank_forms import Cell, found, places, run, table


def marked(*form):
    """The lines of a form's spots, with brackets around the characters."""
    return [
        f"{spot.line.text[: spot.start]}[{spot.line.text[spot.start : spot.end]}]{spot.line.text[spot.end :]}"
        for place in places(*form)
        for spot in place.spots
    ]


@pytest.mark.parametrize(
    ("form", "spots"),
    [
        (["姓名：______"], ["姓名：[______]"]),
        (["姓名："], ["姓名：[]"]),
        (["姓名：~~~~电话：~~~~"], ["姓名：[____]电话：____", "姓名：____电话：[____]"]),
        (["姓名：（请用正楷）______"], ["姓名：（请用正楷）[______]"]),
        (["经费：______万元"], ["经费：[______]万元"]),
        (["日期：  年  月  日"], ["日期：[  年  月  日]"]),
        (["人数（  ）人"], ["人数（[  ]）人"]),
        (["性别：□男 □女"], ["性别：[□]男 □女", "性别：□男 [□]女"]),
        (["性别：男□ 女□"], ["性别：男[□] 女□", "性别：男□ 女[□]"]),
        (
            ["类别：□甲 □其他____"],
            ["类别：[□]甲 □其他____", "类别：□甲 [□]其他____", "类别：□甲 □其他[____]"],
        ),
        ([table(["数量", "     台"])], ["[     ]台"]),
        ([table(["性质", "教学/科研"])], ["[教学]/科研", "教学/[科研]"]),
        ([table(["时间", "自  年  月  日|至  年  月  日"])], ["[自  年  月  日]", "[至  年  月  日]"]),
        ([table(["单位意见", "||（盖章）|年  月  日"])], ["[]"]),
        ([table(["照片", "", "贴照片处"])], ["[]", "[贴照片处]"]),
        (["一、背景", "", "", "二、内容", ""], ["[]", "[]"]),
    ],
)
def test_spots_are_the_characters_to_replace(form, spots):
    assert marked(*form) == spots


def test_the_text_of_a_line_is_that_of_its_pieces_one_to_one():
    (place,) = places("甲→乙~~~~：")
    line = place.spots[0].line
    assert [(piece.element.tag.rpartition("}")[2], piece.text) for piece in line.pieces] == [
        ("t", "甲"), ("tab", "\t"), ("t", "乙"), ("t", "_"), ("t", "_"), ("t", "_"), ("t", "_"), ("t", "："),
    ]  # fmt: skip


def test_a_list_has_a_spot_a_column_and_row_but_not_where_numbers_are_printed():
    (place,) = places(table(["序号", "姓名"], ["1", ""], ["2", ""], ["3", ""]))
    assert [(column.label, len(column.spots)) for column in place.columns] == [("序号", 0), ("姓名", 3)]
    assert [row.tag.rpartition("}")[2] for row in place.rows] == ["tr"] * 3


def test_rows_named_by_the_form_keep_their_names():
    (place,) = places(table(["指标", "上年", "本年"], ["产值", "", ""], ["利润", "", ""]))
    assert place.names == ("产值", "利润")
    assert place.reason is REASONS["rows_named"]


def test_an_answer_of_a_character_a_cell_has_a_spot_in_each():
    (place,) = places(table(["身份证号码", *[""] * 18]))
    assert (place.kind, len(place.spots)) == ("id_number", 18)


def _control(settings, text):
    return (
        f"<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/>{settings}</w:sdtPr>"
        f"<w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )


def _field(settings, result=""):
    def mark(kind, inner=""):
        return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'

    return f"{mark('begin', f'<w:ffData>{settings}</w:ffData>')}{mark('separate')}{result}{mark('end')}"


ITEMS = "".join(f'<w:listItem w:displayText="{each}" w:value="{each}"/>' for each in ("本科", "硕士"))
LIST = f"<w:dropDownList>{ITEMS}</w:dropDownList>"
SPACES = "<w:r><w:t>     </w:t></w:r>"
BOX = "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ([table(["姓名", _control("", "单击此处输入文字")])], ["姓名 line"]),
        ([table(["备注", "单击或点击此处输入文字。"])], ["备注 line"]),
        ([table(["入校", _control("<w:date/>", "单击此处输入日期")])], ["入校 date"]),
        ([table(["学历", _control(LIST, "选择一项。")])], ["学历 choice 本科/硕士"]),
        (
            [f"<w:p>{run('性别：')}{BOX}{run('男 ')}{BOX}{run('女')}</w:p>"],
            ["性别 choice 男/女"],
        ),
        (
            ['<w:p><w:r><w:t>性别：</w:t><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>男 </w:t>'
             '<w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>女</w:t></w:r></w:p>'],
            ["性别 choice 男/女"],
        ),
        (
            [f"<w:p><w:r><w:t>姓名：</w:t></w:r>{_field('<w:textInput/>', SPACES)}</w:p>"],
            ["姓名 line"],
        ),
        (
            [f"<w:p><w:r><w:t>类别：</w:t></w:r>{_field('<w:checkBox/>')}<w:r><w:t>甲类 </w:t></w:r>"
             f"{_field('<w:checkBox/>')}<w:r><w:t>乙类</w:t></w:r></w:p>"],
            ["类别 choice 甲类/乙类"],
        ),
        (
            ['<w:p><w:pPr><w:tabs><w:tab w:leader="underscore" w:pos="4000"/></w:tabs></w:pPr>'
             "<w:r><w:t>姓名</w:t><w:tab/><w:t>单位</w:t><w:tab/></w:r></w:p>"],
            ["姓名 line", "单位 line"],
        ),
        (["姓名：＿＿＿＿＿＿", "单位：————————"], ["姓名 line", "单位 line"]),
        (["<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>姓名：____</w:t></w:r></w:p>"], []),
        (["<w:p><w:del><w:r><w:delText>姓名：____</w:delText></w:r></w:del></w:p>"], []),
        (
            ["<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>编号：______</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"],
            ["编号 line"],
        ),
    ],
)  # fmt: skip
def test_controls_form_fields_symbols_and_leaders_are_blanks(form, expected):
    assert found(*form) == expected


def test_every_doubt_has_a_reason_in_both_languages():
    form = [
        "共____人。", "□同意公开", "申报单位（盖章）：______",
        table(["性质", "教学/科研"], ["单位意见", "||（盖章）"], ["证号", *[""] * 6]),
        table([Cell("学习|经历"), ""], ["备注", ""]),
    ]  # fmt: skip
    doubts = [place for place in places(*form) if place.doubt]
    assert {place.doubt for place in doubts} >= {
        "blank_in_sentence", "single_box", "stamped_name",
        "options_to_strike_out", "approver_writes", "several_cells",
    }  # fmt: skip
    for place in doubts:
        shown = place.as_dict("en")
        assert shown["certain"] is False
        assert shown["reason"].endswith(".")
        assert place.as_dict()["reason"].endswith("。")


@pytest.mark.parametrize(
    "text",
    ["：" * 20_000, " _" * 20_000 + "年", "□" * 20_000, "年 月 " * 8000, "县" * 50_000, "（ ）" * 8000],
)
def test_long_lines_take_no_long_time(text):
    assert len(places(text, table(["姓名", text]))) <= 2
