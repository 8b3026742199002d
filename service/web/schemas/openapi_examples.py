"""Composes examples of JSON bodies from the examples of their properties."""

from collections.abc import Iterator
from typing import Any

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
