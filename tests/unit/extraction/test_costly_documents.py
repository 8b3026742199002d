"""Small documents whose reading would take minutes or gigabytes are read at once."""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest

from service.extraction import extract
from service.extraction.displayed import imported_parts, side_parts
from service.extraction.word_document import load
from tests.helpers.hand_made import Paper, control, elements, part, put, t

CORE_PROPERTIES = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
NOTES = {4: "注" * 5000, 5: "代理"}
MOST = 4.0  # seconds of processor time, of which it takes some tenths


@contextmanager
def at_once():
    began = time.process_time()
    yield
    assert time.process_time() - began < MOST


@pytest.mark.parametrize("blank", [" ", "\u200b"])
def test_thousands_of_blanks_before_a_value_are_read_at_once(blank):
    paper = Paper()
    put(paper.value("负责人姓名"), f"{blank * 2000}陆{' ' * 30}怀\n川")
    with at_once():
        read = extract(paper.docx())
    assert read.data["basic_info"]["leader_name"].strip(blank) == f"陆{' ' * 30}怀川"


@pytest.fixture
def read_parts(monkeypatch):
    """The parts beside the text that are read."""
    read, parse, text = [], side_parts.parse, imported_parts._text
    monkeypatch.setattr(side_parts, "parse", lambda xml: read.append(xml) or parse(xml))
    monkeypatch.setattr(imported_parts, "_text", lambda *args: read.append(args[1]) or text(*args))
    return read


def quoted(paper, code):
    """The text of the notes and remarks with this code in the body as it is read."""
    document = load(paper.docx())
    paragraphs = [*document.paragraphs, *(each for cell in document.cells for each in cell.paragraphs)]
    return [note.text for each in paragraphs for note in each.notes if note.code == code]


def test_a_note_that_is_referred_to_many_times_is_read_once_and_quoted_in_brief(read_parts):
    paper = Paper()
    notes = "".join(f'<w:footnote w:id="{n}"><w:p>{t(x)}</w:p></w:footnote>' for n, x in NOTES.items())
    content = part("w:footnotes", notes)
    paper.add_part("word/footnotes.xml", content, "footnotes")
    references = '<w:r><w:footnoteReference w:id="4"/><w:footnoteReference w:id="5"/></w:r>'
    put(paper.value("负责人姓名"), t("陆怀川") + references * 20)
    assert quoted(paper, "footnote") == ["注" * 100 + "……", "代理"] * 20
    assert read_parts == [content]


def test_a_part_that_is_imported_many_times_is_read_once_and_quoted_in_brief(read_parts):
    paper = Paper()
    made = paper.add_part("word/chunk.txt", "文".encode() * 5000, "aFChunk", "text/plain")
    paper.body[:0] = elements(f'<w:altChunk r:id="{made}"/>' * 20)
    assert quoted(paper, "imported_part") == ["文" * 100 + "……"] * 20
    assert len(read_parts) == 1


def test_controls_bound_to_a_long_text_are_filled_until_a_limit_and_reported_beyond():
    paper = Paper()
    paper.parts["docProps/core.xml"] = f"<d><v>{'x' * 1_900_000}</v></d>".encode()
    binding = f'<w:dataBinding w:xpath="/d/v" w:storeItemID="{CORE_PROPERTIES}"/>'
    put(paper.value("负责人姓名"), control(t("y"), binding) * 40)
    document = load(paper.docx())
    text = next(cell.text for cell in document.cells if cell.text.startswith("xx"))
    assert len(text) < 20_000_000 and text.endswith("x" + "y" * 35)
    assert len(quoted(paper, "bound_unknown")) == 35
