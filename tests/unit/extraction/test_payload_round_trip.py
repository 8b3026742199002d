"""Any valid payload: its document gives the same data back, without a warning."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.fields import Line, Text
from schemas.tree import members
from service import catalog, generate
from service.errors import InvalidPayload
from service.extraction import extract
from service.extraction.characters import ends_in_sum, is_total
from service.submission import validate
from tests.helpers.hand_made import flat, present
from tests.helpers.payloads import values


def labels(edition):
    """What is printed on a form: its fields' labels, and words and marks beside them."""
    return [*sorted(set(edition.labels().values())), *PRINTED]


PRINTED = [
    *(
        "四、提升计划项目经费预算",
        "二、总体思路",
        "申报单位承诺：",
        "法人（负责人）签字：",
        "（单位盖章)",
        "（盖章）",
    ),
    *(
        "年    月    日",
        "2021年3月9日",
        "2021年",
        "附件2",
        "附件3",
        "附加分10分",
        "3.5/4",
        "金额（万元）",
        "万元",
    ),
    *("县级科协名称：", "联 系 人：", "电子信箱：\t"),
]
MARKS = [*"□☑√是否：\t 　\u00a0\u200b（）/1年日", "是☑  否□"]


def lines(edition):
    """A line as people write them, or of what is printed on the form itself; no sum: it is no item."""
    piece = st.one_of(
        st.sampled_from(labels(edition)), st.sampled_from(MARKS), st.text("云泽 县12.a", max_size=4)
    )
    line = st.lists(piece, max_size=4).map("".join)
    return line.filter(lambda text: not (ends_in_sum(text) or is_total(text)))


def harder(edition, schema):
    """Payloads in which many texts are made of the form's own words."""
    fields = {}
    for key, field in members(schema):
        if key == "total":
            continue
        if field.inside:
            group = harder(edition, field.inside)
            fields[key] = st.lists(group, max_size=4) if field.repeats else group
        elif type(field) is Line:
            fields[key] = st.one_of(values(field), lines(edition))
        elif type(field) is Text:
            fields[key] = st.one_of(values(field), st.lists(lines(edition), max_size=5).map("\n".join))
        else:
            fields[key] = values(field)
    return st.fixed_dictionaries(
        {}, optional={key: st.one_of(st.none(), each) for key, each in fields.items()}
    )


EDITIONS = {f"{edition.form}-{edition.year}": edition for edition in catalog.editions()}
PAYLOADS = {name: harder(edition, edition.schema) for name, edition in EDITIONS.items()}


@pytest.mark.parametrize("name", [name for name in EDITIONS if name.endswith("2021")])
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_document_gives_its_payload_back(name, data):
    assert_comes_back(EDITIONS[name], data.draw(PAYLOADS[name]))


@pytest.mark.parametrize("name", [name for name in EDITIONS if not name.endswith("2021")])
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_document_of_an_earlier_year_gives_its_payload_back(name, data):
    assert_comes_back(EDITIONS[name], data.draw(PAYLOADS[name]))


def assert_comes_back(edition, payload):
    """The payload's document gives the same data, and nothing to warn of."""
    try:
        expected = validate(edition, payload)
    except InvalidPayload:
        assume(False)
    read = extract(generate(edition.form, edition.year, payload, ("docx",))["docx"])
    assert read.edition == edition
    assert flat(read.data) == flat(present(expected.data))
    assert read.warnings == ()
    assert validate(edition, read.data).data == expected.data


@pytest.mark.parametrize("sample", ["minimal", "full"])
def test_a_sample_gives_itself_back(edition, sample):
    expected = validate(edition, edition.sample(sample))
    read = extract(generate(edition.form, edition.year, edition.sample(sample), ("docx",))["docx"])
    assert flat(read.data) == flat(present(expected.data))
    assert read.warnings == ()


def test_a_blank_form_is_empty(edition):
    read = extract(generate(edition.form, edition.year, {}, ("docx",))["docx"])
    assert (read.edition, read.data, read.warnings) == (edition, {}, ())
