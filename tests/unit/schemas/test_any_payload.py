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

from service import catalog, create_app, generate
from service.errors import InvalidPayload
from service.payload_json import parse
from service.submission import validate
from tests.helpers import docx_check, docx_read
from tests.helpers.payloads import PAYLOADS

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
    """Every character of the document except white space."""
    return docx_read.squash(docx_read.text(docx))


@pytest.mark.parametrize("form", PAYLOADS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
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
@settings(max_examples=150)
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


@settings(max_examples=200)
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
