"""The commands that check payloads and make documents."""

from collections.abc import Sequence
from pathlib import Path

import click

from service import catalog, pipeline
from service.character_notices import FieldNotice
from service.cli.terminal import (
    STDIO,
    complete_option,
    echo,
    edition_arguments,
    json_too,
    print_advice,
    print_json,
    read,
    wants_json,
    write,
)
from service.config import Settings
from service.errors import Remarks, UsageError
from service.payload_files import add_file
from service.payload_json import parse
from service.submission import Submission, review, validate

pictures_beside = click.option(
    "--picture",
    "pictures",
    nargs=2,
    multiple=True,
    metavar="FIELD FILE",
    help="某栏的图片取自文件，如 photo 照片.jpg，可重复 / take a field's picture from a file",
)


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
@complete_option
@pictures_beside
@json_too
def validate_command(
    form: str, year: int, payload: str, complete: bool, pictures: tuple[tuple[str, str], ...]
) -> None:
    """校验报文 / validate a payload: counts and totals, or every error."""
    submitted, remarks = _reviewed(form, year, payload, complete, pictures)
    warnings = pipeline.warnings(submitted, Settings.from_env())
    listed = [warning.as_dict() for warning in warnings]
    print_json({**submitted.report(), "warnings": listed, **remarks.as_dict()})


@click.command()
@edition_arguments
@click.argument("payload", metavar="PAYLOAD.json")
@click.option(
    "-o", "outputs", multiple=True, required=True, metavar="FILE", help="FILE.docx 或 FILE.pdf，可重复"
)
@click.option("--attach", is_flag=True, help="PDF 内携带报文 / the PDF carries the payload (PDF/A-3b)")
@click.option("--prove", is_flag=True, help="读回文书并与报文比较 / read the document back and compare")
@complete_option
@pictures_beside
@json_too
def render(
    form: str,
    year: int,
    payload: str,
    outputs: tuple[str, ...],
    attach: bool,
    prove: bool,
    complete: bool,
    pictures: tuple[tuple[str, str], ...],
) -> None:
    """生成文书 / generate documents from a payload."""
    formats = [_format_of(output) for output in outputs]
    submitted, remarks = _reviewed(form, year, payload, complete, pictures)
    product = pipeline.produce(submitted, formats, Settings.from_env(), attach=attach, prove=prove)
    for output, format in zip(outputs, formats, strict=True):
        write(output, product.documents[format])
    _print_warnings(product.warnings, outputs, remarks)


def _print_warnings(
    warnings: Sequence[FieldNotice], outputs: Sequence[str], remarks: Remarks | None = None
) -> None:
    """Prints the warnings of written documents, and the remarks on their payload."""
    if wants_json() and STDIO not in outputs:
        listed = [warning.as_dict() for warning in warnings]
        print_json({"warnings": listed, **(remarks.as_dict() if remarks else {})})
        return
    for warning in warnings:
        echo(f"{warning.pointer or '/'}  {warning.label}：{warning.message}", err=True)
    print_advice(remarks)
    if remarks and (count := len(remarks.missing)):
        echo(
            f"完整的申报材料还缺 {count} 项，validate 列出各项。 / "
            f"{count} fields of a complete application are blank: validate lists them.",
            err=True,
        )


def _reviewed(
    form: str, year: int, payload: str, complete: bool, pictures: tuple[tuple[str, str], ...]
) -> tuple[Submission, Remarks]:
    """The submission of the payload in a file, with pictures from files, by field; and the remarks on it.

    Raises UnknownForm, UnknownYear, NotJson, UsageError, InvalidPayload.
    """
    edition = catalog.edition(form, year)
    found = parse(read(payload))
    for field, file in pictures:
        add_file(found, field, read(file))
    return review(edition, found, complete=complete)


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
