"""The order in which LibreOffice happens to write its fonts does not show in the PDF."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from service.conversion import font_order
from service.conversion.deflated import Deflated

NAMES = ("F1", "F2", "F10")


def written(order):
    """A PDF of two pages whose fonts were written in `order`."""
    document = pikepdf.new()
    fonts = {}
    for name in order:
        descriptor = document.make_indirect(
            Dictionary(Type=Name.FontDescriptor, FontFile2=document.make_stream(name.encode() * 50))
        )
        to_unicode = document.make_stream(b"map of " + name.encode())
        fonts[f"/{name}"] = document.make_indirect(
            Dictionary(Type=Name.Font, FontDescriptor=descriptor, ToUnicode=to_unicode)
        )
    resources = document.make_indirect(Dictionary(Font=Dictionary(fonts)))
    for _ in range(2):
        document.add_blank_page()
    for page in document.pages:
        page.obj.Resources = resources
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def settled(pdf):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with Deflated(font_order.streams(document)) as deflated:
            font_order.settle(document, deflated)
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize("order", [("F1", "F2", "F10"), ("F10", "F2", "F1"), ("F2", "F10", "F1")])
def test_fonts_written_in_any_order_give_the_same_bytes(order):
    made = settled(written(order))
    assert made == settled(written(NAMES))
    with pikepdf.open(io.BytesIO(made)) as document:
        for page in document.pages:
            fonts = page.Resources.Font
            assert {name: font.FontDescriptor.FontFile2.read_bytes() for name, font in fonts.items()} == {
                f"/{name}": name.encode() * 50 for name in NAMES
            }
            assert fonts.F10.ToUnicode.read_bytes() == b"map of F10"
