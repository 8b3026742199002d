"""Facts over HTTP: which records have some for a form, and what of one, or of a draft, it can take over."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from service import catalog, create_app
from service.access import ApiKeys
from service.archive import Archive
from service.config import Settings
from tests.helpers.archive import CREATED, entry

FULL = catalog.edition("annex2", 2021).sample("full")
ASSOCIATION = FULL["basic_info"]["association_name"]


def archived(archive, id, form, year, payload, days=0, tenant=""):
    files = {"payload": json.dumps(payload).encode(), "docx": b"PK"}
    created = CREATED + timedelta(days=days)
    return archive.add(entry(id, form, year, files=files, created=created, tenant=tenant))


@pytest.fixture
def place(tmp_path):
    return {"KEXIE_ARCHIVE": str(tmp_path / "archive")}


@pytest.fixture
def made(place):
    """Records by their ids, among them one of a year that the service does not have."""
    other = {"association_name": "泽阳市科学技术协会", "case_name": "一"}
    with Archive.open(Settings.from_env(place)) as archive:
        return {
            "old": archived(archive, "old", "annex2", 2019, FULL),
            "new": archived(archive, "new", "annex2", 2020, FULL, days=2),
            "case": archived(archive, "case", "annex3", 2021, {"association_name": ASSOCIATION}, days=1),
            "other": archived(archive, "other", "annex3", 2021, other, days=3),
            "blank": archived(archive, "blank", "annex2", 2020, {}, days=4),
            "gone": archived(archive, "gone", "annex2", 1999, FULL, days=5),
        }


@pytest.fixture
def client(place, made):
    app = create_app(place)
    yield app.test_client()
    app.config["KEXIE_ARCHIVE_HANDLE"].close()


def listed(client, route="annex2/2021", **query):
    answer = client.get(f"/api/v1/forms/{route}/facts", query_string=query)
    assert answer.status_code == 200, answer.json
    return [(each["id"], each["submitter"]) for each in answer.json["records"]]


def test_records_with_facts_are_listed_the_last_archived_first(client):
    mine, other = ASSOCIATION, "泽阳市科学技术协会"
    assert listed(client) == [("other", other), ("new", mine), ("case", mine), ("old", mine)]
    assert listed(client, submitter=" 云泽 ") == [("new", mine), ("case", mine), ("old", mine)]
    assert listed(client, "annex1/2021", submitter="泽阳") == [("other", other)]


def test_a_record_gives_its_facts_as_the_form_holds_them(client, made):
    answer = client.post("/api/v1/forms/annex2/2021/facts", json={"record": made["new"].key})
    found = {fact["pointer"]: fact for fact in answer.json["facts"]}
    assert found["/basic_info/leader_in_npc_standing"] == {
        "pointer": "/basic_info/leader_in_npc_standing",
        "label": "人大常委",
        "text": "否",
        "values": {"/basic_info/leader_in_npc_standing": "false"},
    }
    assert (found["/basic_info/staff_quota"]["text"], found["/cover/applicant"]["text"]) == ("9", ASSOCIATION)
    sister = client.post("/api/v1/forms/annex1/2021/facts", json={"record": made["new"].key})
    assert [fact["values"] for fact in sister.json["facts"]] == [{"/association_name": ASSOCIATION}]


def test_a_draft_gives_the_facts_that_are_valid(client):
    values = {"/cover/email": "不是邮箱", "/basic_info/townships": "11", "/basic_info/villages": "许多"}
    answer = client.post(
        "/api/v1/forms/annex2/2021/facts", json={"form": "annex2", "year": 2020, "values": values}
    )
    assert [fact["values"] for fact in answer.json["facts"]] == [{"/basic_info/townships": "11"}]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/form", "/year", "/values"]),
        ({"record": "x", "form": "annex2"}, ["/form"]),
        ({"form": "annex2", "year": "2021", "values": {"/a": 1}}, ["/year", "/values"]),
    ],
)
def test_a_body_without_one_source_is_refused(client, body, pointers):
    answer = client.post("/api/v1/forms/annex2/2021/facts", json=body)
    assert (answer.status_code, [error["pointer"] for error in answer.json["errors"]]) == (422, pointers)


def test_facts_of_a_record_are_for_those_who_may_read_it(place, made):
    with Archive.open(Settings.from_env(place)) as archive:
        theirs = archived(archive, "1", "annex2", 2020, FULL, tenant="云泽县").key
    with ApiKeys.open(Settings.from_env(place), create=True) as keys:
        reader = {"X-API-Key": keys.add("云泽县", ["generate", "archive:read"])[1]}
        writer = {"X-API-Key": keys.add("云泽县", ["generate"])[1]}
    client, route = create_app(place).test_client(), "/api/v1/forms/annex2/2021/facts"
    assert [each["id"] for each in client.get(route, headers=reader).json["records"]] == ["1"]
    assert client.post(route, json={"record": theirs}, headers=reader).status_code == 200
    assert client.post(route, json={"record": theirs}, headers=writer).status_code == 403
    assert client.post(route, json={"record": made["new"].key}, headers=reader).status_code == 404
