"""PDFs: finished from bytes, their text, and each character with the face that drew it (PDFium)."""

from __future__ import annotations

import ctypes
import io
import json
import subprocess
import tempfile
from typing import NamedTuple

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from service.conversion.pdf import finish_pdf
from service.document_data import MANIFEST, PAYLOAD
from service.payload_json import dump


def finish(content, *rest):
    """What `finish_pdf.finish` makes of a file with `content`."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return finish_pdf.finish(file, *rest).pdf


def carrying(pdf, payload, form="annex3", year=2021):
    """A PDF as another program saves it, with the payload of that form attached."""
    document = pikepdf.open(io.BytesIO(pdf))
    manifest = json.dumps({"form": form, "year": year}).encode()
    for name, content in ((PAYLOAD, dump(payload)), (MANIFEST, manifest)):
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# The family of each face by the name that LibreOffice writes into the PDF.
FAMILIES = {
    "FandolFang-Regular": "FandolFang R",
    "FandolSong-Bold": "FandolSong",
    "GBZenKai-Medium": "AR PL KaitiM GB",
    "KexieHei": "Kexie Hei",
    "KexieBox": "Kexie Box",
    "KexieRare": "Kexie Rare",
    "BousungEG-Light-GB": "AR PL SungtiL GB",
    "HanaMinA": "HanaMinA",
    "HanaMinB": "HanaMinB",
    "LiberationSerif": "Liberation Serif",
    "DejaVuSans": "DejaVu Sans",
}
_SCALE = 4  # pixels a point: 288 dpi


def words(pdf, page=None):
    """The text of a PDF, or of one page of it, without white space."""
    one = [] if page is None else ["-f", str(page), "-l", str(page)]
    command = ["pdftotext", *one, "-", "-"]
    made = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=300)
    return "".join(made.stdout.decode().split())


class Glyph(NamedTuple):
    """A character as drawn on a page: `face` is None for a font that is not in FAMILIES."""

    character: str
    face: str | None
    inked: bool


def glyphs(pdf: bytes) -> list[Glyph]:
    """Every character of every page that is no white space, in the order of the text."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [glyph for page in document for glyph in _of_page(page)]


def _of_page(page):
    text = page.get_textpage()
    picture = page.render(scale=_SCALE, grayscale=True)
    pixels, stride = bytes(picture.buffer), picture.stride
    for index in range(text.count_chars()):
        number = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= number < 0xDC00:
            # Beyond the BMP, PDFium counts each half of the pair as a character in the same place.
            number = (
                0x10000 + (number - 0xD800) * 0x400 + pdfium.FPDFText_GetUnicode(text, index + 1) - 0xDC00
            )
        elif 0xDC00 <= number < 0xE000:
            continue
        if chr(number).isspace() or number in (0, 2, 0xFFFE, 0xFFFF):
            continue
        left, bottom, right, top = text.get_charbox(index)
        rows = range(int((page.get_height() - top) * _SCALE), int((page.get_height() - bottom) * _SCALE) + 1)
        start, end = int(left * _SCALE), int(right * _SCALE) + 1
        dark = (min(pixels[row * stride + start : row * stride + end], default=255) for row in rows)
        inked = right > left and top > bottom and min(dark) < 128
        yield Glyph(chr(number), FAMILIES.get(_font(text, index)), inked)
    text.close()


def _font(text, index):
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 200, flags)
    return name.value.decode().rpartition("+")[2]
