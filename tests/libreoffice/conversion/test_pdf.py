"""What is left of LibreOffice's clock in a PDF, and what is no PDF/A at all."""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime

import pikepdf
import pytest

from service import generate
from service.errors import ConversionFault
from tests.helpers.pdf import finish

DATE = datetime(2021, 3, 9, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def ready():
    return generate("annex3", 2021, {"case_name": "案例"}, ("pdf",))["pdf"]


def edited(pdf, edit):
    """`pdf` after `edit` changed its document."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        edit(document)
        as_written = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
        document.save(out, fix_metadata_version=False, **as_written)
    return out.getvalue()


def at(clock):
    """Writes another time wherever LibreOffice writes one."""

    def edit(document):
        xmp = document.Root.Metadata.read_bytes()
        before, _, rest = xmp.partition(b"<xmp:CreateDate>")
        after = rest.partition(b"</xmp:CreateDate>")[2]
        dates = f"<xmp:CreateDate>{clock:%Y-%m-%dT%H:%M:%S+08:00}</xmp:CreateDate>".encode()
        document.Root.Metadata.write(before + dates + after)
        document.docinfo.CreationDate = f"D:{clock:%Y%m%d%H%M%S}+08'00'"
        document.trailer.DocChecksum = pikepdf.Name(f"/{clock:%Y%m%d%H%M%S}")
        document.trailer.ID = pikepdf.Array([str(clock), str(clock)])
        profile = document.Root.OutputIntents[0].DestOutputProfile
        content = profile.read_bytes()
        profile.write(content[:24] + clock.strftime("%y%m%d%H%M%S").encode() + content[36:])

    return edit


def test_the_clock_leaves_no_trace(ready):
    clocks = datetime(2026, 1, 2, 3, 4, 5), datetime(2031, 12, 11, 10, 9, 8)
    raw = [edited(ready, at(clock)) for clock in clocks]
    assert raw[0] != raw[1]
    first, second = (finish(pdf, DATE) for pdf in raw)
    assert first == second
    assert first != finish(raw[0], DATE.replace(year=2022))
    with pikepdf.open(io.BytesIO(first)) as document:
        assert str(document.docinfo.CreationDate) == "D:20210309083000Z"
        assert document.open_metadata()["xmp:CreateDate"] == "2021-03-09T08:30:00Z"
        assert document.Root.OutputIntents[0].DestOutputProfile.read_bytes()[24:36] == bytes(12)
        assert "/DocChecksum" not in document.trailer
        assert document.check_pdf_syntax() == []


def test_a_reader_takes_digits_and_letters_for_chinese_too(ready):
    with pikepdf.open(io.BytesIO(ready)) as document:
        assert document.Root.Lang == "zh-CN"
        elements = [
            each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each
        ]
        assert {str(each.Lang) for each in elements if "/Lang" in each} <= {"zh-CN"}
        assert len(elements) > 20


def test_two_documents_have_two_identifiers(ready):
    def untitled(document):
        del document.docinfo.Title

    identifiers = set()
    for pdf in (ready, edited(ready, untitled)):
        with pikepdf.open(io.BytesIO(finish(pdf, DATE))) as document:
            identifiers.add(bytes(document.trailer.ID[0]))
    assert len(identifiers) == 2


def test_a_title_that_speaks_of_dates_is_kept(ready):
    title = "xmp:CreateDate=2020 a:Date &lt;/xmp:CreateDate&gt;"

    def entitle(document):
        xmp = document.Root.Metadata.read_bytes()
        begin = xmp.index(b">", xmp.index(b'"x-default"')) + 1
        document.Root.Metadata.write(xmp[:begin] + title.encode() + xmp[xmp.index(b"</rdf:li>", begin) :])

    with pikepdf.open(io.BytesIO(finish(edited(ready, entitle), DATE))) as document:
        xmp = document.Root.Metadata.read_bytes().decode()
        assert title in xmp
        assert "<xmp:CreateDate>2021-03-09T08:30:00Z</xmp:CreateDate>" in xmp


def without_metadata(document):
    del document.Root.Metadata


def without_pages(document):
    while document.pages:
        del document.pages[0]


def replaced(old, new):
    def edit(document):
        xmp = document.Root.Metadata.read_bytes()
        assert old in xmp
        document.Root.Metadata.write(xmp.replace(old, new))

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        without_metadata,
        without_pages,
        replaced(b"<pdfaid:part>2<", b"<pdfaid:part>1<"),
        replaced(b"<pdfaid:conformance>B<", b"<pdfaid:conformance>U<"),
        replaced(b"xmp:CreateDate", b"xmp:OtherDate"),
        replaced(b"</rdf:RDF>", b'<rdf:Description xmp:ModifyDate="2026"/></rdf:RDF>'),
    ],
    ids=["no metadata", "no page", "part 1", "conformance U", "no date", "a date in another form"],
)
def test_what_is_not_the_pdf_asked_for_is_a_fault(ready, edit):
    with pytest.raises(ConversionFault):
        finish(edited(ready, edit), DATE)


def without_a_profile(document):
    del document.Root.OutputIntents[0].DestOutputProfile


def with_a_number_for_fonts(document):
    document.pages[0].obj.Resources.Font = 7


def with_a_number_for_contents(document):
    document.pages[0].obj.Contents = 7


def with_a_font_of_no_length(document):
    lettered(4100001, 4100002)(document)
    for font in document.pages[0].resources.Font.values():
        del font.FontDescriptor.FontFile.Length1


def with_an_unheard_of_filter(document):
    lettered(4100001, 4100002)(document)
    file = document.pages[0].resources.Font.Song.FontDescriptor.FontFile
    file.write(b"text", filter=pikepdf.Name.Unheard)


@pytest.mark.parametrize(
    "edit",
    [
        without_a_profile,
        with_a_number_for_fonts,
        with_a_number_for_contents,
        with_a_font_of_no_length,
        with_an_unheard_of_filter,
    ],
)
def test_a_pdf_built_otherwise_is_a_fault(ready, edit):
    with pytest.raises(ConversionFault, match="LibreOffice"):
        finish(edited(ready, edit), DATE)


def test_an_empty_file_is_a_fault():
    with pytest.raises(ConversionFault, match="LibreOffice"):
        finish(b"", DATE)


PREDICTED = pikepdf.Dictionary(Predictor=12, Columns=5)


@pytest.mark.parametrize(
    ("filters", "parameters"),
    [
        ([pikepdf.Name.ASCIIHexDecode, pikepdf.Name.FlateDecode], [None, PREDICTED]),
        (pikepdf.Name.FlateDecode, PREDICTED),
        ([], None),
    ],
    ids=["two filters", "a predictor", "no filter"],
)
def test_a_filtered_stream_keeps_its_filters(ready, filters, parameters):
    rows = b"".join(b"\0" + row for row in (b"fonts", b"music"))
    raw = rows[1:6] + rows[7:]
    if filters:
        raw = zlib.compress(rows)
    if filters and isinstance(filters, list):
        raw = raw.hex().encode() + b">"

    def edit(document):
        for font in document.pages[0].resources.Font.values():
            font.ToUnicode = document.make_stream(raw)
            font.ToUnicode.Filter = pikepdf.Array(filters) if isinstance(filters, list) else filters
            if parameters is not None:
                both = isinstance(parameters, list)
                font.ToUnicode.DecodeParms = pikepdf.Array(parameters) if both else parameters

    with pikepdf.open(io.BytesIO(finish(edited(ready, edit), DATE))) as document:
        fonts = list(document.pages[0].resources.Font.values())
        assert fonts
        assert [font.ToUnicode.read_bytes() for font in fonts] == [b"fontsmusic"] * len(fonts)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99], ids=str)
def test_a_pdf_cut_short_is_a_fault(ready, kept):
    with pytest.raises(ConversionFault):
        finish(ready[: int(len(ready) * kept)] + b"\n%%EOF\n", DATE)


def eexec(plain):
    """Adobe Type 1 Font Format, 7.3."""
    key, section = 55665, []
    for byte in plain:
        section.append(byte ^ (key >> 8))
        key = ((section[-1] + key) * 52845 + 22719) % 65536
    return bytes(section)


def type1(name, number):
    """A Type 1 font's parts, numbered in the clear and in the encrypted part as LibreOffice numbers it."""
    clear = b"%%!FontType1-1.0: %s 001.003\n/UniqueID %d def\ncurrentfile eexec\n" % (name, number)
    private = b"0000dup /Private 8 dict dup begin\n/UniqueID %d def\n%s" % (number, name * 400)
    return clear, private, b"0" * 512 + b"\ncleartomark\n"


def lettered(*numbers):
    """Leaves the document two Type 1 fonts and no other."""

    def edit(document):
        fonts = pikepdf.Dictionary()
        for name, number in zip((b"Song", b"Hei"), numbers, strict=True):
            clear, private, rest = type1(name, number)
            file = document.make_stream(clear + eexec(private) + rest)
            file.Length1, file.Length2, file.Length3 = len(clear), len(private), len(rest)
            descriptor = document.make_indirect(pikepdf.Dictionary(FontFile=file))
            fonts[f"/{name.decode()}"] = pikepdf.Dictionary(FontDescriptor=descriptor)
        for page in document.pages:
            page.resources.Font = fonts

    return edit


def test_type_1_fonts_are_numbered_as_by_a_fresh_libreoffice(ready):
    fresh, later = (edited(ready, lettered(*numbers)) for numbers in ((4100001, 4100002), (4100296, 4100300)))
    assert finish(later, DATE) == finish(fresh, DATE)
    with pikepdf.open(io.BytesIO(finish(later, DATE))) as document:
        fonts = document.pages[0].resources.Font
        for name, number in ((b"Song", 4100001), (b"Hei", 4100002)):
            clear, private, rest = type1(name, number)
            file = fonts[f"/{name.decode()}"].FontDescriptor.FontFile
            assert file.read_bytes() == clear + eexec(private) + rest
            assert (file.Length1, file.Length2, file.Length3) == (len(clear), len(private), len(rest))
