"""The made-up form has a field of every type, lints clean, and gives any payload back from its document."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from schemas import fields, rules
from schemas.rule import Rule
from schemas.tree import values, walk
from service import catalog, lint, pipeline
from service.errors import InvalidPayload
from service.extraction import extract
from service.layout import certify
from service.roundtrip import prove
from service.submission import validate
from tests.helpers import docx_check
from tests.helpers.forms import made_up
from tests.helpers.payloads import groups

OF_ROOMS = {"Field", "Leaf", "Option", "Unreadable"}  # no types of fields


def has(found, name):
    """Whether one of the fields is of a type, or of the type of plain text that it narrows."""
    kind = getattr(fields, name)
    return any(type(field) in (kind, *({fields.Line} & {*kind.__bases__})) for field in found)


@pytest.fixture(scope="module", autouse=True)
def edition():
    with pytest.MonkeyPatch.context() as patch:
        yield made_up.publish(patch)


def test_the_form_has_every_type_and_rule_and_its_full_sample_every_field(edition):
    found = [field for _, field in walk(edition.schema)]
    assert [name for name in fields.__all__ if name not in OF_ROOMS and not has(found, name)] == []
    groups_ = [edition.schema, *(field.inside for field in found if field.inside)]
    kinds = {type(rule) for group in groups_ for rule in group.rules}
    assert kinds == {
        each for each in vars(rules).values() if isinstance(each, type) and Rule in each.__bases__
    }
    full = values(edition.schema, edition.sample("full"))
    assert [path for path, _, value in full if value is None] == []


def test_the_template_is_without_faults(edition):
    assert [fault.text.zh for fault in lint.check(edition).faults] == []


@pytest.mark.parametrize("sample", ["blank", "minimal", "full"])
def test_word_opens_the_documents_of_the_samples(edition, sample):
    submission = validate(edition, {} if sample == "blank" else edition.sample(sample))
    document = pipeline.documents(submission, ("docx",))["docx"]
    assert docx_check.problems(document) == []
    assert_comes_back(edition, submission)
    remarks = submission.remarks(date(2024, 6, 1))
    assert not remarks.advice
    assert bool(remarks.missing) == (sample != "full")


@hypothesis_settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_payload_comes_back(data):
    edition = catalog.edition(made_up.FORM, made_up.YEAR)
    assert_comes_back(edition, accepted(edition, data.draw(groups(edition.schema))))


def accepted(edition, payload):
    """The submission of a payload without what rules between its fields refuse."""
    while True:
        try:
            return validate(edition, payload)
        except InvalidPayload as fault:
            for error in fault.errors:
                drop(payload, error)


def drop(payload, error):
    *above, key = error.pointer.split("/")[1:]
    for each in above:
        payload = payload[each]
    payload[key] = "0520-5550 1234" if error.code == "none_filled" else None


def assert_comes_back(edition, submission):
    """The submission's document gives the same data, nothing to warn of, and is laid out officially."""
    document = pipeline.documents(submission, ("docx",))["docx"]
    prove(submission, document)
    assert extract(document).warnings == ()
    assert certify(document, edition).differences == ()
