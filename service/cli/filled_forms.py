"""The commands that read filled forms: payload and layout."""

import sys

import click

from service import filled_form
from service.cli.terminal import STDIO, echo, json_too, print_json, read, wants_json, write
from service.config import Settings
from service.errors import PayloadError
from service.payload_json import dump


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--form", metavar="F", help="省略时自动识别 / default: recognised from the document")
@click.option("--year", type=int, metavar="Y", help="同上 / default: recognised from the document")
@click.option("-o", "output", default=STDIO, metavar="PAYLOAD.json", help="默认标准输出 / standard output")
@json_too
def extract(file: str, form: str | None, year: int | None, output: str) -> None:
    """从填好的表单读出报文 / extract the payload of a filled form.

    FILE: .docx、.doc、.wps、.odt、.rtf，或以 --attach 生成的 PDF / or a PDF made with --attach.
    --json：标准输出是 {form, year, data, warnings, layout}；没有 -o 时只有它 / the only output without -o.
    """
    examined = filled_form.examine(read(file), form, year, Settings.from_env())
    found = examined.extraction
    if output != STDIO or not wants_json():
        write(output, dump(found.data))
    if wants_json():
        write(STDIO, dump(examined.as_dict()))
        return
    for warning in found.warnings:
        where = f"{warning.pointer}  {warning.label}：" if warning.pointer else ""
        echo(f"{where}{warning.message}（{warning.place}：{warning.text}）", err=True)


@click.command()
@click.argument("file", metavar="FILE.docx")
@click.option("--form", metavar="F", help="默认从文书识别 / default: recognised from the document")
@click.option("--year", type=int, metavar="Y", help="默认从文书识别 / default: recognised from the document")
@json_too
def check(file: str, form: str | None, year: int | None) -> None:
    """核对版式与正式表单是否一致 / compare a document's layout with the official form."""
    edition, certificate = filled_form.check(read(file), form, year, Settings.from_env())
    if wants_json():
        print_json({"form": edition.form, "year": edition.year, **certificate.as_dict()})
    elif certificate.official:
        echo(f"版式与正式表单一致 / layout matches the official form: {edition.form} {edition.year}")
    else:
        for difference in certificate.differences:
            place, message = difference.place, difference.message
            echo(f"{place.zh}：{message.zh} / {place.en}: {message.en}")
    if not certificate.official:
        sys.exit(PayloadError.exit_code)
