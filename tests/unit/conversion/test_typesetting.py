"""Page breaks in cells: what leaves a line alone, how much less pages hold, and which PDF is taken."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from service import conversion
from service.config import Settings
from service.conversion import lone_lines
from service.conversion.pdf.broken_cells import BrokenCell, Cells, read
from service.conversion.pdf.finish_pdf import Finished
from service.conversion.pdf.pdf_reader import PlainPdf, Stream
from service.errors import ConversionTimeout
from service.wordml import W, parse, word_package
from tests.helpers.docx_builder import cell, docx, row, table

PITCH = 22.0


def broken(pages, paragraphs, number=0):
    return BrokenCell(number, pages, paragraphs, PITCH)


@pytest.mark.parametrize(
    "pages, paragraphs, less",
    [
        pytest.param((13, 31, 3), (4, 6, 7, 4, 7, 6, 4, 9), 0, id="no line alone"),
        pytest.param((13, 31, 1), (4, 6, 7, 4, 7, 6, 4, 7), 1, id="the last line of the cell"),
        pytest.param((8, 10), (4, 5, 9), 1, id="the last line of a paragraph"),
        pytest.param((6, 10), (5, 11), 1, id="the first line of a paragraph"),
        pytest.param((1, 10), (5, 6), 1, id="the first line of the cell: it moves as a whole"),
        pytest.param((11, 15), (4, 2, 3, 3, 16), 2, id="two of three lines: all three move"),
        pytest.param((4, 12), (4, 12), 0, id="between paragraphs"),
        pytest.param((5, 12), (4, 1, 12), 0, id="behind a paragraph of one line"),
        pytest.param((1, 1), (2,), 1, id="two lines"),
        pytest.param((9, 1), (2, 2, 2, 1, 1, 1, 1), 1, id="a paragraph of one line, alone on the last page"),
        pytest.param((9, 12), (3, 3, 2, 2, 2, 2, 7), 1, id="two lines of two"),
    ],
)
def test_pages_hold_so_many_lines_less_that_none_is_alone(pages, paragraphs, less):
    assert lone_lines.lines_less(broken(pages, paragraphs)) == less


def finished(pdf, *cells, pages=7, total=2):
    return Finished(pdf, pages, Cells(total, cells))


WIDOW, MOVED = broken((9, 1), (10,)), broken((8, 2), (10,))
LOWER = broken((6, 10), (5, 11), number=1)
DOCX = docx(table(1, row("总体思路"), row("目标任务")))


def converter(*made):
    """A conversion that answers with each of `made` in turn, and the copies that it was given."""
    left, copies = iter(made), []

    def convert(copy):
        copies.append(copy)
        return next(left)

    return convert, copies


def bottoms(copy):
    """The margin below the text of each cell in twentieths of a point, where it has one of its own."""
    main = parse(word_package.unpack(copy)[word_package.MAIN])
    found = (each.find(f"{W}tcPr/{W}tcMar/{W}bottom") for each in main.iter(W + "tc"))
    return [None if each is None else int(each.get(W + "w")) for each in found]


def test_a_pdf_without_lines_alone_is_taken_as_it_is():
    convert, copies = converter()
    assert lone_lines.without_lone_lines(DOCX, finished(b"as it is", MOVED), convert).pdf == b"as it is"
    assert copies == []


def test_only_the_cell_with_a_line_alone_gets_a_margin_of_a_line():
    convert, copies = converter(finished(b"moved", MOVED))
    assert lone_lines.without_lone_lines(DOCX, finished(b"as it is", WIDOW), convert).pdf == b"moved"
    assert [bottoms(copy) for copy in copies] == [[438, None]]


def test_one_cell_after_the_other():
    convert, copies = converter(finished(b"one", MOVED, LOWER), finished(b"both", MOVED))
    made = lone_lines.without_lone_lines(DOCX, finished(b"as it is", WIDOW, LOWER), convert)
    assert (made.pdf, [bottoms(copy) for copy in copies]) == (b"both", [[438, None], [438, 438]])


def test_what_helps_nothing_is_not_taken_and_ends():
    convert, copies = converter(*(finished(b"in vain", WIDOW) for _ in range(9)))
    assert lone_lines.without_lone_lines(DOCX, finished(b"as it is", WIDOW), convert).pdf == b"as it is"
    assert len(copies) == 4


def test_no_margin_costs_a_page():
    convert, copies = converter(finished(b"longer", MOVED, pages=8))
    assert lone_lines.without_lone_lines(DOCX, finished(b"as it is", WIDOW), convert).pdf == b"as it is"
    assert len(copies) == 1


def test_a_pdf_with_other_cells_than_the_docx_is_taken_as_it_is():
    convert, copies = converter()
    made = finished(b"as it is", WIDOW, total=3)
    assert (lone_lines.without_lone_lines(DOCX, made, convert).pdf, copies) == (b"as it is", [])


MERGED = '<w:tc><w:tcPr><w:vMerge/><w:vAlign w:val="center"/></w:tcPr><w:p/></w:tc>'
OWN = '<w:tc><w:tcPr><w:tcMar><w:bottom w:w="60" w:type="dxa"/></w:tcMar></w:tcPr><w:p/></w:tc>'
TABLES = '<w:tblCellMar><w:bottom w:w="40" w:type="dxa"/></w:tblCellMar>'


def test_the_margin_is_added_to_that_of_the_cell_or_its_table():
    given = table(1, row(cell("总体思路")), row(MERGED), row(OWN)).replace(
        "</w:tblPr>", f"{TABLES}</w:tblPr>"
    )
    for number, expected in enumerate(([478, None, 60], [None, None, 498])):
        convert, copies = converter(finished(b"moved"))
        widow = finished(b"as it is", broken((9, 1), (10,), number))
        assert lone_lines.without_lone_lines(docx(given), widow, convert).pdf == b"moved"
        assert [bottoms(copy) for copy in copies] == [expected]


def tagged(*tags, pages):
    """A PDF of tags from number 10 on, and of pages with these contents from number 1 on."""
    objects = {number: b"<</Type/Page/Contents %d 0 R>>" % (100 + number) for number in pages}
    objects |= {number: b"<</Type/StructElem\n" + text for number, text in enumerate(tags, 10)}
    streams = {100 + number: Stream({}, content) for number, content in pages.items()}
    return PlainPdf(b"%PDF-1.7", {}, objects, streams)


def content(*lines):
    """The content of a page: each line has a mark and a baseline."""
    return b"".join(b"/P<</MCID %d>>BDC\nBT\n60 %d Td (x)Tj\nET\nEMC\n" % line for line in lines)


def test_the_cells_that_go_on_over_pages_are_read_from_the_tags():
    """A paragraph of three lines in a cell, one line in two pieces; the cell before is on one page."""
    first = content((0, 500), (1, 478), (2, 478), (3, 456))
    pdf = tagged(
        b"/S/TD\n/P 9 0 R\n/Pg 1 0 R\n/K[11 0 R]>>",
        b"/S/P\n/P 10 0 R\n/Pg 1 0 R\n/K[0]>>",
        b"/S/TD\n/P 9 0 R\n/Pg 1 0 R\n/K[13 0 R]>>",
        b"/S/P\n/P 12 0 R\n/Pg 1 0 R\n/K[1 14 0 R 3 <</Type/MCR/Pg 2 0 R /MCID 0>>]>>",
        b"/S/Span\n/P 13 0 R\n/Pg 1 0 R\n/K[2]>>",
        pages={1: first, 2: content((0, 780))},
    )
    assert read(pdf) == Cells(2, (BrokenCell(1, (2, 1), (3,), 22.0),))


def test_tags_of_another_shape_have_no_cells():
    pdf = tagged(
        b"/S/TD\n/P 9 0 R\n/Pg 1 0 R>>",
        b"/S/P\n/P 10 0 R\n/K[<</Pg 1 0 R/MCID 0>> <</Pg 5 0 R/MCID 0>>]>>",
        pages={},
    )
    assert read(pdf) == Cells()


@pytest.fixture
def slow(monkeypatch):
    """Conversions that leave lines alone until the fourth, of these seconds each by a clock of their own."""
    taken = SimpleNamespace(seconds=0.0, now=0.0, count=0)

    def converted(*_):
        taken.now, taken.count = taken.now + taken.seconds, taken.count + 1
        return finished(b"%d" % taken.count, *[WIDOW, LOWER][: 2 - taken.count // 2])

    monkeypatch.setattr(conversion, "_converted", converted)
    monkeypatch.setattr(conversion, "time", SimpleNamespace(monotonic=lambda: taken.now))
    return taken


def test_a_document_whose_copies_take_too_long_is_refused_and_no_other_pdf_is_given(slow):
    settings = Settings.from_env({"KEXIE_DEADLINE": "60"})
    slow.seconds = 12.0
    assert conversion.convert(DOCX, settings) == b"4"
    slow.now, slow.count, slow.seconds = 0.0, 0, 40.0
    with pytest.raises(ConversionTimeout, match="60"):
        conversion.convert(DOCX, settings)
    assert slow.now <= settings.longest_conversion
