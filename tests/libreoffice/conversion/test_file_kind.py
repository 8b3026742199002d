"""Documents from outside: recognised by signature, unpacked within limits, converted to a plain .docx."""

from __future__ import annotations

import dataclasses
import http.server
import io
import json
import subprocess
import sys
import threading
import zipfile

import pytest

from service.conversion import convert, file_kind, kind, to_docx
from service.conversion.libreoffice import profile, temp_folders
from service.errors import ConversionFault, UnreadableDocument
from tests.helpers.docx_builder import docx, linked, paragraph, parts, picture, strict, zipped
from tests.helpers.docx_read import text
from tests.helpers.libreoffice import FILTERS, saved, stand_in
from tests.helpers.processes import awaited, gone, running

PLAIN = docx(paragraph("云泽县科学技术协会") + paragraph("☑ □"))


@pytest.mark.parametrize("extension", FILTERS)
def test_every_kind_becomes_a_plain_docx(settings, extension):
    document = saved(PLAIN, extension)
    assert kind(document) == extension
    if extension != file_kind.DOCX:
        document = to_docx(document, extension, settings)
    assert kind(document) == file_kind.DOCX
    assert text(document) == text(PLAIN)


def test_a_strict_docx_becomes_a_transitional_one(settings):
    assert kind(strict(PLAIN)) == file_kind.STRICT
    made = to_docx(strict(PLAIN), file_kind.STRICT, settings)
    assert kind(made) == file_kind.DOCX
    assert text(made) == text(PLAIN)


def with_part(name, content, document=PLAIN):
    return zipped({**parts(document), name: content})


def twice(name):
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(name, b"<a/>")
    return out.getvalue()


def damaged():
    at = PLAIN.index(b"word/document.xml") + 60
    return PLAIN[:at] + bytes(byte ^ 0x55 for byte in PLAIN[at : at + 40]) + PLAIN[at + 40 :]


def packed(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, part in parts(PLAIN).items():
            package.writestr(name, part)
    return out.getvalue()


OLE = file_kind._OLE + bytes(504)
OPEN = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
LOCKED = {**OPEN, "META-INF/manifest.xml": "<encryption-data/>", "content.xml": b"\x8f\x01\x02"}
DTD = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a Word document"),
        ("云泽县".encode(), "not a Word document"),
        (b"<html><body>Word</body></html>", "not a Word document"),
        (OLE + "Workbook".encode("utf-16-le"), "not a Word or WPS document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (PLAIN[:200], "damaged"),
        (damaged(), "damaged"),
        (twice("word/document.xml"), "damaged"),
        (packed(zipfile.ZIP_LZMA), "damaged"),
        (zipped({"xl/workbook.xml": "<a/>"}), "not a .docx"),
        (zipped({"word/document.xml": "<a/>"}), "not a .docx"),
        (zipped({"word/document.xml": "云泽县"}), "damaged"),
        (zipped({**OPEN, "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "not a text"),
        (zipped(LOCKED), "password"),
        (with_part("word/settings.xml", DTD), "DTD"),
        (with_part("word/settings.xml", DTD.encode("utf-16")), "DTD"),
        (with_part("customXml/anything", f"\ufeff<!-- {'-x' * 80_000} -->{DTD}"), "DTD"),
        (zipped({**OPEN, "styles.xml": DTD}), "DTD"),
        (with_part("word/media/big.png", bytes(file_kind.UNPACKED_LIMIT)), "100 MiB"),
        (with_part("word/endnotes.xml", f"<a>{'x' * file_kind.XML_LIMIT}</a>"), "16 MiB"),
        (zipped({f"word/{n}.xml": "" for n in range(file_kind.PARTS_LIMIT + 1)}), "2000 parts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_safe_document_is_refused_before_libreoffice_starts(content, message):
    with pytest.raises(UnreadableDocument) as caught:
        kind(content)
    assert message in caught.value.text.en


@pytest.mark.parametrize("name", ["word/media/logo.svg", "word/afchunk.htm", "word/afchunk.XHTML"])
def test_pictures_and_web_pages_inside_may_declare_their_type(name):
    assert kind(with_part(name, DTD)) == file_kind.DOCX


@pytest.mark.parametrize(
    ("content", "of"),
    [(OLE + "WordDocument".encode("utf-16-le") + bytes(5000), "doc"), (b"{\\rtf1 unfinished", "rtf")],
)
def test_what_libreoffice_cannot_open_is_the_callers_fault(settings, content, of):
    with pytest.raises(UnreadableDocument):
        to_docx(content, of, settings)


def test_a_libreoffice_that_breaks_off_is_not_the_callers_fault(settings, tmp_path):
    broken = dataclasses.replace(settings, soffice=stand_in(tmp_path, "exit 6"))
    with pytest.raises(ConversionFault, match="6"):
        to_docx(b"{\\rtf1}", file_kind.RTF, broken)


def test_a_libreoffice_that_hangs_is_ended_at_the_deadline(settings, tmp_path):
    hanging = stand_in(tmp_path, f"touch {tmp_path}/started; sleep 600")
    for deadline in (0.5, 2, 8, 30):
        slow = dataclasses.replace(settings, soffice=hanging, sandbox="off", deadline=deadline)
        with pytest.raises(UnreadableDocument, match=f"{deadline:g} 秒"):
            to_docx(b"{\\rtf1}", file_kind.RTF, slow)
        assert running(str(settings.temp_dir)) == []
        if (tmp_path / "started").exists():
            break
    assert (tmp_path / "started").exists()


_READER = """
import json, sys
from service.config import Settings
from service.conversion import to_docx
to_docx(b"{\\\\rtf1}", "rtf", Settings.from_env(json.loads(sys.argv[1])))
"""


@pytest.fixture
def killed(settings, tmp_path):
    """The folder, and a socket of its LibreOffice, that a process killed while it read a document left."""
    slow = dataclasses.replace(settings, soffice=stand_in(tmp_path, "sleep 600"))
    process = subprocess.Popen([sys.executable, "-c", _READER, json.dumps(slow.as_env())])
    try:
        assert awaited(lambda: any(name == "sh" for name, _ in running(f"{settings.temp_dir}/kexie-read-")))
    finally:
        process.kill()
        process.wait()
    assert gone(str(settings.temp_dir))
    (left,) = folders_of(settings)
    socket = profile.sockets((left / "profile").as_uri())[0]
    socket.touch()
    yield left, socket
    socket.unlink(missing_ok=True)


def folders_of(settings):
    return list(settings.temp_dir.glob("*kexie-read-*"))


def test_what_a_killed_reading_left_goes_with_the_next_one(settings, killed):
    assert text(to_docx(saved(PLAIN, "rtf"), file_kind.RTF, settings)) == text(PLAIN)
    assert not any(path.exists() for path in killed)
    assert folders_of(settings) == []


def test_what_a_killed_reading_left_goes_with_the_next_pool(settings, killed):
    assert convert(PLAIN, settings).startswith(b"%PDF-")
    assert not any(path.exists() for path in killed)


def test_a_folder_in_use_stays(settings):
    with (
        temp_folders.private(settings.temp_dir, temp_folders.READING) as used,
        temp_folders.private(settings.temp_dir, temp_folders.READING) as other,
    ):
        assert convert(PLAIN, settings).startswith(b"%PDF-")
        assert sorted(folders_of(settings)) == sorted([used, other])
    assert folders_of(settings) == []


XML = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = {name: f"{XML}{name}:1.0" for name in ("office", "text", "manifest")}
NAMES |= {
    "draw": f"{XML}drawing:1.0",
    "svg": f"{XML}svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
NAMESPACES = " ".join(f'xmlns:{name}="{address}"' for name, address in NAMES.items())


def odt(body):
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media_type}"/>'
        for path, media_type in (("/", OPEN["mimetype"]), ("content.xml", "text/xml"))
    )
    return zipped(
        {
            "mimetype": OPEN["mimetype"],
            "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}>{entries}</manifest:manifest>",
            "content.xml": f'<office:document-content {NAMESPACES} office:version="1.2"><office:body>'
            f"<office:text>{body}<text:p>完</text:p></office:text></office:body></office:document-content>",
        }
    )


def section(address, more=""):
    source = f'<text:section-source xlink:href="{address}" {more}/>'
    return f'<text:section text:name="s">{source}<text:p>旧</text:p></text:section>'


def frame(tag, address):
    size = 'svg:width="1cm" svg:height="1cm" text:anchor-type="as-char"'
    return f'<text:p><draw:frame {size}><draw:{tag} xlink:href="{address}"/></draw:frame></text:p>'


def reaching(address):
    """Documents that link to `address` in all ways that their kind has."""
    with_links = linked(docx(paragraph("县") + picture(), image=True), address)
    fields = "".join(f'{{\\field{{\\*\\fldinst {name} "{address}/{name}"}}{{\\fldrslt x}}}}' for name in ("INCLUDEPICTURE", "INCLUDETEXT"))  # fmt: skip # noqa: E501
    yield "doc", saved(with_links, "doc", fetching=True)
    yield "odt", odt(section(f"{address}/a.odt") + frame("image", f"{address}/b.png") + frame("object", f"{address}/c.odt"))  # fmt: skip # noqa: E501
    yield "rtf", f"{{\\rtf1{{\\*\\template {address}/a.dot}}{fields}\\par}}".encode()
    yield "strict", strict(with_links)


def test_nothing_is_fetched_for_a_document_from_outside(settings):
    asked = []

    class Web(http.server.BaseHTTPRequestHandler):
        def handle(self):
            asked.append(self.client_address)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            documents = list(reaching(f"http://127.0.0.1:{server.server_port}"))
            assert asked  # as LibreOffice does where it may
            asked.clear()
            for of, document in documents:
                assert kind(document) == of
                assert kind(to_docx(document, of, settings)) == file_kind.DOCX
        finally:
            server.shutdown()
    assert asked == []
