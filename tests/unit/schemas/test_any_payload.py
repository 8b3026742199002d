"""Any payload at all: a document that holds every value, or every fault; never anything else."""

from __future__ import annotations

import datetime
import functools
import io
import json
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.fields import Count, Day, Email, Group, Line, Money, Phone, Points, Rows, Text, YesNo
from service import catalog, create_app, generate
from service.errors import InvalidPayload
from service.submission import parse, validate
from tests.helpers import docx_check, docx_read

XML_CHARACTERS = st.characters(blacklist_categories=("Cs",), blacklist_characters="\ufffe\uffff").filter(
    lambda character: character >= " " or character == "\t"
)
SPICE = st.sampled_from(
    ["&", "<b>", "{{ x }}", "{% if %}", "}}", "{_{", '"', "'", "\t", "😀", "𠅤", "𬭎", "]]>", "&amp;"]
)
LINES = st.lists(st.one_of(SPICE, st.text(XML_CHARACTERS, max_size=8)), max_size=4).map("".join)
PHONES = st.sampled_from(
    ["0520-5550 1234", "138 0000 0001、139 0000 0002", "0520-5550 1234转8001", "５５５０１２３４"]
)
EMAILS = st.sampled_from(["kexie@example.org", "a@example.org、b@example.com", "科协@例子.中国"])


def values(field):
    """What a sender may give for a field, null and absent included."""
    if isinstance(field, Group):
        return groups(field.schema)
    if isinstance(field, Rows):
        return st.lists(groups(field.inner.schema), max_size=4)
    by_type = [
        (Phone, PHONES),
        (Email, EMAILS),
        (Line, LINES),
        (Text, st.lists(LINES, max_size=4).map("\n".join)),
        (YesNo, st.booleans()),
        (Day, st.dates(datetime.date(1000, 1, 1)).map(datetime.date.isoformat)),
        (Count, st.integers(0, 9_999_999)),
        (Money, st.integers(0, 10**6).map(lambda cents: f"{Decimal(cents) / 100:.2f}")),
        (Points, st.integers(0, 2 * getattr(field, "maximum", 0)).map(lambda halves: halves / 2)),
    ]
    return next(strategy for kind, strategy in by_type if isinstance(field, kind))


def groups(schema):
    fields = {field.data_key or name: field for name, field in schema.fields.items() if name != "total"}
    return st.fixed_dictionaries(
        {}, optional={key: st.one_of(st.none(), values(field)) for key, field in fields.items()}
    )


PAYLOADS = {edition.form: groups(edition.schema) for edition in catalog.editions()}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


def texts(payload):
    """The payload's text values, a line each."""
    if isinstance(payload, dict):
        return [text for inner in payload.values() for text in texts(inner)]
    if isinstance(payload, list):
        return [text for inner in payload for text in texts(inner)]
    return payload.split("\n") if isinstance(payload, str) else []


def whole_text(docx):
    """Every character of the document, white space aside."""
    return docx_read.squash(docx_read.text(docx))


@pytest.mark.parametrize("form", PAYLOADS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_the_schema_accepts_is_printed(form, data):
    payload = data.draw(PAYLOADS[form])
    docx = generate(form, 2021, payload, ("docx",))["docx"]
    assert docx_check.problems(docx, braces_allowed=True) == []
    unprinted = {
        key: value for key, value in payload.items() if not (form == "annex1" and key == "association_name")
    }
    text = whole_text(docx)
    for line in texts(unprinted):
        assert docx_read.squash(_printed(line)) in text


def _printed(text):
    try:
        day = datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return f"{day.year}年{day.month}月{day.day}日" if day else text


@pytest.mark.parametrize("form", PAYLOADS)
@settings(max_examples=150, deadline=None)
@given(payload=JSON)
def test_any_json_is_taken_or_refused_in_full(form, payload):
    edition = catalog.edition(form, 2021)
    try:
        validate(edition, payload)
    except InvalidPayload as error:
        assert error.errors
        for fault in error.errors:
            assert fault.label
            assert fault.message.zh
            assert fault.pointer == "" or fault.pointer.startswith("/")


@functools.cache
def service():
    return create_app()


@settings(max_examples=200, deadline=None)
@given(body=st.one_of(st.binary(max_size=60), JSON.map(lambda value: json.dumps(value).encode())))
def test_no_body_makes_the_service_fail(body):
    client = service().test_client()
    answer = client.post("/api/v1/forms/annex2/2021/validate", data=body, content_type="application/json")
    assert answer.status_code in (200, 400, 422)


@pytest.mark.parametrize("form", PAYLOADS)
def test_a_parsed_sample_is_the_sample(form):
    sample = catalog.edition(form, 2021).sample("full")
    assert parse(json.dumps(sample).encode()) == json.loads(json.dumps(sample), parse_float=Decimal)


def test_markup_in_a_value_stays_text():
    value = '<w:t>R&D</w:t> {{ cover.email }} {% raw %} "quoted"\tend'
    docx = generate("annex2", 2021, {"cover": {"applicant": value, "email": "a@example.org"}}, ("docx",))[
        "docx"
    ]
    assert value in docx_read.text(docx)
    ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml"))
