"""The commands that check payloads and make documents."""

from collections.abc import Sequence
from pathlib import Path

import click

from service import catalog, pipeline
from service.character_notices import FieldNotice
from service.cli.terminal import STDIO, echo, edition_arguments, json_too, print_json, read, wants_json, write
from service.config import Settings
from service.errors import UsageError
from service.payload_json import parse
from service.submission import Submission, validate


@click.command()
@edition_arguments
@click.option("-o", "output", required=True, metavar="FILE", help="FILE.docx 或 FILE.pdf")
@json_too
def blank(form: str, year: int, output: str) -> None:
    """输出空白表 / write the official blank form."""
    format = _format_of(output)
    product = pipeline.blank(validate(catalog.edition(form, year), {}), format, Settings.from_env())
    write(output, product.documents[format])
    _print_warnings(product.warnings, [output])


@click.command(name="validate")
@edition_arguments
@click.argument("payload", metavar="PAYLOAD.json")
@json_too
def validate_command(form: str, year: int, payload: str) -> None:
    """校验报文 / validate a payload: counts and totals, or every error."""
    submitted = _submission(form, year, payload)
    warnings = pipeline.warnings(submitted, Settings.from_env())
    print_json({**submitted.report(), "warnings": [warning.as_dict() for warning in warnings]})


@click.command()
@edition_arguments
@click.argument("payload", metavar="PAYLOAD.json")
@click.option(
    "-o", "outputs", multiple=True, required=True, metavar="FILE", help="FILE.docx 或 FILE.pdf，可重复"
)
@click.option("--attach", is_flag=True, help="PDF 内携带报文 / the PDF carries the payload (PDF/A-3b)")
@click.option("--prove", is_flag=True, help="读回文书并与报文比较 / read the document back and compare")
@json_too
def render(form: str, year: int, payload: str, outputs: tuple[str, ...], attach: bool, prove: bool) -> None:
    """生成文书 / generate documents from a payload."""
    formats = [_format_of(output) for output in outputs]
    submitted = _submission(form, year, payload)
    product = pipeline.produce(submitted, formats, Settings.from_env(), attach=attach, prove=prove)
    for output, format in zip(outputs, formats, strict=True):
        write(output, product.documents[format])
    _print_warnings(product.warnings, outputs)


def _print_warnings(warnings: Sequence[FieldNotice], outputs: Sequence[str]) -> None:
    """Prints the warnings of written documents."""
    if wants_json() and STDIO not in outputs:
        print_json({"warnings": [warning.as_dict() for warning in warnings]})
        return
    for warning in warnings:
        echo(f"{warning.pointer or '/'}  {warning.label}：{warning.message}", err=True)


def _submission(form: str, year: int, payload: str) -> Submission:
    """The submission of the payload in a file. Raises UnknownForm, UnknownYear, NotJson, InvalidPayload."""
    edition = catalog.edition(form, year)
    return validate(edition, parse(read(payload)))


def _format_of(name: str) -> str:
    """The format that a file's name asks for, "pdf" for standard output. Raises UsageError."""
    suffix = Path(name).suffix.lstrip(".").lower()
    if name == STDIO:
        return "pdf"
    if suffix not in pipeline.FORMATS:
        raise UsageError(
            f"无法从“{name}”看出格式，请用 .docx 或 .pdf 作扩展名。",
            f"'{name}' does not show the format: end it in .docx or .pdf.",
        )
    return suffix
