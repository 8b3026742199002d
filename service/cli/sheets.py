"""The command that writes an empty sheet."""

from pathlib import Path

import click

from service import catalog
from service.batch.sheets import blank_sheet
from service.cli.terminal import STDIO, edition_arguments, write
from service.errors import UsageError


@click.command()
@edition_arguments
@click.option("-o", "output", required=True, metavar="FILE", help="FILE.xlsx，或 - / standard output")
def sheet(form: str, year: int, output: str) -> None:
    """输出批量填报用的空白表格 / write the empty sheet for batches."""
    if output != STDIO and Path(output).suffix.lower() != ".xlsx":
        raise UsageError(
            f"表格只能存为 .xlsx，请改正“{output}”。", f"A sheet is an .xlsx file: correct '{output}'."
        )
    write(output, blank_sheet.make(catalog.edition(form, year)))
