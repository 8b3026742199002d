"""Text that Word displays though it is in no plain run, and text that cannot be read."""

from __future__ import annotations

import pytest

from service.extraction import extract
from service.layout import certify
from tests.helpers.hand_made import Paper, W, assert_reads, control, elements, put, retype, t

LEADER = "/basic_info/leader_name"
CEN = '<s:symEx s:char="5C91"/>'
SYMEX = "http://schemas.microsoft.com/office/word/2015/wordml/symex"


def choice(requires, one, other):
    return (
        f'<mc:AlternateContent xmlns:s="{SYMEX}" xmlns:x="urn:later">'
        f'<mc:Choice Requires="{requires}">{one}</mc:Choice>'
        f"<mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>"
    )


@pytest.mark.parametrize(
    ("markup", "value", "warnings"),
    [
        (choice("x", "<x:new/>", t("岑远")), "岑远", []),
        (choice("w14", t("岑远"), t("岑远")), "岑远", []),
        (choice("x", t("岑近"), t("岑远")), "岑远", [("alternative_text", LEADER, "岑近")]),
        (f"<w:r>{choice('s', CEN, '<w:t>岑</w:t>')}<w:t>远</w:t></w:r>", "岑远", []),
        ('<w:r><w:sym w:font="宋体" w:char="5C91"/><w:t>远</w:t></w:r>', "岑远", []),
        (t("岑远") + "<w:unknown><w:text>代</w:text></w:unknown>", "岑远", [("missed_text", LEADER, "代")]),
    ],
)
def test_what_word_displays_is_read_or_reported(markup, value, warnings):
    paper = Paper()
    put(paper.value("负责人姓名"), "").find(W + "p").extend(elements(markup))
    assert_reads(paper, {LEADER: value}, warnings)


@pytest.mark.parametrize("where", ["cell", "body"])
def test_an_imported_part_is_reported_and_named_by_the_certificate(where):
    paper = Paper()
    cell = paper.tables[1].find(f"{W}tr/{W}tc")
    place = cell.find(W + "p") if where == "cell" else paper.paragraph("二、总体思路")
    place.addnext(elements('<w:altChunk r:id="rId77"/>')[0])
    codes = [each.code for each in certify(paper.docx(), paper.edition).differences]
    assert "imported_part" in codes


@pytest.mark.parametrize("value", ["县科协", ""])
def test_what_is_imported_below_a_line_is_reported_at_its_field(value):
    paper = Paper()
    line = retype(paper.paragraph("申报单位"), f"申报单位：{value}")
    line.addnext(elements("<w:p><w:r/></w:p>")[0])
    line.getnext().addnext(elements('<w:altChunk r:id="rId77"/>')[0])
    paper.parts["word/_rels/document.xml.rels"] = paper.parts["word/_rels/document.xml.rels"].replace(
        b"</Rel", b'<Relationship Id="rId77" Target="a.txt" Type="x"/></Rel'
    )
    paper.parts["word/a.txt"] = "云泽".encode()
    pointer = "/cover/applicant"
    assert_reads(paper, {pointer: value or None}, [("imported_part", pointer, "云泽")])


HTML = "<html><p>云泽</p></html>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(
            (f"a.{kind}", text.encode(encoding))
            for kind, text in (("txt", "云泽"), ("html", HTML))
            for encoding in ("utf-8", "utf-8-sig", "gbk", "utf-16")
        ),
        ("a.htm", f'<meta charset="big5">{HTML}'.replace("云泽", "雲澤").encode("big5")),
        ("a.xhtml", f'<?xml version="1.0" encoding="GBK"?>{HTML}'.encode("gbk")),
        ("a.htm", f'<meta charset="nonsense">{HTML}'.encode()),
        ("a.txt", ("云泽" + "\n" * 99_993 + "云").encode()),  # the last character is cut
    ],
)
def test_an_imported_text_is_quoted_in_its_encoding(name, content):
    paper = Paper()
    put(paper.value("负责人姓名"), "").append(elements('<w:altChunk r:id="rId77"/>')[0])
    paper.parts["word/_rels/document.xml.rels"] = paper.parts["word/_rels/document.xml.rels"].replace(
        b"</Rel", f'<Relationship Id="rId77" Target="{name}" Type="x"/></Rel'.encode()
    )
    paper.parts[f"word/{name}"] = content
    quoted = [each.text for each in extract(paper.docx()).warnings if each.code == "imported_part"]
    assert quoted in (["云泽"], ["雲澤"])


def bound(paper, xpath, shown, kind="<w:text/>"):
    paper.parts["customXml/item1.xml"] = "<d><who>岑远</who><on>1</on><day>2021-03-09</day></d>".encode()
    binding = f'<w:dataBinding w:xpath="{xpath}"/>'
    paper.parts["customXml/itemProps1.xml"] = (
        b'<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
        b'ds:itemID="{0A}"/>'
    )
    paper.parts["customXml/_rels/item1.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Target="itemProps1.xml" Type="x"/></Relationships>'
    )
    return control(t(shown), binding + kind)


@pytest.mark.parametrize(
    ("xpath", "shown", "kind", "value", "warnings"),
    [
        ("/d[1]/who[1]", "旧名", "<w:text/>", "岑远", [("bound_text", LEADER, "旧名")]),
        ("//who", "请填写", "<w:showingPlcHdr/>", "岑远", []),
        ("//who", "岑 远", "<w:text/>", "岑远", [("bound_text", LEADER, "岑 远")]),
        ("/d/nobody", "旧名", "<w:text/>", "旧名", []),
        ("/d/who[string-length() > 1]", "旧名", "<w:text/>", "旧名", [("bound_unknown", LEADER, "旧名")]),
        (
            "/d/on",
            "旧名",
            '<w:dropDownList><w:listItem w:displayText="岑甲" w:value="1"/></w:dropDownList>',
            "岑甲",
            [("bound_text", LEADER, "旧名")],
        ),
    ],
)
def test_a_bound_control_is_read_as_word_fills_it(xpath, shown, kind, value, warnings):
    paper = Paper()
    put(paper.value("负责人姓名"), bound(paper, xpath, shown, kind))
    assert_reads(paper, {LEADER: value}, warnings)
