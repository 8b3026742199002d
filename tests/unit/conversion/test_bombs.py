"""Small files that would take minutes or gigabytes are refused at once, whatever part does it."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from service import filled_form
from service.errors import KexieError, UnreadableDocument, UnreadableInput
from tests.helpers.batch import read_items, workbook
from tests.helpers.hostile_files import changed, filled

MOST = 4.0  # seconds of processor time, of which it takes some tenths; the bombs took minutes
LONG = b"x" * 30_000_000


def names(count):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(count):
            package.writestr(f"{number}.xml", "")
    return out.getvalue()


def in_body(xml):
    def change(name, part):
        return part.replace(b"<w:body>", b"<w:body>" + xml, 1) if name == "word/document.xml" else part

    return changed(filled(), change=change)


def in_sheet(xml):
    def change(name, part):
        return part.replace(b"</sheetData>", xml + b"</sheetData>") if name.endswith("sheet1.xml") else part

    return changed(workbook([["编号", "县级科协名称"], ["1", "甲"]]), change=change)


DOCUMENTS = {
    "40,000 names": lambda: names(40_000),
    "comment before a root": lambda: changed(filled(), [("word/x.xml", b"<!--" + LONG)]),
    "attribute of a root": lambda: changed(filled(), [("customXml/x.xml", b"<a b='" + LONG)]),
    "instruction before a root": lambda: changed(filled(), [("docProps/x.xml", b"<?a " + LONG)]),
    "paragraphs": lambda: in_body(b"<w:p/>" * 20_000),
    "runs": lambda: in_body(b"<w:p>" + b"<w:r/>" * 60_000 + b"</w:p>"),
    "elements": lambda: in_body(b"<w:p>" + b"<w:proofErr/>" * 300_000 + b"</w:p>"),
}
SHEETS = {
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
