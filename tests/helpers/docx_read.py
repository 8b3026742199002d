"""Reads a .docx as a user sees it: its text and its tables, cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def squash(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)


def text(docx: bytes) -> str:
    """All text in reading order: a line a paragraph, tabs and line breaks as such."""
    return "\n".join(map(_paragraph, _body(docx).iter(W + "p")))


def tables(docx: bytes) -> list[list[list[str]]]:
    """Tables, rows and cells, without white space."""
    return [
        [
            [squash("".join(map(_paragraph, cell.iter(W + "p")))) for cell in row.iter(W + "tc")]
            for row in table.iter(W + "tr")
        ]
        for table in _body(docx).iter(W + "tbl")
    ]


def _body(docx: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml"))


def _paragraph(paragraph: ElementTree.Element) -> str:
    marks = {W + "tab": "\t", W + "br": "\n"}
    runs = (element for run in paragraph.iter(W + "r") for element in run)
    return "".join(
        element.text or "" if element.tag == W + "t" else marks.get(element.tag, "") for element in runs
    )
