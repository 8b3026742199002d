"""The commands that list forms and print their schemas."""

import click

from service import catalog
from service.cli.terminal import echo, edition_arguments, json_too, print_json, wants_json
from service.config import Settings


@click.command()
@json_too
def forms() -> None:
    """列出表单和版次 / list forms, editions, provenance and template hashes."""
    catalog.use(Settings.from_env())
    rows = [edition.summary() for edition in catalog.editions()]
    if wants_json():
        print_json(rows)
        return
    for row in rows:
        echo(
            f"{row['form']}  {row['year']}  {row['provenance']}  {row['template_hash']}  {row['title']}"
            f"  {row['provenance_text']}"
        )


@click.command()
@edition_arguments
def schema(form: str, year: int) -> None:
    """输出 JSON Schema（2020-12）/ print the JSON Schema of an edition."""
    print_json(catalog.edition(form, year).json_schema())
