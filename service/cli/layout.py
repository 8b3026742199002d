"""The command on the layout of filled documents."""

from __future__ import annotations

import sys

import click

from service.cli.terminal import json_too, print_json, read, wants_json
from service.errors import PayloadError, UnreadableDocument
from service.extraction.document import load
from service.extraction.recognise import recognise
from service.layout import Certificate, certify

_LEGACY = b"\xd0\xcf\x11\xe0"  # a compound file: Word 97's .doc, or an encrypted .docx
_ODT = b"mimetypeapplication/vnd.oasis.opendocument"


@click.command()
@click.argument("file", metavar="FILE.docx")
@click.option("--form", metavar="F", help="默认从文书识别 / recognised from the document by default")
@click.option(
    "--year", type=int, metavar="Y", help="默认从文书识别 / recognised from the document by default"
)
@json_too
def check(file: str, form: str | None, year: int | None) -> None:
    """核对版式与正式表单是否一致 / the layout beside the official form."""
    document = load(_docx(read(file)))
    edition = recognise(document, form, year)
    certificate = certify(document, edition)
    if wants_json():
        print_json({"form": edition.form, "year": edition.year, **certificate.as_dict()})
    elif certificate.official:
        click.echo(f"版式与正式表单一致 / the layout is as official: {edition.form} {edition.year}")
    else:
        _tell(certificate)
    if not certificate.official:
        sys.exit(PayloadError.exit_code)


def _tell(certificate: Certificate) -> None:
    for difference in certificate.differences:
        place, message = difference.place, difference.message
        click.echo(f"{place.zh}：{message.zh} / {place.en}: {message.en}")


def _docx(content: bytes) -> bytes:
    """The bytes of a .docx. Raises UnreadableDocument for .doc and .odt."""
    if content.startswith(_LEGACY) or _ODT in content[:100]:
        raise UnreadableDocument(
            "这是 .doc 或 .odt 文件。请用 Word、WPS 或 LibreOffice 另存为 .docx 后再核对。",
            "This is a .doc or .odt file: save it as .docx in Word, WPS or LibreOffice, and check that.",
        )
    return content
