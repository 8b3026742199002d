"""The payload of a PDF that another program saved again."""

from __future__ import annotations

import io
import json
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, String

from service.document_data import read_back
from service.errors import UnreadableDocument

PAYLOAD = {"case_name": "云泽县科普大篷车", "background": "一" * 300}
FILES = {
    "payload.json": json.dumps(PAYLOAD).encode(),
    "manifest.json": b'{"form": "annex3", "year": 2021}',
}


def saved(change=lambda document: None, **options):
    """A PDF with data inside, as a program saves it that makes `change` to it."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, content in FILES.items():
            document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        change(document)
        document.save(out, **options)
    return out.getvalue()


def stream(document, name="payload.json"):
    return document.attachments[name].get_file().obj


def filtered(encode, filters, parameters=None):
    def change(document):
        for name, content in FILES.items():
            stream(document, name).write(encode(content), filter=filters, decode_parms=parameters)

    return saved(change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def predicted(content):
    """PNG predictor "up" of rows of four bytes."""
    content += b" " * (-len(content) % 4)
    rows = [content[at : at + 4] for at in range(0, len(content), 4)]
    above = [bytes(4), *rows]
    differences = (
        bytes((a - b) % 256 for a, b in zip(*pair, strict=True)) for pair in zip(rows, above, strict=False)
    )
    return zlib.compress(b"".join(b"\x02" + row for row in differences))


def as_hex(content):
    return content.hex().encode() + b">"


FLATE, HEX, RUNS = Name.FlateDecode, Name.ASCIIHexDecode, Name.RunLengthDecode
PREDICTOR = Dictionary(Predictor=12, Columns=4)


@pytest.mark.parametrize(
    "pdf",
    [
        pytest.param(filtered(zlib.compress, Array([FLATE])), id="array"),
        pytest.param(filtered(bytes, Array([])), id="empty array"),
        pytest.param(filtered(as_hex, HEX), id="hex"),
        pytest.param(
            filtered(lambda each: as_hex(zlib.compress(each)), Array([HEX, FLATE])), id="hex of flate"
        ),
        pytest.param(
            filtered(lambda each: zlib.compress(zlib.compress(each)), Array([FLATE, FLATE])), id="twice"
        ),
        pytest.param(filtered(predicted, FLATE, PREDICTOR), id="predictor"),
        pytest.param(filtered(predicted, Array([FLATE]), Array([PREDICTOR])), id="predictor in an array"),
        pytest.param(
            filtered(lambda each: b"".join(bytes([0, byte]) for byte in each) + b"\x80", Array([RUNS])),
            id="runs",
        ),
    ],
)
def test_data_in_any_filter_with_a_limit_are_read(pdf):
    assert read_back(pdf).data == PAYLOAD


def beside(name, content=b"%", filter=None):
    def change(document):
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        if filter is not None:
            stream(document, name).write(content, filter=filter)

    return change


def renamed(document):
    """The keys of the name tree are a program's own."""
    names = document.Root.Names.EmbeddedFiles.Names
    for at in range(0, len(names), 2):
        names[at] = String(f"attachment{at:03}")


def only_associated(document):
    document.Root.AF = Array(
        [names for names in document.Root.Names.EmbeddedFiles.Names if not isinstance(names, String)]
    )
    del document.Root.Names


def in_kids(document):
    tree = document.Root.Names.EmbeddedFiles
    kid = Dictionary(Names=tree.Names, Limits=Array([tree.Names[0], tree.Names[2]]))
    document.Root.Names.EmbeddedFiles = Dictionary(Kids=Array([document.make_indirect(kid)]))


def indirect_filter(document):
    each = stream(document)
    each.write(zlib.compress(FILES["payload.json"]), filter=document.make_indirect(Array([FLATE])))


def only_unicode_name(document):
    for number in (1, 3):
        del document.Root.Names.EmbeddedFiles.Names[number].EF.F


@pytest.mark.parametrize(
    "change",
    [
        beside("公章.png"),
        beside("a.jpg", b"\xff\xd8", Name.DCTDecode),
        beside("z.bin", b"x", Array([Name.LZWDecode])),
        beside("big.xlsx", bytes(17 * 1024**2)),
        renamed,
        only_associated,
        in_kids,
        indirect_filter,
        only_unicode_name,
    ],
)
def test_data_beside_other_things_are_read(change):
    def changed(document):
        change(document)

    assert read_back(saved(changed, compress_streams=change is not indirect_filter)).data == PAYLOAD


@pytest.mark.parametrize(
    "options",
    [
        {"object_stream_mode": ObjectStreamMode.generate},
        {"object_stream_mode": ObjectStreamMode.disable, "force_version": "1.4"},
        {"linearize": True},
        {"qdf": True},
        {"encryption": Encryption(owner="geheim", user="")},
        {"encryption": Encryption(owner="geheim", user="", R=4)},
        {"recompress_flate": True},
    ],
    ids=[
        "object streams",
        "plain",
        "linearized",
        "qdf",
        "owner's password",
        "owner's password R4",
        "recompressed",
    ],
)
def test_data_are_read_however_the_file_was_saved(options):
    assert read_back(saved(**options)).data == PAYLOAD


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (saved(encryption=Encryption(owner="geheim", user="offen")), "已加密"),
        (filtered(lambda each: each, Array([Name.LZWDecode])), "已损坏"),
        (filtered(zlib.compress, Array([FLATE] * 5)), "已损坏"),
    ],
    ids=["user's password", "no limit", "many filters"],
)
def test_what_cannot_be_read_is_reported(pdf, reason):
    with pytest.raises(UnreadableDocument) as caught:
        read_back(pdf)
    assert reason in caught.value.text.zh


def test_an_incremental_update_is_read():
    """Acrobat appends the changed objects and a new table."""
    first = saved(object_stream_mode=ObjectStreamMode.disable, qdf=False)
    with pikepdf.open(io.BytesIO(first)) as document:
        size, root = len(document.objects) + 1, document.Root.objgen[0]
    offset = first.rindex(b"startxref")
    begins = int(first[offset:].split()[1])
    note = b"%d 0 obj\n<</Note (seen)>>\nendobj\n" % size
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, len(first))
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size + 1, root, begins)
    end = b"startxref\n%d\n%%%%EOF\n" % (len(first) + len(note))
    assert read_back(first + note + table + trailer + end).data == PAYLOAD
