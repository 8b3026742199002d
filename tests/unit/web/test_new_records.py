"""Submissions archived over HTTP, under ids of their own or running numbers, version after version."""

from __future__ import annotations

import pytest

from service import catalog
from service.access import ApiKeys
from tests.helpers.application import application, of_tenant, without_pdf

RECORDS = "/api/v1/forms/annex3/2021/records"
DATA = catalog.edition("annex3", 2021).sample("minimal") | {"association_name": "云泽县科协"}
CHANGED = DATA | {"case_name": "改过的案例"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        without_pdf(patch)
        with application(tmp_path_factory.mktemp("records")) as made:
            yield made


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


def test_a_submission_gets_a_running_number_of_its_association(client):
    answer = client.post(RECORDS, json=DATA)
    assert answer.status_code == 201
    assert (answer.json["id"], answer.json["version"]) == ("annex3-2021-云泽县科协-001", 1)
    assert answer.headers["Location"] == answer.json["links"]["self"]
    assert client.get(answer.headers["Location"]).json == answer.json
    assert client.get(answer.json["links"]["payload"]).json == DATA
    assert int(answer.headers["X-Missing-Count"]) > 0
    assert client.post(RECORDS, json=DATA).json["id"] == "annex3-2021-云泽县科协-002"
    odd = DATA | {"association_name": "云泽县\u3000科协 /本部:。."}
    assert client.post(RECORDS, json=odd).json["id"] == "annex3-2021-云泽县\u3000科协 本部。-001"
    unnamed = {"case_name": "一"}
    assert client.post(RECORDS, json=unnamed).json["id"] == "annex3-2021-001"


def test_a_request_that_is_sent_again_gets_no_other_number(client):
    answers = [
        client.post(RECORDS, json=CHANGED, headers={"Idempotency-Key": "once"}).json["id"] for _ in range(2)
    ]
    assert len(set(answers)) == 1


def test_an_id_is_kept_and_its_versions_follow_the_one_that_was_changed(client):
    first = client.post(f"{RECORDS}?id=3201-1", json=DATA)
    same = client.post(f"{RECORDS}?id=3201-1", json=DATA)
    assert (first.status_code, same.status_code, same.json) == (201, 200, first.json)
    assert same.headers["Location"] == first.headers["Location"]
    key = first.json["key"]
    second = client.post(f"{RECORDS}?after={key}", json=CHANGED)
    assert (second.status_code, second.json["id"], second.json["version"]) == (201, "3201-1", 2)
    third = DATA | {"case_name": "第三版"}
    refused = client.post(f"{RECORDS}?after={key}", json=third)
    assert (refused.status_code, refused.json["code"]) == (412, "newer_version")
    assert second.json["key"] in refused.json["detail"]
    assert "Retry-After" not in refused.headers
    assert client.post(f"{RECORDS}?after={second.json['key']}&id=3201-1", json=third).json["version"] == 3
    assert client.post(f"{RECORDS}?id=3201-1", json=DATA).json["version"] == 4


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("id=%20x", 422, "首尾有空格"),
        ("after=none", 404, "没有这条记录"),
        ("complete=true", 422, "尚未填写"),
        ("number=1", 400, "没有查询参数"),
    ],
)
def test_what_cannot_be_archived_is_refused(client, query, status, said):
    answer = client.post(f"{RECORDS}?{query}", json={"case_name": "一"})
    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)


def test_a_version_of_another_form_or_id_is_refused(client):
    key = client.post(f"{RECORDS}?id=3201-9", json=DATA).json["key"]
    for address in (f"{RECORDS}?after={key}&id=3201-8", f"{RECORDS.replace('2021', '2020')}?after={key}"):
        answer = client.post(address, json=CHANGED)
        assert (answer.status_code, answer.json["code"]) == (400, "usage")
        assert "3201-9" in answer.json["detail"]


def test_another_tenant_has_its_own_numbers(app, client, monkeypatch):
    of_tenant(monkeypatch, app, "望川县")
    assert client.post(RECORDS, json=DATA).json["id"].endswith("-001")


def test_a_key_that_may_not_archive_is_refused(tmp_path, monkeypatch):
    without_pdf(monkeypatch)
    with application(tmp_path) as app, ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        key = keys.add("云泽县", ["generate"])[1]
        answer = app.test_client().post(RECORDS, json=DATA, headers={"X-API-Key": key})
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
