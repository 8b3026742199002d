"""The order in which LibreOffice happens to write its fonts does not show in the PDF."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from service.conversion.pdf import font_order, pdf_reader
from service.conversion.pdf.pdf_compression import deflated
from service.conversion.pdf.pdf_writer import packed

NAMES = ("F1", "F2", "F10")


def written(order):
    """A PDF of two pages and a form whose fonts were written in `order`, and one that no page uses."""
    document = pikepdf.new()
    document.docinfo.Title = "2 0 R (3 0 R)"
    fonts = {}
    for name in order:
        descriptor = document.make_indirect(
            Dictionary(Type=Name.FontDescriptor, FontFile2=document.make_stream(name.encode() * 50))
        )
        to_unicode = document.make_stream(b"map of " + name.encode())
        fonts[f"/{name}"] = document.make_indirect(
            Dictionary(Type=Name.Font, FontDescriptor=descriptor, ToUnicode=to_unicode)
        )
    named = document.make_indirect(Dictionary(fonts))
    resources = document.make_indirect(Dictionary(Font=named))
    for _ in range(2):
        document.add_blank_page()
    for page in document.pages:
        page.obj.Resources = resources
    drawn = document.make_stream(b"", Resources=Dictionary(Font=Dictionary(fonts), Note="(5 0 R)"))
    document.pages[0].obj.Annots = [Dictionary(AP=Dictionary(N=drawn))]
    document.Root.AcroForm = Dictionary(DR=Dictionary(Font=named), DA="/F1 9 0 R (/F2)")
    out = io.BytesIO()
    plain = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False}
    document.save(out, min_version="1.5", **plain)
    return out.getvalue()


def settled(content):
    pdf = pdf_reader.read(content)
    font_order.settle(pdf, list(font_order.used(pdf, pdf.pages())))
    return pdf


def fonts_of(resources):
    return {
        name: (font.FontDescriptor.FontFile2.read_bytes(), font.ToUnicode.read_bytes())
        for name, font in resources.Font.items()
    }


@pytest.mark.parametrize("order", [("F1", "F2", "F10"), ("F10", "F2", "F1"), ("F2", "F10", "F1")])
def test_fonts_written_in_any_order_are_numbered_by_their_names(order):
    pdf = settled(written(order))
    fonts = [pdf.entries(font.place) for font in font_order.used(pdf, pdf.pages())]
    maps = [int(font[b"/ToUnicode"].split()[0]) for font in fonts]
    assert maps == sorted(maps)
    assert [pdf.streams[number].content for number in maps] == [b"map of F1", b"map of F2", b"map of F10"]
    expected = {f"/{name}": (name.encode() * 50, b"map of " + name.encode()) for name in NAMES}
    with pikepdf.open(io.BytesIO(packed(pdf, deflated))) as document:
        for page in document.pages:
            assert fonts_of(page.Resources) == expected
        drawn = document.pages[0].Annots[0].AP.N.Resources
        assert fonts_of(drawn) == fonts_of(document.Root.AcroForm.DR) == expected
        assert drawn.Note == "(5 0 R)"
        assert document.Root.AcroForm.DA == "/F1 9 0 R (/F2)"
        assert document.docinfo.Title == "2 0 R (3 0 R)"
        assert document.check_pdf_syntax() == []
