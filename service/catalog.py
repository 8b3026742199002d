"""The catalogue of forms and editions: templates, samples, JSON Schema, labels, limits."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from schemas import edition_table
from schemas.edition_table import TableFault
from schemas.form_schema import FormSchema
from schemas.tree import walk
from service import publication
from service.errors import TemplateFault, UnknownForm, UnknownYear
from service.publication import Version

_PACKAGED = Path(__file__).parent / "data"
_ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parent.parent


def root() -> Path:
    """The folder with `docx_templates/` and `samples/`: the checkout, or the installed package's data."""
    return _ROOT


def templates_folder(year: int) -> Path:
    """The template folder of a plan year."""
    return _ROOT / "docx_templates" / str(year)


def samples_folder(year: int) -> Path:
    """The sample folder of a plan year."""
    return _ROOT / "samples" / str(year)


def is_checkout() -> bool:
    """Whether the service runs from its source tree, not from an installed package."""
    return _ROOT != _PACKAGED


@dataclass(frozen=True)
class Edition:
    """A form in one plan year: template and schema.

    `provenance` is "official", or "derived" if the layout of the year `source` is assumed.
    """

    form: str
    year: int
    title: str
    provenance: str
    source: int | None
    schema: FormSchema

    @property
    def template_path(self) -> Path:
        """The Word template."""
        return templates_folder(self.year) / f"{self.form}.docx"

    @property
    def official_path(self) -> Path:
        """The official text of the blank form, as published; a derived edition has none."""
        return templates_folder(self.year) / f"{self.form}.official.txt"

    @property
    def template_hash(self) -> str:
        """SHA-256 of the template file, in hexadecimal."""
        return publication.file_hash(self.template_path)

    @property
    def edition_hash(self) -> str:
        """SHA-256, in hexadecimal, of the template's bytes, the JSON Schema and the joint limits."""
        return _edition_hash(self, self.template_hash)

    @property
    def versions(self) -> tuple[Version, ...]:
        """The published versions, the oldest first. Raises TemplateFault."""
        return publication.versions(templates_folder(self.year), self.form)

    @property
    def published(self) -> bool:
        """Whether the edition is unchanged since its latest published version."""
        published = self.versions
        return bool(published) and published[-1].hash == self.edition_hash

    @property
    def version(self) -> int:
        """The version number, from 1, of the edition as it is, published or not."""
        return len(self.versions) + (not self.published)

    @property
    def provenance_text(self) -> str:
        """The origin of the layout in words, Chinese first."""
        if self.source is None:
            return "正式 / official"
        return f"推定，沿用{self.source}年的版式 / derived: the layout of {self.source} is assumed"

    def sample(self, name: str) -> dict[str, Any]:
        """The sample payload `name`: "minimal" or "full"."""
        path = samples_folder(self.year) / f"{self.form}.{name}.json"
        payload: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return payload

    def summary(self) -> dict[str, Any]:
        """The edition's row in the catalogue."""
        return {
            "form": self.form,
            "year": self.year,
            "title": self.title,
            "provenance": self.provenance,
            "provenance_text": self.provenance_text,
            "derived_from": self.source,
            "version": self.version,
            "published": self.published,
            "edition_hash": self.edition_hash,
            "template_hash": self.template_hash,
        }

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the payload; every property's title is its official label."""
        spec = APISpec(self.title, str(self.year), "3.1.0")
        converter = OpenAPIConverter("3.1.0", schema_name_resolver=lambda schema: None, spec=spec)
        described: dict[str, Any] = converter.schema2jsonschema(self.schema)  # type: ignore[no-untyped-call]
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:kexie-forms:schema:{self.form}:{self.year}",
            "title": self.title,
            **described,
        }

    def labels(self) -> dict[str, str]:
        """The official label of every field and group, by JSON Pointer; `*` stands for a row's number."""
        return {"/" + "/".join(map(str, path)): field.title for path, field in walk(self.schema)}

    def limits(self) -> list[dict[str, Any]]:
        """The joint 字 limits: fields (JSON Pointers), label, maximum."""
        return [
            {
                "fields": [f"/{name}" for name in limit.fields],
                "label": "、".join(str(self.schema.fields[name].metadata["title"]) for name in limit.fields),
                "maximum": limit.maximum,
            }
            for limit in self.schema.limits
        ]


@cache
def _edition_hash(edition: Edition, template_hash: str) -> str:
    demands = {"schema": edition.json_schema(), "limits": edition.limits()}
    return publication.edition_hash(template_hash, demands)


@cache
def editions() -> tuple[Edition, ...]:
    """All editions by form and year. Raises TemplateFault if the table of editions is invalid."""
    try:
        found = edition_table.read(edition_table.TABLE)
    except TableFault as error:
        raise TemplateFault(f"版次表有误：{error}", f"The table of editions is faulty: {error}") from error
    return tuple(
        Edition(form, year, row.title, row.provenance, row.source, row.schema())
        for (form, year), row in sorted(found.items())
    )


def edition(form: str, year: int) -> Edition:
    """The edition of `form` in plan year `year`. Raises UnknownForm or UnknownYear."""
    of_form = {found.year: found for found in editions() if found.form == form}
    if not of_form:
        names = "、".join(sorted({found.form for found in editions()}))
        raise UnknownForm(
            f"没有名为“{form}”的表单，现有：{names}。", f"No form '{form}'; available: {names}."
        )
    if year not in of_form:
        years = "、".join(map(str, sorted(of_form)))
        raise UnknownYear(
            f"表单 {form} 没有 {year} 年的版次，现有：{years}。",
            f"Form {form} has no edition of {year}; available: {years}.",
        )
    return of_form[year]


def check(form: str | None, year: int | None) -> None:
    """Raises UnknownForm or UnknownYear if no edition matches; None matches any."""
    available = [found for found in editions() if form in (None, found.form)]
    years = [found.year for found in available]
    if not available or (year is not None and year not in years):
        edition(form or available[0].form, year or 0)
