"""An edition: a form in one plan year, with its template, samples, JSON Schema, labels and limits."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from schemas.bilingual import Bilingual
from schemas.form_schema import FormSchema
from schemas.tree import walk
from service.forms import publication
from service.forms.form_folder import FormFolder
from service.forms.publication import Version
from service.object_cache import object_cache

if TYPE_CHECKING:
    from service.rendering import Template


@dataclass(frozen=True)
class Edition:
    """A form in one plan year: template and schema, both in its `folder`.

    `provenance` is "official", or "derived" if the layout of the year `source` is assumed. `gloss` is the
    form's English name, "" if it has none.
    """

    folder: FormFolder
    form: str
    year: int
    title: str
    gloss: str
    provenance: str
    source: int | None
    schema: FormSchema

    @property
    def name(self) -> Bilingual:
        """The title, and the English name with its year, "" if it has none."""
        return Bilingual(self.title, f"{self.gloss} {self.year}" if self.gloss else "")

    @property
    def template_path(self) -> Path:
        """The Word template."""
        return self.folder.templates(self.year) / f"{self.form}.docx"

    @property
    def template(self) -> "Template":
        """The Word template, compiled. Raises TemplateFault."""
        path = self.template_path
        return _compiled(path, path.stat().st_mtime_ns if path.is_file() else 0)

    @property
    def official_path(self) -> Path:
        """The official text of the blank form, as published; a derived edition has none."""
        return self.folder.templates(self.year) / f"{self.form}.official.txt"

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
        return publication.versions(self.folder.templates(self.year), self.form)

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
        payload: dict[str, Any] = json.loads(self.sample_path(name).read_text(encoding="utf-8"))
        return payload

    def sample_path(self, name: str) -> Path:
        """The file of a sample."""
        return self.folder.samples(self.year) / f"{self.form}.{name}.json"

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

    @property
    def pictures(self) -> int:
        """How many pictures a payload can have at most."""
        return _pictures(self)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the payload; every property's title is its official label."""
        spec = APISpec(self.title, str(self.year), "3.1.0")
        converter = OpenAPIConverter("3.1.0", schema_name_resolver=lambda schema: None, spec=spec)
        converter.add_attribute_function(_content)  # type: ignore[no-untyped-call]
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

    def expected(self) -> list[str]:
        """What a complete application has: the JSON Pointers of fields, and of tables that have a row."""
        return ["/" + "/".join(map(str, path)) for path in self.schema.declared.expected]

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


@object_cache
def _pictures(edition: Edition) -> int:
    found = walk(edition.schema, lambda path, table: range(table.maximum))
    return sum(field.inside is None and field.place is not None for _, field in found)


def _content(converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """The keywords of JSON Schema for files in text (validation, 8), which apispec does not know."""
    return {key: value for key, value in field.metadata.items() if key.startswith("content")}


@object_cache
def _edition_hash(edition: Edition, template_hash: str) -> str:
    demands = {"schema": edition.json_schema(), "limits": edition.limits()}
    return publication.edition_hash(template_hash, demands)


@lru_cache(maxsize=64)
def _compiled(path: Path, modified: int) -> "Template":
    from service.rendering import load_template  # docxtpl, which many commands do not need

    return load_template(path)
