"""What people mark by hand without typing it: struck out, raised, ringed, highlighted, merged downwards."""

from __future__ import annotations

import pytest

from service.errors import UnreadableDocument
from service.extraction import extract
from tests.helpers.hand_made import Paper, W, assert_reads, elements, field, put, retype, set_property, t

QUOTA, INDEPENDENT = "/basic_info/staff_quota", "/basic_info/is_independent"


def test_text_that_is_struck_out_is_reported_and_not_read():
    paper = Paper()
    put(paper.value("编制数"), t("9", "<w:strike/>") + t("8"))
    assert_reads(paper, {QUOTA: 8}, [("struck_text", QUOTA, "9")])


@pytest.mark.parametrize("typed", ["9²", "9①", t("9") + t("1", '<w:vertAlign w:val="superscript"/>')])
def test_a_note_mark_is_no_digit(typed):
    paper = Paper()
    put(paper.value("编制数"), typed)
    read = extract(paper.docx())
    assert [(each.code, each.pointer) for each in read.warnings] == [("unreadable", QUOTA)]
    assert "staff_quota" not in read.data["basic_info"]


@pytest.mark.parametrize("instruction", ["EQ \\o\\ac(○,是)", "eq \\o\\ac(○,是)"])
def test_a_word_in_a_ring_is_no_text(instruction):
    paper = Paper()
    put(paper.value("是否独立建制"), field(instruction, None) + t("  否"))
    read = extract(paper.docx())
    assert "is_independent" not in read.data["basic_info"]
    assert {(each.code, each.pointer) for each in read.warnings} == {
        ("field", INDEPENDENT),
        ("unreadable", INDEPENDENT),
    }


@pytest.mark.parametrize(
    "instruction",
    [
        'SYMBOL 254 \\f "Wingdings" \\s 12',
        "symbol 0xFE \\f Wingdings",
        'SYMBOL 9745 \\u \\f "Segoe UI Symbol" \\* MERGEFORMAT',
        "EQ \\o\\ac(□,√)",
    ],
)
def test_a_box_that_a_field_draws_is_read(instruction):
    paper = Paper()
    put(paper.value("是否独立建制"), t("是") + field(instruction, None) + t("  否□"))
    assert_reads(paper, {INDEPENDENT: True})


@pytest.mark.parametrize(
    "instruction", ["SYMBOL 254", "SYMBOL 254 \\f Calibri", "SYMBOL 9999999 \\u", "EQ \\o(□,是)", "EQ \\x(√)"]
)
def test_a_character_that_is_not_known_is_reported(instruction):
    paper = Paper()
    put(paper.value("编制数"), t("9") + field(instruction, None))
    assert ("field", QUOTA) in {(each.code, each.pointer) for each in extract(paper.docx()).warnings}


def test_ringed_numbers_that_fields_draw_are_read():
    paper = Paper()
    put(paper.value("负责人姓名"), field("EQ \\o\\ac(○,2)", None) + t("陆怀川"))
    assert_reads(paper, {"/basic_info/leader_name": "②陆怀川"})


@pytest.mark.parametrize(
    "mark", ['<w:highlight w:val="yellow"/>', '<w:u w:val="single"/>', '<w:em w:val="dot"/>']
)
def test_a_word_that_stands_out_may_be_an_answer(mark):
    paper = Paper()
    put(paper.value("是否独立建制"), t("是", mark) + t("  否"))
    read = extract(paper.docx())
    assert [(each.code, each.pointer) for each in read.warnings] == [("unclear_box", INDEPENDENT)]
    assert "is_independent" not in read.data["basic_info"]


@pytest.mark.parametrize("typed", ["(是)  否", "是  （否）"])
def test_a_word_in_brackets_may_be_an_answer(typed):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert [each.code for each in extract(paper.docx()).warnings] == ["unclear_box"]


@pytest.mark.parametrize(
    ("typed", "answer"), [("是√ 否×", True), ("☒是 ☑否", False), ("是✔\ufe0f 否□", True)]
)
def test_a_cross_beside_a_tick_is_the_other_one(typed, answer):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert_reads(paper, {INDEPENDENT: answer})


def test_one_answer_to_two_questions_is_not_clear():
    paper = Paper()
    put(paper.paragraph("人大常委").getparent(), "人大常委、政协常委  是☑  否□")
    read = extract(paper.docx())
    assert [(each.code, each.pointer) for each in read.warnings] == [
        ("unclear_box", "/basic_info/leader_in_npc_standing")
    ]


def test_cells_merged_downwards_are_reported():
    paper = Paper()
    cell = paper.value("县级科协人数", paper.row("学校校长"))
    cell.insert(0, elements("<w:tcPr><w:vMerge/></w:tcPr>")[0])
    put(cell, "")
    pointer = "/basic_info/four_heads/school_principals/county"
    assert ("cells_unclear", pointer) in [
        (each.code, each.pointer) for each in extract(paper.docx()).warnings
    ]


def test_two_fields_typed_in_one_line():
    paper = Paper()
    gone = paper.paragraph("联系电话")
    gone.getparent().remove(gone)
    retype(paper.paragraph("联系人"), "联系人：\t沈砚青\t联系电话：\t0520-5550 1236\t")
    assert_reads(paper, {"/cover/contact_phone": "0520-5550 1236", "/cover/contact_person": "沈砚青"})


def test_a_second_telephone_number_is_reported():
    paper = Paper()
    retype(paper.paragraph("联系人"), "联系人：沈砚青 联系电话：5550")
    read = extract(paper.docx())
    assert read.data["cover"]["contact_person"] == "沈砚青"
    assert [(each.code, each.text) for each in read.warnings] == [("unread_text", "联系电话：5550")]


def test_a_label_of_two_fields_is_no_label():
    paper = Paper()
    retype(paper.paragraph("联系人"), "联系人/电话：沈砚青 138")
    read = extract(paper.docx())
    assert "contact_person" not in read.data["cover"]
    assert [each.code for each in read.warnings] == ["line_missing", "unread_text"]


def test_many_warnings_are_counted():
    paper = Paper("annex3")
    body = paper.paragraph("附件").getparent()
    body[0:0] = [elements(f"<w:p>{t(f'附注{number}')}</w:p>")[0] for number in range(300)]
    warnings = extract(paper.docx()).warnings
    assert (len(warnings), warnings[-1].code, warnings[-1].text) == (201, "more", "100")


@pytest.mark.parametrize(("name", "many"), [("p", 100_001), ("tbl", 501)])
def test_a_document_of_endless_parts_is_refused(name, many):
    paper = Paper("annex3")
    body = paper.paragraph("附件").getparent()
    body[0:0] = [body.makeelement(W + name) for _ in range(many)]
    with pytest.raises(UnreadableDocument, match="太多"):
        extract(paper.docx())


@pytest.mark.parametrize(
    "numbered",
    ['<w:fldSimple w:instr="LISTNUM"><w:r><w:t/></w:r></w:fldSimple>', field("AUTONUM", "")],
)
def test_a_field_that_draws_a_number_is_reported(numbered):
    paper = Paper()
    put(paper.value("编制数"), numbered + t("9"))
    assert ("field", QUOTA) in [(each.code, each.pointer) for each in extract(paper.docx()).warnings]


def test_the_number_of_an_empty_paragraph_is_reported():
    paper = Paper()
    cell = paper.value("编制数")
    put(cell, "")
    set_property(cell.find(W + "p"), "pPr", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    assert [(each.code, each.pointer) for each in extract(paper.docx()).warnings] == [("numbering", QUOTA)]
