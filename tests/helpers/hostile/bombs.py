"""Small files that would take minutes or gigabytes to read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import pikepdf

from tests.helpers.batch import workbook
from tests.helpers.hand_made import Paper, part, put, t
from tests.helpers.hostile import ways_docx, ways_odt
from tests.helpers.hostile.files import changed, filled


class Bomb(NamedTuple):
    """A file, named after what is too much in it."""

    name: str
    make: Callable[[], bytes]


def names(count: int) -> bytes:
    """A zip of that many empty parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(count):
            package.writestr(f"{number}.xml", "")
    return out.getvalue()


def in_body(xml: bytes) -> bytes:
    """A filled form with more at the beginning of its body."""

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<w:body>", b"<w:body>" + xml, 1) if name == "word/document.xml" else part

    return bytes(changed(filled(), change=change))


def with_blanks(count: int) -> bytes:
    """A filled form with that many blanks before a name of two lines."""
    paper = Paper()
    put(paper.value("负责人姓名"), " " * count + "x\ny")
    return bytes(paper.docx())


def with_references(count: int) -> bytes:
    """A filled form that refers that many times to a note of 2 MB."""
    paper = Paper()
    note = f'<w:footnote w:id="4"><w:p>{t("x" * 2_000_000)}</w:p></w:footnote>'
    paper.add_part("word/footnotes.xml", part("w:footnotes", note), "footnotes")
    put(paper.value("负责人姓名"), t("x") + '<w:r><w:footnoteReference w:id="4"/></w:r>' * count)
    return bytes(paper.docx())


def in_sheet(xml: bytes) -> bytes:
    """A sheet with more behind its rows."""

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", xml + b"</sheetData>") if name.endswith("sheet1.xml") else part

    book = workbook([["编号", "县级科协名称"], ["1", "甲"]])
    return bytes(changed(book, change=change))


def with_part(name: str, content: bytes) -> bytes:
    """A filled form with one more part."""
    return bytes(changed(filled(), [(name, content)]))


def in_pdf(text: bytes) -> bytes:
    """A PDF with that payload."""
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.attachments["payload.json"] = text
    pdf.save(out)
    return out.getvalue()


def laughingsvg() -> str:
    """An SVG that draws a square 10 ** 9 times."""
    uses = [f'<use xlink:href="#u{n}"/>' * 10 for n in range(9)]
    levels = "".join(f'<g id="u{n}">{inside}</g>' for n, inside in enumerate(uses, 1))
    return f'<defs><rect id="u0" width="1" height="1"/>{levels}</defs><use xlink:href="#u9"/>'


BOMBS = [
    Bomb("groups.rtf", lambda: b"{\\rtf1" + b"{" * 2_000_000),
    Bomb("bin.rtf", lambda: b"{\\rtf1{\\pict\\pngblip\\bin2000000000 }}"),
    Bomb("rows.rtf", lambda: b"{\\rtf1" + b"\\trowd\\cellx1\\intbl\\cell\\row" * 60_000 + b"}"),
    Bomb("use.odt", lambda: ways_odt.document([ways_odt.svg(laughingsvg())("", "n")])),
    Bomb("use.docx", lambda: ways_docx.document([ways_docx.svg(laughingsvg())("", "n")])),
    Bomb("names.docx", lambda: names(100_000)),
    Bomb("comment.docx", lambda: with_part("word/x.xml", b"<!--" + b"x" * 95_000_000)),
    Bomb("paragraphs.docx", lambda: in_body(b"<w:p/>" * 2_000_000)),
    Bomb("runs.docx", lambda: in_body(b"<w:p>" + b"<w:r/>" * 2_000_000 + b"</w:p>")),
    Bomb("blanks.docx", lambda: with_blanks(5000)),
    Bomb("notes.docx", lambda: with_references(1000)),
    Bomb("brackets.pdf", lambda: in_pdf(b'{"a": [' + b"[]," * 5_000_000 + b"[]]}")),
]
