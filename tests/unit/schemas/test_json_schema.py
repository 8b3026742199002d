"""The JSON Schema of each edition: strict, labelled, and met by the samples."""

from __future__ import annotations

import json

import pytest

from service import catalog
from service.submission import validate
from tests.helpers.forms import FORMS

JSON_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def objects(schema):
    """Every object schema within a JSON Schema."""
    if "properties" in schema:
        yield schema
    for inner in [*schema.get("properties", {}).values(), schema.get("items", {})]:
        if inner:
            yield from objects(inner)


def misfits(schema, value, pointer=""):
    """Where a value leaves a JSON Schema: types, keys, bounds, lengths."""
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(isinstance(value, JSON_TYPES[kind]) for kind in kinds):
        yield pointer
    if isinstance(value, dict):
        for key, inner in value.items():
            known = schema["properties"].get(key)
            yield from misfits(known, inner, f"{pointer}/{key}") if known else [f"{pointer}/{key}"]
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from misfits(schema["items"], inner, f"{pointer}/{number}")
    elif not in_bounds(schema, value):
        yield pointer


def in_bounds(schema, value):
    if isinstance(value, str):
        return len(value) <= schema.get("maxLength", len(value))
    if value is None or isinstance(value, bool):
        return True
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)


@pytest.mark.parametrize("form", FORMS)
def test_the_json_schema_is_strict_and_labelled(form):
    edition = catalog.edition(form, 2021)
    schema = edition.json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$ref" not in json.dumps(schema)
    for group in objects(schema):
        assert group["additionalProperties"] is False
        assert group.get("required", []) == []
        for inner in group["properties"].values():
            assert inner["title"]
            assert "null" in inner["type"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sample", ["minimal", "full"])
def test_samples_fit_their_json_schema(form, sample):
    edition = catalog.edition(form, 2021)
    assert list(misfits(edition.json_schema(), edition.sample(sample))) == []
    assert validate(edition, edition.sample(sample)).report()["valid"] is True


def test_full_marks_are_100_and_110():
    properties = catalog.edition("annex1", 2021).json_schema()["properties"]
    best = {key: field["maximum"] for key, field in properties["scores"]["properties"].items()}
    assert len(best) == 24
    totals = validate(
        catalog.edition("annex1", 2021), {"scores": best, "bonus": properties["bonus"]["maximum"]}
    ).report()["totals"]
    assert totals["subtotals"] == {"1": 15, "2": 20, "3": 20, "4": 15, "5": 30}
    assert (totals["total"], totals["total_with_bonus"]) == (100, 110)
