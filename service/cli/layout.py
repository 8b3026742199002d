"""The command on the layout of filled documents."""

from __future__ import annotations

import sys

import click

from service import filled_form
from service.cli.terminal import json_too, print_json, read, wants_json
from service.config import Settings
from service.errors import PayloadError
from service.layout import Certificate


@click.command()
@click.argument("file", metavar="FILE.docx")
@click.option("--form", metavar="F", help="默认从文书识别 / recognised from the document by default")
@click.option(
    "--year", type=int, metavar="Y", help="默认从文书识别 / recognised from the document by default"
)
@json_too
def check(file: str, form: str | None, year: int | None) -> None:
    """核对版式与正式表单是否一致 / the layout beside the official form."""
    edition, certificate = filled_form.check(read(file), form, year, Settings.from_env())
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
