"""Pasted text made whole: a notice for each change, and nothing else is changed."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas.characters import EMAIL, EXACT, PHONE, TEXT
from schemas.fields import (
    Choices,
    Count,
    DateRange,
    Day,
    Email,
    IdNumber,
    Line,
    Money,
    Month,
    MonthRange,
    Option,
    Percent,
    Phone,
    Text,
    Year,
    YesNo,
)
from schemas.white_space import AROUND, BEHIND_LINES, INDENTS
from service import catalog, generate
from service.character_notices import notices
from service.extraction import extract
from service.submission import validate
from service.wordml.first_line import indents_first_line
from service.wordml.styles import Styles
from tests.helpers.docx_edit import NAMES, edit
from tests.helpers.forms import own_forms

REPLACED, REMOVED = "character_replaced", "character_removed"
# Each kind of odd character, what it has a meaning beside, and plain text.
PIECES = st.sampled_from(
    "\u200c\u200d\ufe0f\ufe00\u20e3\u180b\u180e\U000e0100\u2028\x0b\r\n\t \u00a0\u2007\u3000\u2003"
    "\u2011\u2212\u00ad\u200b\u061c\u17b4\u1680\u2800\u3164＠．９（葛❤👩©ʼ中ᠨا-.@1"
)
PASTED = st.text(PIECES, max_size=14)


def read(kind, sent):
    """The value of a field, and code and character numbers of each change."""
    field = kind("栏")
    changes = [(each.code, [f"{ord(odd):04X}" for odd in each.character]) for each in field.changes(sent)]
    return field.deserialize(sent), changes


@pytest.mark.parametrize(
    ("kind", "sent", "value", "changes"),
    [
        (Line, " 云泽 县\n", "云泽 县", [(REMOVED, ["0020", "000A"])]),
        (Line, "云泽县\u00a0", "云泽县", [(REMOVED, ["00A0"])]),
        (Line, "云泽\u2007县\u2028", "云泽 县", [(REPLACED, ["2007"]), (REMOVED, ["2028"])]),
        (Line, "\u00ad 云泽县", "云泽县", [(REMOVED, ["00AD"]), (REMOVED, ["0020"])]),
        (Phone, "０\u20105 1\t", "0-5 1", [(REPLACED, ["FF10"]), (REPLACED, ["2010"]), (REMOVED, ["0009"])]),
        (Email, "a１＠b．cn", "a1@b.cn", [(REPLACED, [each]) for each in ("FF11", "FF20", "FF0E")]),
        (Money, "１．5", Decimal("1.50"), [(REPLACED, ["FF11"]), (REPLACED, ["FF0E"])]),
        (Money, "\u00a05.20 ", Decimal("5.20"), [(REMOVED, ["00A0", "0020"])]),
        (
            Day,
            "\u30002021\u201103-09",
            datetime.date(2021, 3, 9),
            [(REPLACED, ["2011"]), (REMOVED, ["3000"])],
        ),
        (Text, "一\x0b二\u2029三", "一\n二\n三", [(REPLACED, ["000B"]), (REPLACED, ["2029"])]),
        (Text, "\u3000一 \t\n二 ", "\u3000一\n二 ", [(REMOVED, ["0020", "0009"])]),
        (Text, "一\r\n二", "一\n二", []),
        (Line, " \u3000", None, []),
    ],
)
def test_a_value_is_made_whole_and_each_change_is_noticed(kind, sent, value, changes):
    if kind is Phone:
        sent, value = sent.replace("5", "5555"), value.replace("5", "5555")
    assert read(kind, sent) == (value, changes)


OWN = Choices("栏", Option("a", "甲"), Option("b", "其他", own_words=True))


@pytest.mark.parametrize(
    ("field", "sent", "value", "odd"),
    [
        (IdNumber("栏"), " １1010519491231002x", "11010519491231002X", "１ "),
        (Month("栏"), "2021－03\u00a0", datetime.date(2021, 3, 1), "－\u00a0"),
        (Year("栏"), "２021", 2021, "２"),
        (
            DateRange("栏"),
            {"from": "2021\u201003-01", "to": "2021-06-30 "},
            (datetime.date(2021, 3, 1), datetime.date(2021, 6, 30)),
            "\u2010 ",
        ),
        (OWN, ["a", {"key": "b", "words": " 捐\u00a0赠"}], ["a", {"key": "b", "words": "捐 赠"}], "\u00a0 "),
        (OWN, ["a"], ["a"], ""),
    ],
    ids=lambda each: type(each).__name__,
)
def test_values_of_every_type_are_made_whole(field, sent, value, odd):
    assert field.deserialize(sent) == value
    assert "".join(each.character for each in field.changes(sent)) == odd


@pytest.mark.parametrize(
    ("field", "typed", "odd"),
    [
        (Count("栏"), "１２人", ["１", "２"]),
        (Percent("栏"), "１2．5％", ["１", "．"]),
        (Day("栏"), "2021．3．9", ["．"]),
        (DateRange("栏"), "2021年3月1日—６月30日", ["６"]),
        (MonthRange("栏"), "2021年3月～6月", []),
        (Year("栏"), "２021年", ["２"]),
        (IdNumber("栏"), " １1010519491231002x", [" "]),
        (YesNo("栏"), "是　", []),
        (OWN, "其他：１ ", []),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_made_plain_in_a_typed_value_is_noticed(field, typed, odd):
    assert [each.character for each in field.typed_changes(typed, field.cell(typed))] == odd


@pytest.mark.parametrize("table", [TEXT, PHONE, EMAIL, EXACT])
@given(sent=PASTED)
def test_plain_characters_stay_as_they_are(table, sent):
    plain = table.plain(sent)
    assert table.plain(plain) == plain
    assert bool(table.changes(sent)) == (plain != sent)


@given(sent=PASTED)
def test_a_field_makes_a_text_whole_at_once_and_loses_nothing_that_can_be_seen(sent):
    for kind in (Line, Text):
        field = kind("栏")
        plain = field.white_space.stripped(TEXT.plain(sent.replace("\r\n", "\n").replace("\r", "\n")))
        assert field.white_space.stripped(TEXT.plain(plain)) == plain
        assert visible(plain) == visible(sent)


@pytest.mark.parametrize("rule", [AROUND, BEHIND_LINES, INDENTS])
@given(sent=PASTED)
def test_white_space_goes_at_once_with_one_notice(rule, sent):
    left = rule.stripped(sent)
    assert rule.stripped(left) == left
    assert [each.code for each in rule.removed(sent)] == ([REMOVED] if left != sent else [])
    assert visible(left) == visible(sent)


def visible(text):
    """The characters of a text that are seen, each as it is printed."""
    return [
        each
        for each in TEXT.plain(text).replace("\u2011", "-")
        if not any(TEXT.named(each)) and not each.isspace()
    ]


LONG = "\u3000\u3000一、强基层。\n\t二、强企业。\n\n  三、强阵地。"


def test_blanks_before_paragraphs_that_the_form_indents_go_with_a_notice():
    edition = catalog.edition("annex2", 2021)
    payload = {"overall_approach": LONG, "review": {"city_opinion": {"text": "\u3000同意。"}}}
    made = validate(edition, payload)
    whole = "一、强基层。\n二、强企业。\n\n三、强阵地。"
    assert (made.data["overall_approach"], made.data["review"]["city_opinion"]["text"]) == (whole, "同意。")
    assert made.payload["overall_approach"] == LONG
    first, second = [each.as_dict() for each in notices(made)]
    assert first == {
        "pointer": "/overall_approach",
        "label": "总体思路",
        "code": REMOVED,
        "character": "\u3000\t ",
        "code_point": "U+3000 U+0009 U+0020",
        "face": None,
        "message": "段首有空白（U+3000 U+0009 U+0020）3 处，表单已有缩进，已删去。",
    }
    assert second["pointer"] == "/review/city_opinion/text"
    again = validate(edition, {"overall_approach": whole})
    assert (again.data["overall_approach"], notices(again)) == (whole, ())
    docx = generate("annex2", 2021, payload, ("docx",))["docx"]
    assert extract(docx).data["overall_approach"] == whole


def test_blanks_before_paragraphs_that_the_form_does_not_indent_stay(monkeypatch, tmp_path):
    path = own_forms(monkeypatch, tmp_path) / "docx_templates/2021/annex3.docx"
    line = '</w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{{ line }}'
    edit(path, (line, f'<w:ind w:firstLine="0" w:firstLineChars="0"/>{line}'))
    made = validate(catalog.edition("annex3", 2021), {"background": LONG, "measures": LONG})
    assert (made.data["background"], made.data["measures"][:2]) == (LONG, "一、")
    assert [each.pointer for each in notices(made)] == ["/measures"]


@pytest.mark.parametrize(
    ("style", "own", "indented"),
    [
        ("", "", False),
        ("", 'w:firstLine="480"', True),
        ("", 'w:firstLineChars="200"', True),
        ("", 'w:left="480"', False),
        ('w:firstLine="480" w:firstLineChars="200"', "", True),
        ('w:firstLine="480" w:firstLineChars="200"', 'w:left="480"', True),
        ('w:firstLine="480" w:firstLineChars="200"', 'w:firstLine="0" w:firstLineChars="0"', False),
        ('w:firstLine="480"', 'w:hanging="480"', False),
        ('w:hanging="480"', 'w:firstLine="480"', True),
    ],
)
def test_a_first_line_is_indented_by_style_or_paragraph(style, own, indented):
    space = f'xmlns:w="{NAMES["w"]}"'
    styles = etree.fromstring(
        f'<w:styles {space}><w:style w:type="paragraph" w:default="1" w:styleId="N">'
        f"<w:pPr><w:ind {style}/></w:pPr></w:style></w:styles>"
    )
    paragraph = etree.fromstring(f"<w:p {space}><w:pPr><w:ind {own}/></w:pPr></w:p>")
    resolved = Styles(lambda name: styles if name == "word/styles.xml" else None)
    assert indents_first_line(resolved, paragraph) == indented
