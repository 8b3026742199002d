"""The commands on forms and documents."""

from __future__ import annotations

from collections.abc import Sequence

import click

from service import catalog, filled_form, pipeline
from service.cli.terminal import (
    STDIO,
    edition_arguments,
    format_of,
    json_too,
    print_json,
    read,
    submission,
    wants_json,
    write,
)
from service.config import Settings
from service.glyph_warnings import CharacterWarning
from service.submission import dump, validate


@click.command()
@json_too
def forms() -> None:
    """列出表单和版次 / forms, editions, provenance, template hash."""
    rows = [edition.summary() for edition in catalog.editions()]
    if wants_json():
        print_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['form']}  {row['year']}  {row['provenance']}  {row['template_hash']}  {row['title']}"
            f"  {row['provenance_text']}"
        )


@click.command()
@edition_arguments
def schema(form: str, year: int) -> None:
    """输出 JSON Schema（2020-12）/ JSON Schema of an edition."""
    print_json(catalog.edition(form, year).json_schema())


@click.command()
@edition_arguments
@click.option("-o", "output", required=True, metavar="FILE", help="FILE.docx 或 FILE.pdf")
@json_too
def blank(form: str, year: int, output: str) -> None:
    """输出空白表 / the official blank form."""
    format = format_of(output)
    product = pipeline.blank(validate(catalog.edition(form, year), {}), format, Settings.from_env())
    write(output, product.documents[format])
    _tell(product.warnings, [output])


@click.command(name="validate")
@edition_arguments
@click.argument("payload", metavar="PAYLOAD.json")
@json_too
def validate_command(form: str, year: int, payload: str) -> None:
    """校验报文 / counts and computed totals, or every error at once."""
    submitted = submission(form, year, payload)
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
    """生成文书 / documents from a payload."""
    formats = [format_of(output) for output in outputs]
    submitted = submission(form, year, payload)
    product = pipeline.produce(submitted, formats, Settings.from_env(), attach=attach, prove=prove)
    for output, format in zip(outputs, formats, strict=True):
        write(output, product.documents[format])
    _tell(product.warnings, outputs)


def _tell(warnings: Sequence[CharacterWarning], outputs: Sequence[str]) -> None:
    """The warnings of documents that are written."""
    if wants_json() and STDIO not in outputs:
        print_json({"warnings": [warning.as_dict() for warning in warnings]})
        return
    for warning in warnings:
        click.echo(f"{warning.pointer or '/'}  {warning.label}：{warning.message}", err=True)


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--form", metavar="F", help="省略时自动识别 / recognised when left out")
@click.option("--year", type=int, metavar="Y", help="同上 / likewise")
@click.option("-o", "output", default=STDIO, metavar="PAYLOAD.json", help="默认标准输出 / standard output")
@json_too
def extract(file: str, form: str | None, year: int | None, output: str) -> None:
    """从填好的表单读出报文 / the payload of a filled form.

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
        click.echo(f"{where}{warning.message}（{warning.place}：{warning.text}）", err=True)
