"""Fields of options on the form page: drawn, posted without JavaScript, and drawn again with errors."""

from __future__ import annotations

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from service import create_app
from service.web.controls import form_data
from tests.helpers.forms import choices


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield choices.publish(tmp_path_factory.mktemp("forms"), patch)


def test_what_a_payload_ticks_is_posted_as_that_payload(edition):
    for payload in (choices.FULL, edition.sample("minimal"), {"sources": ["other"], "rank": "other"}):
        assert form_data.payload(edition, MultiDict(form_data.texts(edition, payload))) == payload


@pytest.mark.parametrize(
    ("posted", "payload"),
    [
        ({"/level": ""}, {}),
        ({"/rank": "other", "/rank/words": " 研究员 "}, {"rank": {"key": "other", "words": " 研究员 "}}),
        ({"/rank": "professor", "/rank/words": "x"}, {"rank": {"key": None, "words": "x"}}),
        ({"/sources/own": "true", "/sources/words": ""}, {"sources": ["own"]}),
        ({"/sources/words": "x"}, {"sources": [{"key": None, "words": "x"}]}),
        ({"/items/1/kind": "new", "/items/0/kind": ""}, {"items": [{}, {"kind": "new"}]}),
    ],
)
def test_posted_boxes_become_the_payload(edition, posted, payload):
    assert form_data.payload(edition, posted) == payload


def test_boxes_are_drawn_and_drawn_again_with_errors(edition):
    client, address = create_app().test_client(), f"/forms/{choices.NAME}/{choices.YEAR}"
    blank = html.fromstring(client.get(f"{address}?lang=en").get_data(as_text=True))
    fieldset = blank.get_element_by_id("f/level")
    assert [each.text_content().strip() for each in fieldset.findall(".//label")] == [
        *("国家级 National", "省级", "校级", "Blank")
    ]
    assert {each.get("type") for each in blank.get_element_by_id("f/sources").findall(".//label/input")} == {
        "checkbox"
    }
    sent = {"/rank": "professor", "/rank/words": "研究员", "/sources/own": "true", "/sources/other": "true"}
    answer = client.post(address, data={**sent, "format": "docx"})
    again = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "只有“其他”可以另写文字" in again.get_element_by_id("e/rank").text_content()
    values = dict(again.forms[0].form_values())
    assert {name: values.get(name) for name in sent} == sent
    assert again.get_element_by_id("f/rank").find(".//input[@data-own]").get("disabled") is None
    made = client.post(address, data={**sent, "/rank": "other", "format": "docx"})
    assert (made.status_code, made.data[:2]) == (200, b"PK")
