"""Small files that would take minutes or gigabytes are refused at once, in any part."""

from __future__ import annotations

import time

import pytest

from service import filled_form
from service.conversion import file_kind
from service.conversion.libreoffice.withheld_pictures import WithheldPictures
from service.errors import KexieError, NotJson, UnreadableDocument, UnreadableInput
from service.payload_json import parse
from tests.helpers.batch import read_items
from tests.helpers.docx_builder import parts, zipped
from tests.helpers.hostile import ways_docx, ways_odt
from tests.helpers.hostile.bombs import in_body, in_pdf, in_sheet, names, with_part

MOST = 4.0  # seconds of processor time, of which it takes some tenths; the bombs took minutes
LONG = b"x" * 30_000_000


DOCUMENTS = {
    "40,000 names": lambda: names(40_000),
    "comment before a root": lambda: with_part("word/x.xml", b"<!--" + LONG),
    "attribute of a root": lambda: with_part("customXml/x.xml", b"<a b='" + LONG),
    "instruction before a root": lambda: with_part("docProps/x.xml", b"<?a " + LONG),
    "paragraphs": lambda: in_body(b"<w:p/>" * 20_000),
    "runs": lambda: in_body(b"<w:p>" + b"<w:r/>" * 60_000 + b"</w:p>"),
    "elements": lambda: in_body(b"<w:p>" + b"<w:proofErr/>" * 300_000 + b"</w:p>"),
}
MERGED = b"".join(b'<mergeCell ref="A%d:B1048576"/>' % number for number in range(1, 3000))
RTF = {
    "groups": b"{\\rtf1" + b"{" * 2_000_000,
    "groups with text": b"{\\rtf1" + b"{\\b x" * 3000 + b"}" * 3001,
    "data longer than the file": b"{\\rtf1{\\pict\\pngblip\\bin2000000000 }}",
    "data of endless length": b"{\\rtf1\\bin" + b"9" * 6000 + b" }",
}
SHEETS = {
    "merged areas over each other": lambda: in_sheet(
        b"<row r='9999'><c><v>1</v></c></row></sheetData><mergeCells>" + MERGED + b"</mergeCells><sheetData>"
    ),
    "cells in a row": lambda: in_sheet(b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row>"),
    "hidden columns": lambda: in_sheet(
        b"</sheetData><cols>" + b"<col min='1' max='16384' hidden='1'/>" * 50_000 + b"</cols><sheetData>"
    ),
    "40,000 names": lambda: names(40_000),
    "comment": lambda: in_sheet(b"<!--" + LONG + b"-->"),
    "attribute": lambda: in_sheet(b"<row r='" + b"1" * len(LONG) + b"'/>"),
    "instruction": lambda: in_sheet(b"<?a " + LONG + b"?>"),
}


def refused(kind, work):
    began = time.process_time()
    with pytest.raises(KexieError) as caught:
        work()
    assert isinstance(caught.value, kind)
    assert time.process_time() - began < MOST


@pytest.mark.parametrize("make", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_that_is_a_bomb_is_refused_at_once(make):
    content = make()
    refused(UnreadableDocument, lambda: filled_form.examine(content))


@pytest.mark.parametrize("make", SHEETS.values(), ids=SHEETS)
def test_a_workbook_that_is_a_bomb_is_refused_at_once(make):
    content = make()
    refused(UnreadableInput, lambda: read_items(content, form="annex3"))


JSON = {
    "arrays": b'{"a": [' + b"[]," * 1_000_000 + b"[]]}",
    "objects": b"[" + b"{}," * 1_000_000 + b"{}]",
    "levels": b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}",
}


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_json_of_too_many_parts_or_levels_is_no_payload(text):
    refused(NotJson, lambda: parse(text))


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_an_item_of_too_many_parts_or_levels_fails_alone(text):
    line = b'{"form": "annex3", "year": 2021, "id": "1", "data": %s}\n{}\n' % text
    first, second = read_items(line, "input.ndjson", None, None)
    assert [error.code for error in first.errors] == ["not_json"]
    assert second.errors


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_data_in_a_pdf_of_too_many_parts_or_levels_are_refused(text):
    pdf = in_pdf(text)
    refused(UnreadableDocument, lambda: filled_form.examine(pdf, "annex3", 2021))


def test_a_row_of_millions_of_cells_fails_alone():
    rows = "编号,县级科协名称\n1,甲\n" + "," * 900_000 + "乙\n2,丙\n"
    found = read_items(rows.encode(), "input.csv", "annex3", 2021)
    assert [(item.place.number, bool(item.errors)) for item in found] == [(2, False), (3, True), (4, False)]


@pytest.mark.parametrize("content", RTF.values(), ids=RTF)
def test_an_rtf_that_is_a_bomb_is_refused_at_once(content):
    refused(UnreadableDocument, lambda: filled_form.examine(content))


@pytest.mark.parametrize(
    "content",
    [b"{\\rtf1 \\\\bin2000000000}", b"{\\rtf1 " + b"\\{" * 5000 + b"}", b"{\\rtf1{\\pict\\bin4 abcd}}"],
)
def test_an_rtf_with_escaped_braces_or_short_data_is_one(content):
    assert file_kind.kind(content) == file_kind.RTF


@pytest.mark.parametrize("module", [ways_odt, ways_docx], ids=["odt", "docx"])
def test_libreoffice_gets_a_dot_for_each_picture(module):
    document = module.document([module.WAYS["picture in SVG"]("file:///etc", "n")])
    withheld = WithheldPictures()
    given = parts(withheld.without(document))
    assert given.keys() == parts(document).keys()
    (picture,) = [part for name, part in given.items() if name.endswith(".svg")]
    assert picture.startswith(b"\x89PNG")
    assert b"file:///etc" not in b"".join(given.values())
    assert parts(withheld.restored(zipped(given))) == parts(document)
