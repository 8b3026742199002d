"""Advice and missing fields over HTTP: beside the answer, and refused only with `complete=true`."""

from __future__ import annotations

import json

import pytest

from service import catalog, create_app

ANNEX2, ANNEX3 = "/api/v1/forms/annex2/2021", "/api/v1/forms/annex3/2021"
UNLIKELY = {"measures": "短", "background": "长长"}
EXPECTED = ["/association_name", "/case_name", "/background", "/measures", "/results"]


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


def pointers(found):
    return [each["pointer"] for each in found]


def test_an_edition_says_what_is_expected(client):
    assert client.get(ANNEX3).json["expected"] == EXPECTED
    assert client.get(ANNEX2).json["expected"][-1] == "/budget/items"


def test_validate_reports_both_apart_from_warnings(client):
    report = client.post(f"{ANNEX3}/validate", json={**UNLIKELY, "case_name": "案\u200b例"}).json
    assert (report["valid"], pointers(report["warnings"])) == (True, ["/case_name"])
    assert report["advice"] == [
        {
            "pointer": "/measures",
            "label": "举措",
            "code": "shorter",
            "message": "比“背景”写得短；按填表要求，应重点突出本栏。",
        }
    ]
    assert pointers(report["missing"]) == ["/association_name", "/results"]
    english = client.post(f"{ANNEX3}/validate", json={}, headers={"Accept-Language": "en"}).json
    assert {each["message"] for each in english["missing"]} == {"Not filled in."}


def test_a_refused_payload_is_remarked_on_too(client):
    problem = client.post(f"{ANNEX3}/validate", json={**UNLIKELY, "case_name": 5}).json
    assert (problem["code"], pointers(problem["errors"])) == ("invalid_payload", ["/case_name"])
    assert pointers(problem["advice"]) == ["/measures"]
    assert pointers(problem["missing"]) == ["/association_name", "/results"]


@pytest.mark.parametrize("route", ["validate", "documents", "documents?format=docx&archive=true&id=1"])
def test_an_incomplete_payload_is_refused_when_asked(client, route):
    joined = f"{ANNEX3}/{route}{'&' if '?' in route else '?'}complete=true"
    answer = client.post(joined, json=UNLIKELY)
    assert (answer.status_code, answer.json["code"]) == (422, "missing")
    assert {each["code"] for each in answer.json["errors"]} == {"missing"}
    assert pointers(answer.json["errors"]) == ["/association_name", "/case_name", "/results"]


def test_a_complete_payload_passes_and_the_parameter_is_read_strictly(client):
    full = catalog.edition("annex2", 2021).sample("full")
    assert client.post(f"{ANNEX2}/validate?complete=true", json=full).status_code == 200
    assert client.post(f"{ANNEX2}/validate?complete=yes", json=full).json["code"] == "usage"


def test_a_document_has_them_in_its_headers(client):
    answer = client.post(f"{ANNEX3}/documents?format=docx", json=UNLIKELY)
    (advice,) = json.loads(answer.headers["X-Advice"])
    assert (advice["pointer"], answer.headers["X-Advice-Count"]) == ("/measures", "1")
    assert (answer.headers["X-Missing-Count"], "X-Warnings" in answer.headers) == ("3", False)
    whole = {pointer[1:]: "一" for pointer in EXPECTED}
    answer = client.post(f"{ANNEX3}/documents?format=docx", json=whole)
    assert not {"X-Advice", "X-Advice-Count", "X-Missing-Count"} & set(answer.headers.keys())
    assert "X-Missing-Count" not in client.get(f"{ANNEX3}/blank?format=docx").headers
