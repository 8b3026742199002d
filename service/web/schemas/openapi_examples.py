"""Composes examples of JSON bodies from the examples of their properties, and from an edition."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service import catalog
from service.web.http.json_fields import OfEdition

_FORMATS = {"date-time": "2021-03-09T08:00:00Z", "uuid": "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55"}
_TYPES: dict[str, Any] = {"string": "…", "integer": 1, "boolean": True, "object": {}, "null": None}


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, methods in description["paths"].items():
        yield from ((path, method, found) for method, found in methods.items() if method != "parameters")


def complete(description: dict[str, Any]) -> None:
    """Adds examples to the JSON bodies with a named schema."""
    for _, _, operation in operations(description):
        answers = [answer for status, answer in operation["responses"].items() if status < "300"]
        for body in (operation.get("requestBody", {}), *answers):
            content = body.get("content", {}).get("application/json", {})
            if "$ref" in content.get("schema", {}):
                content["example"] = _example(content["schema"], description)


def _example(schema: dict[str, Any], description: dict[str, Any]) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _example(description["components"]["schemas"][name], description)
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], description)
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else "null" if "null" in kinds else kinds[0]
    if kind == "array":
        return [_example(schema["items"], description)]
    if "properties" in schema and kind == "object":
        return {name: _example(inner, description) for name, inner in schema["properties"].items()}
    return _FORMATS.get(schema.get("format", ""), _TYPES[kind])


def of_catalogue() -> dict[str, Any]:
    """The values of `OfEdition`: those of the last edition that limits its texts, if one does."""
    editions = catalog.editions()
    edition = next((each for each in reversed(editions) if each.limits()), editions[-1])
    (pointer, label), *_ = edition.labels().items()
    limit = next(iter(edition.limits()), {"fields": [pointer], "label": label})
    return {
        OfEdition.FORM: edition.form,
        OfEdition.FORMS: sorted({each.form for each in editions}),
        OfEdition.YEAR: edition.year,
        OfEdition.YEARS: sorted({str(each.year) for each in editions}),
        OfEdition.TITLE: edition.title,
        OfEdition.POINTER: pointer,
        OfEdition.PATH: pointer[1:].replace("/", "."),
        OfEdition.LABEL: label,
        OfEdition.SAMPLE: edition.sample("minimal"),
        OfEdition.LIMITED: limit["fields"][0],
        OfEdition.LIMIT: limit["label"],
    }


def fill(part: Any, values: Mapping[str, Any]) -> Any:
    """`part` of a description with `values` in place of the names of `OfEdition`."""
    if isinstance(part, dict):
        return {fill(key, values): fill(inner, values) for key, inner in part.items()}
    if isinstance(part, list):
        return [fill(inner, values) for inner in part]
    if not isinstance(part, str):
        return part
    return values.get(part) or re.sub("<[a-z]+>", lambda name: str(values.get(name[0], name[0])), part)
