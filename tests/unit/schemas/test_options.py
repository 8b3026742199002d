"""Choice and Choices: what they take from JSON, as their JSON Schema says, and from cells."""

from __future__ import annotations

import pytest
from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from jsonschema import Draft202012Validator
from marshmallow import ValidationError

from schemas.cells import CellError
from schemas.fields import Choice, Choices, Option
from schemas.form_schema import FieldGroup

WORDS = (Option("national", "国家级"), Option("school", "校级"), Option("other", "其他", own_words=True))
ONE, SEVERAL = Choice("级别", *WORDS), Choices("级别", *WORDS)
PLAIN = Choice("级别", *WORDS[:2])


def json_schema(schema):
    spec = APISpec("级别", "2021", "3.1.0")
    return OpenAPIConverter("3.1.0", lambda schema: None, spec).schema2jsonschema(schema)


def own(words):
    return {"key": "other", "words": words}


SENT = [
    (ONE, None, None),
    (ONE, "national", "national"),
    (ONE, "other", "other"),
    (ONE, own("县级"), own("县级")),
    (ONE, own(" __县级__ "), own("县级")),
    (ONE, own(""), "other"),
    (ONE, "国家级", "not_an_option"),
    (ONE, ["national"], "not_an_option"),
    (ONE, {"key": "other"}, "not_an_option"),
    (ONE, {**own("x"), "more": 1}, "not_an_option"),
    (ONE, {"key": "school", "words": "x"}, "own_words"),
    (ONE, own(None), "not_text"),
    (ONE, own("长" * 201), "too_long"),
    (PLAIN, "school", "school"),
    (PLAIN, own("x"), "not_an_option"),
    (SEVERAL, [], None),
    (SEVERAL, ["school", "national"], ["national", "school"]),
    (SEVERAL, [own("县级"), "school"], ["school", own("县级")]),
    (SEVERAL, "national", "not_options"),
    (SEVERAL, ["national", "national"], "option_twice"),
    (SEVERAL, ["other", own("县级")], "option_twice"),
    (SEVERAL, [own("县级"), own("乡级")], "option_twice"),
    (SEVERAL, ["nothing"], "not_an_option"),
    (SEVERAL, [None], "not_an_option"),
]


@pytest.mark.parametrize(("field", "sent", "expected"), SENT)
def test_json_is_read_as_the_json_schema_says(field, sent, expected):
    class Form(FieldGroup):
        level = field

    try:
        found, valid = Form().load({"level": sent})["level"], True
    except ValidationError as error:
        found, valid = error.messages["level"][0].code, False
    assert found == expected
    assert Draft202012Validator(json_schema(Form())).is_valid({"level": sent}) == valid


def test_a_fault_names_the_options_in_both_languages():
    with pytest.raises(ValidationError) as caught:
        ONE.deserialize("市级")
    zh, en = caught.value.messages[0].message()
    assert zh == "应为下列各项之一：“国家级”（national）、“校级”（school）、“其他”（other）。"
    assert en == 'Must be one of: "national" (国家级), "school" (校级), "other" (其他).'


def test_a_line_break_in_own_words_is_refused_but_odd_characters_are_made_plain():
    with pytest.raises(ValidationError) as caught:
        ONE.deserialize(own("县\n级"))
    assert [fault.code for fault in caught.value.messages] == ["line_break"]
    assert [change.character for change in SEVERAL.changes(["school", own("县\u00a0级")])] == ["\u00a0"]


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (ONE, "国家级", "national"),
        (ONE, " 国 家 级 ", "national"),
        (ONE, "NATIONAL", "national"),
        (ONE, "其他：县级、乡级", own("县级、乡级")),
        (ONE, "其他（县级）", own("县级")),
        (ONE, "其他", "other"),
        (ONE, "other:县级", own("县级")),
        (SEVERAL, "校级、国家级", ["national", "school"]),
        (SEVERAL, "school, 国家级", ["national", "school"]),
        (SEVERAL, "校级\n其他：县级、乡级", ["school", own("县级、乡级")]),
        (ONE, "国家级、校级", None),
        (ONE, "市级", None),
        (ONE, "国家级别", None),
        (SEVERAL, "国家级、市级", None),
        (SEVERAL, "国家级、国家级", None),
        (SEVERAL, "其他：县级、校级", None),
    ],
)
def test_a_cell_has_words_or_keys(field, typed, read):
    if read is None:
        with pytest.raises(CellError) as caught:
            field.cell(typed)
        assert (caught.value.code, caught.value.name) == ("not_an_option", "国家级、校级、其他")
    else:
        assert field.cell(typed) == read


@pytest.mark.parametrize(
    "options",
    [
        (),
        (Option("words", "甲"),),
        (Option("key", "甲"),),
        (Option("1", "甲"),),
        (Option("a", "甲"), Option("a", "乙")),
        (Option("a", "甲"), Option("b", "甲 ")),
        (Option("a", "甲", own_words=True), Option("b", "乙", own_words=True)),
    ],
)
def test_options_that_clash_are_refused(options):
    with pytest.raises(ValueError, match="级别: "):
        Choice("级别", *options)
